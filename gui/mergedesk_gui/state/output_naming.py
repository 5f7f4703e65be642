"""Where merged models go and what they are called, unless the person chooses a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

PATTERN = "{base}-{adapters}-merged"
PLACEHOLDERS = ("base", "adapters", "date")
_FORBIDDEN = frozenset('/\\:*?"<>|')
_MOST_LETTERS = 120


@dataclass(frozen=True, slots=True)
class OutputNaming:
    """The place, and a pattern for the name; without a ``folder`` the place is beside the first adapter."""

    folder: Path | None = None
    pattern: str = PATTERN

    def name(self, base: str, adapters: str, day: date | None = None) -> str:
        """The folder's name for a base and adapters with these names; ``day`` is today unless given."""
        pattern = self.pattern if is_pattern(self.pattern) else PATTERN
        return pattern.format(base=base, adapters=adapters, date=(day or date.today()).isoformat()).strip()


def is_pattern(text: str) -> bool:
    """Whether a folder's name can be made of ``text``: letters that every system allows, and known placeholders."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        tried = text.format(**dict.fromkeys(PLACEHOLDERS, "x")) if names <= set(PLACEHOLDERS) else ""
    except ValueError:
        return False
    is_name = bool(tried.strip()) and tried.isprintable() and not tried.startswith((".", " "))
    return is_name and not _FORBIDDEN & set(text) and len(text) <= _MOST_LETTERS


BESIDE = OutputNaming()
"""Beside the first adapter, named after base and adapters."""
