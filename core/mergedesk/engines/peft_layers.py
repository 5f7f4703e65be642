"""The other engine: PEFT's own code merges, one layer at a time, over a base that stays mapped in its file.

Each tuner layer gets a copy of its weights, PEFT merges into the copy, the copy is written out and the mapped
weights are put back. The ``PeftModel`` itself is never saved: that would ship the adapter alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ..checkpoints.adapter import Adapter
from ..checkpoints.model import Checkpoint
from ..checkpoints.safetensors_header import TensorRecord
from ..errors import UserError
from ..findings import Code
from ..model_class import find_class, quiet
from ..planning.adapter_keys import PEFT_PREFIX
from ..planning.keymap import map_keys
from ..planning.layout import Layout, PlacedTensor
from ..planning.plan import Action, Plan, PlannedTensor, make_plan
from ..positional_io import PositionalFile
from ..progress import CancelToken
from ..request import Precision
from ..torch_dtypes import TORCH_DTYPES
from .streaming import Advance, refuse_what_cannot_be_held

_MISSING_KEYS = "Found missing adapter keys"


@dataclass(frozen=True, slots=True)
class TunerLayer:
    """One layer that PEFT merges: the tuner, its base layer and output names by parameter."""

    module: Any
    base_layer: Any
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A base with its adapter attached by PEFT, and the layers that can be merged one at a time.

    ``copies`` are tensors of the adapter that take the place of the base's, by checkpoint name. ``layers`` is None
    where only PEFT's whole-model merge is sound; ``obstacle`` then says why.
    """

    model: Any
    layers: tuple[TunerLayer, ...] | None
    copies: Mapping[str, TensorRecord]
    obstacle: str = ""


def wrap(base: Checkpoint, adapter: Adapter, precision: Precision, whole: bool) -> Wrapped:
    """Load the base memory-mapped and attach the adapter.

    ``whole`` asks for a base at the precision the mathematics needs, for a merge of the model at once.
    Raises UserError(custom_code_needs_streaming, peft_failed, keys_unmatched).
    """
    model_class = find_class(base.config)
    if model_class is None:
        raise UserError(Code.CUSTOM_CODE_NEEDS_STREAMING, name=str(base.architecture))
    dtype: Any = torch.float32 if whole and precision is not Precision.AUTO else "auto"
    from peft import PeftModel

    with _peft_errors(), quiet(), warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        plain = model_class.from_pretrained(base.folder, dtype=dtype, local_files_only=True, trust_remote_code=False)
        model = PeftModel.from_pretrained(plain.eval(), str(adapter.folder), is_trainable=False)
    _refuse_missing_keys([str(one.message) for one in said])
    return _survey(model, base, adapter)


@contextmanager
def _peft_errors() -> Iterator[None]:
    """What PEFT or transformers raise for an adapter they cannot take, as one line."""
    try:
        yield
    except (UserError, MemoryError):
        raise
    except Exception as trouble:
        line = (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]
        raise UserError(Code.PEFT_FAILED, reason=line[:300]) from trouble


def _refuse_missing_keys(messages: Sequence[str]) -> None:
    for message in messages:
        if _MISSING_KEYS in message:
            names = message.partition("[")[2].partition("]")[0].replace("'", "").split(", ")
            raise UserError(Code.KEYS_UNMATCHED, count=len(names), total=len(names), names=names)


def _survey(model: Any, base: Checkpoint, adapter: Adapter) -> Wrapped:
    """Find the tuner layers and saved modules with their output names, or what stands in the way."""
    from peft.tuners.tuners_utils import BaseTunerLayer
    from peft.utils.other import AuxiliaryTrainingWrapper, ModulesToSaveWrapper

    tuners: dict[str, Any] = {}
    copies: dict[str, TensorRecord] = {}
    for name, module in model.get_base_model().named_modules():
        if isinstance(module, ModulesToSaveWrapper):
            copies.update(_saved_copies(name, module, adapter))
        elif isinstance(module, AuxiliaryTrainingWrapper):
            return Wrapped(model, None, {}, type(module).__name__)
        elif isinstance(module, BaseTunerLayer) and hasattr(module, "merge"):
            tuners[name] = module
    parameters = [
        f"{name}.{parameter}"
        for name, module in tuners.items()
        for parameter, _ in module.get_base_layer().named_parameters(recurse=False)
    ]
    keys = map_keys([*parameters, *copies], base.tensors, base.config)
    if keys.unmatched:
        return Wrapped(model, None, {}, keys.unmatched[0])
    names = {**keys.found, **{parameter: parameter for parameter in keys.tied}}
    layers = tuple(_layer(name, module, names) for name, module in tuners.items())
    return Wrapped(model, layers, {names[name]: record for name, record in copies.items()})


def _saved_copies(name: str, wrapper: Any, adapter: Adapter) -> dict[str, TensorRecord]:
    """A saved module's tensors in the adapter, by parameter name."""
    saved = wrapper.modules_to_save["default"].state_dict()
    stored = {f"{name}.{parameter}": f"{PEFT_PREFIX}{name}.{parameter}" for parameter in saved}
    return {parameter: adapter.tensors[key] for parameter, key in stored.items() if key in adapter.tensors}


def _layer(name: str, module: Any, names: Mapping[str, str]) -> TunerLayer:
    base_layer = module.get_base_layer()
    own = {parameter: names[f"{name}.{parameter}"] for parameter, _ in base_layer.named_parameters(recurse=False)}
    return TunerLayer(module, base_layer, own)


