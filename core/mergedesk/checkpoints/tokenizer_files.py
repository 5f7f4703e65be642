"""Tokenizer facts that need no tokenizer: how many ids there are, and the chat template."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..domain.findings import UserError
from .files import read_json

TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
CHAT_TEMPLATE = "chat_template.jinja"
_PARSED_WHOLE_BYTES = 4_000_000
_ADDED = re.compile(rb'"added_tokens"\s*:\s*(\[.*?\])\s*,\s*"normalizer"', re.DOTALL)
_MERGES = b'"merges"'
_LAST_ID = re.compile(rb":\s*(\d+)\s*\}\s*,\s*$")
_LAST_ID_BYTES = 200


def tokenizer_length(folder: Path) -> int | None:
    """One more than the highest token id; None where the folder has no tokenizer that tells.

    A large file is not parsed whole: its vocabulary is written in the order of the ids, so the last is enough.
    """
    file = folder / TOKENIZER
    try:
        content = file.read_bytes()
    except OSError:
        return None
    quick = _quick_length(content) if len(content) > _PARSED_WHOLE_BYTES else None
    return quick if quick is not None else _exact_length(content)


def _quick_length(content: bytes) -> int | None:
    added, last = _ADDED.search(content), _last_id(content)
    if added is None or last is None:
        return None
    try:
        ids = [int(token["id"]) for token in json.loads(added[1])]
    except (ValueError, KeyError, TypeError):
        return None
    return max([int(last[1]), *ids]) + 1


def _last_id(content: bytes) -> re.Match[bytes] | None:
    """The id of the entry that ends the vocabulary, right before the merges; a token may be called so too."""
    place = content.find(_MERGES)
    while place >= 0:
        if last := _LAST_ID.search(content[max(0, place - _LAST_ID_BYTES) : place]):
            return last
        place = content.find(_MERGES, place + 1)
    return None


def _exact_length(content: bytes) -> int | None:
    try:
        tokenizer: dict[str, Any] = json.loads(content)
        vocabulary = tokenizer["model"]["vocab"]
        ids = [int(token["id"]) for token in tokenizer.get("added_tokens") or ()]
        known = max(vocabulary.values()) if isinstance(vocabulary, dict) else len(vocabulary) - 1
        return max([known, *ids]) + 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def chat_template(folder: Path) -> str | None:
    """The folder's chat template, wherever its age put it."""
    try:
        if (folder / CHAT_TEMPLATE).is_file():
            return (folder / CHAT_TEMPLATE).read_text(encoding="utf-8")
        config = read_json(folder / TOKENIZER_CONFIG) if (folder / TOKENIZER_CONFIG).is_file() else {}
    except (OSError, UserError, ValueError):
        return None
    template = config.get("chat_template")
    return template if isinstance(template, str) else None
