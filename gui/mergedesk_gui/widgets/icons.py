"""Labels and buttons with an icon that follows the colour scheme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from ..theme.colours import colours_of
from ..theme.icons import icon, pixmap

BUTTON_ICON = 16
RECOLOURED = frozenset({QEvent.Type.PaletteChange, QEvent.Type.StyleChange})
"""The events that may mean another colour scheme."""


def tone_colour(tone: str) -> str:
    """The colour of ``tone`` in the scheme in use."""
    return str(getattr(colours_of(QApplication.palette()), "text" if tone == "plain" else tone))


class IconLabel(QLabel):
    """An icon that is only looked at; what it means stands in the text beside it."""

    def __init__(self, name: str, tone: str = "quiet", size: int = 16) -> None:
        super().__init__()
        self._drawn: tuple[str, str, float] | None = None
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)
        self._draw()

    def show_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() in RECOLOURED:
            self._draw()

    def _draw(self) -> None:
        wanted = (self._name, tone_colour(self._tone), self.devicePixelRatioF())
        if wanted == self._drawn:
            return
        self._drawn = wanted
        name, colour, ratio = wanted
        drawn = pixmap(name, colour, round(self._size * ratio))
        drawn.setDevicePixelRatio(ratio)
        self.setPixmap(drawn)


class IconButton(QPushButton):
    """A push button with words and an icon."""

    def __init__(self, text: str, name: str, tone: str = "plain") -> None:
        self._icon = _FollowingIcon(name, tone)
        super().__init__(f" {text}")  # the style sheet knows no distance between icon and words
        self.setAccessibleName(text.replace("&", ""))
        self._icon.put_on(self)

    def rename(self, text: str, name: str) -> None:
        """Put other words and another icon on it."""
        self.setText(f" {text}")
        self.setAccessibleName(text.replace("&", ""))
        self._icon.show_other(name, self)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() in RECOLOURED:
            self._icon.put_on(self)


class IconToolButton(QToolButton):
    """A button that is an icon alone; ``name`` is read out and shown as its tooltip."""

    def __init__(self, picture: str, name: str) -> None:
        self._icon = _FollowingIcon(picture, "plain")
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._icon.put_on(self)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() in RECOLOURED:
            self._icon.put_on(self)


class _FollowingIcon:
    """An icon that is drawn again only when its colour has changed."""

    def __init__(self, name: str, tone: str) -> None:
        self._name, self._tone = name, tone
        self._colour = ""

    def show_other(self, name: str, button: QPushButton | QToolButton) -> None:
        if name != self._name:
            self._name, self._colour = name, ""
            self.put_on(button)

    def put_on(self, button: QPushButton | QToolButton) -> None:
        colour = tone_colour(self._tone)
        if colour != self._colour:
            self._colour = colour
            button.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
            button.setIcon(icon(self._name, colour, tone_colour("disabled"), BUTTON_ICON))
