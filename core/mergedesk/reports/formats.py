"""A report's JSON object, from a merged folder and into each of the forms it is kept in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..checkpoints.files import REPORT, read_json
from ..domain.findings import Code, UserError
from ..domain.json_objects import json_text
from .document import report_document
from .document_parts import Document, html_page, markdown


class ReportFormat(StrEnum):
    """What a report is written as; each value is also the file's ending."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def format_of(file: Path) -> ReportFormat:
    """What a file's ending says: Markdown, a web page, or else JSON."""
    ending = file.suffix.lower()
    if ending in (".md", ".markdown"):
        return ReportFormat.MARKDOWN
    return ReportFormat.HTML if ending in (".html", ".htm") else ReportFormat.JSON


def write_as(document: Callable[[ReportFormat], str], file: Path) -> None:
    """Write a document as what the file's ending says.

    Raises:
        OSError: if the file cannot be written.
    """
    file.write_text(document(format_of(file)), encoding="utf-8", newline="\n")


def read_report(folder: Path) -> dict[str, Any]:
    """The report that lies in a merged folder.

    Raises UserError(report_missing, json_broken or folder_unreadable).
    """
    file = folder / REPORT
    if not file.is_file():
        raise UserError(Code.REPORT_MISSING, folder=str(folder))
    return read_json(file)


def report_as(report: Mapping[str, Any], kind: ReportFormat) -> str:
    """The report in one of its forms, ending in a line break."""
    return json_text(report, indent=2) + "\n" if kind is ReportFormat.JSON else written(report_document(report), kind)


def written(document: Document, kind: ReportFormat) -> str:
    """A document as a web page, or else as Markdown."""
    return html_page(document) if kind is ReportFormat.HTML else markdown(document)
