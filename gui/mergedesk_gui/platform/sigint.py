"""Ctrl+C in the terminal, its end, and the system's wish that the program end: stop cleanly instead of dying."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QSocketNotifier

from mergedesk.runtime.ending_signals import ending_signals

_MOST_SIGNALS = 64


@contextmanager
def on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` in Qt's event loop when the process is interrupted.

    Python runs its handlers only between its own instructions, of which an idle event loop has none; so the
    signal also writes to a socket that Qt watches.
    """
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)

    def stop_now() -> None:
        reading.recv(_MOST_SIGNALS)
        stop()

    notifier.activated.connect(stop_now)
    wakeup = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, _ignore) for number in ending_signals()}
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(wakeup)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()


def _ignore(_number: int, _frame: Any) -> None:
    """The socket has the news already."""
