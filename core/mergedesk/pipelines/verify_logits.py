"""``verify --logits``: the models' outputs as two more checks of a verdict that weights gave."""

from __future__ import annotations

from dataclasses import replace

from ..domain.findings import Check, CheckCode, CheckStatus, Severity, SkipReason, any_error, check_of
from ..domain.progress import CancelToken, Progress, Report, Stage
from ..domain.requests import Precision, VerifyRequest
from ..domain.verdict import Verdict, VerifyStatus
from ..inference.logits_comparison import ROUNDING_FACTOR, Gap, LogitsComparison, comparison_json, share, short
from ..inference.trial import Side, TrialProgress, TrialRequest
from ..inference.trial_inputs import forecast_of, read_inputs
from .trial import compare_logits


def with_logits(verdict: Verdict, request: VerifyRequest, report: Report, cancel: CancelToken) -> Verdict:
    """The verdict with the outputs compared too; a real difference in behaviour refutes a merge. Raises Cancelled.

    What was not proved is given back as it is. Models that cannot be asked leave skipped checks and a warning.
    """
    if verdict.status is not VerifyStatus.PROVED:
        return verdict

    def show(progress: TrialProgress) -> None:
        report(Progress(Stage.VERIFY, detail=progress.side or ""))

    made = compare_logits(sharp_request(request), (), show, cancel)
    said = tuple(replace(finding, severity=Severity.WARNING) for finding in made.findings)
    reason = made.reason if verdict.matches and made.reason and any_error([made.reason]) else verdict.reason
    return replace(
        verdict,
        reason=reason,
        checks=(*verdict.checks, *_checks(made)),
        findings=(*verdict.findings, *said),
        logits=comparison_json(made),
        seconds=verdict.seconds + made.seconds,
    )


def sharp_request(request: VerifyRequest) -> TrialRequest:
    """All three sides, computed in float32 where one model of that size fits into the free memory.

    There only the rounding of the merged weights is left between merged and unmerged; in bfloat16 every step of both
    rounds anew, which hides twenty times as much. On most processors it is faster too.
    """
    stored = TrialRequest(
        request.base,
        request.adapters,
        request.merged,
        combination=request.combination,
        own_alpha=request.own_alpha,
    )
    sharp = replace(stored, precision=Precision.FLOAT32)
    forecast = forecast_of(read_inputs(sharp))
    return sharp if max(need.bytes for need in forecast.needs) < forecast.available_bytes else stored


def _checks(made: LogitsComparison) -> tuple[Check, ...]:
    apart, from_base = made.gap(Side.MERGED, Side.UNMERGED), made.gap(Side.MERGED, Side.BASE)
    if apart is None or made.rounding is None or made.reason is None:
        codes = [CheckCode.BEHAVES_AS_UNMERGED, CheckCode.DIFFERS_FROM_BASE]
        return tuple(Check(code, CheckStatus.SKIPPED, {"reason": SkipReason.NOT_ASKED}) for code in codes)
    same = check_of(
        CheckCode.BEHAVES_AS_UNMERGED,
        not any_error([made.reason]),
        places=apart.places,
        mean=short(apart.mean),
        largest=short(apart.largest),
        agreement=share(apart.agreement),
        rounding=short(made.rounding.mean),
    )
    return (same, _effect_check(from_base, made.rounding)) if from_base else (same,)


def _effect_check(from_base: Gap, rounding: Gap) -> Check:
    """An adapter that changes nothing on these prompts is a remark: they may not be what it was trained for."""
    check = check_of(
        CheckCode.DIFFERS_FROM_BASE,
        from_base.mean > ROUNDING_FACTOR * rounding.mean,
        mean=short(from_base.mean),
        agreement=share(from_base.agreement),
        rounding=short(rounding.mean),
    )
    return check if check.status is CheckStatus.PASS else replace(check, status=CheckStatus.WARN)
