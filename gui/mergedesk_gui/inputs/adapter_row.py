"""One adapter among the inputs: its folder, its strength, and its place in the list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from mergedesk.domain.requests import AdapterChoice

from ..state.form import MOST_STRENGTH
from ..text.folder_text import strength_text
from ..text.lines import Description
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..widgets.folder_field import FieldTexts, FolderField
from ..widgets.icons import Clicked, IconLabel, IconToolButton
from ..widgets.labels import Text, restyle
from ..widgets.layouts import row
from ..widgets.naming import named
from ..widgets.recent_menu import RecentFolders
from ..widgets.strength_field import StrengthSpin
from ..widgets.wrapping import WrapRow


@dataclass(frozen=True, slots=True)
class RowContent:
    """All that a row holds, to be carried to another place in the list."""

    path: str = ""
    weight: float = 1.0
    description: Description | None = None


class AdapterRow(FolderField):
    """Rows keep their places, and what they hold wanders: so the first row's controls stay what scripts found."""

    move_asked = Signal(int)
    """-1 for up, 1 for down."""
    remove_asked = Signal()
    handle_dragged = Signal(QPoint)
    """Where on the screen the handle is being dragged to."""
    handle_dropped = Signal(QPoint)

    def __init__(self, texts: FieldTexts, object_name: str, recent: RecentFolders) -> None:
        self._is_loading = False
        super().__init__(texts, object_name, recent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.strength = StrengthSpin(MOST_STRENGTH)
        self.strength.valueChanged.connect(self._on_strength)
        self._words = Text("", tone="quiet")
        self.handle = DragHandle(self)
        self.up = _flat("up", self.tr("Move up"), lambda: self.move_asked.emit(-1))
        self.down = _flat("down", self.tr("Move down"), lambda: self.move_asked.emit(1))
        self.remove = _flat("remove", self.tr("Remove this adapter"), self.remove_asked)
        self._strength_line = self._make_strength_line()
        self.body.insertWidget(self.body.count() - 1, self._strength_line)
        self.controls_line.insertWidget(0, self.handle)
        self._explain_strength()

    @property
    def choice(self) -> AdapterChoice | None:
        """The adapter and its strength; None while no folder is named."""
        return AdapterChoice(self.folder, self.weight) if self.folder else None

    @property
    def weight(self) -> float:
        """The strength asked for, without the noise of stepping in twentieths."""
        return self.strength.strength

    @property
    def content(self) -> RowContent:
        """What the row holds."""
        return RowContent(self.edit.text(), self.weight, self.described)

    @property
    def controls(self) -> list[QWidget]:
        """Everything the Tab key reaches, in order."""
        return [*self.path_controls, *self.offer_bar.buttons, self.strength, self.up, self.down, self.remove]

    def load(self, content: RowContent) -> None:
        """Hold ``content`` now, without announcing a change."""
        self._is_loading = True
        self.offer_bar.withdraw()
        self.edit.setText(content.path)
        self.strength.setValue(content.weight)
        self.describe(content.description)
        self._is_loading = False
        self._show_strength()

    def take_place(self, number: int, count: int) -> None:
        """Be the ``number``-th (from 1) of ``count`` adapters; a lone one looks like an ordinary field."""
        is_one_of_many = count > 1
        for control in (self.handle, self.up, self.down, self.remove):
            control.setVisible(is_one_of_many)
        self.up.setEnabled(number > 1)
        self.down.setEnabled(number < count)
        margin = UNIT if is_one_of_many else 0
        self.body.setContentsMargins(margin, margin, margin, margin)
        restyle(self, "part", "entry" if is_one_of_many else "plain")
        self._speak(number, is_one_of_many)
        self._show_strength()

    def highlight(self, is_target: bool) -> None:
        """Show that a dragged adapter would come here."""
        restyle(self, "part", "target" if is_target else "entry")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Remove this adapter with the Delete key, pressed anywhere but in a text."""
        if event.key() == Qt.Key.Key_Delete and not self.remove.isHidden():
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)

    def _on_text(self) -> None:
        if self._is_loading:
            self._told = self.edit.text()
        else:
            self._show_strength()
            super()._on_text()

    def _on_strength(self) -> None:
        self._explain_strength()
        if not self._is_loading:
            self.changed.emit()

    def _explain_strength(self) -> None:
        words = strength_text(self.weight)
        self._words.setText(words)
        self.strength.setAccessibleDescription(words)

    def _show_strength(self) -> None:
        # An empty lone field has nothing to be strong or weak.
        self._strength_line.setVisible(bool(self.edit.text()) or not self.remove.isHidden())

    def _speak(self, number: int, is_one_of_many: bool) -> None:
        name, strength = self.tr("Adapter"), self.tr("Strength")
        if is_one_of_many:
            name = self.tr("Adapter {number}").format(number=number)
            strength = self.tr("Strength of adapter {number}").format(number=number)
        self.name(name)
        self.strength.setAccessibleName(strength)
        for button in (self.up, self.down, self.remove):
            button.setAccessibleDescription(name)

    def _make_strength_line(self) -> QWidget:
        label = QLabel(self.tr("Strength"))
        label.setBuddy(self.strength)
        explanation = say("strength_explanation")
        for control in (label, self.strength, self._words):
            control.setToolTip(explanation)
        self._words.setMinimumHeight(self.strength.sizeHint().height())  # in the middle beside the number
        number, buttons = QWidget(), QWidget()
        number.setLayout(row(label, self.strength))
        buttons.setLayout(row(self.up, self.down, self.remove, spacing=UNIT // 2))
        return WrapRow(number, self._words, buttons)


class DragHandle(IconLabel):
    """Dragged with the mouse, it carries its adapter to another place; keys and buttons do the same."""

    def __init__(self, owner: AdapterRow) -> None:
        super().__init__("grip", "quiet", 16)
        self._owner = owner
        self._pressed_at: QPoint | None = None
        named(self, "adapterHandle")
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setToolTip(self.tr("Drag to change the order (Alt+Up and Alt+Down do the same)"))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Drag, once it is clear that this is no click."""
        if self._is_drag(event):
            self._owner.handle_dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        dragged, self._pressed_at = self._is_drag(event), None
        if dragged:
            self._owner.handle_dropped.emit(event.globalPosition().toPoint())

    def _is_drag(self, event: QMouseEvent) -> bool:
        if self._pressed_at is None:
            return False
        way = (event.globalPosition().toPoint() - self._pressed_at).manhattanLength()
        return way >= QApplication.startDragDistance()


def _flat(picture: str, name: str, clicked: Clicked) -> IconToolButton:
    button = IconToolButton(picture, name, clicked=clicked)
    button.setProperty("part", "flat")
    return named(button, f"adapter{picture.title()}Button")
