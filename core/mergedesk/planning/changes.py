"""What adapters do to each tensor of the base: a full copy in its place, and updates that are added."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import LoraModule
from ..checkpoints.checkpoint import Checkpoint, StoredTensor
from ..domain.requests import SUM, Combination
from ..methods.combined import together
from ..methods.convolution import of_kernel
from ..methods.dora import with_magnitude
from ..methods.lora import LowRankUpdate
from ..methods.lora.config import scaling
from ..methods.lora_bias import VectorUpdate
from ..methods.registry import streamable
from ..methods.update import Method, TunedTarget, Update, rows_and_columns
from ..storage.factor_view import as_column, whole
from ..storage.safetensors_header import TensorRecord
from .fused_placement import Placement
from .layer_kind import layer_kind
from .moe_experts import ExpertPacking, expert_packing, parameter_updates
from .resolved_adapter import ResolvedAdapter
from .transformers_conversion import routers_are_parameters, stores_experts_transposed

# Classes of these types keep square weights as (inputs, outputs), in these layers: transformers' Conv1D.
CONV1D_MODEL_TYPES = frozenset({"gpt2", "openai-gpt", "imagegpt", "decision_transformer"})
_CONV1D_LAYERS = ("c_attn", "q_attn", "c_proj", "c_fc")


@dataclass(slots=True)
class Change:
    """What adapters do to one tensor: first a full copy takes its place, then deltas are added."""

    replacement: TensorRecord | None
    updates: list[Update]


def collect_changes(
    base: Checkpoint, mapped: Sequence[ResolvedAdapter], combination: Combination = SUM, *, outline: bool = False
) -> dict[str, Change]:
    """Changes by checkpoint name; a tied head that the checkpoint does not store goes under its own name.

    One adapter is never combined: PEFT too only scales it then. ``outline``: only shapes are of interest, so that one
    module's updates stand for those of all that are alike.
    """
    changes: dict[str, Change] = {}
    for resolved in mapped:
        for parameter, record in resolved.contents.copies.items():
            _change(changes, resolved, parameter).replacement = record
        of_pair = (
            _Alike(base, resolved).updates if outline and len(mapped) == 1 else partial(updates_of, base, resolved)
        )
        for pair in resolved.contents.lora:
            for name, update in of_pair(pair):
                _change(changes, resolved, name).updates.append(update)
        _collect_tuned(base, resolved, changes)
    if len(mapped) > 1:
        for name, changed in changes.items():
            changed.updates = together(name, changed.updates, combination)
    return changes


def _change(changes: dict[str, Change], resolved: ResolvedAdapter, parameter: str) -> Change:
    name = resolved.stored_name(parameter)
    if name not in changes:
        changes[name] = Change(None, [])
    return changes[name]


def _collect_tuned(base: Checkpoint, resolved: ResolvedAdapter, changes: dict[str, Change]) -> None:
    for target, method in streamed_modules(base, resolved):
        weight = f"{target.module}.weight"
        _change(changes, resolved, weight).updates.append(method.update(target))
        bias = resolved.stored_name(weight).removesuffix("weight") + "bias"
        if bias in base.tensors and (update := method.bias_update(target)) is not None:
            changes.setdefault(bias, Change(None, [])).updates.append(update)


def updates_of(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> Iterator[tuple[str, Update]]:
    """What one low-rank pair, and its bias, do to parameters or, where these are placed, to stored tensors, by name.

    Shapes must fit.
    """
    if pair.name in mapped.keys.scattered:
        return
    placement = mapped.keys.placed.get(pair.name)
    update = low_rank_update(base, mapped, pair, pair.a if placement else mapped.target(base, pair.name))
    if placement is None:
        yield pair.name, with_magnitude(update, pair.magnitude)
    else:
        yield from parameter_updates(pair, placement, packing_of(base, mapped, pair, placement), update)
    if pair.bias is not None:
        yield f"{pair.module}.bias", VectorUpdate(as_column(pair.bias), update.scaling * mapped.weight)


@dataclass(frozen=True, slots=True)
class _Alike:
    """Gives ``updates_of`` once for all layers whose factors and weights have the same shapes."""

    base: Checkpoint
    mapped: ResolvedAdapter
    known: dict[Hashable, Update] = field(default_factory=dict)

    def updates(self, pair: LoraModule) -> Iterable[tuple[str, Update]]:
        name, plain = pair.name, pair.bias is None and not pair.experts and len(pair.a.shape) == 2
        kind = layer_kind(self.base, self.mapped, pair, name) if plain else None
        if kind is None:
            return updates_of(self.base, self.mapped, pair)
        if kind not in self.known:
            [(_, self.known[kind])] = updates_of(self.base, self.mapped, pair)
        return ((name, self.known[kind]),)


def packing_of(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule, placement: Placement) -> ExpertPacking:
    """How the factors for a stacked parameter are packed."""
    return expert_packing(pair, placement, mapped.adapter.config, stores_experts_transposed(base.model_type))


def low_rank_update(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule, target: StoredTensor) -> LowRankUpdate:
    """The update that one low-rank pair makes to ``target``; shapes are not judged here."""
    config = mapped.adapter.config
    plain = LowRankUpdate(
        a=whole(pair.a),
        b=whole(pair.b),
        scaling=scaling(config, pair.configured_as, pair.rank),
        weight=mapped.weight,
        transposed=is_transposed(base, mapped.adapter, pair, target),
        rounds_first=pair.embedding or _on_parameter(base, mapped, pair) or config.get("init_lora_weights") == "mica",
    )
    return of_kernel(plain, target.shape) if len(pair.a.shape) == len(target.shape) > 2 else plain


def _on_parameter(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> bool:
    """Whether PEFT adds the delta to a parameter: what an earlier adapter has for an expert or a router goes there."""
    if pair.experts or pair.name in mapped.keys.stacked:
        return True
    return pair.module.endswith(".gate") and routers_are_parameters(base.model_type)


def is_transposed(base: Checkpoint, adapter: Adapter, pair: LoraModule, target: StoredTensor) -> bool:
    """Whether ``target`` is stored (inputs, outputs)."""
    return pair.embedding or _is_conv1d(base, adapter, pair, target)


def _is_conv1d(base: Checkpoint, adapter: Adapter, pair: LoraModule, target: StoredTensor) -> bool:
    """Shapes decide; a square weight is read as its model type stores it, else as the adapter says."""
    if len(target.shape) != 2 or len(pair.a.shape) != 2 or len(pair.b.shape) != 2:
        return False
    outputs, inputs = pair.b.shape[0], pair.a.shape[1]
    if outputs != inputs:
        return target.shape == (inputs, outputs)
    return _named_conv1d(base, adapter, pair.module)


def _named_conv1d(base: Checkpoint, adapter: Adapter, module: str) -> bool:
    if module.rpartition(".")[2] not in _CONV1D_LAYERS:
        return False
    return base.model_type in CONV1D_MODEL_TYPES or bool(adapter.config.get("fan_in_fan_out"))


def streamed_modules(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[tuple[TunedTarget, Method]]:
    """The modules that store parts of their own, and the methods that stream them; shapes are not judged here."""
    config = mapped.adapter.config
    for tuned in mapped.contents.tuned:
        if (method := streamable(mapped.adapter.peft_type, config, tuned.parts)) is not None:
            shape = mapped.target(base, f"{tuned.module}.weight").shape
            conv1d = len(shape) == 2 and _named_conv1d(base, mapped.adapter, tuned.module)
            matrix = rows_and_columns(shape)
            yield TunedTarget(tuned.module, tuned.parts, config, mapped.weight, matrix, conv1d), method
