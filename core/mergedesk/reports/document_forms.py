"""A report document as Markdown that any viewer shows, and as one HTML page.

The page has no script, fetches nothing, is light or dark as the reader has it, and can be printed.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..runtime.templates import render
from .document_parts import Document

_TEMPLATES = Path(__file__).parent / "templates"
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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
