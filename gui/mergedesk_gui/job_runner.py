"""Run one merge or check at a time in a thread, and tell the window about it at a human pace."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.progress import Cancelled, CancelToken, Progress, Report
from mergedesk.report import MergeReport, MergeStatus
from mergedesk.request import MergeRequest, ProofRequest
from mergedesk.verdict import ProofStatus, Verdict

from .background import Courier, run_in_thread
from .failures import Failure, failure_of

PUBLISH_EVERY_MS = 100

Merge = Callable[[MergeRequest, Report, CancelToken], MergeReport]
WarmUp = Callable[[], None]
Verify = Callable[[ProofRequest, Report, CancelToken], Verdict]
Work = Callable[[Report, CancelToken], MergeReport | Verdict]
Outcome = MergeReport | Verdict | Failure | Cancelled
_CANCELLED = (MergeStatus.CANCELLED, ProofStatus.CANCELLED)


class JobRunner(QObject):
    """Starts merges and checks, and publishes what comes of them; lives on the GUI thread, as do all its signals.

    A plain thread and not a QThread: destroying a running QThread aborts the process, and a queued cancel
    slot would never run while its worker is busy.
    """

    started = Signal()
    progressed = Signal(object)
    """The latest ``Progress``, at most ten times a second; an object, since ``Signal(int)`` has 32 bits."""
    finished = Signal(object)
    """A ``MergeReport`` or a ``Verdict``: finished, refused or failed as it says."""
    failed = Signal(object)
    """A ``Failure``: something nobody foresaw."""
    cancelled = Signal()

    def __init__(
        self, merge: Merge, warm_up: WarmUp, parent: QObject | None = None, verify: Verify | None = None
    ) -> None:
        super().__init__(parent)
        self._merge, self._verify = merge, verify
        self._warm_up = Once(warm_up)
        self._latest: deque[Progress] = deque(maxlen=1)
        self._token = CancelToken()
        self._courier: Courier | None = None
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, interval=PUBLISH_EVERY_MS)
        self._timer.timeout.connect(self._publish)

    @property
    def running(self) -> bool:
        """Whether a job was started and its end is not announced yet."""
        return self._courier is not None

    @property
    def cancelling(self) -> bool:
        """Whether the running job was asked to stop."""
        return self.running and self._token.cancelled

    def warm_up(self) -> None:
        """Import what a job needs ahead of time, once; one started meanwhile waits for it."""
        if not self._warm_up.begun:
            threading.Thread(target=self._warm_up.quietly, name="warm-up").start()

    def start(self, request: MergeRequest) -> None:
        """Start a merge.

        Raises:
            RuntimeError: if a job is running.
        """
        self._begin(partial(self._merge, request))

    def check(self, request: ProofRequest) -> None:
        """Start the check of a merge.

        Raises:
            RuntimeError: if a job is running, or this runner cannot check.
        """
        if self._verify is None:
            raise RuntimeError("there is nothing to check with")
        self._begin(partial(self._verify, request))

    def _begin(self, work: Work) -> None:
        if self.running:
            raise RuntimeError("a job is already running")
        self._token, self._latest = CancelToken(), deque(maxlen=1)
        self._courier = Courier()
        self._courier.deliver_to(self._end)
        self.destroyed.connect(self._token.cancel)
        self.started.emit()
        self._timer.start()
        self._start_thread(work, self._courier)

    def cancel(self) -> None:
        """Ask the running job to stop; ``cancelled`` follows when it has."""
        self._token.cancel()

    def _start_thread(self, work: Work, courier: Courier) -> None:
        job = _Job(self._warm_up, work, self._latest, self._token)
        try:
            self._thread = run_in_thread(job.run, courier, name="merge", daemon=False)
        except RuntimeError as error:  # the system gives no more threads
            courier.brought.emit(failure_of(error))

    def _publish(self) -> None:
        if self._latest:
            self.progressed.emit(self._latest.pop())

    def _end(self, outcome: object) -> None:
        self._timer.stop()
        self._publish()
        self._courier = None
        if self._thread is not None:
            self._thread.join()  # delivering was the last thing it did
            self._thread = None
        self._announce(outcome)

    def _announce(self, outcome: object) -> None:
        if isinstance(outcome, Cancelled):
            self.cancelled.emit()
        elif isinstance(outcome, Failure):
            self.failed.emit(outcome)
        elif isinstance(outcome, (MergeReport, Verdict)) and outcome.status in _CANCELLED:
            self.cancelled.emit()
        else:
            self.finished.emit(outcome)


class Once:
    """A function that runs at most once to its end, however many threads call it."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._lock = threading.Lock()
        self._done = False
        self.begun = False

    def __call__(self) -> None:
        """Run the function, or wait until the thread that runs it is through."""
        self.begun = True
        with self._lock:
            if not self._done:
                self._function()
                self._done = True

    def quietly(self) -> None:
        """Run it ahead of need: if it fails now, the next call tries again and may tell the person."""
        try:
            self()
        except Exception:
            self.begun = False


@dataclass(frozen=True, slots=True)
class _Job:
    """What the thread holds: nothing of Qt, and not the runner."""

    warm_up: Once
    work: Work
    latest: deque[Progress]
    token: CancelToken

    def run(self, send: Callable[[object], None]) -> None:
        send(self._outcome())

    def _outcome(self) -> Outcome:
        try:
            self.warm_up()
            self.token.check()
            return self.work(self.latest.append, self.token)
        except Cancelled as cancelled:
            return cancelled
        except BaseException as error:  # whatever it is, it must reach the person and not die in the thread
            return failure_of(error)
