"""A merge whose base may be on a hub and is not to be kept: the one that worker, queue and command line call."""

from __future__ import annotations

from dataclasses import replace

from ..domain.merge_report import MergeReport
from ..domain.progress import CancelToken, Report, unheard
from ..storage.file_identity import real_path
from .base_supply import supply_of
from .hub_merge import HubMerge
from .merge import merge
from .merge_packed import merge_packed


def merge_wherever(
    asked: HubMerge,
    report: Report = unheard,
    cancel: CancelToken | None = None,
    *,
    apart: bool = False,
    scheme: str | None = None,
) -> MergeReport:
    """``merge``, or ``merge_packed`` with a ``scheme``, also of a base that is not kept.

    Raises Cancelled, and UserError where nothing could be had of that base.
    """
    request, cancel, base = asked.request, cancel or CancelToken(), asked.base
    if base is None:
        if scheme is not None:
            return merge_packed(request, scheme, report, cancel)
        return merge(request, report, cancel, apart=apart)
    with supply_of(base, real_path(request.output), cancel, asked.token) as (folder, supply):
        here = replace(request, base=folder)
        if scheme is not None:
            return merge_packed(here, scheme, report, cancel, supply)
        return merge(here, report, cancel, apart=apart, supply=supply)
