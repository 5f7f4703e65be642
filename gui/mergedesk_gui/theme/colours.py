"""The window's colours, light, dark and of high contrast, as ``colours.toml`` states them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

_HALF = 128
_STATED = tomllib.loads(Path(__file__).with_name("colours.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme, as hexadecimal colours. ``*_soft`` are backgrounds for the colour they are named after."""

    window: str
    sidebar: str
    card: str
    line: str
    field: str
    field_line: str
    hover: str
    text: str
    quiet: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than what it stands on."""
        return QColor(self.window).lightness() < _HALF


LIGHT = Colours(**_STATED["light"])
DARK = Colours(**_STATED["dark"])
CONTRAST_LIGHT = Colours(**_STATED["contrast_light"])
CONTRAST_DARK = Colours(**_STATED["contrast_dark"])
SCHEMES = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)


def scheme_colours(scheme: Qt.ColorScheme, fallback: QPalette, *, contrast: bool = False) -> Colours:
    """The colours for a system scheme, of high ``contrast`` or not.

    Where the system does not say how dark, as dark as its own palette is.
    """
    is_dark = _is_dark(fallback) if scheme is Qt.ColorScheme.Unknown else scheme is Qt.ColorScheme.Dark
    if contrast:
        return CONTRAST_DARK if is_dark else CONTRAST_LIGHT
    return DARK if is_dark else LIGHT


def colours_of(palette: QPalette) -> Colours:
    """The scheme that a palette was made from; for any other one, the scheme that is as dark."""
    shown = palette.color(QPalette.ColorRole.Window).name(), palette.color(QPalette.ColorRole.Highlight).name()
    for colours in SCHEMES:
        if (colours.window, colours.accent) == shown:
            return colours
    return DARK if _is_dark(palette) else LIGHT


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < _HALF


def palette_of(colours: Colours) -> QPalette:
    """A Qt palette with these colours, so that what the style sheet leaves alone fits too."""
    palette = QPalette()
    groups = {"palette": QPalette.ColorGroup.All, "palette_disabled": QPalette.ColorGroup.Disabled}
    for table, group in groups.items():
        for role, name in _STATED[table].items():
            palette.setColor(group, QPalette.ColorRole[role], getattr(colours, name))
    return palette
