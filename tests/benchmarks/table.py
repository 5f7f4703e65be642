"""What was measured, against what is promised, as one table."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import metadata

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

_WIDTH = 160
_PACKAGES = ("torch", "transformers", "peft", "PySide6-Essentials")


class Unit(Enum):
    """How a value is written: a scale and a text."""

    SECONDS = (1, "{:.3g} s")
    MILLISECONDS = (1e3, "{:.0f} ms")
    MEGABYTES = (1e-6, "{:.0f} MB")
    TIMES = (1, "{:.3g} ×")
    SHARE = (100, "{:.0f} %")

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
    """One thing measured several times. ``note`` says why, where nothing could be."""

    what: str
    values: Sequence[float]
    unit: Unit
    target: Target | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """The middle one of the values."""
        return statistics.median(self.values)

    @property
    def reached(self) -> str:
        """The verdict, empty where nothing was promised."""
        return self.target.verdict(self.target.judged(self.values)) if self.target and self.values else ""

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        if not self.values:
            return self.what, "none", "", "0", "", "", ""
        text = self.unit.text
        least = text(self.target.least) if self.target else ""
        aim = text(self.target.aim) if self.target and self.target.aim is not None else ""
        spread = f"{text(min(self.values))} – {text(max(self.values))}"
        return self.what, text(self.median), spread, str(len(self.values)), least, aim, self.reached

    def as_json(self) -> dict[str, object]:
        """The row as data, in seconds, bytes or a plain number."""
        return {
            "what": self.what,
            "unit": self.unit.name.lower(),
            "values": list(self.values),
            "median": self.median if self.values else None,
            "at_least": self.target.least if self.target else None,
            "aim": self.target.aim if self.target else None,
            "reached": self.reached or None,
            "note": self.note,
        }


def ratios(of: Row, to: Row) -> list[float]:
    """Each round's ratio: both were run in turn, so what disturbed one round disturbed both."""
    return [one / other for one, other in zip(of.values, to.values, strict=True)]


def circumstances() -> dict[str, object]:
    """What the numbers depend on, besides the code."""
    return {
        "cores": os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load_at_start": round(os.getloadavg()[0], 2),
        "versions": {name: metadata.version(name) for name in _PACKAGES},
    }


def show(title: str, groups: Sequence[Sequence[Row]], where: Mapping[str, object]) -> None:
    """Print the table; a line parts the groups."""
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left", caption=_caption(where))
    table.add_column("what", no_wrap=True)
    for name in ("median", "min – max", "runs", "at least", "aim"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("reached?", no_wrap=True)
    for rows in groups:
        for row in rows:
            table.add_row(*row.cells(), end_section=row is rows[-1])
    console = Console(width=_WIDTH, highlight=False)
    console.print(table)
    for row in (row for rows in groups for row in rows if row.note):
        console.print(f"{row.what} {row.note}")


def _caption(where: Mapping[str, object]) -> str:
    versions = where["versions"]
    assert isinstance(versions, Mapping)
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    gigabytes = int(str(where["memory_bytes"])) / 1e9
    machine = f"{where['cores']} cores, {gigabytes:.0f} GB, load {where['load_at_start']} at the start; {named}"
    return f"Ratios are taken round by round. Memory, gaps and equality are judged by their worst run.\n{machine}"
