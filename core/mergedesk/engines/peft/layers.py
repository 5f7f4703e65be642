"""PEFT merges one layer at a time: a copy of its weights goes in, is merged, is written out, and makes way again.

The ``PeftModel`` itself is never saved: that would ship the adapter alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from msgspec import structs

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, UserError
from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...planning.layout import Layout, PlacedTensor
from ...planning.plan import Action, Plan, PlannedTensor, make_plan
from ...planning.tied_embeddings import find_tie
from ...runtime.transformers_class import quiet
from ...storage.positional_io import PositionalFile
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_whole
from ...storage.torch_dtypes import torch_dtype
from ..delta_stats import DeltaStats
from ..streaming import Advance, refuse_what_cannot_be_held
from .attach import ALTERS_THE_BASE, peft_errors
from .survey import Survey, TunerLayer

_CACHE_LINE = 64
_NO_COPIES: Mapping[str, TensorRecord] = {}


# A planned tensor with its values before and after PEFT's merge, valid until the next is asked for.
MergedTensor = tuple[PlannedTensor, torch.Tensor, torch.Tensor]


def plan_for(survey: Survey, base: Checkpoint, precision: Precision, keep_float32: Sequence[str]) -> Plan:
    """A plan for methods that the planner cannot read: all that tuner layers hold counts as merged.

    Raises UserError(shared_embedding_unclear) where a change has no tensor of its own to go to.
    """
    layers, tie = survey.layers or (), find_tie(base)
    merged = {name for layer in layers for name in layer.names.values()}
    on_tie = tie is not None and not {tie.embeddings, tie.head}.isdisjoint({*merged, *survey.copies})
    # Where PEFT trained one set of rows for both sides, merging keeps them equal.
    splits = on_tie and not any(layer.tied for layer in layers)
    return mark(make_plan(base, [], precision, keep_float32), base, merged, splits, survey.copies)


def mark(
    plan: Plan,
    base: Checkpoint,
    merged: Collection[str],
    splits_tie: bool,
    copies: Mapping[str, TensorRecord] = _NO_COPIES,
) -> Plan:
    """A plan of plain copies with what PEFT merges, or the adapter brings whole, marked as such.

    A torn tie gets a head of its own. Raises UserError(shared_embedding_unclear) as ``plan_for`` does.
    """
    tensors = {tensor.name: tensor for tensor in plan.tensors}
    tie, changed = find_tie(base), {*merged, *copies}
    if tie is not None and splits_tie:
        tensors.setdefault(tie.head, structs.replace(tensors[tie.embeddings], name=tie.head))
    if homeless := sorted(changed - tensors.keys()):
        raise UserError(Code.SHARED_EMBEDDING_UNCLEAR, names=homeless, count=len(homeless))
    for name in changed:
        tensor, action = tensors[name], Action.MERGE if name in merged else Action.REPLACE
        tensors[name] = structs.replace(tensor, action=action, source=copies.get(name, tensor.source))
    return Plan(tuple(tensors.values()), splits_tie, len({name.rpartition(".")[0] for name in changed}))


def without(layout: Layout, names: Collection[str]) -> Layout:
    """What is left to stream once the merged tensors of these names are written."""
    shards = (replace(shard, tensors=tuple(_others(shard.tensors, names))) for shard in layout.shards)
    return replace(layout, shards=tuple(shards))


def _others(tensors: Iterable[PlacedTensor], names: Collection[str]) -> Iterator[PlacedTensor]:
    return (placed for placed in tensors if placed.tensor.name not in names or placed.tensor.action is not Action.MERGE)


def write_merged(
    merged: Iterable[MergedTensor],
    layout: Layout,
    outputs: Mapping[str, PositionalFile],
    advance: Advance,
    stats: DeltaStats | None = None,
) -> set[str]:
    """Write what PEFT merged, telling ``stats``; returns the names of tensors that it left as they were.

    Raises UserError(disk_full, write_failed, float16_overflow, not_finite).
    """
    places = {placed.tensor.name: (shard.name, placed) for shard, placed in layout.placed}
    untouched: set[str] = set()
    for tensor, before, after in merged:
        if before.shape == after.shape and torch.equal(after.to(before.dtype), before):
            untouched.add(tensor.name)
        if tensor.action is Action.MERGE:
            shard, placed = places[tensor.name]
            if stats is not None:
                stats.add_whole(tensor, before, after)
            write_tensor(after, placed, outputs[shard])
            advance(tensor.nbytes, tensor.name)
    return untouched


def merged_values(
    layers: Sequence[TunerLayer], planned: Mapping[str, PlannedTensor], cancel: CancelToken
) -> Iterator[MergedTensor]:
    """Layer by layer, every planned tensor that PEFT merges.

    They are in the base's dtype, or in float32 where the planned one differs. Raises Cancelled, UserError(peft_failed).
    """
    for layer in layers:
        cancel.check()
        with _own_weights(layer, planned) as originals:
            before = {name: _unmerged(layer.parameter(name).data, mapped) for name, mapped in originals.items()}
            with peft_errors(), quiet(), torch.no_grad():
                for tuner in layer.tuners:
                    _initialise(tuner, layer.initialisation)
                    tuner.merge(safe_merge=False)
            for parameter, values in before.items():
                yield planned[layer.names[parameter]], values, layer.parameter(parameter).data


def _unmerged(values: torch.Tensor, mapped: torch.Tensor) -> torch.Tensor:
    """What a layer's copy holds before the merge: the mapped weights are the same, unless they were converted."""
    return mapped if mapped.dtype == values.dtype else values.clone()


