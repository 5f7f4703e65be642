"""About, licences, diagnostics, logs and crashes: what looks after the program itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.units import human_seconds
from mergedesk.domain.verdict import Verdict
from mergedesk.runtime.versions import library_versions
from mergedesk.support.crash_file import was_ended_from_outside
from mergedesk.support.failures import Failure, failure_of
from mergedesk.support.logs import LOGGER, ErrorMemory, LastError, log_folder
from mergedesk.support.redact import Private, private_of_this_computer

from ..jobs.job_runner import JobRunner
from ..jobs.queued_signal import ask_in_thread
from ..jobs.task_runner import TaskRunner
from ..platform.desktop_facts import window_facts
from ..state.form import Form
from ..state.mode import FolderRole
from ..state.settings import Settings
from ..widgets import dialogs
from ..widgets.opening import show_folder
from .crash_reporter import Crash, CrashReporter
from .crash_text import CrashKind

if TYPE_CHECKING:
    from .about_dialog import AboutDialog
    from .diagnostics_dialog import DiagnosticsDialog
    from .licences_dialog import LicencesDialog
    from .log_dialog import LogDialog
    from .shortcuts_dialog import ShortcutsDialog

logger = logging.getLogger(LOGGER)
_MOST_FOLDERS = 60  # looking for hundreds of names takes a second


class SupportController(QObject):
    """One for each window. ``choices`` gives the inputs as they stand, ``past`` the folders of past merges."""

    jobs_began = Signal()
    jobs_ended = Signal()

    def __init__(
        self,
        window: QMainWindow,
        settings: Settings,
        choices: Callable[[], Form],
        past: Callable[[], Sequence[Path]] = tuple,
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._choices, self._past = window, settings, choices, past
        self.settings_notice = settings.notice
        self._private: tuple[tuple[Path, ...], Private] | None = None
        self._errors = ErrorMemory()
        self.log_private = private_of_this_computer()
        """What the log leaves out: less than ``private``, but made at once, and to be read in any thread."""
        self.crashes = CrashReporter(window, self._gather_for)
        self.crashes.log_folder_asked.connect(self.show_log_folder)
        logging.getLogger(LOGGER).addHandler(self._errors)
        self.destroyed.connect(partial(logging.getLogger(LOGGER).removeHandler, self._errors))

    def watch(self, jobs: JobRunner) -> None:
        """Log what jobs come to, and tell of their crashes."""
        jobs.started.connect(self._on_started)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.cancelled.connect(lambda: logger.info("The job was cancelled."))
        jobs.started.connect(self.jobs_began)
        for over in (jobs.finished, jobs.failed, jobs.cancelled):
            over.connect(self.jobs_ended)

    def watch_trials(self, trials: TaskRunner) -> None:
        """Tell of the crashes of trials."""
        trials.started.connect(self.jobs_began)
        trials.ended.connect(self.jobs_ended)
        trials.ended.connect(self._on_trial_ended)

    @property
    def private(self) -> Private:
        """What must not be told, with the folders that this window knows of by now."""
        folders = tuple(_folders(self._choices(), self._settings, self._past()))
        if self._private is None or self._private[0] != folders:
            self._private = folders, private_of_this_computer(folders)
        return self._private[1]

    def show_about(self) -> AboutDialog:
        """Open “About”."""
        from .about_dialog import AboutDialog

        dialog = AboutDialog(self._window)
        dialog.licences_asked.connect(self.show_licences)
        dialog.diagnostics_asked.connect(self.show_diagnostics)
        dialog.open()
        return dialog

    def show_licences(self) -> LicencesDialog:
        """Open the list of licences."""
        from .licences_dialog import LicencesDialog

        dialog = LicencesDialog(dialogs.topmost(self._window))
        dialog.open()
        return dialog

    def show_diagnostics(self) -> DiagnosticsDialog:
        """Copy the diagnostics, and show what was copied."""
        from .diagnostics_dialog import DiagnosticsDialog

        dialog = DiagnosticsDialog(dialogs.topmost(self._window))
        self._gather(self._errors.last, "", dialog.show_diagnostics)
        dialog.open()
        return dialog

    def show_shortcuts(self) -> ShortcutsDialog:
        """Open the map of the keyboard."""
        from .shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self._window, self._window.menuBar())
        dialog.open()
        return dialog

    def show_log(self) -> LogDialog:
        """Open the log."""
        from .log_dialog import LogDialog

        dialog = LogDialog(self._window, log_folder())
        dialog.folder_asked.connect(self.show_log_folder)
        dialog.open()
        return dialog

    def show_log_folder(self) -> None:
        """Show the folder with the logs in the file manager."""
        show_folder(dialogs.topmost(self._window), log_folder())

    def tell_of_earlier(self, trace: str) -> None:
        """Tell that the last start ended in a crash, if it left a ``trace``."""
        if trace:
            logger.error("The last start ended in a crash:\n%s", trace)
            kind = CrashKind.ENDED if was_ended_from_outside(trace) else CrashKind.EARLIER
            self.crashes.report(Crash(kind, trace))

    def _gather_for(self, crash: Crash, receive: Callable[[object], None]) -> None:
        if crash.kind in (CrashKind.EARLIER, CrashKind.ENDED):
            self._gather(None, crash.details, receive)
        else:
            error = self._errors.last
            if error is None or error.details != crash.details:
                error = LastError(datetime.now(UTC), crash.details)
            self._gather(error, "", receive)

    def _gather(self, error: LastError | None, earlier: str, receive: Callable[[object], None]) -> None:
        drive = self._choices().output or next(iter(self._settings.recent(FolderRole.OUTPUT)), None)
        make = partial(
            _diagnostics,
            self.private,
            drive=drive,
            window=window_facts(self._window),
            error=error,
            earlier_crash=earlier,
        )
        ask_in_thread(make, receive, name="diagnostics")

    def _on_started(self) -> None:
        self.log_private = self.log_private.with_folders(_chosen(self._choices()))
        ask_in_thread(_log_start, lambda _: None, name="versions")  # they are read from files

    def _on_finished(self, outcome: MergeReport | Verdict) -> None:
        logger.info("The job ended: %s, %s.", outcome.status.value, human_seconds(outcome.seconds))
        reasons = () if isinstance(outcome, MergeReport) or outcome.reason is None else (outcome.reason,)
        self._look_for_crash(finding.code for finding in (*outcome.findings, *reasons))

    def _on_failed(self, failure: Failure) -> None:
        if failure.finding.code is Code.INTERNAL:
            self.crashes.report(Crash(CrashKind.JOB, failure.details))

    def _on_trial_ended(self, outcome: object) -> None:
        if isinstance(outcome, Failure):
            self._on_failed(outcome)
        else:
            self._look_for_crash(finding.code for finding in getattr(outcome, "findings", ()))

    def _look_for_crash(self, codes: Iterable[str]) -> None:
        if Code.INTERNAL in codes and self._errors.last is not None:
            self.crashes.report(Crash(CrashKind.JOB, self._errors.last.details))


def _log_start() -> None:
    versions = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    logger.info("A job starts, with %s.", versions)


def _diagnostics(private: Private, **facts: Any) -> str:
    """The text; where even that fails, what it failed with, as private as the text would be."""
    from mergedesk.support.diagnostics import diagnostics  # not needed at a start, nor are licences

    try:
        return diagnostics(private, **facts)
    except Exception as error:
        return private.hide(failure_of(error).details)


def _folders(choices: Form, settings: Settings, past: Sequence[Path]) -> list[Path]:
    """Every folder of the person's that may turn up in a message, the present ones first."""
    folders = chain(_chosen(choices), *(settings.recent(slot) for slot in FolderRole), past)
    return list(islice(dict.fromkeys(folders), _MOST_FOLDERS))


def _chosen(choices: Form) -> list[Path]:
    folders = (choices.base, choices.output, choices.merged, *(adapter.folder for adapter in choices.adapters))
    return [folder for folder in folders if folder is not None]
