"""How far a running merge or verification is, in numbers that were counted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from mergedesk.domain.progress import Progress, Stage

from ..text.messages import say
from ..text.progress_text import progress_numbers, progress_title
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import ElidedText, Text, set_tone
from ..widgets.layouts import column, row
from ..widgets.naming import announce, named
from ..widgets.word_button import WordButton
from ..widgets.wrapping import WrapRow

FULL = 1000
_ICON = 16


class ProgressPanel(QFrame):
    """The stages, the bar, the numbers, and the way to stop."""

    cancel_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._stages = StageLine()
        self._title = Text("", TextRole.DISPLAY)
        self._numbers = Text("", tone="quiet")
        self._detail = ElidedText("", TextRole.SMALL, "quiet")
        self.bar = named(QProgressBar(textVisible=False), "progressBar", self.tr("Progress"))
        self.cancel = named(WordButton(self.tr("Cancel")), "cancelButton")
        self.cancel.clicked.connect(self.cancel_asked)
        self._promise = Text("", TextRole.SMALL, "quiet")
        foot = row(self._promise, self.cancel, spacing=2 * UNIT, grows=0)
        words = column(self._title, self._numbers, spacing=UNIT // 2)
        self.setLayout(column(self._stages, words, self.bar, self._detail, foot, spacing=2 * UNIT, margin=3 * UNIT))
        self.begin()

    def begin(self, *, verifies: bool = False) -> None:
        """Show that a merge, or the verification of one, has started and nothing is counted yet."""
        self._stages.setVisible(not verifies)  # a verification has but one that takes time
        self._promise.setText(
            self.tr("All folders are only read. After cancelling there is no verdict, and nothing else changes.")
            if verifies
            else self.tr("The output takes its name only once it is verified. Cancelling leaves nothing behind.")
        )
        self._stage: Stage | None = None
        self._title.setText(say("progress.getting_ready"))
        self._numbers.setText("")
        self._detail.setText("")
        self._stages.show_stage(None)
        self._set_bar(None)
        self.cancel.setEnabled(True)
        self.cancel.setText(self.tr("Cancel"))

    def show_progress(self, progress: Progress) -> None:
        """Show one reading."""
        title = progress_title(progress, verifies=self._stages.isHidden())
        if progress.stage is not self._stage:
            self._stage = progress.stage
            announce(self, title)
        self._stages.show_stage(progress.stage)
        self._title.setText(title)
        self._numbers.setText(progress_numbers(progress))
        self._detail.setText(progress.detail)
        self._set_bar(progress.fraction)

    def show_cancelling(self) -> None:
        """Show that the wish to stop was heard."""
        self.cancel.setEnabled(False)
        self.cancel.setText(self.tr("Cancelling…"))

    def _set_bar(self, fraction: float | None) -> None:
        if fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, FULL)
            self.bar.setValue(round(fraction * FULL))


class StageLine(WrapRow):
    """All stages in a line: what is done, what is going on, what is to come."""

    def __init__(self) -> None:
        self._parts_of = {stage: (IconLabel("pending", "quiet", _ICON), Text(wrap=False)) for stage in Stage}
        super().__init__(*(_together(*parts) for parts in self._parts_of.values()), spacing=2 * UNIT)
        for stage, (_, label) in self._parts_of.items():
            label.setText(say(f"stage.{stage}.name"))

    def show_stage(self, current: Stage | None) -> None:
        """Mark ``current`` as going on, the ones before as done."""
        stages = list(Stage)
        now = stages.index(current) if current else -1
        for number, (icon, label) in enumerate(self._parts_of.values()):
            is_now = number == now
            icon.show_icon(*_stage_icon(number, now))
            set_tone(label, "accent" if is_now else "plain" if number < now else "quiet")
        self.setAccessibleName(say(f"stage.{current}.sentence") if current else "")


def _together(icon: IconLabel, label: Text) -> QWidget:
    pair = QWidget()
    pair.setLayout(row(icon, label, spacing=UNIT // 2))
    return pair


def _stage_icon(number: int, now: int) -> tuple[str, str]:
    if number < now:
        return "pass", "success"
    return ("current", "accent") if number == now else ("pending", "quiet")
