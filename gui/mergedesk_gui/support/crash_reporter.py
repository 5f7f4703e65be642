"""Tells of crashes in a dialog: one at a time, and the same one not over and over."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ..jobs.failures import Failure
from .crash_dialog import CrashDialog, CrashText

_CHANGING = re.compile(r"0x[0-9a-fA-F]+|\d+")


class CrashKind(Enum):
    """Where it happened."""

    WINDOW = auto()
    JOB = auto()
    EARLIER = auto()
    ENDED = auto()


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
        self._dialog: CrashDialog | None = None
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def dialog(self) -> CrashDialog | None:
        """The dialog that is open."""
        return self._dialog

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
        if self._dialog is not None:
            self._dialog.count_another()
        elif is_quiet:
            record.told += 1
            self._open(crash)

    def _open(self, crash: Crash) -> None:
        # A window that has a dialog of its own open would not let a second one be used, only one on top of that.
        parent = QApplication.activeModalWidget() or self._window
        dialog = CrashDialog(parent, self._words(crash.kind))
        self._dialog = dialog
        dialog.destroyed.connect(self._forget)
        dialog.finished.connect(self._forget)
        dialog.log_folder_asked.connect(self.log_folder_asked)
        self._gather(crash, dialog.show_diagnostics)
        dialog.show()

    def _forget(self) -> None:
        self._dialog = None

    def _words(self, kind: CrashKind) -> CrashText:
        words = {
            CrashKind.WINDOW: self._words_of_window,
            CrashKind.JOB: self._words_of_job,
            CrashKind.EARLIER: self._words_of_earlier,
            CrashKind.ENDED: self._words_of_ended,
        }
        return words[kind]()

    def _words_of_window(self) -> CrashText:
        return CrashText(
            self.tr("Something went wrong"),
            self.tr("Something went wrong in the window that should not have."),
            self.tr(
                "You can go on; if the window behaves oddly from here on, close it and open it again. Please report "
                "this with the text below: nothing personal is in it."
            ),
        )

    def _words_of_job(self) -> CrashText:
        return CrashText(
            self.tr("Something went wrong"),
            self.tr("The job stopped because of a fault in MergeDesk or a library. Nothing was kept."),
            self.tr(
                "Base and adapters are as they were. Please report this with the text below: nothing personal is in it."
            ),
        )

    def _words_of_earlier(self) -> CrashText:
        return CrashText(
            self.tr("MergeDesk crashed"),
            self.tr("MergeDesk ended unexpectedly the last time."),
            self.tr(
                "Nothing half-written took the name of an output folder. If it happens again, please report it "
                "with the text below: nothing personal is in it."
            ),
        )

    def _words_of_ended(self) -> CrashText:
        return CrashText(
            self.tr("MergeDesk was ended"),
            self.tr("MergeDesk was ended from outside the last time, while it was at work."),
            self.tr(
                "The system does that when memory runs out; if so, close other programs first, or use a computer with "
                "more memory. What a merge had written until then lies hidden beside its output folder; the next merge "
                "into that removes it."
            ),
        )
