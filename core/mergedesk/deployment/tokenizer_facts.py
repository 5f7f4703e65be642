"""What tokenizer files say without being loaded: special tokens, their ids, the kind of model, the chat template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..checkpoints.files import read_json
from ..checkpoints.tokenizer_files import CHAT_TEMPLATE, TOKENIZER, TOKENIZER_CONFIG, tokenizer_length
from ..domain.errors import UserError

SENTENCEPIECE = "tokenizer.model"
_FILES = (TOKENIZER, SENTENCEPIECE, "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt", "tekken.json")
_PROCESSOR_TEMPLATE = "chat_template.json"
_MAX_TEMPLATE = 1_000_000
_ADDED = re.compile(rb'"added_tokens"\s*:\s*(?=\[)')
_ADDED_BYTES = 8_000_000
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

    @property
    def end_id(self) -> int | None:
        """The id of the token that ends a text; None where the files do not say."""
        return self.ids.get(self.special.get("eos_token", ""))


def read_tokenizer(folder: Path) -> TokenizerFiles:
    """What the folder's tokenizer files say; broken files say nothing."""
    config = read_or_empty(folder / TOKENIZER_CONFIG)
    content = _bytes(folder / TOKENIZER)
    special = dict(_special(config))
    ids = {**_added(content), **_decoder(config)}
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
    )


def read_or_empty(file: Path) -> dict[str, Any]:
    """A JSON object, empty where there is none to read."""
    try:
        return read_json(file)
    except UserError:
        return {}


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _special(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in config.items():
        text = value.get("content") if isinstance(value, dict) else value
        if name.endswith("_token") and isinstance(text, str) and text:
            yield name, text


def _added(content: bytes) -> dict[str, int]:
    place = _ADDED.search(content)
    if place is None:
        return {}
    text = content[place.end() : place.end() + _ADDED_BYTES].decode("utf-8", "replace")
    try:
        listed, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return {text: number for one in listed if isinstance(one, dict) for text, number in _pair(one, one.get("id"))}


def _decoder(config: Mapping[str, Any]) -> dict[str, int]:
    stated = config.get("added_tokens_decoder")
    if not isinstance(stated, dict):
        return {}
    return {text: number for key, one in stated.items() if isinstance(one, dict) for text, number in _pair(one, key)}


def _pair(token: Mapping[str, Any], number: object) -> Iterator[tuple[str, int]]:
    text = token.get("content")
    if isinstance(text, str) and text and str(number).isdecimal():
        yield text, int(str(number))


def _id_in_vocabulary(content: bytes, token: str) -> int | None:
    forms = {json.dumps(token), json.dumps(token, ensure_ascii=False)}
    for form in forms:
        found = re.search(re.escape(form.encode("utf-8", "replace")) + rb"\s*:\s*(\d+)", content)
        if found:
            return int(found[1])
    return None


def _template(folder: Path, config: Mapping[str, Any]) -> Template:
    inner = _default(config.get("chat_template"))
    own = _file_template(folder)
    twice = inner is not None and own is not None and inner.strip() != own.strip()
    return Template(own if own is not None else inner, inner is not None, twice)


def _file_template(folder: Path) -> str | None:
    """transformers reads the separate file first."""
    try:
        file = folder / CHAT_TEMPLATE
        if file.is_file() and file.stat().st_size <= _MAX_TEMPLATE:
            return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return _default(read_or_empty(folder / _PROCESSOR_TEMPLATE).get("chat_template"))


def _default(stated: object) -> str | None:
    """A template, or of several the one that is called default."""
    if isinstance(stated, list):
        named = {one.get("name"): one.get("template") for one in stated if isinstance(one, dict)}
        stated = named.get("default")
    return stated if isinstance(stated, str) and len(stated) <= _MAX_TEMPLATE else None
