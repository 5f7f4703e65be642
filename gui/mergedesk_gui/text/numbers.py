"""Numbers as the window's language writes them."""

from __future__ import annotations

import math

from mergedesk.domain import units
from mergedesk.domain.messages import as_written

from .language import window_language


def written(number: str) -> str:
    """A number with the decimal mark of the window's language; what has none stays as it is."""
    return as_written(number, window_language())


def with_unit(value: float, unit: str) -> str:
    """A value with three digits; a dash for what is none."""
    return written(f"{value:.3g} {unit}".rstrip()) if math.isfinite(value) else "–"


def percent(share: float) -> str:
    """A share of one: ``12.3 %``."""
    return written(f"{100 * share:.1f} %")


def human_bytes(count: int) -> str:
    """A byte count: ``2.47 GB``."""
    return written(units.human_bytes(count))


def human_parameters(count: int) -> str:
    """A parameter count: ``1.24 B``."""
    return written(units.human_parameters(count))


def human_seconds(seconds: float) -> str:
    """A duration: ``0.8 s``, ``3 min 05 s``."""
    return written(units.human_seconds(seconds))
