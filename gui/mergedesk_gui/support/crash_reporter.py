"""Tells of crashes in a dialog: one at a time, and the same one not over and over."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from mergedesk.support.failures import Failure

from .crash_text import CrashKind, crash_text

if TYPE_CHECKING:
    from .crash_dialog import CrashDialog

_CHANGING = re.compile(r"0x[0-9a-fA-F]+|\d+")


@dataclass(frozen=True, slots=True)
class Crash:
    """A crash to be told of."""

    kind: CrashKind
    details: str


@dataclass(slots=True)
class _Record:
    """How often a crash was told of, and when it last happened."""

    told: int = 0
    last: float = 0.0


Gather = Callable[[Crash, Callable[[object], None]], None]
"""Has the diagnostics made for a crash, and hands them on in the window's thread."""


class CrashReporter(QObject):
    """Lives on the GUI thread; ``report`` may be called from any.

    A second crash while the dialog is open is counted there. One that was told of is told again only after it
    has been quiet for a while, and each time for longer: what goes wrong with every tick of a timer shall not make
    the window useless, but what goes wrong with a button shall be seen at each press.
    """

    log_folder_asked = Signal()
    _arrived = Signal(object)

    def __init__(self, window: QWidget, gather: Gather, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window, self._gather, self._clock = window, gather, clock
        self._records: dict[str, _Record] = {}
        self.dialog: CrashDialog | None = None
        """The one that is open."""
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def tell(self, failure: Failure) -> None:
        """Tell of something that went wrong in the window, from whatever thread."""
        self.report(Crash(CrashKind.WINDOW, failure.details))

    def report(self, crash: Crash) -> None:
        """Tell of a crash, from whatever thread."""
        with suppress(RuntimeError):  # at the very end there is no window left to tell it
            self._arrived.emit(crash)

    def _receive(self, crash: Crash) -> None:
        record = self._records.setdefault(_CHANGING.sub("", crash.details), _Record())
        now = self._clock()
        is_quiet = record.told == 0 or now - record.last >= 2.0**record.told
        record.last = now
        if self.dialog is not None:
            self.dialog.count_another()
        elif is_quiet:
            record.told += 1
            self._open(crash)

    def _open(self, crash: Crash) -> None:
        from .crash_dialog import CrashDialog

        # A window that has a dialog of its own open would not let a second one be used, only one on top of that.
        parent = QApplication.activeModalWidget() or self._window
        dialog = CrashDialog(parent, crash_text(crash.kind))
        self.dialog = dialog
        dialog.destroyed.connect(self._forget)
        dialog.finished.connect(self._forget)
        dialog.log_folder_asked.connect(self.log_folder_asked)
        self._gather(crash, dialog.show_diagnostics)
        dialog.show()

    def _forget(self) -> None:
        self.dialog = None