def _initialise(tuner: Any, initialisation: str | None) -> None:
    """Take out of the base's weights what the initialisation takes, as PEFT does where it loads such an adapter.

    That also sets the factors anew; the trained ones are put back.
    """
    if initialisation is None:
        return
    for adapter in [name for name in tuner.active_adapters if name in tuner.lora_A]:
        factors = (tuner.lora_A[adapter].weight, tuner.lora_B[adapter].weight)
        trained = [factor.data for factor in factors]
        take_out = getattr(tuner, ALTERS_THE_BASE[initialisation])
        take_out(adapter, initialisation) if initialisation == "pissa" else take_out(adapter)
        for factor, values in zip(factors, trained, strict=True):
            factor.data = values


@contextmanager
def _own_weights(layer: TunerLayer, planned: Mapping[str, PlannedTensor]) -> Iterator[dict[str, torch.Tensor]]:
    """Swap copies in for the mapped weights: in their stored dtype, or in float32 where the output's differs."""
    originals = {name: layer.parameter(name).data for name, out in layer.names.items() if out in planned}
    for name, original in originals.items():
        layer.parameter(name).data = _own_copy(original, planned[layer.names[name]])
    try:
        yield originals
    finally:
        for name, original in originals.items():
            layer.parameter(name).data = original


def _own_copy(loaded: torch.Tensor, tensor: PlannedTensor) -> torch.Tensor:
    """The tensor's starting values; from the file again where loading rounded what will be needed exactly."""
    kept = tensor.dtype == tensor.base.dtype
    exact = torch_dtype(tensor.base.dtype if kept else tensor.source.dtype)
    assert isinstance(tensor.source, TensorRecord)  # a quantised base is dequantised before PEFT sees it
    values = loaded if loaded.dtype == exact else read_whole(tensor.source).view(loaded.shape)
    return _copy_placed_alike(values.to(exact), loaded) if kept else values.to(torch.float32, copy=True)


def _copy_placed_alike(values: torch.Tensor, loaded: torch.Tensor) -> torch.Tensor:
    """A copy as far from a cache line's start as the mapped weights are.

    Matrix libraries take other paths, with other rounding, for data placed otherwise; PEFT's own script works on what
    was mapped.
    """
    if not values.numel():
        return values.clone()
    room = torch.empty(values.nbytes + 2 * _CACHE_LINE, dtype=torch.uint8)
    start = (loaded.data_ptr() - room.data_ptr()) % _CACHE_LINE
    # A header of odd length maps weights where no view of the room could begin.
    copy = torch.frombuffer(room.numpy(), dtype=values.dtype, count=values.numel(), offset=start)
    return copy.view(values.shape).copy_(values)


def write_tensor(values: torch.Tensor, placed: PlacedTensor, output: PositionalFile) -> None:
    """Round once to the planned dtype and write the whole tensor."""
    tensor = placed.tensor
    exact = values.detach().contiguous().reshape(-1)
    rounded = exact.to(torch_dtype(tensor.dtype))
    refuse_what_cannot_be_held(tensor, exact, rounded)
    output.write_from(memoryview(rounded.view(torch.uint8).numpy()), placed.offset)  # type: ignore[arg-type]


def finalize_plan(plan: Plan, groups: Iterable[Sequence[str]], untouched: set[str]) -> tuple[Plan, frozenset[str]]:
    """The plan as it came out: a tensor counts as merged if PEFT changed it.

    ``groups`` are the tensors of each layer. A layer of which nothing changed keeps its first tensor as merged, so
    that verification sees it; its name is in the second result.
    """
    kept, unmoved = set(untouched), set()
    for names in groups:
        if names and kept.issuperset(names):
            unmoved.add(names[0])
    kept -= unmoved
    return replace(plan, tensors=tuple(_settled(tensor, kept) for tensor in plan.tensors)), frozenset(unmoved)


def _settled(tensor: PlannedTensor, untouched: set[str]) -> PlannedTensor:
    if tensor.name not in untouched or tensor.action is not Action.MERGE:
        return tensor
    if tensor.source is not tensor.base:
        return structs.replace(tensor, action=Action.REPLACE)
    return structs.replace(tensor, action=Action.COPY if tensor.dtype == tensor.base.dtype else Action.CAST)
