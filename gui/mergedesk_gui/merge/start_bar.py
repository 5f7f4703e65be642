"""The foot of the left side: where things stand, and the Merge button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame

from ..state.mode import Mode
from ..text.readiness import Readiness
from ..theme.stylesheet import UNIT
from ..theme.tone import Tone
from ..widgets.icons import IconButton
from ..widgets.labels import BoundedText, set_tone
from ..widgets.layouts import column
from ..widgets.wrapping import WrapRow

SHORTCUT = "Ctrl+Return"
_LEAST_LINES, _SHARE = 2, 6
"""However large the type is, two lines; else at most this part of the window's height."""


class StartBar(QFrame):
    """One sentence on where things stand, always there and always true, and the button."""

    pressed = Signal()
    queue_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "footer")
        self.status = BoundedText()
        self.status.setObjectName("statusLabel")
        self.button = IconButton(self.tr("Mer&ge"), "merge", "on_accent", clicked=self.pressed)
        self.button.setObjectName("mergeButton")
        self.button.setProperty("part", "primary")
        self.add = IconButton(self.tr("Add to queue"), "add", clicked=self.queue_asked)
        self.add.setObjectName("addToQueueButton")
        buttons = WrapRow(self.add, self.button, at_the_end=True)
        self._lines = column(self.status, buttons, spacing=UNIT, margin=2 * UNIT)
        self.setLayout(self._lines)

    def show_mode(self, mode: Mode) -> None:
        """Name the button after what it does."""
        if mode is Mode.VERIFY:
            self.button.rename(self.tr("&Verify"), "proof")
        else:
            self.button.rename(self.tr("Mer&ge"), "merge")

    def show_readiness(self, state: Readiness) -> None:
        """Enable the button or say in three places why it is not."""
        self.button.setEnabled(state.ready)
        keys = QKeySequence(SHORTCUT).toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setToolTip(f"{self.button.accessibleName()} ({keys})" if state.ready else state.sentence)
        self.button.setAccessibleDescription(state.sentence)
        self.say(state.sentence, Tone.ERROR if state.is_problem else Tone.QUIET)

    def say(self, sentence: str, tone: Tone = Tone.QUIET) -> None:
        """Say where things stand."""
        self.status.setText(sentence)
        set_tone(self.status, tone)
        self._keep_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._keep_whole()

    def event(self, event: QEvent) -> bool:
        """Keep room for what one of the parts needs by now."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_whole()
        return done

    def _keep_whole(self) -> None:
        """Let the inputs above make room for the sentence and the buttons."""
        self.status.most_lines = max(
            _LEAST_LINES, self.window().height() // (_SHARE * self.fontMetrics().lineSpacing())
        )
        self.setMinimumHeight(self._lines.totalHeightForWidth(self.width()))
