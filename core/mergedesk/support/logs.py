"""The program's log: a few small files in the system's folder for logs, without anything personal.

What goes in: starts, jobs with their outcome and duration, errors nobody foresaw, Qt's complaints. Prompts, answers and
the contents of files are never logged, and paths and names are taken out of every line before it is written. The last
error is kept for diagnostics.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_log_path

from .redact import Private

LOGGER = "mergedesk"
FILE = "mergedesk.log"
MOST_BYTES = 512 * 1024
OLDER_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s [%(process)d %(threadName)s] %(message)s"


def log_folder() -> Path:
    """The folder of the log files; it need not exist."""
    return user_log_path("mergedesk", appauthor=False)


class LogFile(RotatingFileHandler):
    """At most ``OLDER_FILES + 1`` files of ``MOST_BYTES``, made when there is something to write, without secrets.

    Trouble with them is nobody's concern while they work.
    """

    def __init__(self, folder: Path, private: Callable[[], Private]) -> None:
        self.has_written, self._private = False, private
        super().__init__(
            folder / FILE,
            maxBytes=MOST_BYTES,
            backupCount=OLDER_FILES,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",
        )
        self.setFormatter(logging.Formatter(_FORMAT))

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written; what is private is asked each time."""
        return self._private().hide(super().format(record))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, into a folder that may have to be made first."""
        if self.stream is None:
            with suppress(OSError):
                Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        super().emit(record)
        self.has_written |= self.stream is not None

    def doRollover(self) -> None:  # noqa: N802 (logging's name)
        """Start another file; where another MergeDesk holds this one open, as on Windows, go on with it."""
        with suppress(OSError):
            super().doRollover()

    def close(self) -> None:
        """Close the file; what a full disk does not take is lost."""
        with suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """A full disk is no reason to stop, nor to print."""


def start_log(private: Callable[[], Private], level: int = logging.INFO) -> LogFile:
    """Have the program's log written, in the place of one that is being written. The handler is for ``stop_log``."""
    logger = logging.getLogger(LOGGER)
    for earlier in [attached for attached in logger.handlers if isinstance(attached, LogFile)]:
        stop_log(earlier)
    handler = LogFile(log_folder(), private)
    handler.setLevel(level)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return handler


def stop_log(handler: LogFile) -> None:
    """Close the log."""
    logging.getLogger(LOGGER).removeHandler(handler)
    handler.close()


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
