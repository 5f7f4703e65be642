"""The title of the window, one notification at the end, and a computer that stays awake meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.verdict import Verdict

from ..jobs.job_runner import JobRunner
from ..platform.awake import Awake
from ..state.preferences import Preferences
from ..text.outcome_text import headline_of, verdict_text_of
from ..text.progress_text import progress_title
from .notifier import notify

_NAME = "MergeDesk"
# Whose window it is, what happened, in one sentence.
Notify = Callable[[QWidget, str, str], None]


class OutsideController(QObject):
    """Follows the jobs of a window. ``tell`` shows a notification; nobody is told of what is seen anyway.

    ``preferences`` gives what the person wants now: a notification, a sound.
    """

    def __init__(
        self,
        window: QWidget,
        jobs: JobRunner,
        awake: Awake | None = None,
        tell: Notify = notify,
        preferences: Callable[[], Preferences] = Preferences,
    ) -> None:
        super().__init__(window)
        self._window, self._jobs, self._tell, self._preferences = window, jobs, tell, preferences
        self.awake = awake or Awake()
        self._merges = False
        jobs.progressed.connect(self.show_progress)
        jobs.finished.connect(self._finish)
        jobs.failed.connect(
            lambda _failure: self._end(self.tr("Failed"), self.tr("Look into the window for the reason."))
        )
        jobs.cancelled.connect(self._forget)
        window.destroyed.connect(self.awake.end)
        window.installEventFilter(self)

    def begin(self) -> None:
        """A job was started."""
        self._merges = False
        self.awake.begin(self.tr("A model is being merged or verified"))
        self._window.setWindowTitle(self.tr("Starting – {name}").format(name=_NAME))

    def end(self, headline: str, more: str) -> None:
        """What was begun is over, and this came of it."""
        self._end(headline, more)

    def show_progress(self, progress: object) -> None:
        """How far it is; of what has no stages of a merge nothing is shown."""
        if not isinstance(progress, Progress):
            return
        self._merges = self._merges or progress.stage is Stage.MERGE
        stage = progress_title(progress, verifies=not self._merges)
        if progress.fraction is None:
            title = self.tr("{stage} – {name}").format(stage=stage, name=_NAME)
        else:
            number = int(100 * progress.fraction)
            title = self.tr("{number} % {stage} – {name}").format(number=number, stage=stage, name=_NAME)
        self._window.setWindowTitle(title)

    def _finish(self, outcome: object) -> None:
        if isinstance(outcome, MergeReport):
            said = headline_of(outcome)
            self._end(said.headline, said.meaning)
        elif isinstance(outcome, Verdict):
            verdict = verdict_text_of(outcome)
            self._end(verdict.headline, verdict.reason or verdict.meaning)

    def _end(self, headline: str, more: str) -> None:
        """What came of it stays in the title until the window is looked at again."""
        self.awake.end()
        preferences = self._preferences()
        if preferences.sounds:
            QApplication.beep()
        if self._window.isActiveWindow():
            self._window.setWindowTitle(_NAME)
            return
        self._window.setWindowTitle(self.tr("{headline} – {name}").format(headline=headline, name=_NAME))
        QApplication.alert(self._window)
        if preferences.notifies:
            self._tell(self._window, headline, more)

    def _forget(self) -> None:
        self.awake.end()
        self._window.setWindowTitle(_NAME)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Once somebody looks at the window, its title says nothing of what has ended."""
        if event.type() is QEvent.Type.WindowActivate and not self._jobs.running:
            self._window.setWindowTitle(_NAME)
        return super().eventFilter(watched, event)
