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
from ..domain.requests import MergeRequest, ProofRequest
from ..domain.verdict import ProofStatus, Verdict
from ..inspection.inspect_folder import FolderKind, Look, look
from ..planning.preflight import Prepared, prepare
from ..quantization.detect import find_quantisation
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


def verify(request: ProofRequest, report: Report, cancel: CancelToken) -> Verdict:
    """Prove or refute a merge. Bad input and failures come back as a verdict with that status; raises ``Cancelled``."""
    clock = _Clock()
    forget_earlier_peak()
    report(Progress(Stage.PREFLIGHT))
    try:
        verdict = _verify(request, clock, report, cancel)
    except Cancelled:
        raise
    except UserError as trouble:
        verdict = _ended(request, ProofStatus.FAILED, trouble.finding())
    except Exception as trouble:  # whatever it is, a person gets a sentence and not a traceback
        logger.exception("The proof stopped unexpectedly.")
        verdict = _ended(request, ProofStatus.FAILED, unexpected(trouble))
    return replace(
        verdict,
        quick=request.quick,
        versions=package_versions(),
        seconds=clock.seconds,
        peak_rss_bytes=peak_rss_bytes(),
    )


def _ended(request: ProofRequest, status: ProofStatus, *findings: Finding) -> Verdict:
    return Verdict(status, request.merged, findings=findings)


def _verify(request: ProofRequest, clock: _Clock, report: Report, cancel: CancelToken) -> Verdict:
    wanted = MergeRequest(
        request.base, request.adapters, combination=request.combination, dequantise=True, resize_vocabulary=True
    )
    prepared, merged = prepare(wanted), look(request.merged)
    findings = prepared.preflight.findings
    if prepared.preflight.refused:
        return _ended(request, ProofStatus.REFUSED, *findings)
    refuted = _by_kind(request, merged)
    if refuted is not None:
        return Verdict(ProofStatus.PROVED, request.merged, refuted, findings=findings)
    if merged.checkpoint is None or any_error(merged.recognition.findings):
        return _ended(request, ProofStatus.REFUSED, *merged.recognition.findings)
    cancel.check()
    with clock.stopped():
        warm_up()
    return _compared(request, prepared, merged, report, cancel)


def _by_kind(request: ProofRequest, merged: Look) -> Finding | None:
    """What the kind of folder alone refutes."""
    if merged.recognition.kind is FolderKind.ADAPTER:
        return error(Code.MERGE_IS_ADAPTER_ONLY, path=str(request.merged))
    checkpoint = merged.checkpoint
    packed = find_quantisation(checkpoint.config, checkpoint.tensors) if checkpoint else None
    return error(Code.MERGE_LEFT_PACKED, method=packed.label) if packed else None


def _compared(request: ProofRequest, prepared: Prepared, merged: Look, report: Report, cancel: CancelToken) -> Verdict:
    from ..verification.compare.config_checks import refuted_around, surrounding_checks
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
    around = tuple(surrounding_checks(prepared.base, merged.checkpoint, left))
    refuted = None if proof.reason.severity is Severity.ERROR else refuted_around(around)
    told_as_reason = {Code.LEFTOVER_ADAPTER_CONFIG, Code.QUANTISATION_LEFTOVER}
    of_merged = (one for one in merged.recognition.findings if one.code not in told_as_reason)
    findings = (*prepared.preflight.findings, *of_merged)
    checks = (*around, *proof.checks)
    return Verdict(ProofStatus.PROVED, request.merged, refuted or proof.reason, checks, proof.modules, findings)
