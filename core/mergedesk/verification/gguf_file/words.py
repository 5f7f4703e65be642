"""A GGUF file's vocabulary, special tokens and chat template against the folder's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...checkpoints.files import read_or_empty
from ...checkpoints.tokenizer_files import CHAT_TEMPLATE, TOKENIZER_CONFIG, tokenizer_bytes
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from ...storage.bounded_json import parse_json
from ...storage.gguf_header import GgufHeader
from .metadata import Differing
from .put_around import put_by_tokenizer, taken_by_llama_cpp

_TOKENS = "tokenizer.ggml"
_SPECIAL = {"bos": "bos_token_id", "eos": "eos_token_id", "padding": "padding_token_id", "unknown": "unknown_token_id"}
_IN_FOLDER = {"bos": "bos_token", "eos": "eos_token", "padding": "pad_token", "unknown": "unk_token"}
_UNUSED = ("[PAD", "<unused")


@dataclass(frozen=True, slots=True)
class FolderWords:
    """What a folder says of its tokens. ``vocabulary``: by number; ``added``: those beside the model's own.

    ``put_around``: what stands before and after every text, as GGUF files call it, where tokenizer and config agree.
    """

    vocabulary: Mapping[int, str]
    added: frozenset[int]
    merges: Sequence[str] | None
    special: Mapping[str, int]
    template: str | None
    put_around: Mapping[str, bool] = field(default_factory=dict)


def words_of(folder: Path) -> FolderWords | None:
    """None where the folder has no ``tokenizer.json`` that can be read."""
    tokenizer = _tokenizer(folder)
    model = tokenizer.get("model")
    if not isinstance(model, dict):
        return None
    vocabulary = {number: token for token, number in _vocabulary(model)}
    added = {one["id"]: one["content"] for one in tokenizer.get("added_tokens") or () if _is_added(one)}
    config = read_or_empty(folder / TOKENIZER_CONFIG)
    return FolderWords(
        {**vocabulary, **added}, frozenset(added), _merges(model), _special(config, added, vocabulary),
        _template(folder, config), put_by_tokenizer(tokenizer, config),
    )  # fmt: skip


def _tokenizer(folder: Path) -> Mapping[str, Any]:
    try:
        content = parse_json(tokenizer_bytes(folder).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _is_added(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), int) and isinstance(one.get("content"), str)


def _vocabulary(model: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    listed = model.get("vocab")
    if isinstance(listed, dict):
        yield from ((token, number) for token, number in listed.items() if isinstance(number, int))
    elif isinstance(listed, list):  # of a unigram model: pairs of token and score
        yield from ((str(pair[0]), number) for number, pair in enumerate(listed) if isinstance(pair, list) and pair)


def _merges(model: Mapping[str, Any]) -> list[str] | None:
    """As files have them: spaces within a part are written as ``Ġ``."""
    if model.get("type") != "BPE" or not isinstance(model.get("merges"), list):
        return None
    return [
        one if isinstance(one, str) else " ".join(str(part).replace(" ", "Ġ") for part in one)
        for one in model["merges"]
    ]


def _special(config: Mapping[str, Any], added: Mapping[int, str], vocabulary: Mapping[int, str]) -> dict[str, int]:
    numbers = {token: number for number, token in (*vocabulary.items(), *added.items())}
    special = {}
    for name, key in _IN_FOLDER.items():
        stated = config.get(key)
        token = stated.get("content") if isinstance(stated, dict) else stated
        if isinstance(token, str) and token in numbers:
            special[name] = numbers[token]
    return special


def _template(folder: Path, config: Mapping[str, Any]) -> str | None:
    file, stated = folder / CHAT_TEMPLATE, config.get("chat_template")
    if isinstance(stated, str):
        return stated
    if isinstance(stated, list):
        return next((str(one["template"]) for one in stated if one.get("name") == "default"), None)
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else None
    except (OSError, ValueError):
        return None


def word_checks(header: GgufHeader, words: FolderWords | None) -> Iterator[Check]:
    """Vocabulary, special tokens and chat template."""
    if words is None:
        reason = {"reason": SkipReason.NO_TOKENIZER}
        yield Check(CheckCode.GGUF_VOCABULARY, CheckStatus.SKIPPED, reason)
        yield Check(CheckCode.GGUF_SPECIAL_TOKENS, CheckStatus.SKIPPED, reason)
        return
    yield _vocabulary_check(header, words)
    yield _special_check(header, words)
    yield _template_check(header, words)


def _vocabulary_check(header: GgufHeader, words: FolderWords) -> Check:
    stored = header.values.get(f"{_TOKENS}.tokens")
    tokens = stored if isinstance(stored, list) else []
    wrong = [number for number, token in words.vocabulary.items() if not _is_token(tokens, number, token, words)]
    extra = [
        number
        for number, token in enumerate(tokens)
        if number not in words.vocabulary and not str(token).startswith(_UNUSED)
    ]
    merges = header.values.get(f"{_TOKENS}.merges")
    merged = words.merges is None or merges is None or list(merges) == list(words.merges)
    passed = bool(tokens) and not wrong and not extra and merged
    return check_of(CheckCode.GGUF_VOCABULARY, passed, tokens=len(tokens), wrong=len(wrong) + len(extra), merges=merged)


def _is_token(tokens: Sequence[Any], number: int, token: str, words: FolderWords) -> bool:
    """Added tokens are stored as text is decoded to them, which may drop or change spaces."""
    if number >= len(tokens):
        return False
    stored = tokens[number]
    return stored == token or (number in words.added and _bare(str(stored)) == _bare(token))


def _bare(token: str) -> str:
    return token.replace("▁", " ").replace("Ġ", " ").strip()


def _special_check(header: GgufHeader, words: FolderWords) -> Check:
    stored = {name: header.values.get(f"{_TOKENS}.{key}") for name, key in _SPECIAL.items()}
    wrong = [
        str(Differing(name, stored[name], number)) for name, number in words.special.items()
        if stored[name] is not None and stored[name] != number
    ]  # fmt: skip
    missing = [name for name in ("bos", "eos") if name in words.special and stored[name] is None]
    wrong += [str(Differing(name, None, words.special[name])) for name in missing]
    taken = taken_by_llama_cpp(header.values)
    wrong += [
        str(Differing(key, taken[key], put)) for key, put in words.put_around.items() if taken.get(key) == (not put)
    ]
    return check_of(CheckCode.GGUF_SPECIAL_TOKENS, not wrong, differences=wrong, eos=stored["eos"])


def _template_check(header: GgufHeader, words: FolderWords) -> Check:
    stored = header.values.get("tokenizer.chat_template")
    if stored is None and words.template is None:
        return Check(CheckCode.GGUF_TEMPLATE, CheckStatus.SKIPPED, {"reason": SkipReason.NO_TEMPLATE})
    state = "missing" if stored is None else "added" if words.template is None else "changed"
    return check_of(CheckCode.GGUF_TEMPLATE, stored == words.template, state=state)
