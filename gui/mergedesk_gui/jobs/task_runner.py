"""Run one piece of work at a time in a thread, and bring what it publishes to the window at a human pace."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.support.failures import failure_of

from .queued_signal import QueuedSignal, run_in_thread

PUBLISH_EVERY_MS = 100

Publish = Callable[[object], None]
Work = Callable[[Publish, CancelToken], object]
"""What runs in the thread: it is given where to put its pieces, and how it is told to stop."""


class TaskRunner(QObject):
    """One work at a time; lives on the GUI thread, as do all its signals.

    What the work publishes is collected, in order, and sent ten times a second: a signal for each token would
    keep the window busier than the model. ``keep``: how many of the last pieces are kept till then, None for all.

    A plain thread and not a QThread: destroying a running QThread aborts the process, and a queued cancel
    slot would never run while its worker is busy.
    """

    started = Signal()
    published = Signal(object)
    """A tuple of all that was published since the last one, never empty."""
    ended = Signal(object)
    """What the work returned; a ``Failure`` if it raised, a ``Cancelled`` if it was stopped. Exactly once."""

    def __init__(self, name: str, parent: QObject | None = None, keep: int | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._pieces: deque[object] = deque(maxlen=keep)
        self._token = CancelToken()
        self._courier: QueuedSignal | None = None
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, interval=PUBLISH_EVERY_MS)
        self._timer.timeout.connect(self._publish)

    @property
    def running(self) -> bool:
        """Whether something was started and its end is not announced yet."""
        return self._courier is not None

    @property
    def stopping(self) -> bool:
        """Whether what runs was asked to stop."""
        return self.running and self._token.cancelled

    def start(self, work: Work) -> None:
        """Start ``work``.

        Raises:
            RuntimeError: if something is running.
        """
        if self.running:
            raise RuntimeError(f"a {self._name} is already running")
        self._token, self._pieces = CancelToken(), deque(maxlen=self._pieces.maxlen)
        self._courier = QueuedSignal()
        self._courier.deliver_to(self._end)
        self.destroyed.connect(self._token.cancel)
        self.started.emit()
        self._timer.start()
        self._start_thread(_ThreadTask(work, self._pieces, self._token), self._courier)

    def _start_thread(self, task: _ThreadTask, courier: QueuedSignal) -> None:
        try:
            self._thread = run_in_thread(task.run, courier, name=self._name, daemon=False)
        except RuntimeError as error:  # the system gives no more threads
            courier.brought.emit(failure_of(error))

    def stop(self) -> None:
        """Ask what runs to stop; ``ended`` follows when it has."""
        self._token.cancel()

    def _publish(self) -> None:
        # The thread goes on adding at the other end, so no more is taken than is there now.
        batch = tuple(self._pieces.popleft() for _ in range(len(self._pieces)))
        if batch:
            self.published.emit(batch)

    def _end(self, outcome: object) -> None:
        self._timer.stop()
        if self._thread is not None:
            self._thread.join()  # delivering was the last thing it did
            self._thread = None
        self._publish()
        self._courier = None
        self.ended.emit(outcome)


@dataclass(frozen=True, slots=True)
class _ThreadTask:
    """What the thread holds: nothing of Qt, and not the runner."""

    work: Work
    pieces: deque[object]
    token: CancelToken

    def run(self, send: Callable[[object], None]) -> None:
        send(self._outcome())

    def _outcome(self) -> object:
        try:
            return self.work(self.pieces.append, self.token)
        except Cancelled as cancelled:
            return cancelled
        except BaseException as error:  # whatever it is, it must reach the person and not die in the thread
            return failure_of(error)
