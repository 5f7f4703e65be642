"""The check before a merge that is packed for servers: what only that refuses, and how large it will be."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from ..domain.findings import Code, Finding, any_error, info
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest
from ..planning.checks.output_folder import space_findings
from ..planning.layout import make_layout
from ..planning.preflight import ANY_ROOM, Preflight, Ready, prepare
from ..runtime.bounded_call import Limits
from .packing_plan import CLASS_LIMITS, packed_merge

Named = Callable[[list[Finding]], list[Finding]]
"""What is said of a base, with the name that the person knows it by."""


def check_packed(
    preflight: Preflight, request: CheckRequest, form: str, until: float, named: Named = lambda findings: findings
) -> Preflight:
    """What was checked of the plain merge, as it holds of one that is packed; ``form`` is a key of ``SCHEMES``.

    A class that no table knows is asked in another process, which ends at ``until`` on the monotonic clock. torch stays
    unimported.
    """
    preflight = replace(preflight, expected_seconds=None, expected_between=None, advice=None, amounts=None)
    if preflight.refused:
        return replace(preflight, predicted_bytes=None)
    prepared = prepare(request, ANY_ROOM)
    if not isinstance(prepared, Ready):
        return preflight.saying(named(list(prepared.preflight.findings)))
    limits = replace(CLASS_LIMITS, seconds=max(0.0, min(CLASS_LIMITS.seconds, until - time.monotonic())))
    plan = packed_merge(request, form, prepared, CancelToken(), limits)
    if isinstance(plan, Finding):
        said = _not_asked(plan, limits) if time.monotonic() >= until else plan
        return replace(preflight.saying(named([said])), predicted_bytes=None)
    nbytes = make_layout(plan.plan, prepared.base, request.max_shard_size).nbytes
    free = preflight.free_bytes
    full = list(space_findings(request.output, nbytes + (preflight.pieces_bytes or 0), free)) if request.output else []
    return replace(preflight.saying(full), predicted_bytes=None if any_error(full) else nbytes)


def _not_asked(said: Finding, limits: Limits) -> Finding:
    """A class that was given less time than the merge gives it is not told to be at fault."""
    if said.code is not Code.EXPORT_CLASS_NOT_BUILT or limits.seconds >= CLASS_LIMITS.seconds:
        return said
    return info(Code.LIBRARIES_NOT_ASKED, reason=str(said.data.get("reason", "")))
