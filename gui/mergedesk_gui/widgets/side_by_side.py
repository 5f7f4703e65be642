"""Parts in a row where there is room, and one below the other where there is not."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ..theme.stylesheet import UNIT


class SideBySide(QWidget):
    """Gives each shown part the same width; ``least`` is the narrowest a part in the row may become, in pixels."""

    def __init__(self, *parts: QWidget, least: int, spacing: int = 2 * UNIT) -> None:
        super().__init__()
        self._parts, self._least = parts, least
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        for part in parts:
            self._box.addWidget(part, 1)
        self.setLayout(self._box)

    @property
    def is_row(self) -> bool:
        """Whether the parts are beside one another."""
        return self._box.direction() == QBoxLayout.Direction.LeftToRight

    def arrange(self) -> None:
        """Look anew whether there is room for a row; call it when a part was shown or hidden."""
        shown = sum(not part.isHidden() for part in self._parts)
        needed = shown * self._least + max(0, shown - 1) * self._box.spacing()
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if self.width() >= needed else direction.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Use the new width."""
        super().resizeEvent(event)
        self.arrange()
