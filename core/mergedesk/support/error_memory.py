"""The last error that was logged with its traceback, kept for diagnostics."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class LastError:
    """An error that nobody foresaw: when, and its traceback."""

    when: datetime
    details: str
    times: int = 1


class ErrorMemory(logging.Handler):
    """Put on the program's logger, it remembers the last error and how often that one came in a row."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last: LastError | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Remember an error; what is logged without a traceback counts with its message."""
        with suppress(Exception):  # a record that cannot be put into words must not harm what logged it
            self._remember(record, _details(record))

    def _remember(self, record: logging.LogRecord, details: str) -> None:
        if details:
            before = self.last
            times = before.times + 1 if before is not None and before.details == details else 1
            self.last = LastError(datetime.fromtimestamp(record.created, UTC), details, times)


def _details(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return "".join(traceback.format_exception(error)) if error else record.getMessage()
