"""What a packed base's own format will keep of the adapter, told by a sample before anything is written."""

from __future__ import annotations

import math
import time

from ..domain.findings import Finding, UserError
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest
from ..domain.weight_delta import packing_foretold
from ..engines.packed_sample import sample_packing
from ..planning.layout import Layout, make_layout
from ..planning.plan import Action
from ..planning.preflight import Ready, plan_of

_SECONDS = 1.0


def packing_findings(request: CheckRequest, ready: Ready) -> list[Finding]:
    """What is to be said of a base that shall stay packed; nothing of others, and where weights cannot be read."""
    if not ready.base.stored:
        return []
    try:
        plan = plan_of(request, ready)
        return foretold(make_layout(plan, ready.base), request.accept_loss, CancelToken()) if plan else []
    except UserError:  # the merge will tell
        return []


def foretold(layout: Layout, accepts_loss: bool, cancel: CancelToken) -> list[Finding]:
    """The same of what is planned. Raises Cancelled, UserError(read_failed)."""
    count = sum(placed.tensor.action is Action.REPACK for _, placed in layout.placed)
    sums = sample_packing(layout, time.monotonic() + _SECONDS, cancel) if count else None
    if sums is None or not sums.delta or not math.isfinite(sums.due_written + sums.off):
        return []
    kept, noise = sums.due_written / sums.delta, math.sqrt(sums.off / sums.delta)
    return list(packing_foretold(kept, noise, count, accepts_loss))
