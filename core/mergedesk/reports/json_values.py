"""Values out of a report's JSON object, which may be of another version, or come from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import PureWindowsPath
from typing import Any

from ..domain.units import human_bytes


def text(stated: Mapping[str, Any], key: str) -> str:
    """A text on one line, without what no file can hold; empty where there is none."""
    value = stated.get(key)
    return clean(value) if isinstance(value, str) else ""


def whole(stated: Mapping[str, Any], key: str) -> int:
    """A count that is not negative; 0 where there is none."""
    value = stated.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63 else 0


def number(stated: Mapping[str, Any], key: str) -> str:
    """A number as text; empty where there is none."""
    value = real(stated, key, math.nan)
    return "" if math.isnan(value) else f"{value:g}"


def real(stated: Mapping[str, Any], key: str, default: float = 0.0) -> float:
    """A finite number; ``default`` where there is none."""
    value = stated.get(key)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return default


def size(stated: Mapping[str, Any]) -> str:
    """The object's ``bytes`` for people."""
    return human_bytes(whole(stated, "bytes"))


def mapping(stated: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An inner object; empty where there is none."""
    value = stated.get(key)
    return value if isinstance(value, Mapping) else {}


def objects(stated: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects in a list; whatever else is in it is left out."""
    value = stated.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def scalars(stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values of what is a text or a number."""
    for key in stated:
        value = text(stated, key) or number(stated, key)
        if value:
            yield clean(key), value


def last_part(path: str) -> str:
    """A folder's own name, on whatever system its path was written: where it lay is nobody else's concern."""
    return PureWindowsPath(path.rstrip("/\\")).name


def is_plain(value: object) -> bool:
    """Whether a value is a text, a number, or a list of those, and says anything."""
    if isinstance(value, list):
        return bool(value) and all(is_plain(entry) and not isinstance(entry, list) for entry in value)
    if isinstance(value, int):
        return abs(value) < 1 << 63
    return isinstance(value, float) or (isinstance(value, str) and bool(value))


def clean(value: str) -> str:
    """One line of what every file can hold."""
    whole_text = value.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() or letter == "\u202f" else " " for letter in whole_text)
