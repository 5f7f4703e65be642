"""While the window runs: the log is written, crashes are told of, and what kills the program leaves a trace."""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QWidget

import mergedesk
from mergedesk.runtime.subprocess_module import is_frozen
from mergedesk.runtime.versions import platform_name
from mergedesk.support.crash_file import CrashFile, open_crash_file, take_earlier_crash
from mergedesk.support.failures import Failure
from mergedesk.support.logs import LOGGER, log_folder, start_log, stop_log
from mergedesk.support.redact import Private, private_of_this_computer

from ..state.settings import SettingsNotice
from ..text.messages import say
from ..widgets import dialogs
from .crash_hooks import crashes_told
from .support_controller import SupportController

logger = logging.getLogger(LOGGER)


class AppGuard:
    """What is told before there is a window is only logged."""

    def __init__(self) -> None:
        self._support: SupportController | None = None
        self.trace: CrashFile | None = None
        self._private = private_of_this_computer()
        self.earlier_crash = ""

    def look_after(self, window: QWidget, support: SupportController) -> None:
        """From now on crashes are told of over ``window``; so is what came before it."""
        self._support = support
        if self.trace is not None:
            support.jobs_began.connect(self.trace.job_begins)
            support.jobs_ended.connect(self.trace.job_is_over)
        support.tell_of_earlier(self.earlier_crash)
        notice = support.settings_notice
        if notice is not SettingsNotice.NONE:
            logger.warning("Settings: %s.", notice.value)
            notice_name = notice.name.lower()
            dialogs.tell(window, say(f"settings.{notice_name}.sentence"), say(f"settings.{notice_name}.hint"))

    def private(self) -> Private:
        """What the log leaves out."""
        return self._support.log_private if self._support is not None else self._private

    def tell(self, failure: Failure) -> None:
        """Tell of a crash, in whatever thread it happened."""
        if self._support is not None:
            self._support.crashes.tell(failure)


@contextmanager
def guarded() -> Iterator[AppGuard]:
    """Log and watch while the block runs. Where no log can be written, everything else goes on as it would."""
    watch, folder = AppGuard(), log_folder()
    log = start_log(watch.private)
    watch.earlier_crash = take_earlier_crash(folder, watch.private())
    watch.trace = open_crash_file(folder)
    _say_hello()
    try:
        with crashes_told(watch.tell):
            yield watch
    finally:
        logger.info("MergeDesk ends.")
        if watch.trace is not None:
            watch.trace.close()
        stop_log(log)


def _say_hello() -> None:
    made_as = "bundle" if is_frozen() else "package"
    versions = f"MergeDesk {mergedesk.__version__}, Python {platform.python_version()}, Qt {qVersion()}"
    logger.info("MergeDesk starts (%s): %s, on %s.", made_as, versions, platform_name())
