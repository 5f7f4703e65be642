"""A report document as one HTML page: no script, nothing fetched, light or dark as the reader has it, and printable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from .document_parts import CellTone, Document, Row, Section, Table

_SHA256 = re.compile(r"[0-9a-f]{64}")
# Whatever a name in the report says, the page may run and load nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --text: #1d2129; --quiet: #5a6372; --line: #d8dce3;
  --good: #1a7f37; --remark: #8a5a00; --bad: #b42318; --band: #f4f6f9; }
@media (prefers-color-scheme: dark) { :root { --page: #16191f; --text: #e6e9ef; --quiet: #a3adbd; --line: #343b47;
  --good: #58c27a; --remark: #e0b04c; --bad: #ff8b80; --band: #1f242d; } }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; break-after: avoid; }
.verdict { font-size: 1.1rem; font-weight: 600; margin: 0; }
.classes { font-family: ui-monospace, Consolas, monospace; margin: .5rem 0 0; overflow-wrap: anywhere; }
.note { color: var(--quiet); max-width: 46rem; }
.good { color: var(--good); } .remark { color: var(--remark); } .bad { color: var(--bad); }
.wide { overflow-x: auto; } figure { margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; min-width: 4.5rem; }
thead th, tbody th { font-weight: 600; color: var(--quiet); } tbody th { width: 14rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .85em ui-monospace, Consolas, monospace; word-break: break-all; }
tr { break-inside: avoid; }
@media print { :root { color-scheme: light; --page: #fff; --text: #000; --quiet: #444; --line: #bbb; --good: #0a5c22;
  --remark: #6b4500; --bad: #8f1a10; } body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; } }
"""


def html_page(document: Document) -> str:
    """The whole page, ending in a line break."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(document.title)}</title>"
    yield f"<style>{_STYLE}</style></head>"
    yield "<body><main>"
    yield f"<h1>{escape(document.title)}</h1>"
    yield f'<p class="verdict {document.tone}">{escape(document.verdict)}</p>'
    if document.classes:
        yield f'<p class="classes">{escape(document.classes)}</p>'
    for section in document.sections:
        yield from _section(section)
    yield "</main></body>"
    yield "</html>"


def _section(section: Section) -> Iterator[str]:
    yield f"<section><h2>{escape(section.title)}</h2>"
    if section.figure:
        yield f'<figure class="wide">{section.figure}</figure>'
    yield '<div class="wide"><table>'
    if section.table.headers:
        cells = (_cell("th", text, section.table, column) for column, text in enumerate(section.table.headers))
        yield f"<thead><tr>{''.join(cells)}</tr></thead>"
    yield "<tbody>"
    for row in section.table.rows:
        yield f"<tr>{_row(row, section.table)}</tr>"
    yield "</tbody></table></div>"
    if section.note:
        yield f'<p class="note">{escape(section.note)}</p>'
    yield "</section>"


def _row(row: Row, table: Table) -> str:
    if not table.headers:
        name, value = row.cells
        return f'<th scope="row">{escape(name)}</th><td>{escape(value)}</td>'
    first, *others = row.cells
    cells = (_cell("td", text, table, column) for column, text in enumerate(others, 1))
    tone = "" if row.tone is CellTone.PLAIN else f' class="{row.tone}"'
    return f"<td{tone}>{escape(first)}</td>{''.join(cells)}"


def _cell(tag: str, text: str, table: Table, column: int) -> str:
    content = f"<code>{text}</code>" if _SHA256.fullmatch(text) else escape(text)
    scope = ' scope="col"' if tag == "th" else ""
    number = ' class="number"' if column in table.numeric else ""
    return f"<{tag}{scope}{number}>{content}</{tag}>"
