"""Labels and buttons with an icon that follows the colour scheme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, SignalInstance
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton

from ..theme.colours import colours_of
from ..theme.icons import icon, pixmap
from ..theme.typography import grown
from .mnemonics import without_mnemonic
from .word_button import WordButton

BUTTON_ICON = 16
RECOLOURED = frozenset({QEvent.Type.PaletteChange, QEvent.Type.StyleChange})
"""The events that may mean another colour scheme."""
Clicked = Callable[..., object] | SignalInstance
"""What is called, or sent on, when a button is pressed."""


def tone_colour(tone: str) -> str:
    """The colour of ``tone`` in the scheme in use."""
    return str(getattr(colours_of(QApplication.palette()), "text" if tone == "plain" else tone))


class _Recoloured:
    """Mixed into a control: draws it again when the colour scheme may be another one."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        super().changeEvent(event)  # type: ignore[misc]  # the control's own
        if event.type() in RECOLOURED:
            self._draw()

    def _draw(self) -> None:
        raise NotImplementedError


class IconLabel(_Recoloured, QLabel):
    """An icon that is only looked at; what it means stands in the text beside it."""

    def __init__(self, name: str, tone: str = "quiet", size: int = 16) -> None:
        super().__init__()
        self._drawn: tuple[str, str, float] | None = None
        self._size = grown(size)
        self.setFixedSize(self._size, self._size)
        self.show_icon(name, tone)

    def show_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
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


class _IconOnButton(_Recoloured):
    """Mixed into a button: an icon that is drawn again only when it, or its colour, has changed."""

    def _show_icon(self, name: str, tone: str) -> None:
        self._name, self._tone = name, tone
        self._drawn: tuple[str, str] | None = None
        self._draw()

    def _draw(self) -> None:
        assert isinstance(self, QAbstractButton)
        wanted = self._name, tone_colour(self._tone)
        if wanted != self._drawn:
            self._drawn = wanted
            size = grown(BUTTON_ICON)
            self.setIconSize(QSize(size, size))
            self.setIcon(icon(*wanted, tone_colour("disabled"), size))


class IconButton(_IconOnButton, WordButton):
    """A push button with words and an icon."""

    def __init__(
        self, text: str, name: str, tone: str = "plain", *, clicked: Clicked | None = None, tooltip: str = ""
    ) -> None:
        super().__init__()
        self._tone = tone
        self.rename(text, name)
        self._tooltip = tooltip
        self.setToolTip(tooltip)
        if clicked is not None:
            self.clicked.connect(clicked)

    def allow(self, reason: str) -> None:
        """Let it be pressed, or say why it cannot be (``reason``, empty if nothing is in the way)."""
        self.setEnabled(not reason)
        self.setToolTip(reason or self._tooltip)
        self.setAccessibleDescription(reason)

    def rename(self, text: str, name: str) -> None:
        """Put other words and another icon on it."""
        self.setText(f" {text}")  # the style sheet knows no distance between icon and words
        self.setAccessibleName(without_mnemonic(text))
        self._show_icon(name, self._tone)


class IconToolButton(_IconOnButton, QToolButton):
    """A button that is an icon alone; ``name`` is read out and shown as its tooltip."""

    def __init__(self, picture: str, name: str, *, clicked: Clicked | None = None) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._show_icon(picture, "plain")
        if clicked is not None:
            self.clicked.connect(clicked)
