"""What a screen reader is told that Qt's own controls do not tell: headings, whole names, what a list is for.

An interface tells None of parts beyond its last: a reader counts them before it asks for them.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QComboBox, QScrollArea

from .labels import Text


def teach_roles() -> None:
    """Have every window from now on speak so."""
    QAccessible.installFactory(_speaker)


class SpokenText(QAccessibleWidget):
    """A text by its words alone, without the marks that let it break; large type is a heading."""

    def __init__(self, label: Text) -> None:
        super().__init__(label, QAccessible.Role.StaticText)
        self._label = label

    def role(self) -> QAccessible.Role:
        """What it is now."""
        return QAccessible.Role.Heading if self._label.is_heading else QAccessible.Role.StaticText

    def text(self, kind: QAccessible.Text) -> str:
        """Its words as its name."""
        if kind is QAccessible.Text.Name:
            return self._label.accessibleName() or self._label.plain
        return super().text(kind)


class SpokenList(QAccessibleWidget):
    """A drop-down list by its name, where Qt tells the chosen entry in its place."""

    def __init__(self, combo: QComboBox) -> None:
        super().__init__(combo, QAccessible.Role.ComboBox)
        self._combo = combo

    def text(self, kind: QAccessible.Text) -> str:
        """The chosen entry is its value."""
        return self._combo.currentText() if kind is QAccessible.Text.Value else super().text(kind)

    def childCount(self) -> int:  # noqa: N802 (Qt's name)
        """The entries."""
        return 1

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The list of entries; nothing beyond it."""
        return QAccessible.queryAccessibleInterface(self._combo.view()) if index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 (Qt's name)
        """Where that list is."""
        return 0 if child.object() is self._combo.view() else -1

    def state(self) -> QAccessible.State:
        """Whether it is open, too."""
        told = super().state()
        told.expandable = True
        told.expanded = self._combo.view().isVisible()
        return told

    def actionNames(self) -> list[str]:  # noqa: N802 (Qt's name)
        """What a press does comes first."""
        return ["ShowMenu", *super().actionNames()]

    def doAction(self, name: str) -> None:  # noqa: N802 (Qt's name)
        """Open the list, or close it."""
        if name != "ShowMenu":
            super().doAction(name)
        elif self._combo.view().isVisible():
            self._combo.hidePopup()
        else:
            self._combo.showPopup()


def _speaker(_class_name: str, subject: QObject) -> QAccessibleInterface | None:
    if isinstance(subject, Text):
        return SpokenText(subject)
    if isinstance(subject, QScrollArea):
        # Qt's own reads past the end of its parts when asked for a scroll bar that has gone since it was counted.
        return QAccessibleWidget(subject, QAccessible.Role.Client)
    # Elsewhere Qt tells the name itself.
    return SpokenList(subject) if isinstance(subject, QComboBox) and sys.platform == "linux" else None
