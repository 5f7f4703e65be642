"""The other engine: PEFT's own code merges, one layer at a time, over a base that stays mapped in its file.

Each tuner layer gets a copy of its weights, PEFT merges into the copy, the copy is written out and the mapped
weights are put back. The ``PeftModel`` itself is never saved: that would ship the adapter alone.
"""

from __future__ import annotations

import errno
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
from ..planning.adapter_keys import sort_contents
from ..planning.keymap import map_keys
from ..planning.layout import Layout, PlacedTensor
from ..planning.plan import Action, Plan, PlannedTensor, make_plan
from ..planning.tying import find_tie
from ..positional_io import PositionalFile, open_positional, write_trouble
from ..progress import Cancelled, CancelToken
from ..request import Precision
from ..torch_dtypes import TORCH_DTYPES
from .repaired_adapter import loadable
from .streaming import Advance, refuse_what_cannot_be_held
from .tensor_reading import read_rows

_MISSING_KEYS = "Found missing adapter keys"
# What LN tuning calls the norms that it puts in the place of the base's.
_OWN_LAYERS = "ln_tuning_layers"


@dataclass(frozen=True, slots=True)
class TunerLayer:
    """One layer that PEFT merges: the tuner and, by parameter of its base layer, output names."""

    module: Any
    names: Mapping[str, str]

    def parameter(self, name: str) -> Any:
        """A parameter of the base layer as it is now."""
        return self.module.get_base_layer().get_parameter(name)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A base with its adapter attached by PEFT, and the layers that can be merged one at a time.

    ``copies`` are tensors of the adapter that take the place of the base's, by output name. ``layers`` is None where
    only PEFT's whole-model merge is sound.
    """

    model: Any
    layers: tuple[TunerLayer, ...] | None
    copies: Mapping[str, TensorRecord]


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

    with _peft_errors(), loadable(adapter) as folder, quiet(), warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        plain = model_class.from_pretrained(base.folder, dtype=dtype, local_files_only=True, trust_remote_code=False)
        model = PeftModel.from_pretrained(plain.eval(), str(folder), is_trainable=False)
    _refuse_missing_keys([str(one.message) for one in said])
    return _survey(model, base, adapter, whole)


@contextmanager
def _peft_errors() -> Iterator[None]:
    """What PEFT or transformers raise for an adapter they cannot take, as one line."""
    try:
        yield
    except (UserError, Cancelled, MemoryError):
        raise
    except Exception as trouble:
        line = (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]
        if "OutOfMemory" in type(trouble).__name__ or "can't allocate memory" in line:
            raise UserError(Code.OUT_OF_MEMORY) from trouble
        if isinstance(trouble, KeyError):
            line = f"{line} is missing."
        raise UserError(Code.PEFT_FAILED, reason=line[:300]) from trouble


def _refuse_missing_keys(messages: Sequence[str]) -> None:
    for message in messages:
        if _MISSING_KEYS in message:
            names = message.partition("[")[2].partition("]")[0].replace("'", "").split(", ")
            raise UserError(Code.KEYS_UNMATCHED, count=len(names), total=len(names), names=names)


def _survey(model: Any, base: Checkpoint, adapter: Adapter, whole: bool) -> Wrapped:
    """Find the tuner layers and full copies with their output names, or see that there is only the whole model."""
    copies = _copies(base, adapter)
    _refuse_unused(model, adapter, copies)
    tuners = None if whole else _tuners(model)
    if tuners is None:
        return Wrapped(model, None, {})
    parameters = [
        f"{name}.{parameter}"
        for name, module in tuners.items()
        for parameter, _ in module.get_base_layer().named_parameters(recurse=False)
    ]
    keys = map_keys(parameters, base.tensors, base.config)
    if keys.unmatched:
        return Wrapped(model, None, {})
    names = {**keys.found, **{parameter: parameter for parameter in keys.tied}}
    return Wrapped(model, tuple(_layer(name, module, names) for name, module in tuners.items()), copies)


def _tuners(model: Any) -> dict[str, Any] | None:
    """The tuner layers by module name; None where the model holds wrappers that cannot be merged one at a time.

    Layers that PEFT merges by putting the adapter's own in their place have nothing to merge: they are full copies.
    """
    from peft.tuners.tuners_utils import BaseTunerLayer
    from peft.utils.other import AuxiliaryTrainingWrapper, ModulesToSaveWrapper

    tuners: dict[str, Any] = {}
    for name, module in model.get_base_model().named_modules():
        if isinstance(module, AuxiliaryTrainingWrapper) and not isinstance(module, ModulesToSaveWrapper):
            return None
        if isinstance(module, BaseTunerLayer) and hasattr(module, "merge") and not hasattr(module, _OWN_LAYERS):
            tuners[name] = module
    return tuners


def _copies(base: Checkpoint, adapter: Adapter) -> dict[str, TensorRecord]:
    """The adapter's own copies of base parameters, by output name; a tied head that is not stored by its own."""
    contents = sort_contents(adapter.tensors).copies
    plain = {name.replace(f".{_OWN_LAYERS}.", "."): record for name, record in contents.items()}
    keys = map_keys(list(plain), base.tensors, base.config)
    return {keys.found.get(name, name): record for name, record in plain.items() if name not in keys.unmatched}


