"""A sentence together with how it is meant."""

from __future__ import annotations

from dataclasses import dataclass

from .folder_text import Tone


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with the icon and the tone that go with it."""

    sentence: str
    icon: str
    tone: Tone
