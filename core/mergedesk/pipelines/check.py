"""The check before a merge: what its folders' headers tell, and whether it may start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..domain.findings import Finding
from ..domain.requests import CheckRequest
from ..output.leftovers import leftover_findings, put_back_set_aside
from ..planning.preflight import Preflight, Ready, Refused, prepare
from ..runtime.bounded_call import Elsewhere, LimitMet, Limits, bounded
from .doubts import is_in_doubt, of_companions

_DRY_RUN = Elsewhere("mergedesk.pipelines.dry_run:libraries_say", list[Finding])
_SECONDS, _NBYTES = 60.0, 4_000_000_000
Ask = Callable[[CheckRequest, int], Sequence[Finding]]
"""Asks transformers and PEFT of a merge whose base has so many bytes."""


def check(request: CheckRequest) -> Preflight:
    """The preflight alone; torch stays unimported. Never raises for bad folders: trouble becomes findings.

    What ended runs left is told, too. A folder that one had set aside is put back: nothing else is ever written.
    """
    return _look(request)[1]


def check_with_libraries(request: CheckRequest) -> Preflight:
    """The same, and of a merge that seems ready what transformers and PEFT say, if headers leave a doubt.

    They are asked in another process.
    """
    prepared, preflight = _look(request)
    return preflight.saying(_further(prepared, request, _asked))


def library_findings(request: CheckRequest, ask: Ask) -> list[Finding]:
    """What is left to say once ``check`` has: ``ask`` brings what the libraries say, if headers leave a doubt."""
    return _further(prepare(request), request, ask)


def _further(prepared: Refused | Ready, request: CheckRequest, ask: Ask) -> list[Finding]:
    if isinstance(prepared, Refused):
        return []
    said = ask(request, prepared.base.weight_bytes) if is_in_doubt(prepared) else ()
    return [*said, *of_companions(prepared)]


def _look(request: CheckRequest) -> tuple[Refused | Ready, Preflight]:
    said = put_back_set_aside(request.output) if request.output else []
    prepared = prepare(request)
    return prepared, prepared.preflight.saying([*said, *leftover_findings(request.output)])


def _asked(request: CheckRequest, base_bytes: int) -> Sequence[Finding]:
    """Nothing, where the process could not be started, or met a limit: then the merge tells it."""
    try:
        return bounded(_DRY_RUN, request, limits=Limits(_SECONDS, _NBYTES + base_bytes))
    except LimitMet:
        return ()