def _refuse_unused(model: Any, adapter: Adapter, copies: Mapping[str, TensorRecord]) -> None:
    """PEFT passes over tensors that it has no place for; a merge without them would be silently wrong."""
    from peft import get_peft_model_state_dict

    with quiet():
        used = set(get_peft_model_state_dict(model, save_embedding_layers=False))
    used |= {record.name for record in copies.values()}
    unused = sorted(set(adapter.tensors) - used)
    if unused:
        raise UserError(Code.KEYS_UNMATCHED, count=len(unused), total=len(adapter.tensors), names=unused)


def _layer(name: str, module: Any, names: Mapping[str, str]) -> TunerLayer:
    parameters = module.get_base_layer().named_parameters(recurse=False)
    return TunerLayer(module, {parameter: names[f"{name}.{parameter}"] for parameter, _ in parameters})


def plan_for(wrapped: Wrapped, base: Checkpoint, precision: Precision, keep_float32: Sequence[str]) -> Plan:
    """A plan for methods that the planner cannot read: all that tuner layers hold counts as merged.

    Raises UserError(shared_embedding_unclear) where a change has no tensor of its own to go to.
    """
    merged = {name for layer in wrapped.layers or () for name in layer.names.values()}
    changed = merged | wrapped.copies.keys()
    tie = find_tie(base)
    splits = tie is not None and not changed.isdisjoint((tie.embeddings, tie.head))
    tensors = {tensor.name: tensor for tensor in make_plan(base, [], precision, keep_float32).tensors}
    if tie is not None and splits:
        tensors.setdefault(tie.head, replace(tensors[tie.embeddings], name=tie.head))
    if homeless := sorted(changed - tensors.keys()):
        raise UserError(Code.SHARED_EMBEDDING_UNCLEAR, names=homeless, count=len(homeless))
    marked = tuple(_marked(tensor, merged, wrapped.copies) for tensor in tensors.values())
    return Plan(marked, splits, len({name.rpartition(".")[0] for name in changed}))


def _marked(tensor: PlannedTensor, merged: set[str], copies: Mapping[str, TensorRecord]) -> PlannedTensor:
    source = copies.get(tensor.name, tensor.source)
    if tensor.name in merged:
        return replace(tensor, action=Action.MERGE, source=source)
    return replace(tensor, action=Action.REPLACE, source=source) if tensor.name in copies else tensor


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
            before = {parameter: layer.parameter(parameter).data.clone() for parameter in originals}
            with _peft_errors(), quiet():
                layer.module.merge(safe_merge=False)
            for parameter, values in before.items():
                shard, placed = places[layer.names[parameter]]
                merged = layer.parameter(parameter).data
                if torch.equal(merged.to(values.dtype), values):
                    untouched.add(placed.tensor.name)
                if placed.tensor.action is Action.MERGE:
                    write_tensor(merged, placed, outputs[shard])
                    advance(placed.tensor.nbytes, placed.tensor.name)
    return untouched


