"""The window's colours, light and dark, as ``colours.toml`` states them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

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


LIGHT = Colours(**_STATED["light"])
DARK = Colours(**_STATED["dark"])


def scheme_colours(scheme: Qt.ColorScheme, fallback: QPalette) -> Colours:
    """The colours for a system scheme; where the system does not say, as dark as its own palette is."""
    if scheme is Qt.ColorScheme.Unknown:
        return colours_of(fallback)
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def colours_of(palette: QPalette) -> Colours:
    """The scheme a palette belongs to."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightness() < _HALF
    return DARK if is_dark else LIGHT


def palette_of(colours: Colours) -> QPalette:
    """A Qt palette with these colours, so that what the style sheet leaves alone fits too."""
    palette = QPalette()
    groups = {"palette": QPalette.ColorGroup.All, "palette_disabled": QPalette.ColorGroup.Disabled}
    for table, group in groups.items():
        for role, name in _STATED[table].items():
            palette.setColor(group, QPalette.ColorRole[role], getattr(colours, name))
    return palette
