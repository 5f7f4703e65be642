"""A report document as one HTML page: no script, nothing fetched, light or dark as the reader has it, and printable."""

from __future__ import annotations

from pathlib import Path

from ..runtime.templates import render
from .document_parts import Document
from .markdown import is_sha256

_PAGE = Path(__file__).parent / "templates" / "page.html"


def html_page(document: Document) -> str:
    """The whole page, ending in a line break."""
    return render(_PAGE, escape=True, document=document, is_sha256=is_sha256)
