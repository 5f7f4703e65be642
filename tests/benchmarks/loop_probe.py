"""The longest time the window's event loop stood still while a merge ran in it. Prints one JSON object.

``python loop_probe.py BASE ADAPTER OUTPUT``: merges twice, each time in a window of its own. The first merge finds
no library imported, as after the program's start; the second one finds them all.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice
from mergedesk_gui.app import build_window, create_application
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.settings import Settings

_BEAT_MS = 2
_LOOK_MS = 1
_READY_SECONDS = 60
_AFTERWARDS_MS = 300


class Heartbeat(QObject):
    """Beats in the event loop, and remembers the longest time between two beats."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = self._last = 0.0
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Start counting from now."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Count no more: what comes next is the end of the window."""
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def longest_gap(base: Path, adapter: Path, output: Path) -> float:
    """Merge in a new window, from the press of its button until its report has been shown."""
    with tempfile.TemporaryDirectory() as folder:
        window = build_window(
            Form(base, (AdapterChoice(adapter),), output), settings=Settings.in_file(Path(folder) / "bench.ini")
        )
        window.show()
        heartbeat = Heartbeat(window)
        merge_in(window, heartbeat)
        window.close()
        published = window.merging.published
        window.deleteLater()
    if published is None:
        raise SystemExit("the merge did not publish its folder")
    return heartbeat.longest


def merge_in(window: MainWindow, heartbeat: Heartbeat) -> None:
    """Press the window's own button and let the loop run to the end of the merge, and a little longer."""
    runner = window.jobs
    runner.failed.connect(_give_up)
    runner.finished.connect(_check)
    runner.finished.connect(lambda: QTimer.singleShot(_AFTERWARDS_MS, end))
    button = window.findChild(QPushButton, "mergeButton")
    assert button is not None

    def end() -> None:
        heartbeat.stop()
        QApplication.quit()

    def press() -> None:
        heartbeat.start()
        button.click()

    _when(button.isEnabled, press, window)
    QApplication.exec()


def _when(ready: Callable[[], bool], act: Callable[[], None], owner: QObject) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    timer = QTimer(owner, interval=_LOOK_MS)

    def look() -> None:
        if ready():
            timer.stop()
            act()
        elif time.monotonic() > deadline:
            _give_up("the Merge button stayed disabled")

    timer.timeout.connect(look)
    timer.start()


def _check(report: MergeReport) -> None:
    if report.status is not MergeStatus.MERGED:
        _give_up(report.findings)


def _give_up(reason: object) -> None:
    print(reason, file=sys.stderr)
    QApplication.exit(1)


def main() -> None:
    """Two merges in the real window; print both gaps."""
    base, adapter, output = map(Path, sys.argv[1:])
    create_application()
    first = longest_gap(base, adapter, output)
    shutil.rmtree(output)
    second = longest_gap(base, adapter, output)
    print(json.dumps({"first": first, "second": second}))


if __name__ == "__main__":
    main()
