"""Which weights the models have that most people merge, told without importing their classes.

``class_weights.json`` says it of plain language models by names and sizes of their config, ``class_shapes.json`` of
others by expressions; ``tests/tools/export_class_weights.py`` writes both from the installed transformers. What they do
not tell, only transformers itself does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..runtime.versions import package_versions
from .shaped_classes import holds_all

TABLE = Path(__file__).with_name("class_weights.json")
SHAPED = Path(__file__).with_name("class_shapes.json")
_HEAD = "lm_head.weight"
_SIZES = ("hidden_size", "intermediate_size", "vocab_size", "num_attention_heads", "num_key_value_heads")


def is_plainly_whole(base: Checkpoint) -> bool:
    """Whether the class is one of the tables, and every weight of it is stored in its shape. False says nothing.

    Where the config names no class, any of its ``model_type`` will do.
    """
    if not base.config.get("architectures"):
        return any(_is_of(base, name) for name in (*_classes(), *_shaped()))
    return _is_of(base, base.architecture or "")


def linear_weights_of_table(base: Checkpoint) -> tuple[str, ...] | None:
    """The matrices within layers of a plain language model, all of them linear layers; None where no table tells."""
    known = _classes().get(base.architecture or "")
    if known is None or not _is_of_table(base, base.architecture or ""):
        return None
    inner = {name for name, shape in known["inner"].items() if len(shape) > 1}
    layers = str(known["layers"])
    parts = ((name, name.removeprefix(layers)) for name in base.tensors if name.startswith(layers))
    return tuple(name for name, after in parts if after.lstrip("0123456789") in inner)


def _is_of(base: Checkpoint, name: str) -> bool:
    shaped = _shaped().get(name, ())
    return _is_of_table(base, name) or any(
        one["model_type"] == base.model_type and holds_all(base, one) for one in shaped
    )


def _is_of_table(base: Checkpoint, name: str) -> bool:
    known = _classes().get(name)
    if known is None or known["model_type"] != base.model_type or not _is_as_told(base.config, known["flags"]):
        return False
    sizes, layers = sizes_of(base.config, needs_head_dim=known["head_dim"]), base.config.get("num_hidden_layers")
    if not sizes or type(layers) is not int or not 0 < layers <= len(base.tensors):
        return False
    wanted = _weights(known, layers, is_tied=base.config.get("tie_word_embeddings", known["tied"]) is True)
    return all(
        name in base.tensors and base.tensors[name].shape == tuple(sizes[size] for size in shape)
        for name, shape in wanted
    )


def sizes_of(config: Mapping[str, Any], *, needs_head_dim: bool) -> dict[str, int]:
    """The sizes that shapes are made of, by the names that the table has for them; empty where one is not stated."""
    stated = [size for name in _SIZES if type(size := config.get(name)) is int and size > 0]
    head = config.get("head_dim")
    if len(stated) < len(_SIZES) or (needs_head_dim if head is None else type(head) is not int):
        return {}
    hidden, inner, vocabulary, heads, key_heads = stated
    head = hidden // heads if head is None else head
    return {
        "vocab_size": vocabulary,
        "2 * intermediate_size": 2 * inner,
        "(num_attention_heads + 2 * num_key_value_heads) * head_dim": (heads + 2 * key_heads) * head,
        "num_key_value_heads * head_dim": key_heads * head,
        "head_dim": head,
        "num_attention_heads * head_dim": heads * head,
        "intermediate_size": inner,
        "hidden_size": hidden,
    }


def _is_as_told(config: Mapping[str, Any], flags: Mapping[str, bool]) -> bool:
    return all(config.get(name, value) is value for name, value in flags.items())


def _weights(known: Mapping[str, Any], layers: int, *, is_tied: bool) -> Iterator[tuple[str, Sequence[str]]]:
    yield from ((name, shape) for name, shape in known["outer"].items() if not (is_tied and name == _HEAD))
    for number in range(layers):
        yield from ((f"{known['layers']}{number}{name}", shape) for name, shape in known["inner"].items())


@cache
def _classes() -> Mapping[str, Mapping[str, Any]]:
    """By class name; none where another transformers is installed than the one that the table is of."""
    table: Mapping[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    installed = package_versions().get("transformers", "").partition(".")[0]
    return table["classes"] if installed == table["transformers"] else {}


@cache
def _shaped() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    table: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(SHAPED.read_text(encoding="utf-8"))
    return table if _classes() else {}
