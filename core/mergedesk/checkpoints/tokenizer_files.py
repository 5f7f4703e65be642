"""Tokenizer facts that need no tokenizer: how many ids there are, and the chat template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..domain.findings import UserError
from ..storage.bounded_json import parse_json, read_bounded
from .files import read_json

TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
CHAT_TEMPLATE = "chat_template.jinja"
MAX_TEMPLATE = 1_000_000
_MAX_TOKENIZER = 128_000_000
_FILES = (TOKENIZER, TOKENIZER_CONFIG, "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model")
# What transformers 5 calls tokenizers that have no class of their own; earlier ones know none of these names.
NEW_CLASSES = frozenset({"TokenizersBackend", "SentencePieceBackend", "PythonBackend", "MistralCommonBackend"})
_PARSED_WHOLE_BYTES = 1_000_000  # more would keep all of Python's threads waiting for too long
_PARSED_AT_ALL_BYTES = 36_000_000
_ADDED = re.compile(rb'"added_tokens"\s*:\s*(?=\[)')
_ADDED_BYTES = 8_000_000
_MERGES = b'"merges"'
_MOST_MERGES = 1000
_LAST_ID = re.compile(rb":\s*(\d{1,9})\s*\}\s*,\s*$")
_LAST_ID_BYTES = 200
_MOST_IDS = 1 << 31


def tokenizer_bytes(folder: Path) -> bytes:
    """tokenizer.json as it stands; empty where there is none to read, or none of a size that one has."""
    try:
        return read_bounded(folder / TOKENIZER, _MAX_TOKENIZER)
    except UserError:
        return b""


def has_tokenizer(folder: Path) -> bool:
    """Whether the folder holds any tokenizer file."""
    return any((folder / name).is_file() for name in _FILES)


def broken_tokenizer_files(folder: Path) -> tuple[str, ...]:
    """The names of those of a tokenizer's JSON files that are there and hold no object."""
    return tuple(
        name for name in (TOKENIZER, TOKENIZER_CONFIG) if (folder / name).is_file() and not _is_object(folder, name)
    )


def _is_object(folder: Path, name: str) -> bool:
    try:
        content = parse_json(read_bounded(folder / name, _MAX_TOKENIZER).decode("utf-8-sig"))
    except (UserError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and (name != TOKENIZER or isinstance(content.get("model"), dict))


def tokenizer_length(folder: Path) -> int | None:
    """One more than the highest token id; None where the folder has no tokenizer that tells.

    A large file is not parsed whole: its vocabulary is written in the order of the ids, so the last is enough.
    """
    content = tokenizer_bytes(folder)
    quick = _quick_length(content) if len(content) > _PARSED_WHOLE_BYTES else None
    return quick if quick is not None else _exact_length(content)


def added_tokens(content: bytes) -> list[dict[str, Any]]:
    """The entries of ``added_tokens``, which stand at the beginning, without parsing what follows."""
    place = _ADDED.search(content)
    if place is None:
        return []
    text = content[place.end() : place.end() + _ADDED_BYTES].decode("utf-8", "replace")
    try:
        listed, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return []
    return [entry for entry in listed if isinstance(entry, dict)]


def token_ids(stated: Iterable[object]) -> list[int]:
    """Those that can be ids: whole numbers that are not negative, and no larger than a vocabulary can be."""
    return [number for number in stated if type(number) is int and 0 <= number < _MOST_IDS]


def _quick_length(content: bytes) -> int | None:
    added, last = added_tokens(content), _last_id(content)
    if not added or last is None:
        return None
    return max([int(last[1]), *token_ids(token.get("id") for token in added)]) + 1


def _last_id(content: bytes) -> re.Match[bytes] | None:
    """The id of the entry that ends the vocabulary, right before the merges; a token may be called so too."""
    place = -1
    for _ in range(_MOST_MERGES):
        place = content.find(_MERGES, place + 1)
        if place < 0:
            return None
        if last := _LAST_ID.search(content[max(0, place - _LAST_ID_BYTES) : place]):
            return last
    return None


def _exact_length(content: bytes) -> int | None:
    if len(content) > _PARSED_AT_ALL_BYTES:
        return None
    try:
        tokenizer: dict[str, Any] = parse_json(content.decode("utf-8"))
        vocabulary = tokenizer["model"]["vocab"]
        known = vocabulary.values() if isinstance(vocabulary, dict) else range(len(vocabulary))
        added = [token["id"] for token in tokenizer.get("added_tokens") or ()]
        return max(token_ids([*known, *added]), default=-1) + 1
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def chat_template(folder: Path) -> str | None:
    """The folder's chat template, wherever its age put it."""
    try:
        if (folder / CHAT_TEMPLATE).is_file():
            return read_bounded(folder / CHAT_TEMPLATE, MAX_TEMPLATE).decode("utf-8")
        config = read_json(folder / TOKENIZER_CONFIG) if (folder / TOKENIZER_CONFIG).is_file() else {}
    except (OSError, UserError, ValueError):
        return None
    template = config.get("chat_template")
    return template if isinstance(template, str) else None
