"""“Make GGUF”: which types, how far it is, and the files that were made with the proof of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.gguf_export import ExportProgress, GgufReport
from mergedesk.domain.packed_export import ExportStatus

from ..text.finding_rows import finding_rows
from ..text.gguf_text import file_rows, progress_line
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.naming import announce, named
from ..widgets.word_button import WordBox
from ..widgets.wrapping import WrapRow
from .export_state import ExportState

TYPES = ("BF16", "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M")
_CHOSEN = "Q8_0"


class GgufBox(QWidget):
    """Asks for the work and shows it; the work itself is another's."""

    make_asked = Signal()
    stop_asked = Signal()
    queue_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._running = False
        self._boxes = {name: named(WordBox(name), f"gguf{name.replace('_', '')}Check") for name in TYPES}
        what = self.tr("Made by llama.cpp’s own code, into a new folder. Each file is proved.")
        make = IconButton(self.tr("Make GGUF"), "output", clicked=self.make_asked, tooltip=what)
        self._make = named(make, "makeGgufButton")
        stop, later = self.tr("Stop making GGUF files"), self.tr("Add the GGUF files to the queue")
        self._stop = named(IconButton(self.tr("Stop"), "stop", clicked=self.stop_asked), "stopGgufButton", stop)
        add = IconButton(self.tr("Add to queue"), "add", clicked=self.queue_asked)
        self._queue = named(add, "queueGgufButton", later)
        self._shown = ExportState("ggufProgressBar", self.tr("GGUF files"), "ggufState")
        self._shown.view.setObjectName("ggufFiles")
        title = Text(self.tr("GGUF files of this model"), TextRole.HEADING)
        buttons = WrapRow(self._make, self._queue, self._stop)
        parts = (title, WrapRow(*self._boxes.values()), buttons, *self._shown.parts)
        self.setLayout(column(*parts, spacing=UNIT))
        for box in self._boxes.values():
            box.toggled.connect(self._allow)
        self._boxes[_CHOSEN].setChecked(True)
        self.forget()

    @property
    def types(self) -> tuple[str, ...]:
        """Those that are ticked."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    @property
    def said(self) -> str:
        """What stands below the button."""
        return self._shown.said

    @property
    def rows(self) -> tuple[str, ...]:
        """The files, or what speaks against them, as they are read out."""
        return self._shown.rows

    def forget(self) -> None:
        """Another folder is meant."""
        self._shown.forget()
        self._set_running(False)

    def begin(self) -> None:
        """It is being made."""
        self._shown.begin()
        self._set_running(True)

    def show_progress(self, readings: Sequence[ExportProgress]) -> None:
        """How far it is: the latest counts."""
        self._shown.show_progress(readings[-1].fraction, progress_line(readings[-1]))

    def show_report(self, report: GgufReport) -> None:
        """The files, or why there are none."""
        done = report.status is ExportStatus.EXPORTED
        sentence = say("gguf.done" if done else "gguf.not_done", path=str(report.output))
        rows = (*file_rows(report), *(() if done else finding_rows(report.findings)))
        self._shown.show_end(sentence, "ok" if done else "error", rows)
        announce(self, sentence)
        self._set_running(False)

    def show_failure(self, sentence: str) -> None:
        """It ended in a way nobody foresaw."""
        self._shown.show_end(sentence, "error")
        self._set_running(False)

    def show_stopped(self) -> None:
        """Somebody stopped it."""
        self._shown.show_stopped()
        self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self._running = running
        self._stop.setVisible(running)
        for box in self._boxes.values():
            box.setEnabled(not running)
        self._allow()

    def _allow(self) -> None:
        self._make.setEnabled(bool(self.types) and not self._running)
        self._queue.setEnabled(bool(self.types))
