"""What is put around every text, by a folder's tokenizer and by llama.cpp: a token before, one after, a space in front.

What a GGUF file does not state llama.cpp takes by the kind of its vocabulary (``llama-vocab.cpp``); a test asks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

BEGIN, END, SPACE = "add_bos_token", "add_eos_token", "add_space_prefix"
_OF_KIND: Mapping[str, Mapping[str, bool]] = {
    "llama": {BEGIN: True, END: False, SPACE: True},
    "t5": {BEGIN: False, END: True},
    "gpt2": {BEGIN: False, END: False},
    "rwkv": {BEGIN: False, END: False},
    "plamo2": {BEGIN: False, END: False},
    "gemma4": {BEGIN: True, END: False},
}
# Vocabularies of bytes whose way of cutting text brings a first token with it.
_WITH_BEGIN = frozenset({
    "chameleon", "falcon-h1", "falcon3", "gemma4", "jina-v5-nano", "lfm2", "llama-bpe", "llama-v3", "llama3",
    "midm-2.0", "pixtral", "tekken",
})  # fmt: skip
_SPACE_MARK = "▁"
_PUTS_NOTHING = frozenset({"ByteLevel"})


def taken_by_llama_cpp(values: Mapping[str, Any]) -> Mapping[str, bool]:
    """By a file's metadata: what it states, else what llama.cpp takes; nothing of vocabularies that are not known."""
    kind, way = values.get("tokenizer.ggml.model"), values.get("tokenizer.ggml.pre")
    taken = dict(_OF_KIND.get(kind, {})) if isinstance(kind, str) else {}
    if kind == "gpt2" and way in _WITH_BEGIN:
        taken[BEGIN] = True
    stated = {key: values.get(f"tokenizer.ggml.{key}") for key in (BEGIN, END, *([SPACE] if SPACE in taken else []))}
    return taken | {key: value for key, value in stated.items() if isinstance(value, bool)}


def put_by_tokenizer(tokenizer: Mapping[str, Any], config: Mapping[str, Any]) -> Mapping[str, bool]:
    """By ``tokenizer.json``, which alone decides in transformers; what the config says otherwise is left open."""
    put = {SPACE: space} if (space := _space(tokenizer)) is not None else {}
    ends = _ends(tokenizer.get("post_processor"))
    for key, name, at in ((BEGIN, "bos_token", 0), (END, "eos_token", 1)):
        if ends is not None and ends[at] in (None, _text(config.get(name))):
            put[key] = ends[at] is not None
    said = {BEGIN: BEGIN, END: END, SPACE: "add_prefix_space"}
    return {key: value for key, value in put.items() if config.get(said[key]) in (None, value)}


def _text(stated: Any) -> Any:
    return stated.get("content") if isinstance(stated, Mapping) else stated


def _ends(processor: Any) -> tuple[Any, Any] | None:
    """The special tokens before and after a text, None each where there is none; None where that is not known."""
    if processor is None:
        return None, None
    kind = processor.get("type") if isinstance(processor, Mapping) else None
    if kind == "TemplateProcessing":
        return _of_template(processor.get("single"))
    if kind in ("BertProcessing", "RobertaProcessing"):
        return processor["cls"][0], processor["sep"][0]
    if kind == "Sequence":
        return _of_several(processor.get("processors") or ())
    return (None, None) if kind in _PUTS_NOTHING else None


def _of_template(pieces: Any) -> tuple[Any, Any] | None:
    if not isinstance(pieces, list) or not pieces or not all(isinstance(piece, dict) for piece in pieces):
        return None
    first, last = (piece.get("SpecialToken") for piece in (pieces[0], pieces[-1]))
    return first and first.get("id"), last and last.get("id")


def _of_several(processors: Any) -> tuple[Any, Any] | None:
    """What a later one puts stands around what earlier ones did."""
    first = last = None
    for one in processors:
        ends = _ends(one)
        if ends is None:
            return None
        first, last = ends[0] or first, ends[1] or last
    return first, last


def _space(tokenizer: Mapping[str, Any]) -> bool | None:
    """Whether a mark of a space is put before a text; None where spaces have no such mark."""
    parts = [*_parts(tokenizer.get("normalizer"), "normalizers")]
    cutters = [one for one in _parts(tokenizer.get("pre_tokenizer"), "pretokenizers") if one.get("type") == "Metaspace"]
    if any(one.get("type") == "Prepend" and one.get("prepend") == _SPACE_MARK for one in parts):
        return True
    if cutters:
        scheme = cutters[0].get("prepend_scheme")
        return bool(cutters[0].get("add_prefix_space", True)) if scheme is None else scheme != "never"
    return False if any(one.get("content") == _SPACE_MARK for one in parts) else None


def _parts(step: Any, within: str) -> Iterator[Mapping[str, Any]]:
    if not isinstance(step, Mapping):
        return
    if step.get("type") == "Sequence":
        for one in step.get(within) or ():
            yield from _parts(one, within)
    else:
        yield step
