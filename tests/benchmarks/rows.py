"""One thing measured several times, beside what is promised of it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Unit(Enum):
    """How a value is written: a scale and a text."""

    SECONDS = (1, "{:.3g} s")
    MILLISECONDS = (1e3, "{:.0f} ms")
    MEGABYTES = (1e-6, "{:.0f} MB")
    TIMES = (1, "{:.3g} ×")
    SHARE = (100, "{:.0f} %")
    NUMBER = (1, "{:.0f}")

    def text(self, value: float) -> str:
        """A value in base units (seconds, bytes) as a person reads it."""
        scale, form = self.value
        return str(form.format(value * scale))


@dataclass(frozen=True)
class Target:
    """What must be reached, what should be, which way is better, and whether each run counts or the median."""

    least: float
    aim: float | None = None
    more_is_better: bool = False
    every_run: bool = False

    def judged(self, values: Sequence[float]) -> float:
        """The value that counts: the median, or the worst where every run must get there."""
        if not self.every_run:
            return statistics.median(values)
        return min(values) if self.more_is_better else max(values)

    def verdict(self, value: float) -> str:
        """Whether a value got there."""
        if self.aim is not None and self._meets(value, self.aim):
            return "yes, the aim"
        return "yes" if self._meets(value, self.least) else "NO"

    def _meets(self, value: float, mark: float) -> bool:
        return value >= mark if self.more_is_better else value <= mark


@dataclass(frozen=True)
class Row:
    """One thing measured several times. ``note`` says why, where nothing could be.

    ``key`` is its name for documents that pick rows: the same on a model of any size. Empty: no document does.
    """

    what: str
    values: Sequence[float]
    unit: Unit
    target: Target | None = None
    note: str = ""
    key: str = ""

    @property
    def median(self) -> float:
        """The middle one of the values."""
        return statistics.median(self.values)

    @property
    def reached(self) -> str:
        """The verdict, empty where nothing was promised."""
        return self.target.verdict(self.target.judged(self.values)) if self.target and self.values else ""

    @property
    def spread(self) -> str:
        """The least and the greatest value."""
        return f"{self.unit.text(min(self.values))} – {self.unit.text(max(self.values))}"

    def marks(self) -> tuple[str, str]:
        """What must be reached and what should be; empty where nothing was promised."""
        if self.target is None:
            return "", ""
        text, aim = self.unit.text, self.target.aim
        return text(self.target.least), "" if aim is None else text(aim)

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        if not self.values:
            return self.what, "none", "", "0", "", "", ""
        return self.what, self.unit.text(self.median), self.spread, str(len(self.values)), *self.marks(), self.reached

    def as_json(self) -> dict[str, object]:
        """The row as data, in seconds, bytes or a plain number."""
        return {
            "what": self.what,
            "key": self.key,
            "unit": self.unit.name.lower(),
            "values": list(self.values),
            "median": self.median if self.values else None,
            "at_least": self.target.least if self.target else None,
            "aim": self.target.aim if self.target else None,
            "more_is_better": bool(self.target and self.target.more_is_better),
            "every_run": bool(self.target and self.target.every_run),
            "reached": self.reached or None,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Row:
        """What ``as_json`` gave."""
        least, target = content["at_least"], None
        if least is not None:
            target = Target(least, content["aim"], content["more_is_better"], content["every_run"])
        unit = Unit[content["unit"].upper()]
        return cls(content["what"], content["values"], unit, target, content["note"], content["key"])


def ratios(of: Row, to: Row) -> list[float]:
    """Each round's ratio: both were run in turn, so what disturbed one round disturbed both."""
    return [one / other for one, other in zip(of.values, to.values, strict=True)]
