"""What a person prefers once for all merges, as data, and what of it makes sense."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from ..theme.appearance import ThemeName
from .output_naming import BESIDE, OutputNaming, is_pattern
from .stored_form import is_absolute

LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}
"""The languages of the window, each by its own name."""
POINTS = (9, 10, 11, 12, 13, 14, 16, 18, 20, 24)
"""Sizes of type to choose from."""
MOST_THREADS = 64


@dataclass(frozen=True, slots=True)
class Preferences:
    """As the window is without a wish. ``language`` empty, ``points`` and ``threads`` 0: as the system has it.

    ``history``: whether merges are put into the list of past ones.
    """

    language: str = ""
    theme: ThemeName = ThemeName.SYSTEM
    points: int = 0
    naming: OutputNaming = BESIDE
    notifies: bool = True
    sounds: bool = False
    threads: int = 0
    history: bool = True


def preferences_text(preferences: Preferences) -> str:
    """Preferences as they are kept."""
    from mergedesk.runtime import codec

    return codec.to_text(preferences)


def preferences_of_text(text: str) -> Preferences:
    """What ``preferences_text`` wrote; a wish that makes no sense counts as none."""
    from mergedesk.runtime import codec

    try:
        plain = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return Preferences()
    kept = Preferences()
    for name, value in plain.items() if isinstance(plain, dict) else ():
        try:
            one = codec.from_plain({name: value}, Preferences)
        except ValueError:
            continue
        if hasattr(kept, name) and _makes_sense(one):
            kept = replace(kept, **{name: getattr(one, name)})
    return kept


def _makes_sense(wish: Preferences) -> bool:
    """Whether the window itself could have kept these preferences."""
    folder = wish.naming.folder
    return (
        (not wish.language or wish.language in LANGUAGES)
        and (not wish.points or wish.points in POINTS)
        and 0 <= wish.threads <= MOST_THREADS
        and (folder is None or is_absolute(folder))
        and is_pattern(wish.naming.pattern)
    )
