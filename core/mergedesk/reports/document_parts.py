"""The parts that a document is made of, before it is written as anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CellTone(StrEnum):
    """How a verdict, or a row of a table, is to be taken."""

    GOOD = "good"
    REMARK = "remark"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``tone`` is that of its first cell."""

    cells: tuple[str, ...]
    tone: CellTone = CellTone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """``headers`` are empty where a row is a name and its value. ``numeric`` columns are set to the right."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a table under it, and a note under that where something needs saying.

    ``figure`` is an SVG element, its texts escaped already, for forms that can show one.
    """

    title: str
    table: Table
    note: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. ``classes`` is the class before and after, empty where it is not known."""

    title: str
    verdict: str
    tone: CellTone
    classes: str
    sections: tuple[Section, ...]
