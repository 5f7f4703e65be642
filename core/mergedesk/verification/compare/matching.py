"""Where the tensors that a merge should have are found in a merged folder, which may name and store them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...checkpoints.checkpoint import Checkpoint
from ...planning.fused_placement import Block
from ...planning.keymap import map_keys
from ...planning.plan import PlannedTensor
from ...runtime.transformers_class import find_class
from ...storage.safetensors_header import TensorRecord

# What wrappers that were saved with the model put before every name.
_WRAPPERS = ("base_model.model.", "_orig_mod.", "module.")
_ADAPTER_MARKS = (".lora_", ".base_layer.", ".modules_to_save.", ".original_module.", "lora_magnitude_vector")

# Tables that a class works out for itself: checkpoints of older transformers hold them, those of newer ones do not.
# GPT-2, GPT-J and GPT-Neo keep causal masks under a name that elsewhere is a bias: their masks have four dimensions.
_TABLES = re.compile(r"(^|\.)(rotary_emb\.(inv_freq|cos_cached|sin_cached)|position_ids)$")
_MASK = re.compile(r"(^|\.)(attn|attention)\.bias$")
_MASKED_VALUE = re.compile(r"(^|\.)(attn|attention)\.masked_bias$")

# A stored tensor, and what it holds of a planned one.
Part = tuple[TensorRecord, Block]


@dataclass(frozen=True, slots=True)
class Matching:
    """``whole``: merged tensors by planned name; ``parts`` where one is stored in parts, or as a part of another.

    ``missing`` and ``extra`` are names that have no counterpart, but for those of tables that every class works out for
    itself; ``adapter_left`` are extra ones that are an adapter's.
    """

    whole: Mapping[str, TensorRecord]
    parts: Mapping[str, tuple[Part, ...]]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    adapter_left: tuple[str, ...]


def unwrapped(merged: Checkpoint) -> Checkpoint:
    """The same without a wrapper's prefix before every name."""
    inner = dict(merged.tensors)
    while prefix := next((wrap for wrap in _WRAPPERS if inner and all(name.startswith(wrap) for name in inner)), None):
        inner = {name.removeprefix(prefix): record for name, record in inner.items()}
    return replace(merged, tensors=inner)


def match(planned: Sequence[PlannedTensor], merged: Checkpoint) -> Matching:
    """Find every planned tensor by its name, by another prefix, or by transformers' conversion rules."""
    names = [tensor.name for tensor in planned]
    plain = {name: record for name, record in merged.tensors.items() if isinstance(record, TensorRecord)}
    keys = map_keys(names, plain, {**merged.config, "tie_word_embeddings": False})
    whole = {name: plain[stored] for name, stored in keys.matched.items()}
    parts = {
        name: tuple((plain[block.tensor], block) for block in placement.blocks)
        for name, placement in keys.placed.items()
        if not any(block.transposed for block in placement.blocks)
    }
    used = {record.name for record in whole.values()} | {record.name for some in parts.values() for record, _ in some}
    used |= {name for name, record in plain.items() if record.name in used}
    unused = ((name, record) for name, record in merged.tensors.items() if name not in used)
    left = [name for name, record in unused if not is_worked_out(name, record.shape)]
    lacking = [tensor for tensor in planned if tensor.name not in whole and tensor.name not in parts]
    marked = tuple(name for name in left if any(mark in f".{name}" for mark in _ADAPTER_MARKS))
    return Matching(
        whole,
        parts,
        tuple(tensor.name for tensor in lacking if not is_worked_out(tensor.name, tensor.shape)),
        tuple(name for name in left if name not in marked),
        marked,
    )


def is_worked_out(name: str, shape: tuple[int, ...]) -> bool:
    """Whether a tensor is a table or a mask that every class works out anew when it loads."""
    if _MASK.search(name):
        return len(shape) == 4
    if _MASKED_VALUE.search(name):
        return shape in ((), (1,))
    return _TABLES.search(name) is not None


def ignored_tensors(names: Iterable[str], config: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of ``names`` that the transformers class says it leaves out when it loads, as it does with MTP heads."""
    patterns = getattr(find_class(config), "_keys_to_ignore_on_load_unexpected", None)
    listed = patterns if isinstance(patterns, (list, tuple, set)) else ()
    stated = [pattern for pattern in listed if isinstance(pattern, str)]
    return tuple(name for name in names if any(re.search(pattern, name) for pattern in stated))
