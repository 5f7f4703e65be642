"""Run a function in a plain thread and hear from it by queued signal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal


class QueuedSignal(QObject):
    """Carries objects from a thread to the thread that made it.

    The running thread holds the courier, not the receiver: so the receiver may be destroyed at any time,
    and what is still on its way is dropped.
    """

    brought = Signal(object)

    def deliver_to(self, receive: Callable[[object], None]) -> None:
        """Call ``receive`` for each object, in the event loop of the thread that made this courier."""
        self.brought.connect(receive, Qt.ConnectionType.QueuedConnection)


def run_in_thread(
    work: Callable[[Callable[[object], None]], None], courier: QueuedSignal, *, name: str, daemon: bool
) -> threading.Thread:
    """Start ``work``, which is given a function that sends objects home with ``courier``."""

    def send(answer: object) -> None:
        with suppress(RuntimeError):  # the program ends meanwhile, and nobody waits for it
            courier.brought.emit(answer)

    def run() -> None:
        work(send)

    thread = threading.Thread(target=run, name=name, daemon=daemon)
    thread.start()
    return thread


def ask_in_thread(question: Callable[[], object], receive: Callable[[object], None], *, name: str) -> None:
    """Call ``question`` in a thread of its own and ``receive`` its answer, or its exception, in this one."""
    courier = QueuedSignal()
    courier.deliver_to(receive)

    def work(send: Callable[[object], None]) -> None:
        try:
            send(question())
        except Exception as error:
            send(error)

    run_in_thread(work, courier, name=name, daemon=True)
