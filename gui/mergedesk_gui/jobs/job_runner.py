"""Run one merge or verification at a time in a thread, and tell the window about it at a human pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Cancelled, CancelToken, Report
from mergedesk.domain.requests import MergeRequest, VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.support.failures import Failure

from .task_runner import TaskRunner

Work = Callable[[Any, Report, CancelToken], MergeReport | Verdict]
"""Does what a request asks for."""
WarmUp = Callable[[], None]
_CANCELLED = (MergeStatus.CANCELLED, VerifyStatus.CANCELLED)


class JobRunner(QObject):
    """Starts merges and verifications and publishes what comes of them; it and its signals live on the GUI thread."""

    started = Signal()
    progressed = Signal(object)
    """The latest ``Progress``, at most ten times a second; an object, since ``Signal(int)`` has 32 bits."""
    finished = Signal(object)
    """A ``MergeReport`` or a ``Verdict``: finished, refused or failed as it says."""
    failed = Signal(object)
    """A ``Failure``: something nobody foresaw."""
    cancelled = Signal()

    def __init__(self, merge: Work, warm_up: WarmUp, parent: QObject | None = None, verify: Work | None = None) -> None:
        super().__init__(parent)
        self._merge, self._verify = merge, verify or merge
        self._warm, self._warm_up = warm_up, Once(warm_up)
        self._runner = TaskRunner("job", self, keep=1)
        self._began = 0.0
        self._runner.started.connect(self.started)
        self._runner.published.connect(self._progress)
        self._runner.ended.connect(self._announce)

    @property
    def running(self) -> bool:
        """Whether a job was started and its end is not announced yet."""
        return self._runner.running

    @property
    def cancelling(self) -> bool:
        """Whether the running job was asked to stop."""
        return self._runner.stopping

    @property
    def seconds(self) -> float:
        """For how long the running job has been at it; 0 where none is."""
        return time.monotonic() - self._began if self.running else 0.0

    def warm_up(self) -> None:
        """Import what a job needs ahead of time, once; one started meanwhile waits for it."""
        if not self._warm_up.begun:
            threading.Thread(target=self._warm_up.quietly, name="warm-up").start()

    def start(self, request: MergeRequest | VerifyRequest) -> None:
        """Start a merge, or the verification of one.

        Raises:
            RuntimeError: if a job is running.
        """
        warm_up, work = self._warm_up, self._verify if isinstance(request, VerifyRequest) else self._merge

        def job(report: Report, token: CancelToken) -> object:
            warm_up()
            token.check()
            return work(request, report, token)

        self._began = time.monotonic()
        self._runner.start(job)

    def cancel(self) -> None:
        """Ask the running job to stop; ``cancelled`` follows when it has."""
        self._runner.stop()

    def _progress(self, latest: tuple[object, ...]) -> None:
        self.progressed.emit(latest[-1])

    def _announce(self, outcome: object) -> None:
        if isinstance(outcome, (Cancelled, Failure)):
            self._warm_up = Once(self._warm)  # what was warm may have gone with the job
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
