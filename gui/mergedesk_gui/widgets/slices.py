"""Work that can wait, done a little at a time, so that the window answers in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

Step = Callable[[], object]
_SLICE_SECONDS = 0.002


class Slices(QObject):
    """Takes as many steps in a turn of the event loop as a few milliseconds hold; ends with its parent."""

    def __init__(self, steps: Iterable[Step], parent: QObject, wait_ms: int = 0) -> None:
        """The first step is taken ``wait_ms`` milliseconds from now."""
        super().__init__(parent)
        self._steps = iter(steps)
        self.left = True
        """Whether there may be steps that were not taken."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._take_some)
        self._timer.start(wait_ms)

    def stop(self) -> None:
        """Leave what was not done yet; harmless where nothing is left."""
        self._steps, self.left = iter(()), False

    def _take_some(self) -> None:
        ends = time.perf_counter() + _SLICE_SECONDS
        self._timer.start(0)  # at once: a step that fails does not keep the others from being taken
        while time.perf_counter() < ends:
            step = next(self._steps, None)
            if step is None:
                self.left = False
                self._timer.stop()
                self.deleteLater()
                return
            step()
