"""Everything that would otherwise vanish in a terminal nobody looks at: errors of threads, slots and Qt itself."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.support.failures import Failure, failure_of
from mergedesk.support.logs import LOGGER

logger = logging.getLogger(LOGGER)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

Tell = Callable[[Failure], None]
"""Called with each failure, in whatever thread it happened."""


@contextmanager
def crashes_told(tell: Tell) -> Iterator[None]:
    """Log every error that nobody caught and ``tell`` of it, while the block runs; the terminal gets it as before."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = _of_main(before[0], tell)
    threading.excepthook = _beyond_main(before[1], tell)
    sys.unraisablehook = _beyond_main(before[2], tell)
    qt_before = qInstallMessageHandler(_of_qt(tell))
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
        qInstallMessageHandler(qt_before)


def _of_main(before: Callable[..., Any], tell: Tell) -> Callable[..., None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        _pass_on(error, tell)

    return hook


def _beyond_main(before: Callable[[Any], Any], tell: Tell) -> Callable[[Any], None]:
    """For threads and for what nobody can raise to, as in a destructor: both give one object with the error in it."""

    def hook(arguments: Any) -> None:
        before(arguments)
        _pass_on(arguments.exc_value, tell)

    return hook


def _pass_on(error: BaseException | None, tell: Tell) -> None:
    if error is None or isinstance(error, (KeyboardInterrupt, SystemExit)):
        return
    with suppress(Exception):  # an error while telling of an error must not start the next round
        tell(failure_of(error))


def _of_qt(tell: Tell) -> Callable[[QtMsgType, QMessageLogContext, str], None]:
    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        text = f"{context.category}: {message}" if context.category not in (None, "default") else message
        if sys.stderr is not None and kind is not QtMsgType.QtDebugMsg:
            print(text, file=sys.stderr, flush=True)
        with suppress(Exception):
            logger.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
            if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
                tell(failure_of_qt(text))

    return handle


def failure_of_qt(message: str) -> Failure:
    """A complaint of Qt's as a failure, with the way that led to it."""
    where = "".join(traceback.format_stack()[:-1])
    reason = f"Qt: {message.partition(chr(10))[0]}"
    return Failure(Finding(Code.INTERNAL, Severity.ERROR, {"reason": reason}), f"{where}Qt: {message}\n")
