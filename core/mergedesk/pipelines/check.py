"""The check before a merge: what its folders' headers tell, and whether it may start."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..domain.findings import Code, Finding, UserError, info
from ..domain.precision_advice import PrecisionAdvice
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest
from ..output.leftovers import leftover_findings, put_back_set_aside
from ..planning.kept_sample import sample_kept
from ..planning.preflight import Preflight, Ready, Refused, Room, plan_of, prepare
from ..runtime.bounded_call import Elsewhere, LimitMet, Limits, bounded
from .doubts import is_in_doubt, of_companions
from .forecast import TimeForecast, disk_trial, forecast

_DRY_RUN = Elsewhere("mergedesk.pipelines.dry_run:libraries_say", list[Finding])
SECONDS = 8.5
"""Of the ten that a check may take; the rest is for saying what was found."""
_NBYTES = 4_000_000_000
_ADVICE_SECONDS = 1.5
Ask = Callable[[CheckRequest, int], Sequence[Finding]]
"""Asks transformers and PEFT of a merge whose base has so many bytes."""


def check(request: CheckRequest) -> Preflight:
    """The preflight alone; torch stays unimported. Never raises for bad folders: trouble becomes findings.

    What ended runs left is told, too. A folder that one had set aside is put back, and how fast this computer is gets
    noted for the next merge: nothing else is written that lasts.
    """
    return _look(request)[1]


def check_with_libraries(request: CheckRequest, spent: float = 0.0, *, by_headers: bool = False) -> Preflight:
    """The same, and of a merge that seems ready what transformers and PEFT say, if headers leave a doubt.

    They are asked in another process, and for so long that the whole check ends in ten seconds, of which ``spent``
    went by before. ``by_headers``: the base is an outline, so that nothing is said that its values tell.
    """
    ask = partial(_asked, until=time.monotonic() + SECONDS - spent)
    prepared, preflight = _look(request, holes_stay=not by_headers)
    if by_headers:
        asks = isinstance(prepared, Ready) and not prepared.base.stays_packed
        return preflight.saying(_further(prepared, request, ask if asks else _nobody))
    return replace(preflight.saying(_further(prepared, request, ask)), advice=_advice(request, prepared))


def check_by_headers(request: CheckRequest) -> Preflight:
    """``check`` of a base that is an outline."""
    prepared, preflight = _look(request, holes_stay=False)
    return preflight.saying(_further(prepared, request, _nobody))


def _nobody(_request: CheckRequest, _base_bytes: int) -> Sequence[Finding]:
    """Where the answer would be of values that are not there."""
    return ()


def library_findings(request: CheckRequest, ask: Ask) -> list[Finding]:
    """What is left to say once ``check`` has: ``ask`` brings what the libraries say, if headers leave a doubt."""
    return _further(prepare(request), request, ask)


def precision_advice(request: CheckRequest, cancel: CancelToken | None = None) -> PrecisionAdvice | None:
    """What each precision would keep of the adapter, by a sample that takes two seconds at most; None if not known.

    torch stays unimported. Raises Cancelled.
    """
    return _advice(request, prepare(request), cancel)


def advice_in_list(request: CheckRequest) -> list[PrecisionAdvice]:
    """The same for a process of its own: one, or none."""
    advice = precision_advice(request)
    return [] if advice is None else [advice]


def _advice(
    request: CheckRequest, prepared: Refused | Ready, cancel: CancelToken | None = None
) -> PrecisionAdvice | None:
    if isinstance(prepared, Refused):
        return None
    try:
        plan = plan_of(request, prepared)
        return sample_kept(plan, time.monotonic() + _ADVICE_SECONDS, cancel) if plan else None
    except UserError:  # the merge will tell
        return None


def _further(prepared: Refused | Ready, request: CheckRequest, ask: Ask) -> list[Finding]:
    if isinstance(prepared, Refused):
        return []
    said = ask(request, prepared.base.weight_bytes) if is_in_doubt(prepared) else ()
    return [*said, *of_companions(prepared)]


def _look(request: CheckRequest, *, holes_stay: bool = True) -> tuple[Refused | Ready, Preflight]:
    said = put_back_set_aside(request.output) if request.output else []
    trial = disk_trial(request.output) if request.output else None
    prepared = prepare(request, Room(trial.free if trial else None, holes_stay=holes_stay))
    preflight = prepared.preflight.saying([*said, *leftover_findings(request.output)])
    if isinstance(prepared, Ready) and request.output is not None and trial is not None:
        preflight = _timed(preflight, forecast(prepared, request.output, trial))
    return prepared, preflight


def _timed(preflight: Preflight, expected: TimeForecast | None) -> Preflight:
    if expected is None:
        return preflight
    return replace(preflight, expected_seconds=expected.seconds, expected_between=expected.between)


def _asked(request: CheckRequest, base_bytes: int, *, until: float) -> Sequence[Finding]:
    """What they say; where the process met a limit or could not be started, that they were not asked."""
    limits = Limits(max(0.0, round(until - time.monotonic(), 1)), _NBYTES + base_bytes)
    try:
        return bounded(_DRY_RUN, request, limits=limits)
    except LimitMet as met:
        return [info(Code.LIBRARIES_NOT_ASKED, reason=met.reason)]
