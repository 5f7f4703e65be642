"""Ctrl+C on the command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..domain.progress import CancelToken
from ..runtime.ending_signals import ending_signals


@contextmanager
def ctrl_c_cancels(cancel: CancelToken) -> Iterator[None]:
    """While the block runs, SIGINT, SIGTERM and a terminal that is closed (SIGHUP) cancel its job."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        cancel.cancel()

    before = {number: signal.signal(number, stop) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ctrl_c_interrupts() -> Iterator[None]:
    """While the block runs, Ctrl+C is an exception, so that what was begun is tidied up; before, it just ends all."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
