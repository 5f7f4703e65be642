"""A card that a person wrote into the folder of an earlier merge, which a new merge there must not take away."""

from __future__ import annotations

from pathlib import Path

from ..checkpoints.files import REPORT, read_json
from ..domain.findings import UserError
from ..storage.bounded_json import read_bounded

CARD = "README.md"
_MAX_BYTES = 1_000_000


def own_card(output: Path) -> Path | None:
    """README.md of a folder that is about to be replaced, unless it is as an earlier merge wrote it.

    That one speaks of the report, and has the size that the report tells.
    """
    card = output / CARD
    return card if card.is_file() and not _is_generated(card) else None


def _is_generated(card: Path) -> bool:
    try:
        if REPORT.encode() not in read_bounded(card, _MAX_BYTES):
            return False
        listed = read_json(card.with_name(REPORT)).get("files")
    except (UserError, OSError):
        return False
    entry = {"name": CARD, "bytes": card.stat().st_size}
    return isinstance(listed, list) and entry in listed
