"""What a text means, as far as its colour tells."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """How a line is meant; the theme gives it a colour."""

    PLAIN = "plain"
    QUIET = "quiet"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"
