"""The proof of a merge made by any tool, as both fronts call it: preflight → compare → verdict."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ..domain.errors import UserError
from ..domain.findings import Code, Finding, Severity, any_error, error
from ..domain.progress import Cancelled, CancelToken, Progress, Report, Stage
from ..domain.requests import MergeRequest, VerifyRequest
from ..domain.verdict import Verdict, VerifyStatus
from ..inspection.inspect_folder import FolderContents, FolderKind, read_folder
from ..planning.preflight import Prepared, prepare
from ..quantization.detect import find_quantization
from ..runtime.memory import forget_earlier_peak, peak_rss_bytes
from .merge import StageProgress, package_versions, unexpected, warm_up

__all__ = ["verify"]

logger = logging.getLogger("mergedesk")


@dataclass(slots=True)
class _Clock:
    """Seconds since the start without those of heavy imports, as a merge's seconds are counted too."""

    started: float = field(default_factory=lambda: time.perf_counter())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        before = time.perf_counter()
        yield
        self.started += time.perf_counter() - before

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started


def verify(request: VerifyRequest, report: Report, cancel: CancelToken) -> Verdict:
    """Prove or refute a merge. Bad input and failures come back as a verdict with that status; raises ``Cancelled``."""
    clock = _Clock()
    forget_earlier_peak()
    report(Progress(Stage.PREFLIGHT))
    try:
        verdict = _verify(request, clock, report, cancel)
    except Cancelled:
        raise
    except UserError as trouble:
        verdict = _ended(request, VerifyStatus.FAILED, trouble.finding())
    except Exception as trouble:  # whatever it is, a person gets a sentence and not a traceback
        logger.exception("The proof stopped unexpectedly.")
        verdict = _ended(request, VerifyStatus.FAILED, unexpected(trouble))
    return replace(
        verdict,
        quick=request.quick,
        versions=package_versions(),
        seconds=clock.seconds,
        peak_rss_bytes=peak_rss_bytes(),
    )


def _ended(request: VerifyRequest, status: VerifyStatus, *findings: Finding) -> Verdict:
    return Verdict(status, request.merged, findings=findings)


def _verify(request: VerifyRequest, clock: _Clock, report: Report, cancel: CancelToken) -> Verdict:
    wanted = MergeRequest(
        request.base, request.adapters, combination=request.combination, dequantize=True, resize_vocabulary=True
    )
    prepared, merged = prepare(wanted), read_folder(request.merged)
    findings = prepared.preflight.findings
    if prepared.preflight.refused:
        return _ended(request, VerifyStatus.REFUSED, *findings)
    refuted = _by_kind(request, merged)
    if refuted is not None:
        return Verdict(VerifyStatus.PROVED, request.merged, refuted, findings=findings)
    if merged.checkpoint is None or any_error(merged.folder_info.findings):
        return _ended(request, VerifyStatus.REFUSED, *merged.folder_info.findings)
    cancel.check()
    with clock.stopped():
        warm_up()
    return _compared(request, prepared, merged, report, cancel)


def _by_kind(request: VerifyRequest, merged: FolderContents) -> Finding | None:
    """What the kind of folder alone refutes."""
    if merged.folder_info.kind is FolderKind.ADAPTER:
        return error(Code.MERGE_IS_ADAPTER_ONLY, path=str(request.merged))
    checkpoint = merged.checkpoint
    packed = find_quantization(checkpoint.config, checkpoint.tensors) if checkpoint else None
    return error(Code.MERGE_LEFT_PACKED, method=packed.label) if packed else None


def _compared(
    request: VerifyRequest, prepared: Prepared, merged: FolderContents, report: Report, cancel: CancelToken
) -> Verdict:
    from ..verification.compare.config_checks import config_checks, refuted_by
    from ..verification.compare.prove import prove

    assert merged.checkpoint is not None
    assert prepared.base is not None
    proof = prove(
        request,
        prepared,
        merged.checkpoint,
        lambda total: StageProgress(report, Stage.VERIFY, total).advance,
        cancel,
    )
    left = sorted(
        entry.name for entry in request.merged.iterdir() if entry.name.startswith(("adapter_config", "adapter_model"))
    )
    around = tuple(config_checks(prepared.base, merged.checkpoint, left))
    refuted = None if proof.reason.severity is Severity.ERROR else refuted_by(around)
    told_as_reason = {Code.LEFTOVER_ADAPTER_CONFIG, Code.QUANTIZATION_LEFTOVER}
    of_merged = (one for one in merged.folder_info.findings if one.code not in told_as_reason)
    findings = (*prepared.preflight.findings, *of_merged)
    checks = (*around, *proof.checks)
    return Verdict(VerifyStatus.PROVED, request.merged, refuted or proof.reason, checks, proof.modules, findings)
