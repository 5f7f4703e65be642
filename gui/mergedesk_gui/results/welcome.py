"""The right side before anything is chosen: what to do, in three steps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ..state.inspection import MODEL_KINDS, Inspection
from ..state.mode import Mode
from ..state.suggestions import ADAPTER_KINDS
from ..theme.icons import application_icon
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import beside_icon, column, row
from ..widgets.naming import named

_LOGO = 56
_ICON = 24


class WelcomePanel(QWidget):
    """Three steps, each ticked when it is done; those that choose a folder can be pressed."""

    base_asked = Signal()
    adapter_asked = Signal()
    merged_asked = Signal()

    def __init__(self, demo: QWidget) -> None:
        super().__init__()
        self._base = WelcomeStep(
            "model",
            self.tr("Choose the base model"),
            self.tr("The full model the adapter was trained on: a folder with config.json and its weights."),
            "welcomeBaseButton",
        )
        self._adapter = WelcomeStep(
            "adapter",
            self.tr("Choose the adapter"),
            self.tr(
                "The LoRA or other PEFT adapter: a folder with adapter_config.json. "
                "If its base is already on this computer, it is found for you."
            ),
            "welcomeAdapterButton",
        )
        self._merge, self._merged = self._last_steps()
        asked = (self.base_asked, self.adapter_asked, self.merged_asked)
        for step, signal in zip((self._base, self._adapter, self._merged), asked, strict=True):
            step.pressed.connect(signal)
        self._title = Text("", TextRole.DISPLAY)
        hint = Text(self.tr("Folders can be dropped anywhere on this window."), tone="quiet")
        self.library = IconButton(self.tr("Open the library"), "model", "accent")
        self.library.setProperty("part", "link")
        named(self.library, "welcomeLibraryButton")
        words = column(self._title, hint, row(self.library, None), spacing=UNIT // 2)
        heading = row(_logo(), words, spacing=2 * UNIT, grows=1)
        steps = (self._base, self._adapter, self._merge, self._merged)
        self.demo = demo
        self.setLayout(column(heading, column(*steps, spacing=12), self.demo, None, spacing=3 * UNIT))
        self.show_mode(Mode.MERGE)

    def show_mode(self, mode: Mode) -> None:
        """Show the steps of merging, or of verifying."""
        verifies = mode is Mode.VERIFY
        self._merge.setVisible(not verifies)
        self._merged.setVisible(verifies)
        self.demo.setVisible(not verifies)
        merging, verifying = self.tr("Fold an adapter into its model"), self.tr("Prove or refute a merge")
        self._title.setText(verifying if verifies else merging)

    def show_inspection(self, inspection: Inspection) -> None:
        """Tick what is done."""
        base = inspection.base
        self._base.tick(base is not None and base.kind in MODEL_KINDS)
        self._merged.tick(inspection.merged is not None and inspection.merged.kind in MODEL_KINDS)
        self._adapter.tick(any(adapter.kind in ADAPTER_KINDS for adapter in inspection.adapters))

    def _last_steps(self) -> tuple[WelcomeStep, WelcomeStep]:
        merge = self.tr(
            "The merged model is written next to the adapter and takes its name only after it was verified: "
            "plain class, every tensor as planned, nothing lost. Base and adapter stay as they are."
        )
        merged = self.tr(
            "The folder that any tool saved the merge in. Verify then says whether it is base plus adapter, and if "
            "not, what it is instead: the unmodified base, the adapter twice, half of its modules… "
            "All folders are only read."
        )
        return (
            WelcomeStep("proof", self.tr("Merge and read the proof"), merge),
            WelcomeStep("proof", self.tr("Choose the merged model"), merged, "welcomeMergedButton"),
        )


class WelcomeStep(QFrame):
    """One step: what to do, and whether it is done. With a ``button`` of that name, button and card can be pressed."""

    pressed = Signal()

    def __init__(self, picture: str, title: str, text: str, button: str = "") -> None:
        super().__init__()
        self._can_be_pressed = bool(button)
        self.setProperty("part", "card")
        self._picture = picture
        self._title = title
        self._icon = IconLabel(picture, "accent", _ICON)
        words = column(Text(title, TextRole.HEADING), Text(text, tone="quiet"), spacing=UNIT // 2)
        if button:
            words.addLayout(row(self._make_button(button), None))
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setLayout(beside_icon(self._icon, words, spacing=2 * UNIT, margin=2 * UNIT))
        self.done = True
        self.tick(False)

    def tick(self, done: bool) -> None:
        """Show whether the step is done."""
        if done is self.done:
            return
        self.done = done
        self._icon.show_icon("pass" if done else self._picture, "success" if done else "accent")
        state = self.tr("done") if done else self.tr("to do")
        self.setAccessibleName(f"{self._title}: {state}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """A press anywhere on the card is one of its button."""
        inside = self.rect().contains(event.position().toPoint())
        if self._can_be_pressed and inside and event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()
        else:
            super().mouseReleaseEvent(event)

    def _make_button(self, name: str) -> IconButton:
        button = named(IconButton(self.tr("Choose folder…"), "folder", clicked=self.pressed), name)
        button.setAccessibleName(self._title)
        return button


def _logo() -> QLabel:
    label = QLabel()
    label.setPixmap(application_icon().pixmap(_LOGO, _LOGO))
    return label
