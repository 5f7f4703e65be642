"""What a later start hands over, or a file manager opens: put into the window as a drop is, and never over work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from ..inputs.drop_router import DropRouter, Routed
from ..instance.handed import Handed, handed_of
from ..jobs.queued_signal import QueuedSignal
from ..platform import x11_front
from ..state.form import NOTHING
from ..state.inspection import MODEL_KINDS
from ..state.mode import Mode
from ..widgets import dialogs

if TYPE_CHECKING:
    from ..main_window import MainWindow

_BATCH_FILES = (".yaml", ".yml")
_SECONDS = 3.0


class Arrivals(QObject):
    """Lives as long as the window, and is told in the GUI thread; ``take_message`` may be called in any."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._router = DropRouter(window.backend, self)
        self._router.recognised.connect(self._place)
        self._courier = QueuedSignal(self)
        self._courier.deliver_to(self._hear)

    def take_message(self, message: bytes) -> bool:
        """Whether the window took it: one that is about to end does not."""
        handed, heard = handed_of(message), threading.Event()
        if handed is None:
            return False
        try:
            self._courier.brought.emit((handed, heard))
        except RuntimeError:  # the program ends
            return False
        return heard.wait(_SECONDS)

    def open(self, handed: Handed) -> None:
        """Put it into the window, or ask first where something that is chosen would go."""
        files = [path for path in handed.paths if path.suffix.lower() in _BATCH_FILES]
        folders = [path for path in handed.paths if path not in files]
        for file in files:
            self._window.results.show_queue()
            self._window.queue.read_file(file)
        if handed.form != NOTHING:
            self._fill(handed)
        if folders:
            self._router.route(folders)

    def come_to_front(self, token: str) -> None:
        """Before all other windows, as far as the desktop allows."""
        window, is_x11 = self._window, QGuiApplication.platformName() == "xcb"
        if token and not is_x11:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there, and takes it away
        window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        window.show()
        window.raise_()
        window.activateWindow()
        if is_x11:
            x11_front.come_to_front(int(window.winId()), token)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """On macOS the system tells a running program what to open."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent) and event.file():
            self.open(Handed(paths=(Path(event.file()),)))
            return True
        return super().eventFilter(watched, event)

    def _hear(self, said: object) -> None:
        if isinstance(said, tuple):
            handed, heard = said
            heard.set()
            self.come_to_front(handed.token)
            self.open(handed)

    def _fill(self, handed: Handed) -> None:
        chosen = self._window.inputs.choices
        if (chosen.base or chosen.adapters or chosen.merged) and chosen != handed.form:
            self._ask(lambda: self._window.prefill(handed.form))
        else:
            self._window.prefill(handed.form)

    def _place(self, found: list[Routed]) -> None:
        choices = self._window.inputs.choices
        taken = choices.merged if choices.mode is Mode.VERIFY and choices.base else choices.base
        models = [routed for routed in found if routed.kind in MODEL_KINDS]
        if taken is not None and any(routed.folder != taken for routed in models):
            self._ask(lambda: self._receive(found))
        else:
            self._receive(found)

    def _receive(self, found: list[Routed]) -> None:
        for routed in found:
            self._window.receive(routed)

    def _ask(self, agree: Callable[[], None]) -> None:
        words = (
            self.tr("Opened from outside"),
            self.tr("Replace what is chosen in the form?"),
            self.tr("Replace"),
            self.tr("Keep what is chosen"),
        )
        dialogs.ask(self._window, words, self.tr("Another program asked MergeDesk to open folders."), agree)
