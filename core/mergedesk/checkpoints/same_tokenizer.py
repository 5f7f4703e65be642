"""Whether two folders hold one tokenizer, which a later transformers has only written down otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..domain.findings import UserError
from ..storage.bounded_json import read_bounded_json
from .files import read_or_empty
from .tokenizer_files import NEW_CLASSES, TOKENIZER, TOKENIZER_CONFIG

# Files that say the same of a tokenizer in one form or another. A chat template is not among them.
FORMS = frozenset({TOKENIZER, TOKENIZER_CONFIG, "special_tokens_map.json", "added_tokens.json"})
_SPECIAL = ("bos_token", "eos_token", "unk_token", "pad_token")
_MOST_BYTES = 36_000_000  # the largest in use; parsed, it takes twenty times as much
# What a trainer sets for its own batches.
_OF_BATCHES = {"truncation": None, "padding": None}


def is_in_older_form(base: Path, adapter: Path) -> bool:
    """Whether the base's files say all that the adapter's do, and under a class that earlier transformers know too."""
    theirs, ours = read_or_empty(adapter / TOKENIZER_CONFIG), read_or_empty(base / TOKENIZER_CONFIG)
    newer = theirs.get("tokenizer_class") in NEW_CLASSES and ours.get("tokenizer_class") not in (None, *NEW_CLASSES)
    special = all(_text(theirs[name]) == _text(ours.get(name)) for name in _SPECIAL if name in theirs)
    return newer and special and (tokens := _tokens(base)) is not None and tokens == _tokens(adapter)


def _text(token: object) -> object:
    return token.get("content") if isinstance(token, dict) else token


def _tokens(folder: Path) -> dict[str, Any] | None:
    """tokenizer.json as it makes ids; None where it cannot be read."""
    try:
        content = read_bounded_json(folder / TOKENIZER, _MOST_BYTES)
    except UserError:
        return None
    return {**content, **_OF_BATCHES} if isinstance(content, dict) else None
