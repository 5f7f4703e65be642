"""Parts beside one another where there is room, and below one another where there is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QSizePolicy, QWidget

from ..theme.stylesheet import UNIT
from ..theme.typography import grown


class SideBySide(QWidget):
    """A row that becomes a column; ``least`` is the narrowest a part in the row may become on average, in pixels.

    Parts share the width as ``shares`` says, evenly without; ``high`` ones fill the row's height.
    """

    def __init__(
        self, *parts: QWidget, least: int, shares: Sequence[int] = (), high: bool = True, spacing: int = 2 * UNIT
    ) -> None:
        super().__init__()
        self._parts, self._least = parts, grown(least)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        for part, share in zip(parts, shares or [1] * len(parts), strict=True):
            self._box.addWidget(part, share, Qt.AlignmentFlag(0) if high else Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._box)

    def arrange(self) -> None:
        """Look anew whether there is room for a row; call it when a part was shown or hidden."""
        shown = [part for part in self._parts if not part.isHidden()]
        widths = sum(max(self._least, _least_in_row(part)) for part in shown)
        needed = widths + max(0, len(shown) - 1) * self._box.spacing()
        is_row, direction = self.width() >= needed, QBoxLayout.Direction
        self._box.setDirection(direction.LeftToRight if is_row else direction.TopToBottom)
        for part in shown:
            if isinstance(part, QAbstractButton):  # an even share of the row may be less than its words need
                part.setMinimumWidth(part.sizeHint().width() if is_row else 0)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As wide as the row: a part that is given what it asks for would otherwise stay the column it began as."""
        shown = [part for part in self._parts if not part.isHidden()]
        widths = sum(max(self._least, part.sizeHint().width()) for part in shown)
        return QSize(widths + max(0, len(shown) - 1) * self._box.spacing(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """As narrow as its widest part: whatever is narrower than the row becomes a column."""
        shown = [part for part in self._parts if not part.isHidden()]
        buttons = [part.minimumSizeHint().width() for part in shown if isinstance(part, QAbstractButton)]
        widest = max((*buttons, *(_least(part) for part in shown if not isinstance(part, QAbstractButton))), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self.arrange()


def _least_in_row(part: QWidget) -> int:
    """A button's words stay in one line as long as there is room for them below one another."""
    return part.sizeHint().width() if isinstance(part, QAbstractButton) else _least(part)


def _least(part: QWidget) -> int:
    return part.minimumSizeHint().expandedTo(part.minimumSize()).width()


class WrapRow(QWidget):
    """Lays its parts out from left to right; never wider than its widest part needs.

    What is lower than its line stands in the middle of it; ``at_the_end``, lines end at the right edge.
    """

    def __init__(self, *parts: QWidget, spacing: int = UNIT, at_the_end: bool = False) -> None:
        super().__init__()
        self._parts, self._spacing, self._at_the_end = parts, spacing, at_the_end
        for part in parts:
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Everything in one line."""
        sizes = [_wanted(part) for part in self._shown()]
        width = sum(size.width() for size in sizes) + self._spacing * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """The widest part alone."""
        width = max((part.minimumSizeHint().width() for part in self._shown()), default=0)
        return QSize(width, self.sizeHint().height())

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        """The height of the lines that ``width`` makes necessary."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange the parts anew when one of them has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        for part, place in self._places(self.width()):
            part.setGeometry(place)

    def _places(self, width: int) -> Iterator[tuple[QWidget, QRect]]:
        top = 0
        for line in self._lines(width):
            height = max(size.height() for _, size in line)
            needed = sum(size.width() for _, size in line) + self._spacing * (len(line) - 1)
            left = width - needed if self._at_the_end else 0
            for part, size in line:
                yield part, QRect(QPoint(left, top + (height - size.height()) // 2), size)
                left += size.width() + self._spacing
            top += height + self._spacing

    def _lines(self, width: int) -> Iterator[list[tuple[QWidget, QSize]]]:
        """The parts of each line, with their sizes."""
        line: list[tuple[QWidget, QSize]] = []
        used = 0
        for part in self._shown():
            size = _within(part, width)
            if line and used + size.width() > width:
                yield line
                line, used = [], 0
            line.append((part, size))
            used += size.width() + self._spacing
        if line:
            yield line

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]


def _wanted(part: QWidget) -> QSize:
    """What a part wants; a button all of its words in one line, whatever it was given so far."""
    size = part.sizeHint().expandedTo(part.minimumSize())
    if isinstance(part, QAbstractButton) and part.hasHeightForWidth():
        size.setHeight(max(part.minimumHeight(), part.heightForWidth(size.width())))
    return size


def _within(part: QWidget, width: int) -> QSize:
    """What a part wants, or the height that it needs in a line of this width."""
    size = _wanted(part)
    if size.width() <= width:
        return size
    return QSize(width, part.heightForWidth(width) if part.hasHeightForWidth() else size.height())
