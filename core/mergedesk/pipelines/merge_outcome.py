"""What a merge's report says, and what it leaves in the folder beside the model, whatever became of the merge."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Check, CheckStatus, Code, Data, Finding, error, info
from ..domain.folder_names import own_name
from ..domain.json_objects import json_object
from ..domain.merge_report import AdapterIdentity, BaseFile, MergeReport, MergeStatus, OutputFile, TensorCounts
from ..domain.requests import Engine, MergeRequest
from ..output.companions import write_companions, write_text
from ..output.own_card import CARD, own_card
from ..planning.checks.base_adapter_match import file_sha256, merged_adapters
from ..planning.plan import Action, PlannedTensor
from ..planning.preflight import Preflight, Ready
from ..planning.resolved_adapter import ResolvedAdapter
from ..reports.model_card import model_card
from ..runtime.versions import package_versions
from ..storage.file_identity import real_path
from ..storage.positional_io import read_trouble

_ALLOWED = (
    "dequantise",
    "keep_quantization",
    "accept_loss",
    "resize_vocabulary",
    "follow_links",
    "fold_own",
    "own_alpha",
)
_ASKED = ("engine", *_ALLOWED, "max_shard_size", "overwrite")
"""What is asked for beyond folders, precision and combination."""


def outline(
    request: MergeRequest, preflight: Preflight, status: MergeStatus, more: Sequence[Finding] = ()
) -> MergeReport:
    """What is known of every job, whatever became of it."""
    first = preflight.adapters[0] if preflight.adapters else None
    return MergeReport(
        status=status,
        output=request.output,
        engine=preflight.engine.value if preflight.engine else None,
        engine_reason=preflight.engine_reason,
        precision=request.precision.value,
        combination=request.combination,
        rounding=request.rounding,
        adapter_class=first.class_name if first else None,
        modules=preflight.modules,
        findings=(*preflight.findings, *more),
        base_name=own_name(request.base),
        options=json_object(request, *_ASKED, dequantise=request.dequantize),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=package_versions(),
    )


def identify(resolved: ResolvedAdapter) -> AdapterIdentity:
    """Which adapter went in, by the hash of its weights. Raises UserError where they cannot be read."""
    adapter = resolved.adapter
    try:
        sha256 = file_sha256(adapter.weights_file)
    except OSError as trouble:
        raise read_trouble(adapter.weights_file, trouble) from trouble
    return AdapterIdentity(own_name(adapter.folder), sha256, resolved.weight, adapter.peft_type)


def base_files(base: Checkpoint) -> tuple[BaseFile, ...]:
    """The base's weight files by what preflight read of them: nothing is read again."""
    return tuple(
        BaseFile(header.file.name, header.file_bytes, hashlib.sha256(header.raw).hexdigest() if header.raw else None)
        for header in base.headers
    )


def inherited_adapters(base: Checkpoint) -> tuple[AdapterIdentity, ...]:
    """Adapters that the base says were merged into it before."""
    return tuple(
        AdapterIdentity(
            str(entry.get("name")), str(entry.get("sha256")), _weight(entry.get("weight")), str(entry.get("peft_type"))
        )
        for entry in merged_adapters(base.folder)
    )


def _weight(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 1.0


def resume_findings(request: MergeRequest, engine: Engine, said: Sequence[Finding]) -> list[Finding]:
    """Why nothing of an earlier run was used, where that was asked for."""
    if not request.resume or any(one.code is Code.RESUMED for one in said):
        return []
    return [info(Code.RESUME_NEEDS_STREAMING if engine is Engine.PEFT else Code.RESUME_NOTHING)]


def verification_failed(checks: Sequence[Check]) -> Finding | None:
    """That checks of the result failed, and which; None where none did."""
    codes = [check.code.value for check in checks if check.status is CheckStatus.FAIL]
    return error(Code.VERIFICATION_FAILED, checks=codes, count=len(codes)) if codes else None


def count_tensors(planned: Iterable[PlannedTensor]) -> TensorCounts:
    """How many tensors there are, and what became of them."""
    actions = Counter(tensor.action for tensor in planned)
    merged = sum(actions[action] for action in (Action.MERGE, Action.REPACK, Action.PART))
    others = (actions[action] for action in (Action.REPLACE, Action.COPY, Action.CAST))
    return TensorCounts(actions.total(), merged, *others)


def list_files(folder: Path) -> tuple[OutputFile, ...]:
    """Every file of a result with its size."""
    files = sorted(entry for entry in folder.rglob("*") if entry.is_file())
    return tuple(OutputFile(file.relative_to(folder).as_posix(), file.stat().st_size) for file in files)


def write_card(report: MergeReport, ready: Ready, output: Path, folder: Path) -> None:
    """README.md, unless a companion of that name is there, or a person's own in the folder that is replaced."""
    if not (folder / CARD).exists() and (kept := own_card(output)) is not None:
        write_companions({CARD: kept}, folder)
    if not (folder / CARD).exists():
        write_text(folder / CARD, model_card(report, ready.base, [resolved.adapter for resolved in ready.given]))


def names_only(report: MergeReport, request: MergeRequest) -> MergeReport:
    """The report as it may lie in a folder that is shared: of every path only the last name."""
    chosen = [request.output, request.base, *(choice.folder for choice in request.adapters)]
    full = sorted(
        {str(path) for folder in chosen for path in (folder.absolute(), real_path(folder))}, key=len, reverse=True
    )

    def shared(value: Data) -> Data:
        if isinstance(value, Mapping):
            return {name: shared(inner) for name, inner in value.items()}
        if not isinstance(value, str):
            return [shared(item) for item in value] if isinstance(value, Sequence) else value
        if Path(value).is_absolute():
            return own_name(Path(value)) or value
        return reduce(lambda text, path: text.replace(path, own_name(Path(path)) or path), full, value)

    return replace(
        report,
        output=report.output and Path(report.output.name),
        findings=tuple(replace(finding, data=_mapped(shared, finding.data)) for finding in report.findings),
        checks=tuple(replace(check, data=_mapped(shared, check.data)) for check in report.checks),
    )


def _mapped(shared: Callable[[Data], Data], data: Mapping[str, Data]) -> dict[str, Data]:
    return {name: shared(value) for name, value in data.items()}
