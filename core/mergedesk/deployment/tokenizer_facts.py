"""What tokenizer files say without being loaded: special tokens, their ids, the kind of model, the chat template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..checkpoints.files import read_or_empty
from ..checkpoints.tokenizer_files import (
    CHAT_TEMPLATE,
    MAX_TEMPLATE,
    TOKENIZER,
    TOKENIZER_CONFIG,
    added_tokens,
    token_ids,
    tokenizer_bytes,
    tokenizer_length,
)
from ..domain.findings import UserError
from ..storage.bounded_json import read_bounded

SENTENCEPIECE = "tokenizer.model"
_FILES = (TOKENIZER, SENTENCEPIECE, "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt", "tekken.json")
_PROCESSOR_TEMPLATE = "chat_template.json"
_DIGITS = 10
_KIND = re.compile(rb'"model"\s*:\s*\{\s*"type"\s*:\s*"(\w+)"')
_FALLBACK = re.compile(rb'"byte_fallback"\s*:\s*true')


@dataclass(frozen=True, slots=True)
class Template:
    """The chat template; ``inside``: tokenizer_config.json has one."""

    text: str | None = None
    inside: bool = False
    twice: bool = False
    """Both are there, and say different things."""


@dataclass(frozen=True, slots=True)
class TokenizerFiles:
    """``length`` is one more than the highest id; ``kind`` the model's name in tokenizer.json, e.g. ``BPE``."""

    files: tuple[str, ...] = ()
    length: int | None = None
    kind: str = ""
    byte_fallback: bool = False
    special: Mapping[str, str] = field(default_factory=dict)
    """``bos_token`` and the like, with their texts."""
    ids: Mapping[str, int] = field(default_factory=dict)
    """Added tokens with their ids."""
    template: Template = Template()
    class_name: str = ""
    """What tokenizer_config.json calls the class that loads it."""

    @property
    def from_sentencepiece(self) -> bool:
        """Whether tokenizer.json was made from a SentencePiece model, which falls back to bytes, or is of unigrams."""
        return self.kind == "Unigram" or (self.kind == "BPE" and self.byte_fallback)

    @property
    def has_sentencepiece(self) -> bool:
        """Whether the model itself is there too."""
        return any(name.endswith(".model") for name in self.files)

    @property
    def end_id(self) -> int | None:
        """The id of the token that ends a text; None where the files do not say."""
        return self.ids.get(self.special.get("eos_token", ""))


def read_tokenizer(folder: Path) -> TokenizerFiles:
    """What the folder's tokenizer files say; broken files say nothing."""
    config = read_or_empty(folder / TOKENIZER_CONFIG)
    content = tokenizer_bytes(folder)
    special, ids = dict(_special(config)), _ids(content, config)
    for text in special.values():
        if text not in ids and (number := _id_in_vocabulary(content, text)) is not None:
            ids[text] = number
    kind = _KIND.search(content)
    return TokenizerFiles(
        files=tuple(name for name in _FILES if (folder / name).is_file()),
        length=tokenizer_length(folder),
        kind=kind[1].decode() if kind else "",
        byte_fallback=_FALLBACK.search(content) is not None,
        special=special,
        ids=ids,
        template=_template(folder, config),
        class_name=str(config.get("tokenizer_class") or ""),
    )


def _special(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in config.items():
        text = value.get("content") if isinstance(value, dict) else value
        if name.endswith("_token") and isinstance(text, str) and text:
            yield name, text


def _ids(content: bytes, config: Mapping[str, Any]) -> dict[str, int]:
    """Added tokens with their ids, as tokenizer.json lists them, and as tokenizer_config.json does."""
    decoder = config.get("added_tokens_decoder")
    stated = [(token.get("id"), token) for token in added_tokens(content)]
    stated += [(_number(key), token) for key, token in decoder.items()] if isinstance(decoder, dict) else []
    texts = ((token.get("content"), number) for number, token in stated if isinstance(token, dict))
    known = ((text, number) for text, stated in texts if isinstance(text, str) for number in token_ids([stated]))
    return {text: number for text, number in known if text}


def _number(key: str) -> int | None:
    return int(key) if len(key) < _DIGITS and key.isdecimal() else None


def _id_in_vocabulary(content: bytes, token: str) -> int | None:
    forms = {json.dumps(token), json.dumps(token, ensure_ascii=False)}
    patterns = (re.escape(form.encode("utf-8", "replace")) + rb"\s*:\s*(\d{1,9})" for form in forms)
    return next((int(entry[1]) for pattern in patterns if (entry := re.search(pattern, content))), None)


def _template(folder: Path, config: Mapping[str, Any]) -> Template:
    inner = _default(config.get("chat_template"))
    own = _file_template(folder)
    twice = inner is not None and own is not None and inner.strip() != own.strip()
    return Template(own if own is not None else inner, inner is not None, twice)


def _file_template(folder: Path) -> str | None:
    """transformers reads the separate file first."""
    try:
        if (folder / CHAT_TEMPLATE).is_file():
            return read_bounded(folder / CHAT_TEMPLATE, MAX_TEMPLATE).decode("utf-8")
    except (OSError, UserError, ValueError):
        return None
    return _default(read_or_empty(folder / _PROCESSOR_TEMPLATE).get("chat_template"))


def _default(stated: object) -> str | None:
    """A template, or of several the one that is called default."""
    if isinstance(stated, list):
        named = {entry.get("name"): entry.get("template") for entry in stated if isinstance(entry, dict)}
        stated = named.get("default")
    return stated if isinstance(stated, str) and len(stated) <= MAX_TEMPLATE else None
