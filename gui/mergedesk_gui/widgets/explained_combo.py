"""A drop-down list whose every choice is explained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from .icons import tone_colour
from .labels import Text
from .layouts import labelled
from .mnemonics import without_mnemonic
from .naming import named
from .steady import steady
from .table import Index

_EXPLANATION = Qt.ItemDataRole.ToolTipRole
_LEAST_LETTERS = 6
_ROLES = (Qt.ItemDataRole.DisplayRole, _EXPLANATION)


class ExplainedCombo(QWidget):
    """A label, a list, and below it what the current choice means."""

    def __init__(
        self, name: str, object_name: str, choices: Sequence[tuple[str, str]], titles: Sequence[str] = ()
    ) -> None:
        """``choices`` are values with their explanations; ``titles`` are shown in place of the values."""
        super().__init__()
        self.combo = named(steady(QComboBox()), object_name, without_mnemonic(name))
        self._explanation = Text("", TextRole.SMALL, "quiet")
        for (value, explanation), title in zip_longest(choices, titles):
            self.combo.addItem(title or value, value)
            self.combo.setItemData(self.combo.count() - 1, explanation, _EXPLANATION)
        self.combo.setItemDelegate(_TwoLines(self.combo))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(_LEAST_LETTERS)
        self.combo.currentTextChanged.connect(self._explain)
        self.combo.view().setMinimumWidth(self.combo.view().sizeHintForColumn(0) + UNIT)
        self.setLayout(labelled(name, self.combo, self._explanation, None))
        self._explain()

    @property
    def value(self) -> str:
        """The current choice, as it was named to this list."""
        return str(self.combo.currentData())

    def choose(self, value: str) -> None:
        """Make ``value`` the current choice."""
        self.combo.setCurrentIndex(self.combo.findData(value))

    def _explain(self) -> None:
        explanation = str(self.combo.currentData(_EXPLANATION))
        self._explanation.setText(explanation)
        self.combo.setAccessibleDescription(explanation)
        self.combo.setToolTip(self.combo.currentText())


class _TwoLines(QStyledItemDelegate):
    """The choice, and under it what it means."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        painter.save()
        self._draw_line(painter, option, 0, "plain", str(index.data()))
        self._draw_line(painter, option, 1, "quiet", str(index.data(_EXPLANATION)))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 (Qt's name)
        """Room for two lines and the longer one's width."""
        metrics = option.fontMetrics
        width = max(metrics.horizontalAdvance(str(index.data(role))) for role in _ROLES)
        return QSize(width + 4 * UNIT, 2 * metrics.lineSpacing() + 2 * UNIT)

    def _draw_line(self, painter: QPainter, option: QStyleOptionViewItem, line: int, tone: str, text: str) -> None:
        font = QFont(option.font)
        font.setWeight(QFont.Weight.Normal if line else QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(tone_colour(tone))
        height = option.fontMetrics.lineSpacing()
        inside = option.rect.adjusted(UNIT, UNIT, -UNIT, -UNIT)
        painter.drawText(QRect(inside.left(), inside.top() + line * height, inside.width(), height), 0, text)
