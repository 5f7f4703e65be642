"""From “Try the demo” to filled-in fields: finds the demo's base, makes it, or says what is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.requests import AdapterChoice
from mergedesk.support.failures import Failure

from ..jobs.engine_api import EngineApi
from ..jobs.task_runner import Publish, TaskRunner
from ..state.form import Form
from ..text.messages import finding_message
from .demo_card import DemoCard

if TYPE_CHECKING:
    from mergedesk.demo.base_model import DemoParts


class DemoController(QObject):
    """``fill_in`` gets the demo's folders; a base that is not here and cannot be made is left for the person."""

    def __init__(self, window: QObject, backend: EngineApi, fill_in: Callable[[Form], None]) -> None:
        super().__init__(window)
        self._backend, self.card, self._fill_in = backend, DemoCard(), fill_in
        self.runner = TaskRunner("demo", self)
        self.runner.published.connect(self._on_published)
        self.runner.ended.connect(self._on_ended)
        self.card.asked.connect(self.begin)

    def begin(self) -> None:
        """Find the parts, and make the base if it can be made."""
        if not self.runner.running:
            self.card.show_busy(self.tr("Looking for the demo's model…"))
            self.runner.start(partial(_find_and_make, self._backend))

    def stop(self) -> None:
        """Stop making the base; nothing of it is left behind."""
        self.runner.stop()

    def _on_published(self, _lines: tuple[object, ...]) -> None:
        self.card.show_busy(self.tr("Unpacking the demo's model; this takes up to a minute…"))

    def _on_ended(self, outcome: object) -> None:
        if isinstance(outcome, Failure):
            self.card.show_problem(finding_message(outcome.finding).whole)
        elif isinstance(outcome, Cancelled):
            self.card.show_rest()
        elif isinstance(outcome, tuple):
            self._offer(*outcome)

    def _offer(self, adapter: Path, base: Path | None) -> None:
        output = self._backend.demo_output()
        # In the program's own cache there is nothing but an earlier demo's result.
        choices = Form(base=base, adapters=(AdapterChoice(adapter),), output=output, overwrite=output.exists())
        self._fill_in(choices)
        if base is None:
            self.card.show_missing()
        else:
            self.card.show_rest()


def _find_and_make(backend: EngineApi, publish: Publish, cancel: CancelToken) -> tuple[Path, Path | None]:
    parts: DemoParts = backend.find_demo()
    cancel.check()
    if parts.base is not None or not parts.can_make:
        return parts.adapter, parts.base

    publish("")
    return parts.adapter, backend.make_demo(publish, cancel)
