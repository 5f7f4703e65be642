"""The window's colours, light and dark. Every text colour reaches WCAG AA on what it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

_HALF = 128


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


LIGHT = Colours(
    window="#f4f5f8",
    sidebar="#ffffff",
    card="#ffffff",
    line="#dfe2e9",
    field="#ffffff",
    field_line="#858e9c",
    hover="#eceef3",
    text="#191c22",
    quiet="#555e6d",
    disabled="#8b93a1",
    accent="#1d5bd6",
    accent_hover="#184eb9",
    accent_pressed="#13409a",
    on_accent="#ffffff",
    accent_soft="#e6eefc",
    success="#166c3b",
    success_soft="#e3f4ea",
    warning="#855300",
    warning_soft="#fdf1dc",
    error="#b3202c",
    error_soft="#fdeaea",
)

DARK = Colours(
    window="#14161b",
    sidebar="#1a1d23",
    card="#1e2128",
    line="#31353f",
    field="#15171c",
    field_line="#707988",
    hover="#2a2e37",
    text="#e9ebef",
    quiet="#a7afbd",
    disabled="#6d7583",
    accent="#79a8ff",
    accent_hover="#96bbff",
    accent_pressed="#5e93f5",
    on_accent="#0a1733",
    accent_soft="#1d2b47",
    success="#66cf92",
    success_soft="#16301f",
    warning="#eab557",
    warning_soft="#352913",
    error="#ff8f8f",
    error_soft="#3d1d20",
)


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
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.hover,
        role.Text: colours.text,
        role.Button: colours.card,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.quiet,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.Light: colours.hover,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.field_line,
        role.Shadow: colours.line,
    }.items():
        palette.setColor(name, colour)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, colours.disabled)
    return palette
