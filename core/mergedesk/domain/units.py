"""Numbers as people read and write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What rounds up to a thousand is shown in the next unit.
_NEXT_UNIT = 0.9995
_WIDE = 1.7
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(k|m|g|t)?(i)?b?\s*$", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def human_bytes(count: int) -> str:
    """A byte count in decimal units, three significant digits: ``2.47 GB``."""
    return _in_units(count, ("kB", "MB", "GB", "TB")) or f"{count} bytes"


def parse_size(text: str) -> int:
    """``5GB``, ``500MB``, ``2GiB`` or bytes. Raises ValueError with a sentence for people."""
    match = _SIZE.match(text)
    size = 0
    if match:
        step = 1024 if match[3] else 1000
        size = int(float(match[1]) * step ** _POWERS[(match[2] or "").lower()])
    if size <= 0:
        raise ValueError(f"“{text}” is not a size; write it like 5GB, 500MB or 2GiB.")
    return size


def human_count(count: int) -> str:
    """A count with thin grouping: ``1 235 814`` written with narrow spaces."""
    return f"{count:,}".replace(",", "\u202f")


def human_parameters(count: int) -> str:
    """A parameter count as the field writes it: ``1.24 B``, ``135 M``."""
    return _in_units(count, ("K", "M", "B", "T")) or str(count)


def _in_units(count: int, thousands: Sequence[str]) -> str:
    """In the largest unit that it comes to, each a thousand times the one before; empty below the first."""
    for power in range(len(thousands), 0, -1):
        if (value := count / 1000**power) >= _NEXT_UNIT:
            decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return f"{value:.{decimals}f} {thousands[power - 1]}"
    return ""


def is_wide(between: tuple[float, float]) -> bool:
    """Whether the ends of a range are so far apart that a number in its middle would tell too little."""
    return between[1] > _WIDE * between[0]


def human_seconds(seconds: float) -> str:
    """A duration: ``0.8 s``, ``42 s``, ``3 min 05 s``, ``1 h 02 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
