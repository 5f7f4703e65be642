"""PEFT merges the whole model in memory: for adapters on parameters that the checkpoint stores in another form.

``merge_and_unload`` RETURNS the merged model; transformers' own conversion gives its tensors the checkpoint's names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch

from ...checkpoints.checkpoint import Checkpoint
from ...domain.errors import UserError
from ...domain.findings import Code
from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...planning.layout import Layout
from ...planning.plan import Action, Plan, PlannedTensor
from ...planning.tied_embeddings import find_tie
from ...runtime.transformers_class import quiet
from ...storage.positional_io import PositionalFile
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_whole
from ...storage.torch_dtypes import torch_dtype
from ..delta_stats import DeltaStats
from ..streaming import Advance
from .attach import peft_errors
from .layers import write_tensor


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged model's tensors by the checkpoint's names, those that the adapter may have changed, and its tie."""

    tensors: Mapping[str, torch.Tensor]
    targeted: frozenset[str]
    splits_tie: bool

    @property
    def modules(self) -> list[list[str]]:
        """The targeted names, by module."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.targeted, reverse=True):
            found.setdefault(name.rpartition(".")[0], []).append(name)
        return list(found.values())


def loading_dtype(base: Checkpoint, precision: Precision) -> torch.dtype | str:
    """The base's own dtype where it has one and keeps it, as PEFT's script does; else float32, rounded once later."""
    stored = {record.dtype for record in base.tensors.values() if record.is_floating}
    if precision is Precision.AUTO and len(stored) == 1 and base.stated_dtype:
        [only] = stored
        return torch_dtype(only) if str(torch_dtype(only)) == f"torch.{base.stated_dtype}" else torch.float32
    return torch.float32


def merge_whole(model: Any, parameters: Collection[str], base: Checkpoint, check: Callable[[], None]) -> Merged:
    """Merge a ``PeftModel`` in memory. ``parameters`` are the names of those that the adapter may change.

    Raises UserError(peft_failed, keys_unmatched), Cancelled.
    """
    tie = find_tie(base)
    with peft_errors(), quiet(), torch.no_grad():
        merged = model.merge_and_unload()
        check()
        splits = tie is not None and not merged.config.get_text_config().tie_word_embeddings
        state = merged.state_dict()
        tensors = _in_checkpoint_form(merged, state)
        marks = {name: torch.tensor(name in parameters).expand(values.shape) for name, values in state.items()}
        targeted = {name for name, mark in _in_checkpoint_form(merged, marks).items() if bool(mark.any())}
    homes = base.tensors.keys() | ({tie.head} if tie and splits else set())
    shared = {tensors[name].data_ptr() for name in targeted & homes}
    # A parameter that shares its values with another, as a tied head does, has its tensor under the other's name.
    lost = sorted(name for name in targeted - homes if tensors[name].data_ptr() not in shared)
    if lost:
        raise UserError(Code.KEYS_UNMATCHED, count=len(lost), total=len(targeted), names=lost)
    return Merged(tensors, frozenset(targeted & homes), splits)


def _in_checkpoint_form(model: Any, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The state under the names and in the pieces that the base's files have."""
    from transformers.core_model_loading import revert_weight_conversion

    found: dict[str, torch.Tensor] = revert_weight_conversion(model, dict(state))
    return found


def mark(plan: Plan, merged: Merged, base: Checkpoint) -> Plan:
    """A plan of plain copies with what PEFT merged marked as such, and with a head of its own where the tie split."""
    tensors = {tensor.name: tensor for tensor in plan.tensors}
    tie = find_tie(base)
    if tie is not None and merged.splits_tie:
        tensors.setdefault(tie.head, replace(tensors[tie.embeddings], name=tie.head))
    marked = tuple(_marked(tensor, merged.targeted) for tensor in tensors.values())
    modules = len({name.rpartition(".")[0] for name in merged.targeted})
    return Plan(marked, merged.splits_tie, modules)


def _marked(tensor: PlannedTensor, targeted: Collection[str]) -> PlannedTensor:
    return replace(tensor, action=Action.MERGE) if tensor.name in targeted else tensor


def write_merged(
    merged: Merged,
    layout: Layout,
    outputs: Mapping[str, PositionalFile],
    advance: Advance,
    cancel: CancelToken,
    stats: DeltaStats | None = None,
) -> set[str]:
    """Write what was merged, telling ``stats``; returns the names of tensors that PEFT left as they were.

    Raises Cancelled, UserError(disk_full, write_failed, read_failed, float16_overflow, not_finite).
    """
    untouched: set[str] = set()
    for shard, placed in layout.placed:
        cancel.check()
        tensor = placed.tensor
        if tensor.action is Action.MERGE:
            values = merged.tensors[tensor.name]
            assert isinstance(tensor.base, TensorRecord)  # a quantised base is dequantised before PEFT sees it
            before = read_whole(tensor.base)
            if before.shape == values.shape and torch.equal(values.to(before.dtype), before):
                untouched.add(tensor.name)
            if stats is not None:
                stats.add_whole(tensor, before, values)
            write_tensor(values, placed, outputs[shard.name])
            advance(tensor.nbytes, tensor.name)
    return untouched
