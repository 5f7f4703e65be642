"""What each precision would keep of an adapter, asked in a process of its own; the last answer is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .library_answers import of_inputs

if TYPE_CHECKING:
    from mergedesk.domain.precision_advice import PrecisionAdvice
    from mergedesk.domain.progress import CancelToken
    from mergedesk.domain.requests import CheckRequest

_SECONDS, _NBYTES = 10.0, 1_000_000_000


class PrecisionAnswers:
    """To be called from any thread but the window's own. The window's process never imports numpy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[Any, PrecisionAdvice | None] | None = None

    def __call__(self, request: CheckRequest, cancel: CancelToken) -> PrecisionAdvice | None:
        """The advice; None where there is none to give. Raises Cancelled."""
        from mergedesk.storage.file_identity import identities_in

        asked = of_inputs(request)
        key = asked, identities_in([asked.base, *(choice.folder for choice in asked.adapters)])
        with self._lock:
            if self._known is None or self._known[0] != key:
                self._known = key, _asked(asked, cancel)
            return self._known[1]


def _asked(request: CheckRequest, cancel: CancelToken) -> PrecisionAdvice | None:
    from mergedesk.domain.precision_advice import PrecisionAdvice
    from mergedesk.runtime.bounded_call import Elsewhere, LimitMet, Limits, bounded

    place = Elsewhere("mergedesk.pipelines.check:advice_in_list", list[PrecisionAdvice])
    try:
        said = bounded(place, request, limits=Limits(_SECONDS, _NBYTES), check=cancel.check)
    except LimitMet:
        return None
    return said[0] if said else None