def plan_for(wrapped: Wrapped, base: Checkpoint, precision: Precision, keep_float32: Sequence[str]) -> Plan:
    """A plan for methods that the planner cannot read: all that tuner layers hold counts as merged."""
    plain = make_plan(base, [], precision, keep_float32)
    names = {name for layer in wrapped.layers or () for name in layer.names.values()}
    tensors = tuple(_marked(tensor, names, wrapped.copies) for tensor in plain.tensors)
    modules = len(wrapped.layers or ()) + len({name.rpartition(".")[0] for name in wrapped.copies})
    return Plan(tensors, splits_tie=False, targeted_modules=modules)


def _marked(tensor: PlannedTensor, merged: set[str], copies: Mapping[str, TensorRecord]) -> PlannedTensor:
    if tensor.name in copies:
        return replace(tensor, action=Action.REPLACE, source=copies[tensor.name])
    return replace(tensor, action=Action.MERGE) if tensor.name in merged else tensor


def without_layers(layout: Layout, layers: Sequence[TunerLayer]) -> Layout:
    """What is left to stream once the layers have written theirs."""
    names = {name for layer in layers for name in layer.names.values()}
    shards = (
        replace(shard, tensors=tuple(one for one in shard.tensors if not _by_layer(one.tensor, names)))
        for shard in layout.shards
    )
    return replace(layout, shards=tuple(shards))


def _by_layer(tensor: PlannedTensor, names: set[str]) -> bool:
    return tensor.name in names and tensor.action is Action.MERGE


def merge_layers(
    layers: Sequence[TunerLayer],
    layout: Layout,
    outputs: Mapping[str, PositionalFile],
    advance: Advance,
    cancel: CancelToken,
) -> set[str]:
    """Merge and write layer by layer; returns the names of tensors that PEFT left as they were.

    Raises Cancelled, UserError(peft_failed, disk_full, write_failed, float16_overflow, not_finite).
    """
    places = {placed.tensor.name: (shard.name, placed) for shard, placed in layout.placed}
    untouched: set[str] = set()
    for layer in layers:
        cancel.check()
        with _own_weights(layer, places) as originals:
            with _peft_errors(), quiet():
                layer.module.merge(safe_merge=False)
            for parameter, original in originals.items():
                shard, placed = places[layer.names[parameter]]
                merged = layer.base_layer.get_parameter(parameter).data
                if torch.equal(merged.to(original.dtype), original):
                    untouched.add(placed.tensor.name)
                if placed.tensor.action is Action.MERGE:
                    write_tensor(merged, placed, outputs[shard])
                    advance(placed.tensor.nbytes, placed.tensor.name)
    return untouched


@contextmanager
def _own_weights(
    layer: TunerLayer, places: Mapping[str, tuple[str, PlacedTensor]]
) -> Iterator[dict[str, torch.Tensor]]:
    """Swap copies in for the mapped weights: in their own dtype, or in float32 where the output's differs."""
    originals = {name: layer.base_layer.get_parameter(name).data for name, out in layer.names.items() if out in places}
    for name, original in originals.items():
        planned = places[layer.names[name]][1].tensor
        kept = planned.dtype == planned.base.dtype
        layer.base_layer.get_parameter(name).data = original.clone() if kept else original.float()
    try:
        yield originals
    finally:
        for name, original in originals.items():
            layer.base_layer.get_parameter(name).data = original


def write_tensor(values: torch.Tensor, placed: PlacedTensor, output: PositionalFile) -> None:
    """Round once to the planned dtype and write the whole tensor."""
    tensor = placed.tensor
    exact = values.detach().contiguous().reshape(-1)
    rounded = exact.to(TORCH_DTYPES[tensor.dtype])
    refuse_what_cannot_be_held(tensor, exact, rounded)
    output.write_from(memoryview(rounded.view(torch.uint8).numpy()), placed.offset)  # type: ignore[arg-type]


def settle(plan: Plan, layers: Sequence[TunerLayer], untouched: set[str]) -> Plan:
    """The plan as it came out: a tensor counts as merged if PEFT changed it.

    A layer of which nothing changed keeps its first tensor as merged, so that verification sees the failure.
    """
    kept = set(untouched)
    for layer in layers:
        names = list(layer.names.values())
        if names and kept.issuperset(names):
            kept.discard(names[0])
    return replace(plan, tensors=tuple(_settled(tensor, kept) for tensor in plan.tensors))


def _settled(tensor: PlannedTensor, untouched: set[str]) -> PlannedTensor:
    if tensor.name not in untouched or tensor.action is not Action.MERGE:
        return tensor
    return replace(tensor, action=Action.COPY if tensor.dtype == tensor.base.dtype else Action.CAST)


def merge_whole(
    wrapped: Wrapped, target: Path, precision: Precision, max_shard_size: int | None, check: Callable[[], None]
) -> None:
    """PEFT's own way: ``merge_and_unload`` RETURNS the merged model, and that returned model is saved.

    Raises UserError(peft_failed), Cancelled.
    """
    sizes = {"max_shard_size": max_shard_size} if max_shard_size else {}
    with _peft_errors(), quiet():
        merged = wrapped.model.merge_and_unload()
        check()
        if precision is not Precision.AUTO:
            merged = merged.to(getattr(torch, precision.value))
        merged.save_pretrained(target, **sizes)
