"""What transformers and PEFT say of a merge, asked in a worker process; the answer to the last question is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mergedesk.domain.findings import Finding
    from mergedesk.domain.progress import CancelToken
    from mergedesk.domain.requests import CheckRequest

SECONDS = 60.0
"""The longest that the libraries may take; then a merge tells what they did not."""
_Ask = Callable[["CheckRequest", "CancelToken"], "Sequence[Finding]"]


class LibraryAnswers:
    """To be called from any thread but the window's own. Only one question is asked at a time.

    Where a result goes is no part of the question: that somebody types its name asks nothing anew.
    """

    def __init__(self, ask: _Ask, seconds: float = SECONDS) -> None:
        self._ask, self._seconds = ask, seconds
        self._lock = threading.Lock()
        self._known: tuple[Any, Sequence[Finding]] | None = None

    def __call__(self, request: CheckRequest, cancel: CancelToken) -> Sequence[Finding]:
        """What the libraries find, if headers leave a doubt. Nothing where they end without an answer."""
        from mergedesk.pipelines.check import library_findings

        return library_findings(request, lambda asked, _: self._answer(asked, cancel))

    def _answer(self, request: CheckRequest, cancel: CancelToken) -> Sequence[Finding]:
        from mergedesk.storage.file_identity import identities_in

        asked = of_inputs(request)
        with self._lock:
            seen = identities_in([asked.base, *(choice.folder for choice in asked.adapters)])
            if self._known is None or self._known[0] != (asked, seen):
                answer = self._asked(asked, cancel)
                if answer is None:
                    return ()
                self._known = ((asked, seen), answer)
            return self._known[1]

    def _asked(self, request: CheckRequest, cancel: CancelToken) -> Sequence[Finding] | None:
        from mergedesk.domain.progress import Cancelled
        from mergedesk.support.failures import Failed

        limit = threading.Timer(self._seconds, cancel.cancel)
        limit.daemon = True
        limit.start()
        try:
            cancel.check()
            return self._ask(request, cancel)
        except (Cancelled, Failed):
            return None
        finally:
            limit.cancel()


def of_inputs(request: CheckRequest) -> CheckRequest:
    """The question as far as its answer depends on it; no merge's request."""
    from mergedesk.domain.requests import CheckRequest

    plain = CheckRequest(**{field.name: getattr(request, field.name) for field in fields(CheckRequest)})
    return replace(plain, output=None, max_shard_size=None, overwrite=False)
