"""How the whole application looks: its colours and its type, as the system has them or as the person wants them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication

from .colours import palette_of, scheme_colours


class ThemeName(StrEnum):
    """Which colours: the system's choice, or one of these whatever the system says."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


_SCHEMES = {ThemeName.LIGHT: Qt.ColorScheme.Light, ThemeName.DARK: Qt.ColorScheme.Dark}


class Theme(QObject):
    """Keeps one application in the colours that the system, or the person, wants."""

    changed = Signal()
    """The palette may be another one; windows take their style sheet anew."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        # Where the system names no scheme, the palette it came with tells; ours replaces it below.
        self._system_palette, self._system_font = QPalette(application.palette()), QFont(application.font())
        self.name = ThemeName.SYSTEM
        application.setStyle("Fusion")
        self._hints = application.styleHints()
        self._hints.colorSchemeChanged.connect(self.apply)
        self._hints.accessibility().contrastPreferenceChanged.connect(lambda _wanted: self.apply(self._scheme()))
        self.apply(self._scheme())

    @property
    def system_points(self) -> float:
        """The size of type that the system has."""
        return self._system_font.pointSizeF()

    def apply(self, scheme: Qt.ColorScheme) -> None:
        """Take the colours of the system's ``scheme``, unless the person wants others."""
        contrast = self.name is ThemeName.CONTRAST or (self.name is ThemeName.SYSTEM and self.prefers_contrast())
        wanted = _SCHEMES.get(self.name, scheme)
        self._application.setPalette(palette_of(scheme_colours(wanted, self._system_palette, contrast=contrast)))
        self.changed.emit()

    def prefers_contrast(self) -> bool:
        """Whether the system asks for high contrast; where it does not say, it does not."""
        return self._hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast

    def choose(self, name: ThemeName) -> None:
        """Take the colours that a person chose; the system's own dialogs and title bars follow where it has both."""
        if name is not self.name:
            self.name = name
            if name in _SCHEMES:
                self._hints.setColorScheme(_SCHEMES[name])
            else:
                self._hints.unsetColorScheme()
            self.apply(self._scheme())

    def choose_size(self, points: int) -> None:
        """Take type of so many points; 0 is the system's size."""
        font = QFont(self._system_font)
        if points:
            font.setPointSizeF(points)
        if font != self._application.font():
            self._application.setFont(font)

    def _scheme(self) -> Qt.ColorScheme:
        return self._hints.colorScheme()


def theme_of(application: QCoreApplication | None) -> Theme:
    """The application's theme, made if it has none yet."""
    assert isinstance(application, QApplication)
    theme = application.findChild(Theme)
    return theme if isinstance(theme, Theme) else Theme(application)
