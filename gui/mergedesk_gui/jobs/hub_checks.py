"""Merges whose base is a name on a hub, judged by headers alone; the outline of the last one is kept meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mergedesk.domain.findings import Finding
    from mergedesk.domain.hub_reference import HubReference
    from mergedesk.domain.progress import CancelToken
    from mergedesk.domain.requests import CheckRequest
    from mergedesk.hub.questions import Outline
    from mergedesk.planning.preflight import Preflight

_AskLibraries = Callable[["CheckRequest", "CancelToken"], "Sequence[Finding]"]


class HubToken:
    """The token that was typed in, for as long as the window is open."""

    def __init__(self) -> None:
        self.value: str | None = None

    def use(self, token: str) -> None:
        """From now on."""
        self.value = token


class HubChecks:
    """To be called from any thread but the window's own; one question is answered at a time."""

    def __init__(self, token: HubToken, ask_libraries: _AskLibraries) -> None:
        self._token, self._ask_libraries = token, ask_libraries
        self._lock, self._kept = threading.Lock(), ExitStack()
        self._known: tuple[HubReference, str | None, Outline] | None = None

    def __call__(self, request: CheckRequest, cancel: CancelToken) -> Preflight | None:
        """What can be known of it; None where nothing but all of the base would tell. Raises UserError, Cancelled."""
        from mergedesk.domain.hub_reference import reference_of
        from mergedesk.pipelines.check_on_hub import check_on_hub, named_on_hub

        reference = reference_of(request.base)
        if reference is None:
            return None
        with self._lock:
            outline = self._outline(reference, cancel)
            if outline.folder is None or not outline.left_bytes:
                return None
            preflight = check_on_hub(request, reference, outline, asks=False)
            if preflight.refused or preflight.base.quantization:
                return preflight
            said = self._ask_libraries(replace(request, base=outline.folder), cancel)
            return preflight.saying(named_on_hub(said, outline.folder, reference))

    def close(self) -> None:
        """Remove what was kept."""
        with self._lock:
            self._forget()

    def _outline(self, reference: HubReference, cancel: CancelToken) -> Outline:
        from mergedesk.pipelines.check_on_hub import outline_of

        token = self._token.value
        if self._known is None or self._known[:2] != (reference, token):
            self._forget()
            outline = self._kept.enter_context(outline_of(reference, cancel, token))
            self._known = (reference, token, outline)
        return self._known[2]

    def _forget(self) -> None:
        self._known = None
        self._kept.close()
