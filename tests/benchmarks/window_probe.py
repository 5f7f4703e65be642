"""Runs the real ``python -m mergedesk`` and tells when its window has been painted. Prints one JSON object.

The program itself is untouched. Only the event loop's entry is watched: by then the window is shown but not yet
on the screen, and a filter on it waits for its first paint. The clock is the system's, so that the process which
started this one can subtract the moment it did so.
"""

from __future__ import annotations

import json
import runpy
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    """Reports the first paint of a window, then ends the program."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Let the paint go through, and look again when it is done."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._report)
        return False

    def _report(self) -> None:
        print(json.dumps({"painted": time.monotonic()}), flush=True)
        QApplication.exit(0)


def main() -> None:
    """Put the watch in place and hand over to the program."""
    enter_event_loop = QApplication.exec

    def watched_exec(*_application: QApplication) -> int:
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow) and one.isVisible()]
        FirstPaint(windows[0])
        return enter_event_loop()

    setattr(QApplication, "exec", watched_exec)  # noqa: B010 (a type checker would take it for a mistake)
    sys.argv = ["mergedesk"]
    runpy.run_module("mergedesk", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
