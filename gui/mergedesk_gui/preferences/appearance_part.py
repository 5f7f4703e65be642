"""Language, colours and size of type."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from ..state.preferences import LANGUAGES, POINTS, Preferences
from ..theme.appearance import ThemeName, theme_of
from ..widgets.layouts import labelled
from .parts import Change, choice, headed


class AppearancePart(QWidget):
    """Three lists."""

    def __init__(self, preferences: Preferences, change: Change) -> None:
        super().__init__()
        self._change = change
        language, theme, size = self.tr("&Language"), self.tr("&Colours"), self.tr("&Size of text")
        self.setLayout(
            headed(
                self.tr("Language and looks"),
                labelled(language, self._language(language, preferences)),
                labelled(theme, self._theme(theme, preferences)),
                labelled(size, self._size(size, preferences)),
            )
        )

    def _language(self, name: str, preferences: Preferences) -> QComboBox:
        choices = [("", self.tr("As the system")), *LANGUAGES.items()]
        return choice(name, "languageCombo", choices, preferences.language, self._on_language)

    def _theme(self, name: str, preferences: Preferences) -> QComboBox:
        choices = (
            (ThemeName.SYSTEM.value, self.tr("As the system")),
            (ThemeName.LIGHT.value, self.tr("Light")),
            (ThemeName.DARK.value, self.tr("Dark")),
            (ThemeName.CONTRAST.value, self.tr("High contrast")),
        )
        return choice(name, "themeCombo", choices, preferences.theme.value, self._on_theme)

    def _size(self, name: str, preferences: Preferences) -> QComboBox:
        of_system = round(theme_of(QCoreApplication.instance()).system_points)
        words = self.tr("{points} pt")
        sizes = [(points, words.format(points=points)) for points in POINTS]
        choices = [(0, self.tr("As the system ({points} pt)").format(points=of_system)), *sizes]
        return choice(name, "textSizeCombo", choices, preferences.points, self._on_size)

    def _on_language(self, language: object) -> None:
        self._change(lambda before: replace(before, language=str(language)))

    def _on_theme(self, theme: object) -> None:
        self._change(lambda before: replace(before, theme=ThemeName(str(theme))))

    def _on_size(self, points: object) -> None:
        if isinstance(points, int):
            self._change(lambda before: replace(before, points=points))
