"""Has the merged folder packed for servers, into a folder beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.packed_export import ExportRequest, ExportStatus, PackedExport, PackedForecast
from mergedesk.support.failures import Failure

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..jobs.task_runner import TaskRunner
from ..text.messages import finding_message
from ..widgets.opening import show_folder
from .free_name import free_name
from .packed_box import PackedBox
from .place_row import PlaceRow


class PackingController(QObject):
    """Does what the box asks for."""

    queued = Signal(object)
    """An ``ExportRequest`` for later."""

    def __init__(self, window: QWidget, box: PackedBox, place: PlaceRow, backend: EngineApi) -> None:
        super().__init__(window)
        self._window, self._box, self._place, self._backend = window, box, place, backend
        self._folder: Path | None = None
        self._made: Path | None = None
        self.runner = TaskRunner("packing", self, keep=1)
        self.runner.started.connect(box.begin)
        self.runner.published.connect(box.show_progress)
        self.runner.ended.connect(self._on_ended)
        box.pack_asked.connect(self.pack)
        box.queue_asked.connect(self._put_off)
        box.stop_asked.connect(self.runner.stop)
        box.open_asked.connect(self._open)
        place.changed.connect(self._on_place_changed)

    def turn_to(self, folder: Path | None) -> None:
        """Another folder is meant, or none."""
        self._folder = folder
        if not self.runner.running:
            self._box.forget()

    def foretell(self) -> None:
        """Find out how much each form will take."""
        folder, place = self._folder, self._place.place
        if folder is not None and place is not None:
            ask_in_thread(
                partial(self._backend.foretell_packed, folder, place), self._show_forecast, name="packed sizes"
            )

    def pack(self) -> None:
        """Pack the folder that is shown, in the form that is chosen."""
        folder, form = self._folder, self._box.form
        if folder is not None and not self.runner.running:
            request = ExportRequest(folder, free_name(folder, form.upper(), self._place.place), form)
            self.runner.start(partial(self._backend.export_packed, request))

    def _put_off(self) -> None:
        if self._folder is not None:
            form = self._box.form
            self.queued.emit(
                ExportRequest(self._folder, free_name(self._folder, form.upper(), self._place.place), form)
            )

    def _on_place_changed(self) -> None:
        if self._box.isVisible():
            self.foretell()

    def _show_forecast(self, answer: object) -> None:
        if isinstance(answer, PackedForecast) and answer.folder == self._folder:
            self._box.expect(answer)

    def _on_ended(self, outcome: object) -> None:
        if isinstance(outcome, PackedExport):
            self._made = outcome.output if outcome.status is ExportStatus.EXPORTED else None
            self._box.show_report(outcome)
        elif isinstance(outcome, Failure):
            self._box.show_failure(finding_message(outcome.finding).whole)
        else:
            self._box.show_stopped()

    def _open(self) -> None:
        if self._made is not None:
            show_folder(self._window, self._made)
