"""Tabs, or where they do not all find room, a list to choose the page from: none is ever out of sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QTabBar, QWidget

from .layouts import column
from .naming import named


class PageTabs(QWidget):
    """``names`` are the tabs', in their order; the first one is enabled."""

    turned = Signal(int)

    def __init__(self, spoken: str, names: Sequence[str]) -> None:
        super().__init__()
        self.bar = named(QTabBar(drawBase=False, expanding=False), spoken=spoken)
        self.list = named(QComboBox(), "pagesCombo", spoken)
        for name in names:
            self.bar.addTab(name)
            self.list.addItem(name)
        for number in range(len(names)):
            self.enable(number, number == 0)
        self.list.hide()
        self.list.activated.connect(self.bar.setCurrentIndex)
        self.bar.currentChanged.connect(self.list.setCurrentIndex)
        self.bar.currentChanged.connect(self.turned)
        self.setLayout(column(self.bar, self.list, spacing=0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def enable(self, number: int, is_enabled: bool) -> None:
        """Let a page be turned to, or not."""
        self.bar.setTabEnabled(number, is_enabled)
        model = self.list.model()
        if isinstance(model, QStandardItemModel):
            model.item(number).setEnabled(is_enabled)

    def rename(self, number: int, name: str) -> None:
        """Call a page otherwise."""
        self.bar.setTabText(number, name)
        self.list.setItemText(number, name)
        self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """What the list needs, which is less than the tabs do."""
        return QSize(self.list.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        fits = self.bar.sizeHint().width() <= self.width()
        self.bar.setVisible(fits)
        self.list.setVisible(not fits)
