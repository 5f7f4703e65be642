"""Small files in the user's folder for state. They are a help only: trouble with one stops nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from platformdirs import user_state_path

from .codec import from_text, to_text

T = TypeVar("T")


def read_state(name: str, kind: type[T], most: int) -> T | None:
    """What was written last; None where nothing was, or nothing that can be read. ``most`` bytes are looked at."""
    with suppress(OSError, ValueError), _file(name).open("rb") as stream:
        return from_text(stream.read(most), kind)
    return None


def write_state(name: str, content: object) -> None:
    """Write it whole, or not at all."""
    file = _file(name)
    with suppress(OSError, ValueError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_text(to_text(content), encoding="utf-8")
        fresh.replace(file)


def _file(name: str) -> Path:
    return user_state_path("mergedesk", appauthor=False) / name
