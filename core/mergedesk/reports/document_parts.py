"""A report document: the parts it is made of, and how it is written as Markdown and as one HTML page.

The page has no script, fetches nothing, is light or dark as the reader has it, and can be printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ..runtime.templates import render

_TEMPLATES = Path(__file__).parent / "templates"
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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


def markdown(document: Document) -> str:
    """The whole document, ending in a line break."""
    return render(_TEMPLATES / "document.md.jinja", document=document, escaped=escaped, cell=_cell)


def html_page(document: Document) -> str:
    """The whole page, ending in a line break."""
    return render(_TEMPLATES / "page.html", escape=True, document=document, is_sha256=_is_sha256)


def escaped(text: str) -> str:
    """Text that stays what it is: neither markup nor HTML, nor a link, and no end of a table's cell."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain).replace("://", "&#58;//")


def _is_sha256(text: str) -> bool:
    """Whether it is a fingerprint, which is set as code."""
    return bool(_SHA256.fullmatch(text))


def _cell(text: str) -> str:
    return f"`{text}`" if _is_sha256(text) else escaped(text)
