"""Look at folders off the GUI thread: a moment after the last change, and only the latest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from mergedesk.domain.precision_advice import PrecisionAdvice
from mergedesk.domain.progress import CancelToken

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import QueuedSignal, run_in_thread
from ..state.form import Form
from ..state.inspection import Inspection, advise, inspect
from ..state.output_naming import BESIDE, OutputNaming

DEBOUNCE_MS = 250
_LAST_SECONDS = 0.5


class Inspector(QObject):
    """Inspects choices in threads of its own, so that a slow network drive never stops the window."""

    inspected = Signal(object)
    """An ``Inspection`` of the latest choices; twice for each, the second one complete."""
    advised = Signal(object)
    """After that, a ``PrecisionAdvice``, or None where there is none to give."""

    def __init__(
        self,
        backend: EngineApi,
        parent: QObject | None = None,
        naming: Callable[[], OutputNaming] = lambda: BESIDE,
    ) -> None:
        """``naming`` gives how an output is proposed now."""
        super().__init__(parent)
        self._backend, self._naming = backend, naming
        self._wanted = Form()
        self._serial = 0
        self._cancel = CancelToken()
        self._thread: threading.Thread | None = None
        self._delay = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._delay.timeout.connect(self._start)

    def ask(self, choices: Form) -> None:
        """Inspect ``choices`` soon; what was asked before no longer matters."""
        self._wanted = choices
        self._serial += 1
        self._cancel.cancel()
        self._delay.start()

    def ask_at_once(self, choices: Form) -> None:
        """Inspect ``choices`` without waiting for more changes."""
        self.ask(choices)
        self._delay.stop()
        self._start()

    def hurry(self) -> None:
        """Start now if something was asked and still waits for more changes."""
        if self._delay.isActive():
            self._delay.stop()
            self._start()

    def wait(self, seconds: float) -> bool:
        """Wait for the latest inspection's thread; False if it is still busy after ``seconds``."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def stop(self) -> None:
        """Inspect nothing more. A thread that speaks to Qt while the program ends would crash it, so it is awaited."""
        self._delay.stop()
        self._cancel.cancel()
        self.wait(_LAST_SECONDS)

    def _start(self) -> None:
        courier = QueuedSignal()
        courier.deliver_to(self._receive)
        self._cancel = CancelToken()
        asked = _Question(self._wanted, self._serial, self._naming())
        work = partial(_work, self._backend, asked, self._cancel)
        # A thread may hang on a dead network drive for minutes; it must not keep the program from ending.
        self._thread = run_in_thread(work, courier, name="inspection", daemon=True)

    def _receive(self, result: object) -> None:
        if not isinstance(result, _Result) or result.serial != self._serial:
            return
        if isinstance(result.said, Inspection):
            self.inspected.emit(result.said)
        else:
            self.advised.emit(result.said)


@dataclass(frozen=True, slots=True)
class _Question:
    choices: Form
    serial: int
    naming: OutputNaming


@dataclass(frozen=True, slots=True)
class _Result:
    serial: int
    said: Inspection | PrecisionAdvice | None


def _work(backend: EngineApi, asked: _Question, cancel: CancelToken, send: Callable[[object], None]) -> None:
    known = Inspection(asked.choices)

    def deliver(inspection: Inspection) -> None:
        nonlocal known
        known = inspection
        send(_Result(asked.serial, inspection))

    inspect(backend, asked.choices, deliver, cancel, asked.naming)
    send(_Result(asked.serial, advise(backend, known, cancel)))
