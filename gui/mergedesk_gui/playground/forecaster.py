"""Find out what a trial would take, whenever something changes that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.inference.trial import TrialRequest

from ..jobs.queued_signal import ask_in_thread

_DELAY_MS = 50

Question = Callable[[TrialRequest], object]


class Forecaster(QObject):
    """Asks off the GUI thread; of several questions only the latest is answered."""

    known = Signal(object)
    """A ``Forecast``, or the exception that came in its place."""

    def __init__(self, question: Question, request: Callable[[], TrialRequest | None], parent: QObject) -> None:
        super().__init__(parent)
        self._question, self._request = question, request
        self._number = 0
        self._delay = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._delay.timeout.connect(self._ask)

    def ask(self) -> None:
        """Ask soon; what was asked before is no longer wanted."""
        self._number += 1
        self._delay.start()

    def drop(self) -> None:
        """Want no answer any more."""
        self._number += 1
        self._delay.stop()

    def _ask(self) -> None:
        request = self._request()
        if request is not None:
            question = partial(_numbered, self._number, partial(self._question, request))
            ask_in_thread(question, self._receive, name="trial forecast")

    def _receive(self, answer: object) -> None:
        if isinstance(answer, tuple) and answer[0] == self._number:
            self.known.emit(answer[1])


def _numbered(number: int, question: Callable[[], object]) -> tuple[int, object]:
    try:
        return number, question()
    except Exception as error:
        return number, error
