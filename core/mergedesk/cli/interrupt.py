"""Ctrl+C on the command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..domain.progress import CancelToken


@contextmanager
def ctrl_c_cancels(cancel: CancelToken) -> Iterator[None]:
    """While the block runs, SIGINT and SIGTERM cancel its job."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        cancel.cancel()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
