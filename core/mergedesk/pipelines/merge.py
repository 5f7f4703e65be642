"""The one pipeline that both the window and the command line call.

preflight → plan → merge into a staging folder → verify it → publish it under its name → report.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from ..checkpoints.files import REPORT
from ..domain.errors import UserError, is_out_of_memory, said_by
from ..domain.findings import Check, CheckStatus, Code, Data, Finding, error
from ..domain.merge_report import (
    AdapterIdentity,
    BaseFile,
    MergeReport,
    MergeStatus,
    OutputFile,
    TensorCounts,
    report_text,
)
from ..domain.progress import Cancelled, CancelToken, Progress, Report, Stage
from ..domain.requests import MergeRequest
from ..planning.checks.base_adapter_match import file_sha256, merged_adapters
from ..planning.plan import PlannedTensor
from ..planning.preflight import Preflight, Prepared, prepare
from ..planning.resolved_adapter import ResolvedAdapter
from ..runtime.memory import forget_earlier_peak, peak_rss_bytes
from ..storage.positional_io import read_trouble

__all__ = ["Preflight", "check", "merge", "warm_up"]

_PACKAGES = ("mergedesk", "torch", "transformers", "peft", "safetensors")
logger = logging.getLogger("mergedesk")


def check(request: MergeRequest) -> Preflight:
    """Preflight only, from headers; torch stays unimported. Never raises for bad folders: trouble becomes findings.

    ``request.output`` may be None: then the output is not looked at.
    """
    return prepare(request).preflight


def warm_up() -> None:
    """Import what a merge needs (torch, transformers), so that a later merge starts at once."""
    # Nothing here may ask a hub for anything: every input is a folder on this machine.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from . import write_and_verify as merging

    merging.import_libraries()


def merge(request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
    """The whole job. Refusals and failures come back as a report with that status; raises ``Cancelled``."""
    started = time.perf_counter()
    forget_earlier_peak()
    report(Progress(Stage.PREFLIGHT))
    prepared = prepare(request)
    refusal = _refusal(request, prepared.preflight)
    if refusal is not None:
        return replace(refusal, seconds=time.perf_counter() - started)
    cancel.check()
    try:
        before_imports = time.perf_counter()
        warm_up()
        started += time.perf_counter() - before_imports
        return _merge(request, prepared, _Clock(report, started), cancel)
    except Cancelled:
        raise
    except UserError as trouble:
        failure = trouble.finding()
    except Exception as trouble:  # whatever it is, a person gets a sentence and not a traceback
        logger.exception("The merge stopped unexpectedly.")
        failure = unexpected(trouble)
    return replace(_outline(request, prepared.preflight, MergeStatus.FAILED, [failure]), seconds=_since(started))


def unexpected(trouble: Exception) -> Finding:
    """Anything that no one foresaw, as a finding."""
    if is_out_of_memory(trouble):
        return error(Code.OUT_OF_MEMORY)
    return error(Code.INTERNAL, reason=said_by(trouble)[:300])


def _since(started: float) -> float:
    return time.perf_counter() - started


def _refusal(request: MergeRequest, preflight: Preflight) -> MergeReport | None:
    missing = [] if request.output else [error(Code.OUTPUT_MISSING)]
    if not preflight.refused and not missing:
        return None
    return _outline(request, preflight, MergeStatus.REFUSED, missing)


def _outline(
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
        adapter_class=first.class_name if first else None,
        modules=preflight.modules,
        findings=(*preflight.findings, *more),
        base_name=request.base.name,
        options=_options(request),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=package_versions(),
        peak_rss_bytes=peak_rss_bytes(),
    )


def _options(request: MergeRequest) -> dict[str, Data]:
    """What was asked for beyond folders, precision and combination."""
    return {
        "engine": request.engine.value,
        "dequantise": request.dequantize,
        "resize_vocabulary": request.resize_vocabulary,
        "max_shard_size": request.max_shard_size,
        "overwrite": request.overwrite,
    }


def package_versions() -> dict[str, str]:
    """The versions of the program and of what it computes with, by package."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions


@dataclass(slots=True)
class _Clock:
    """Turns counted bytes into progress; called from several threads, where the last reading wins."""

    report: Report
    started: float

    def stage(self, stage: Stage, total_bytes: int = 0) -> StageProgress:
        self.report(Progress(stage, 0, total_bytes))
        return StageProgress(self.report, stage, total_bytes)


class StageProgress:
    """Counts the bytes of one stage."""

    def __init__(self, report: Report, stage: Stage, total_bytes: int) -> None:
        self._report, self._stage, self._total = report, stage, total_bytes
        self._lock, self._done, self._started = threading.Lock(), 0, time.perf_counter()

    def advance(self, count: int, detail: str) -> None:
        """Add ``count`` bytes done on the tensor or file ``detail``."""
        with self._lock:
            self._done += count
            done = self._done
        self._report(Progress(self._stage, done, self._total, time.perf_counter() - self._started, detail))


