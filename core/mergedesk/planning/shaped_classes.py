"""Whether a base holds all weights of a class whose table gives each shape as an expression over its config."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..checkpoints.checkpoint import Checkpoint

COUNTED = re.compile(r"^(?P<before>(?:[^.\d][^.]*\.)+?)(?P<number>\d+)(?P<after>\..+)$")
_LABELS, _HEAD_DIM = "num_labels", "head_dim"
_EXPERT = "#"


def holds_all(base: Checkpoint, known: Mapping[str, Any]) -> bool:
    """Whether every weight is stored in its shape, under the class's names or without its prefix, as bare models are.

    False says nothing: so it is also where the config says something that the table does not tell of.
    """
    if any(base.config.get(name, value) != value for name, value in known["same"].items()):
        return False
    sizes = known_sizes(_stated(base.config, known), _labels(base.config))
    counts = (stack[key] for stack in known["stacks"] for key in ("count", "within") if stack[key])
    if not sizes.keys() >= set(known["sizes"]) or any(not 0 < sizes[name] <= len(base.tensors) for name in counts):
        return False
    return any(
        all(
            (name := weight.removeprefix(prefix)) in base.tensors and base.tensors[name].shape == shape
            for weight, shape in weights(known, sizes)
        )
        for prefix in ("", f"{known['prefix']}.")
    )


def known_sizes(stated: Mapping[str, Any], labels: int) -> dict[str, int]:
    """The sizes that expressions speak of; those that are not stated as a whole number are left out."""
    sizes = {name: size for name, size in stated.items() if type(size) is int and size > 0}
    if sizes.get("image_size") and sizes.get("patch_size"):
        sizes["patches"] = (sizes["image_size"] // sizes["patch_size"]) ** 2
    return {**sizes, _LABELS: sizes.get(_LABELS, labels)}


def evaluate(text: str, sizes: Mapping[str, int]) -> int:
    """The value of products and sums of sizes and numbers, ``2 * hidden_size + 1``."""
    products = (product.split(" * ") for product in text.split(" + "))
    return sum(math.prod(int(word) if word.isdigit() else sizes[word] for word in words) for words in products)


def _stated(config: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    stated = {name: config.get(name) for name in known["sizes"]}
    if known["shares_heads"] and stated.get(_HEAD_DIM, 0) is None:
        hidden, heads = config.get("hidden_size"), config.get("num_attention_heads")
        if type(hidden) is int and type(heads) is int and heads > 0:
            stated[_HEAD_DIM] = hidden // heads
    return stated


def _labels(config: Mapping[str, Any]) -> int:
    labels = config.get("id2label")
    return len(labels) if isinstance(labels, Mapping) and labels else 2


def weights(known: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each weight's name and shape."""
    for name, shape in _names(known, sizes):
        yield name, tuple(evaluate(text, sizes) for text in shape)


def _names(known: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[tuple[str, Sequence[str]]]:
    yield from known["outer"].items()
    for stack in known["stacks"]:
        experts = range(sizes[stack["within"]]) if stack["within"] else range(1)
        for number in range(sizes[stack["count"]]):
            for name, shape in stack["inner"].items():
                for expert in experts if _EXPERT in name else range(1):
                    yield f"{stack['before']}{number}{name.replace(_EXPERT, str(expert))}", shape
