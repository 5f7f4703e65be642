"""What the program is made of, and under which licences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QSplitter, QWidget

from mergedesk.support.failures import failure_of

from ..jobs.queued_signal import ask_in_thread
from ..text.messages import finding_message
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown, set_monospace
from ..widgets.labels import Text
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog, resize_within_screen
from .licences import Component, components

_WIDTH, _HEIGHT, _LIST_WIDTH = 980, 620, 280
_LEAST_TEXT = 160


class LicencesDialog(PageDialog):
    """A list of works, and the licence texts of the one that is selected."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Licences"))
        self._components: list[Component] = []
        self._list = named(QListWidget(), "licencesList", self.tr("Works"))
        self._list.currentRowChanged.connect(self._show_row)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view = named(QPlainTextEdit(readOnly=True, tabChangesFocus=True), "licenceText", self.tr("Licence text"))
        self._view.setPlaceholderText(self.tr("Reading the licences…"))
        self._view.setMinimumHeight(_LEAST_TEXT)
        set_monospace(self._view)
        self._lay_out()
        ask_in_thread(components, self._receive, name="licences")

    def _receive(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._view.setPlainText(finding_message(failure_of(answer).finding).whole)
        elif isinstance(answer, list):
            self._components = answer
            for number, component in enumerate(answer):
                self._list.addItem(component.title)
                self._list.item(number).setToolTip(component.title)
            self._list.setCurrentRow(0)

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self._components):
            self._view.setPlainText(self._components[row].text or self.tr("This work brings no licence text."))

    def _lay_out(self) -> None:
        parts = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=UNIT)
        parts.addWidget(self._list)
        parts.addWidget(self._view)
        parts.setStretchFactor(1, 1)
        parts.setSizes([_LIST_WIDTH, _WIDTH - _LIST_WIDTH])
        explanation = self.tr(
            "MergeDesk is under the Apache License 2.0. What it is built on is under licences of its own; "
            "Qt and PySide6 are used under the LGPL 3."
        )
        heading = Text(self.tr("Licences"), TextRole.DISPLAY)
        self.fill_above(self.close_box, heading, Text(explanation, tone="quiet"), parts, grows=2)
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))
