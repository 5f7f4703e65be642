"""What this program is, of which version, and what it is built on."""

from __future__ import annotations

import PySide6
from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

import mergedesk
from mergedesk.runtime.versions import library_versions, platform_name

from ..theme.icons import application_icon
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from ..widgets.page_dialog import PageDialog
from ..widgets.wrapping import WrapRow

_LOGO, _WIDTH = 64, 520


class AboutDialog(PageDialog):
    """Versions to select and copy, and the ways to licences and diagnostics."""

    licences_asked = Signal()
    diagnostics_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("About MergeDesk"))
        self.versions = {**_versions(), self.tr("System"): platform_name()}
        licence = Text(self.tr("MergeDesk is licensed under Apache-2.0."), tone="quiet")
        self.fill_scrolled(_WIDTH, self._heading(), self._table(), licence, self._buttons())

    def _heading(self) -> QWidget:
        logo = QLabel()
        logo.setPixmap(application_icon().pixmap(_LOGO, _LOGO))
        title = Text(self.tr("MergeDesk {version}").format(version=mergedesk.__version__), TextRole.DISPLAY)
        what = Text(self.tr("Folds a PEFT adapter into its base model and proves that the result is right."))
        line = row(logo, column(selectable(title), what, spacing=UNIT // 2), spacing=2 * UNIT, grows=1)
        return frame("plain-heading", line)

    def _table(self) -> QFrame:
        grid = QGridLayout()
        grid.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        grid.setHorizontalSpacing(3 * UNIT)
        grid.setVerticalSpacing(UNIT // 2)
        grid.setColumnStretch(1, 1)
        for number, (name, value) in enumerate(self.versions.items()):
            label, shown = Text(name, tone="quiet", wrap=False), selectable(Text(value))
            shown.setAccessibleName(f"{name} {value}")
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, number, 1)
        return frame("card", grid)

    def _buttons(self) -> QFrame:
        licences = IconButton(self.tr("&Licences…"), "proof", clicked=self.licences_asked)
        what = self.tr("Versions, this computer and the last error, for whoever helps you")
        copy = IconButton(self.tr("Copy &diagnostics"), "copy", clicked=self.diagnostics_asked, tooltip=what)
        self.licences_button = named(licences, "licencesButton")
        self.diagnostics_button = named(copy, "diagnosticsButton")
        return frame("plain-heading", row(WrapRow(self.licences_button, self.diagnostics_button), None, self.close_box))


def _versions() -> dict[str, str]:
    versions = {name: version for name, version in library_versions().items() if name != "MergeDesk"}
    return {**versions, "PySide6": PySide6.__version__, "Qt": qVersion()}
