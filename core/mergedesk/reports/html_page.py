"""A report document as one HTML page: no script, nothing fetched, light or dark as the reader has it, and printable."""

from __future__ import annotations

from pathlib import Path

from .document_parts import Document
from .markdown import is_sha256

_TEMPLATES = Path(__file__).parent / "templates"


def html_page(document: Document) -> str:
    """The whole page, ending in a line break."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.tests["sha256"] = is_sha256
    return pages.get_template("page.html").render(
        title=document.title,
        verdict=document.verdict,
        tone=document.tone,
        classes=document.classes,
        sections=document.sections,
    )
