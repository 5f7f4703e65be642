"""Write which weights transformers' models have into the tables that planning reads in its place.

``python tests/tools/export_class_weights.py`` renews class_weights.json and class_shapes.json of
core/mergedesk/planning (a minute: every class is built without weights a few times). Classes whose shapes the tables'
sizes do not express are left out; a test compares the tables with transformers.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import transformers
from shaped_classes import shaped_text
from transformers import AutoConfig, AutoModelForCausalLM, PretrainedConfig

from mergedesk.planning.known_classes import SHAPED, TABLE, sizes_of

TYPES = (
    "arcee", "cohere", "cohere2", "ernie4_5", "exaone4", "gemma", "gemma2", "gemma3_text", "glm", "glm4", "granite",
    "helium", "hunyuan_v1_dense", "llama", "ministral", "mistral", "nemotron", "olmo", "olmo2", "olmo3", "phi3",
    "qwen2", "qwen3", "seed_oss", "smollm3", "stablelm", "starcoder2",
)  # fmt: skip
_LAYER = re.compile(r"^(?P<before>.*\.layers\.)(?P<number>\d+)(?P<after>\..+)$")
_LAYERS = 2
# No two sizes made of these are the same, in either of the two.
_NAMES = ("hidden_size", "intermediate_size", "vocab_size", "num_attention_heads", "num_key_value_heads")
_DRAWN = (dict(zip(_NAMES, (48, 112, 200, 6, 2), strict=True)), dict(zip(_NAMES, (84, 36, 501, 6, 3), strict=True)))
_HEAD_DIM = (10, 22)
_PLAIN = {"num_hidden_layers": _LAYERS, "tie_word_embeddings": False, "pad_token_id": 0}

Shapes = Mapping[str, tuple[int, ...]]


def table() -> dict[str, Any]:
    """Every class that can be told, by its name."""
    known = (_describe(model_type) for model_type in TYPES)
    return {"transformers": transformers.__version__.partition(".")[0], "classes": dict(filter(None, known))}


def _describe(model_type: str) -> tuple[str, dict[str, Any]] | None:
    plain = AutoConfig.for_model(model_type)
    stated = [_stated(plain, number) for number in range(len(_DRAWN))]
    built = [_shapes(model_type, sizes) for sizes in stated]
    told = [_told(shapes, sizes) for shapes, sizes in zip(built, stated, strict=True)]
    if told[0] != told[1] or any(None in names for names in told[0].values()):
        return None
    outer, inner, layers = _sorted(told[0])
    if len(layers) != 1 or len(inner) != _LAYERS or inner[0] != inner[1]:
        return None
    described = {
        "model_type": model_type,
        "layers": layers.pop(),
        "outer": outer,
        "inner": inner[0],
        "flags": _flags(model_type, plain, stated[0], built[0]),
        "tied": bool(plain.tie_word_embeddings),
        "head_dim": _has_head_dim_of_its_own(model_type),
    }
    return _class_name(model_type, stated[0]), described


def _has_head_dim_of_its_own(model_type: str) -> bool:
    """Whether it must be stated, since it is not what the heads share out."""
    config = AutoConfig.for_model(model_type, hidden_size=96, num_attention_heads=4)
    return getattr(config, "head_dim", None) not in (None, 24)


def _stated(plain: PretrainedConfig, number: int) -> dict[str, Any]:
    sizes = dict(_DRAWN[number])
    return {**sizes, "head_dim": _HEAD_DIM[number]} if hasattr(plain, "head_dim") else sizes


def _build(model_type: str, changes: Mapping[str, Any]) -> Any:
    config = AutoConfig.for_model(model_type, **{**_PLAIN, **changes})
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")
        return AutoModelForCausalLM.from_config(config)


def _shapes(model_type: str, changes: Mapping[str, Any]) -> Shapes:
    return {name: tuple(weight.shape) for name, weight in _build(model_type, changes).named_parameters()}


def _class_name(model_type: str, changes: Mapping[str, Any]) -> str:
    return type(_build(model_type, changes)).__name__


def _told(shapes: Shapes, stated: Mapping[str, Any]) -> dict[str, tuple[str | None, ...]]:
    return {name: _named(shape, stated) for name, shape in shapes.items()}


def _named(shape: tuple[int, ...], stated: Mapping[str, Any]) -> tuple[str | None, ...]:
    by_size = {size: name for name, size in sizes_of(stated, needs_head_dim=False).items()}
    return tuple(by_size.get(size) for size in shape)


def _sorted(
    told: Mapping[str, tuple[str | None, ...]],
) -> tuple[dict[str, list[str]], list[dict[str, list[str]]], set[str]]:
    """What lies outside layers, what lies in each, and what the layers' names begin with."""
    outer: dict[str, Any] = {}
    inner: dict[int, dict[str, Any]] = {}
    layers: set[str] = set()
    for name, shape in told.items():
        if match := _LAYER.match(name):
            layers.add(match["before"])
            inner.setdefault(int(match["number"]), {})[match["after"]] = list(shape)
        else:
            outer[name] = list(shape)
    return outer, list(inner.values()), layers


def _flags(model_type: str, plain: PretrainedConfig, changes: Mapping[str, Any], built: Shapes) -> dict[str, bool]:
    """Settings that are true or false, and make other weights if they are not what they are by default."""
    flags = {name: value for name, value in plain.to_dict().items() if isinstance(value, bool)}
    flags = {name: value for name, value in flags.items() if name not in _PLAIN}
    return {name: value for name, value in flags.items() if _changes(model_type, {**changes, name: not value}, built)}


def _changes(model_type: str, changes: Mapping[str, Any], built: Shapes) -> bool:
    try:
        return _shapes(model_type, changes) != built
    except Exception:  # what cannot be built so is not told either
        return True


def write(file: Path = TABLE) -> None:
    """Renew both tables."""
    file.write_text(json.dumps(table(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    SHAPED.write_text(shaped_text(), encoding="utf-8")


if __name__ == "__main__":
    write()