@contextmanager
def _own_weights(
    layer: TunerLayer, places: Mapping[str, tuple[str, PlacedTensor]]
) -> Iterator[dict[str, torch.Tensor]]:
    """Swap copies in for the mapped weights: in their stored dtype, or in float32 where the output's differs."""
    originals = {name: layer.parameter(name).data for name, out in layer.names.items() if out in places}
    for name, original in originals.items():
        layer.parameter(name).data = _own_copy(original, places[layer.names[name]][1].tensor)
    try:
        yield originals
    finally:
        for name, original in originals.items():
            layer.parameter(name).data = original


def _own_copy(loaded: torch.Tensor, tensor: PlannedTensor) -> torch.Tensor:
    """The tensor's starting values; from the file again where loading rounded what will be needed exactly."""
    kept = tensor.dtype == tensor.base.dtype
    exact = TORCH_DTYPES[tensor.base.dtype if kept else tensor.source.dtype]
    values = loaded.clone() if loaded.dtype == exact else _read(tensor.source).view(loaded.shape)
    return values.to(exact) if kept else values.float()


def _read(record: TensorRecord) -> torch.Tensor:
    file = open_positional(record.file)
    try:
        return read_rows(file, record, 0, record.shape[0])
    finally:
        file.close()


def write_tensor(values: torch.Tensor, placed: PlacedTensor, output: PositionalFile) -> None:
    """Round once to the planned dtype and write the whole tensor."""
    tensor = placed.tensor
    exact = values.detach().contiguous().reshape(-1)
    rounded = exact.to(TORCH_DTYPES[tensor.dtype])
    refuse_what_cannot_be_held(tensor, exact, rounded)
    output.write_from(memoryview(rounded.view(torch.uint8).numpy()), placed.offset)  # type: ignore[arg-type]


def settle(plan: Plan, layers: Sequence[TunerLayer], untouched: set[str]) -> tuple[Plan, frozenset[str]]:
    """The plan as it came out: a tensor counts as merged if PEFT changed it.

    A layer of which nothing changed keeps its first tensor as merged, so that verification sees it; its name is in
    the second result.
    """
    kept, unmoved = set(untouched), set()
    for layer in layers:
        names = list(layer.names.values())
        if names and kept.issuperset(names):
            unmoved.add(names[0])
    kept -= unmoved
    return replace(plan, tensors=tuple(_settled(tensor, kept) for tensor in plan.tensors)), frozenset(unmoved)


def _settled(tensor: PlannedTensor, untouched: set[str]) -> PlannedTensor:
    if tensor.name not in untouched or tensor.action is not Action.MERGE:
        return tensor
    if tensor.source is not tensor.base:
        return replace(tensor, action=Action.REPLACE)
    return replace(tensor, action=Action.COPY if tensor.dtype == tensor.base.dtype else Action.CAST)


def merge_whole(
    wrapped: Wrapped, target: Path, precision: Precision, max_shard_size: int | None, check: Callable[[], None]
) -> bool:
    """PEFT's own way: ``merge_and_unload`` RETURNS the merged model, and that returned model is saved.

    Gives back whether input and output embeddings came apart. Raises UserError(peft_failed, disk_filled_up,
    file_too_big), Cancelled.
    """
    sizes = {"max_shard_size": max_shard_size} if max_shard_size else {}
    with _peft_errors(), quiet():
        tied = bool(wrapped.model.get_base_model().config.tie_word_embeddings)
        merged = wrapped.model.merge_and_unload()
        check()
        if precision is not Precision.AUTO:
            merged = merged.to(getattr(torch, precision.value))
        with _write_errors(target):
            merged.save_pretrained(target, **sizes)
        return tied and not merged.config.tie_word_embeddings


@contextmanager
def _write_errors(target: Path) -> Iterator[None]:
    """safetensors says why it could not write in words only."""
    try:
        yield
    except OSError as trouble:
        raise write_trouble(target, trouble) from trouble
    except Exception as trouble:
        for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            if f"os error {number}" in str(trouble):
                raise write_trouble(target, OSError(number, "")) from trouble
        raise
