"""Where there is no screen to open a window on: said plainly, since Qt would abort the program."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.messages import finding_message
from mergedesk.support.logs import LOGGER

logger = logging.getLogger(LOGGER)
_FAILED = 1


@contextmanager
def missing_screen_told() -> Iterator[None]:
    """Around the making of ``QApplication``: if Qt cannot go on, say so and exit with code 1."""
    said: list[str] = []
    before: Callable[..., Any] | None = None

    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            _give_up([*said, message])
        said.append(message.strip())
        if before is not None:
            before(kind, context, message)
        elif sys.stderr is not None:
            print(message, file=sys.stderr, flush=True)

    before = qInstallMessageHandler(handle)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _give_up(said: list[str]) -> None:
    logger.critical("Qt: %s", " ".join(said))
    reason = said[0].partition("\n")[0].rstrip(". ")
    if sys.stderr is not None:
        print(finding_message(Finding(Code.NO_WINDOW, Severity.ERROR, {"reason": reason})), file=sys.stderr, flush=True)
    os._exit(_FAILED)  # Qt would abort as soon as this returns
