"""What of a window is cut or out of place, as sentences: nothing where all of it can be read and reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QSizeGrip,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableWidget,
    QWidget,
)

from mergedesk_gui.widgets.labels import ElidedText
from mergedesk_gui.widgets.path_edit import PathEdit
from mergedesk_gui.widgets.word_button import WordBox, WordButton

_SLACK = 1
_CONTROLS = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QTabBar, QTableWidget)


def what_is_cut(root: QWidget) -> list[str]:
    """Every text that does not find its room, and every control that is not wholly inside what holds it."""
    return [f"{_name(one)}: {wrong}" for one in _shown(root) for wrong in (*_cut(one), *_outside(one, root))]


def _shown(root: QWidget) -> Iterator[QWidget]:
    """Controls that can be seen, without the parts that Qt makes of them."""
    for control in root.findChildren(QWidget):
        is_ours = not control.objectName().startswith(("qt_", "Scroll")) and not isinstance(
            control, QScrollBar | QSizeGrip
        )
        if isinstance(control, _CONTROLS) and control.isVisible() and is_ours and not _is_part(control):
            yield control


def _is_part(control: QWidget) -> bool:
    parent = control.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractItemView | QAbstractSpinBox | QComboBox):
            return True
        parent = parent.parentWidget()
    return False


def _name(control: QWidget) -> str:
    text = getattr(control, "plain", "") or getattr(control, "text", str)()
    return f"{type(control).__name__} {control.objectName()} “{text[:40]}”"


def _cut(control: QWidget) -> Iterator[str]:
    for kind, look in _LOOKS:
        if isinstance(control, kind):
            yield from look(control)
            return


def _cut_combo(combo: QComboBox) -> Iterator[str]:
    option, part = QStyleOptionComboBox(), QStyle.SubControl.SC_ComboBoxEditField
    combo.initStyleOption(option)
    room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo)
    if combo.toolTip() != combo.currentText():  # then it may be shortened
        yield from _narrow(combo, combo.currentText(), room.width())
    yield from _low(combo, room.height())


def _cut_spin(spin: QAbstractSpinBox) -> Iterator[str]:
    edit = spin.lineEdit()
    yield from _narrow(spin, edit.text(), edit.width() - edit.textMargins().left())


def _cut_edit(edit: QLineEdit) -> Iterator[str]:
    shown = edit.text() or edit.placeholderText()
    if not isinstance(edit, PathEdit) or edit.toolTip() != shown:  # paths may be shortened
        yield from _narrow(edit, shown, edit.width() - 16)
    yield from _low(edit, edit.height())


def _cut_label(label: QLabel) -> Iterator[str]:
    if isinstance(label, ElidedText):
        if not {"/", "\\"} & set(label.text()):  # paths may be shortened
            yield from _narrow(label, label.text(), label.width())
        yield from _low(label, label.height())
        return
    if not label.text():
        return
    wraps = label.wordWrap()
    needed = label.heightForWidth(label.width()) if wraps else label.sizeHint().height()
    if label.height() < needed - _SLACK:
        yield f"{label.height()} high, needs {needed}"
    least = label.minimumSizeHint().width() if wraps else label.sizeHint().width()
    if label.width() < least - _SLACK:
        yield f"{label.width()} wide, needs {least}"


def _cut_button(button: QAbstractButton) -> Iterator[str]:
    icon = button.iconSize().width() if not button.icon().isNull() else 0
    box = button.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, button)
    beside = box + 8 if isinstance(button, QCheckBox) else icon
    flags = int(Qt.TextFlag.TextShowMnemonic)
    size = button.fontMetrics().size(flags, button.text()) if button.text() else button.iconSize()
    if isinstance(button, WordBox | WordButton):
        size = QSize(0, button.heightForWidth(button.width()))
        beside = button.minimumSizeHint().width()
    needed = size.width() + (beside if button.text() else 0)
    if button.width() < needed - _SLACK:
        yield f"{button.width()} wide, needs {needed}"
    if button.height() < size.height() - _SLACK:
        yield f"{button.height()} high, needs {size.height()}"


def _cut_tabs(tabs: QTabBar) -> Iterator[str]:
    for number in range(tabs.count()):
        place, text = tabs.tabRect(number), tabs.tabText(number)
        if not tabs.rect().contains(place):
            yield f"the tab “{text}” is out of sight"
        if place.width() < tabs.fontMetrics().horizontalAdvance(text):
            yield f"the tab “{text}” is cut"


def _cut_table(table: QTableWidget) -> Iterator[str]:
    header = table.horizontalHeader()
    columns = [column for column in range(table.columnCount()) if not table.isColumnHidden(column)]
    widths = sum(table.columnWidth(column) for column in columns)
    if table.viewport().width() < widths - _SLACK and not table.horizontalScrollBar().isVisible():
        yield f"columns are {widths} wide, there is room for {table.viewport().width()}"
    for column in columns:
        text = str(table.model().headerData(column, Qt.Orientation.Horizontal) or "")
        if table.columnWidth(column) < header.fontMetrics().horizontalAdvance(text):
            yield f"the heading “{text}” is cut"


def _narrow(control: QWidget, text: str, room: int) -> Iterator[str]:
    needed = control.fontMetrics().horizontalAdvance(text)
    if room < needed - _SLACK:
        yield f"room for {room}, “{text}” needs {needed}"


def _low(control: QWidget, room: int) -> Iterator[str]:
    needed = control.fontMetrics().height()
    if room < needed - _SLACK:
        yield f"room for {room}, a line is {needed} high"


def _outside(control: QWidget, root: QWidget) -> Iterator[str]:
    parent = control.parentWidget()
    if parent is not None and not parent.rect().contains(control.geometry()):
        yield f"at {_of(control.geometry())} outside its parent's {_of(parent.rect())}"
    holder = _scrolled_in(control, root)
    place = QRect(control.mapTo(holder, QPoint(0, 0)), control.size())
    if place.left() < 0 or place.right() > holder.rect().right():
        yield f"from {place.left()} to {place.right()}, seen is up to {holder.rect().right()}"
    if holder is root and not root.rect().contains(place):
        yield f"at {_of(place)} outside the window's {_of(root.rect())}"


def _scrolled_in(control: QWidget, root: QWidget) -> QWidget:
    """The viewport that the control is scrolled in, or the window itself."""
    parent = control.parentWidget()
    while parent is not None and parent is not root:
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            return parent
        parent = area
    return root


def _of(place: QRect) -> str:
    return f"{place.x()},{place.y()} {place.width()}×{place.height()}"


_LOOKS: tuple[tuple[type[QWidget], Callable[[Any], Iterator[str]]], ...] = (
    (QLabel, _cut_label),
    (QAbstractButton, _cut_button),
    (QComboBox, _cut_combo),
    (QAbstractSpinBox, _cut_spin),
    (QTabBar, _cut_tabs),
    (QTableWidget, _cut_table),
    (QLineEdit, _cut_edit),
)
