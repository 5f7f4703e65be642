"""A merge whose base may be on a hub and is not to be kept: the one that worker, queue and command line call."""

from __future__ import annotations

from dataclasses import replace

from ..domain.merge_report import MergeReport
from ..domain.progress import CancelToken, Report, unheard
from ..domain.requests import MergeRequest
from ..storage.file_identity import real_path
from .base_supply import supply_of
from .hub_merge import HubMerge
from .merge import merge
from .merge_job import Supplies
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
    token = cancel or CancelToken()

    def run(request: MergeRequest, supply: Supplies | None = None) -> MergeReport:
        if scheme is not None:
            return merge_packed(request, scheme, report, token, supply)
        return merge(request, report, token, apart=apart, supply=supply)

    if asked.base is None:
        return run(asked.request)
    with supply_of(asked.base, real_path(asked.request.output), token, asked.token) as (folder, supply):
        return run(replace(asked.request, base=folder), supply)
