"""What is asked of a merge whose base may be on a hub."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..domain.hub_reference import HubReference, reference_of
from ..domain.requests import MergeRequest


@dataclass(frozen=True, slots=True)
class HubMerge:
    """A merge; ``base`` is to come in pieces where it is there, ``token`` one for it that was typed in.

    The token is written nowhere.
    """

    request: MergeRequest
    base: HubReference | None = None
    token: str | None = field(default=None, repr=False)


def hub_merge(request: MergeRequest, token: str | None = None) -> HubMerge:
    """What a request means: paths of names do not survive on the way to another process."""
    return HubMerge(request, None if request.keep_base else reference_of(request.base), token)
