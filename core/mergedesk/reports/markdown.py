"""A report document as Markdown that any viewer shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .document_parts import Document, Section, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def markdown(document: Document) -> str:
    """The whole document, ending in a line break."""
    return "\n".join(_lines(document)) + "\n"


def escaped(text: str) -> str:
    """Text that stays what it is: neither markup nor HTML, nor a link, and no end of a table's cell."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain).replace("://", "&#58;//")


def is_sha256(text: str) -> bool:
    """Whether it is a fingerprint, which is set as code."""
    return bool(_SHA256.fullmatch(text))


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    yield from ("", f"**{escaped(document.verdict)}**")
    if document.classes:
        yield from ("", escaped(document.classes))
    for section in document.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {escaped(section.title)}", "")
    yield from _table(section.table)
    if section.note:
        yield from ("", escaped(section.note))


def _table(table: Table) -> Iterator[str]:
    width = len(table.headers) or 2
    yield _row(table.headers or ("",) * width)
    yield _row(tuple("---:" if column in table.numeric else "---" for column in range(width)))
    for row in table.rows:
        yield _row(tuple(map(_cell, row.cells)))


def _cell(text: str) -> str:
    return f"`{text}`" if is_sha256(text) else escaped(text)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
