"""The proof of a merge made by any tool, as both fronts call it: preflight → compare → verdict."""

from __future__ import annotations

from dataclasses import replace

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, Severity, any_error, error
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.progress import Cancelled, CancelToken, Progress, Report, Stage, StageCounter, unheard
from ..domain.requests import VerifyRequest, check_of_inputs
from ..domain.verdict import Verdict, VerifyStatus
from ..inspection.inspect_folder import FolderContents, read_folder
from ..planning.preflight import Ready, Refused, prepare
from ..quantization.detect import find_quantization, packed_in, seen_for_servers
from ..runtime.allocator import give_back_after
from ..runtime.versions import package_versions
from ..storage.file_identity import identities_in
from ..support.failures import logged
from .dry_run import class_findings
from .inputs import changed_model
from .meter import Meter
from .warm_up import warm_up

# What keeps a folder from being merged into; of a merged one, the comparison tells it.
_OF_BASES = frozenset({Code.BASE_HOLDS_ADAPTER, Code.COMPUTES_QUANTIZED})
_OF_PACKED = frozenset({Code.QUANTIZED_BASE, Code.QUANTIZED_UNMERGEABLE})


def verify(request: VerifyRequest, report: Report = unheard, cancel: CancelToken | None = None) -> Verdict:
    """Prove or refute a merge. Bad input and failures come back as a verdict with that status; raises ``Cancelled``."""
    meter, cancel = Meter(), cancel or CancelToken()
    report(Progress(Stage.PREFLIGHT))
    before = identities_in([request.base, *(choice.folder for choice in request.adapters), request.merged])
    try:
        verdict = _verify(request, meter, report, cancel)
    except Cancelled:
        raise
    except Exception as trouble:
        verdict = _ended(request, VerifyStatus.FAILED, logged(trouble, "proof"))
    if changed := changed_model(before):
        verdict = _ended(request, VerifyStatus.FAILED, changed)
    return meter.measured(replace(verdict, quick=request.quick, versions=package_versions()))


def _ended(request: VerifyRequest, status: VerifyStatus, *findings: Finding) -> Verdict:
    return Verdict(status, request.merged, findings=findings)


def _verify(request: VerifyRequest, meter: Meter, report: Report, cancel: CancelToken) -> Verdict:
    merged = replace(read_folder(request.merged, follow_links=True), dequantized=None)
    prepared = _prepare(request, merged)
    findings = prepared.preflight.findings
    if isinstance(prepared, Refused):
        return _ended(request, VerifyStatus.REFUSED, *findings)
    kept = prepared.base.stays_packed
    packed = None if kept or merged.checkpoint is None else seen_for_servers(merged.checkpoint)
    kept = kept or packed is not None
    refuted = _by_kind(request, merged, kept)
    if refuted is not None:
        return Verdict(VerifyStatus.PROVED, request.merged, refuted, findings=findings)
    look = merged.folder_info
    look = replace(
        look,
        findings=tuple(one for one in look.findings if one.code not in (_OF_BASES | _OF_PACKED if kept else _OF_BASES)),
    )
    if merged.checkpoint is None or any_error(look.findings):
        return _ended(request, VerifyStatus.REFUSED, *merged.folder_info.findings)
    cancel.check()
    give_back_after(len(prepared.base.tensors))
    with meter.importing():
        warm_up()
    if any_error(said := class_findings(prepared)):
        return _ended(request, VerifyStatus.REFUSED, *findings, *said)
    return _compared(request, prepared, (look, packed or merged.checkpoint), report, cancel)


def _prepare(request: VerifyRequest, merged: FolderContents) -> Refused | Ready:
    """A packed folder may be a merge of a packed base that stays so; all others are held against plain weights."""
    asked = check_of_inputs(request.base, request.adapters, request.combination, request.own_alpha)
    if merged.folder_info.kind is FolderKind.QUANTIZED_MODEL:
        prepared = prepare(replace(asked, dequantize=False, keep_quantization=True))
        if isinstance(prepared, Ready) and prepared.base.stays_packed:
            return prepared
    return prepare(asked)


def _by_kind(request: VerifyRequest, merged: FolderContents, kept: bool) -> Finding | None:
    """What the kind of folder alone refutes. ``kept``: the base's packed weights should be there as they are."""
    if merged.folder_info.kind is FolderKind.ADAPTER:
        return error(Code.MERGE_IS_ADAPTER_ONLY, path=str(request.merged))
    checkpoint = None if kept else merged.checkpoint
    packed = find_quantization(checkpoint.config, checkpoint.tensors) if checkpoint else None
    return error(Code.MERGE_LEFT_PACKED, method=packed.label) if packed else None


def _compared(
    request: VerifyRequest, ready: Ready, merged: tuple[FolderInfo, Checkpoint], report: Report, cancel: CancelToken
) -> Verdict:
    from ..verification.compare.config_checks import config_checks, refuted_by
    from ..verification.compare.prove import prove

    look, checkpoint = merged
    proof = prove(request, ready, checkpoint, lambda total: StageCounter(report, Stage.VERIFY, total).advance, cancel)
    left = sorted(
        entry.name for entry in request.merged.iterdir() if entry.name.startswith(("adapter_config", "adapter_model"))
    )
    around = tuple(config_checks(ready.base, checkpoint, left, packs=any(packed_in(checkpoint))))
    refuted = None if proof.reason.severity is Severity.ERROR else refuted_by(around)
    told_as_reason = {Code.LEFTOVER_ADAPTER_CONFIG, Code.QUANTIZATION_LEFTOVER}
    of_merged = (finding for finding in look.findings if finding.code not in told_as_reason)
    findings = (*ready.preflight.findings, *of_merged)
    checks = (*around, *proof.checks)
    return Verdict(VerifyStatus.PROVED, request.merged, refuted or proof.reason, checks, proof.modules, findings)