def _merge(request: MergeRequest, prepared: Prepared, clock: _Clock, cancel: CancelToken) -> MergeReport:
    from ..output.companions import write_text
    from ..output.staging import staged
    from . import write_and_verify as merging

    assert request.output is not None
    with ThreadPoolExecutor(1, thread_name_prefix="mergedesk-hash") as pool, staged(request.output) as staging:
        identities = [pool.submit(_identify, one) for one in prepared.mapped]
        written = merging.write(request, prepared, staging.folder, clock.stage, cancel)
        cancel.check()
        proof = merging.verify_staged(request, prepared, staging.folder, written, clock.stage, cancel)
        outline = replace(
            _outline(request, prepared.preflight, MergeStatus.MERGED),
            merged_class=proof.class_name,
            engine_reason=written.engine_reason or prepared.preflight.engine_reason,
            findings=(*prepared.preflight.findings, *written.findings),
            checks=proof.checks,
            tensors=_count(written.planned),
            effect=written.effect,
            adapters=tuple(_wait(future, cancel) for future in identities),
            base_files=_base_files(prepared),
            inherited_adapters=_inherited(prepared),
            seconds=_since(clock.started),
        )
        if any(one.status is CheckStatus.FAIL for one in proof.checks):
            findings = (*outline.findings, _failed(proof.checks))
            return replace(outline, status=MergeStatus.FAILED, findings=findings)
        _write_card(request, prepared, outline, staging.folder)
        write_text(staging.folder / REPORT, report_text(replace(outline, files=_files(staging.folder))))
        clock.stage(Stage.PUBLISH)
        cancel.check()
        staging.publish(request.overwrite)
    seconds = _since(clock.started)
    return replace(outline, files=_files(request.output), seconds=seconds, peak_rss_bytes=peak_rss_bytes())


def _write_card(request: MergeRequest, prepared: Prepared, outline: MergeReport, folder: Path) -> None:
    """README.md, unless a companion of that name is there, or a person's own in the folder that is replaced."""
    from ..output.companions import write_text
    from ..output.own_card import CARD, own_card
    from ..reports.model_card import model_card

    assert prepared.base is not None
    assert request.output is not None
    if not (folder / CARD).exists() and (kept := own_card(request.output)) is not None:
        shutil.copyfile(kept, folder / CARD)
    if not (folder / CARD).exists():
        write_text(folder / CARD, model_card(outline, prepared.base, [one.adapter for one in prepared.mapped]))


def _identify(one: ResolvedAdapter) -> AdapterIdentity:
    adapter = one.adapter
    try:
        sha256 = file_sha256(adapter.weights_file)
    except OSError as trouble:
        raise read_trouble(adapter.weights_file, trouble) from trouble
    return AdapterIdentity(adapter.folder.name, sha256, one.weight, adapter.peft_type)


def _wait(future: Future[AdapterIdentity], cancel: CancelToken) -> AdapterIdentity:
    while not future.done():
        cancel.check()
        time.sleep(0.005)
    return future.result()


def _base_files(prepared: Prepared) -> tuple[BaseFile, ...]:
    """The base's weight files by what preflight read of them: nothing is read again."""
    assert prepared.base is not None
    return tuple(
        BaseFile(one.file.name, one.file_bytes, hashlib.sha256(one.raw).hexdigest() if one.raw else None)
        for one in prepared.base.headers
    )


def _inherited(prepared: Prepared) -> tuple[AdapterIdentity, ...]:
    """Adapters that the base says were merged into it before."""
    assert prepared.base is not None
    return tuple(
        AdapterIdentity(
            str(entry.get("name")), str(entry.get("sha256")), _weight(entry.get("weight")), str(entry.get("peft_type"))
        )
        for entry in merged_adapters(prepared.base.folder)
    )


def _weight(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 1.0


def _failed(checks: Sequence[Check]) -> Finding:
    codes = [one.code.value for one in checks if one.status is CheckStatus.FAIL]
    return error(Code.VERIFICATION_FAILED, checks=codes, count=len(codes))


def _count(planned: Sequence[PlannedTensor]) -> TensorCounts:
    actions = [tensor.action.value for tensor in planned]
    return TensorCounts(len(actions), *(actions.count(name) for name in ("merge", "replace", "copy", "cast")))


def _files(folder: Path) -> tuple[OutputFile, ...]:
    files = sorted(entry for entry in folder.rglob("*") if entry.is_file())
    return tuple(OutputFile(file.relative_to(folder).as_posix(), file.stat().st_size) for file in files)
