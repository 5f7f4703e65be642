"""The merge as data: every output tensor, where it comes from, what is done to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import AdapterContents, LoraModule, TunedModule, sort_contents
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.packed_tensor import PackedTensor, StoredTensor
from ..domain.errors import UserError
from ..domain.findings import Code
from ..domain.requests import SUM, Combination, Precision
from ..methods.combined.plan import together
from ..methods.lora.config import formula_changes, scaling
from ..methods.tuned_updates import (
    STREAMED_METHODS,
    TOKENS,
    TunedUpdate,
    bias_scale,
    is_streamable,
    scales_outputs,
    tuned_update,
)
from ..methods.updates import DoraUpdate, LowRankUpdate, RowsUpdate, Update, VectorUpdate
from ..storage.factor_view import whole
from ..storage.safetensors_header import TensorRecord, stored_bytes
from .fused_placement import Placement
from .keymap import KeyMap, map_keys
from .moe_experts import ExpertPacking, assign_parameters, expert_packing, parameter_updates, wrapped_parameters
from .tied_embeddings import Tie, equal_bytes, find_tie
from .transformers_conversion import routers_are_parameters, stores_experts_transposed

# Classes of these types keep square weights as (inputs, outputs), in these layers: transformers' Conv1D.
CONV1D_MODEL_TYPES = frozenset({"gpt2", "openai-gpt", "imagegpt", "decision_transformer"})
_CONV1D_LAYERS = ("c_attn", "q_attn", "c_proj", "c_fc")
# The only embeddings that PEFT's ensure_weight_tying ties (its EMBEDDING_LAYER_NAMES); elsewhere it does nothing.
_TIED_BY_PEFT = ("embed_tokens", "lm_head")


class Action(StrEnum):
    """What happens to one tensor on its way to the output."""

    COPY = "copy"
    CAST = "cast"
    MERGE = "merge"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class PlannedTensor:
    """One tensor of the output. ``source`` holds its starting values, in the base or in the adapter.

    ``base`` is the base's own tensor of that name or, for a tensor that ties no longer, the one it was tied to.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    action: Action
    source: StoredTensor
    base: StoredTensor
    updates: tuple[Update, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes it takes in the output."""
        return stored_bytes(self.dtype, self.shape)

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole; 1 where any cut will do."""
        packed = self.source.width if isinstance(self.source, PackedTensor) else 1
        return max((packed, *(update.width for update in self.updates)))

    @property
    def targeted(self) -> bool:
        """Whether the adapter changes it."""
        return self.action in (Action.MERGE, Action.REPLACE)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole merge. ``splits_tie``: the output stores a head of its own and its config must say so."""

    tensors: tuple[PlannedTensor, ...]
    splits_tie: bool
    targeted_modules: int

    @property
    def tensor_bytes(self) -> int:
        """Bytes of all tensors, headers not counted."""
        return sum(tensor.nbytes for tensor in self.tensors)


@dataclass(frozen=True, slots=True)
class ResolvedAdapter:
    """One adapter laid over the base: its contents and where each parameter is found."""

    adapter: Adapter
    weight: float
    contents: AdapterContents
    keys: KeyMap

    @property
    def modules(self) -> set[str]:
        """Every module the adapter holds weights for."""
        copied = {name.rpartition(".")[0] for name in self.contents.copies}
        tuned = {one.module for one in self.contents.tuned}
        return {pair.module for pair in self.contents.lora} | tuned | copied | set(self.contents.unpaired)

    @property
    def parameters(self) -> set[str]:
        """Every parameter the adapter changes, as its model names them."""
        pairs = self.contents.lora
        biases = {f"{pair.module}.bias" for pair in pairs if pair.bias}
        tuned = {f"{one.module}.weight" for one in self.contents.tuned}
        return {pair.name for pair in pairs} | tuned | biases | set(self.contents.copies)

    def target(self, base: Checkpoint, parameter: str) -> StoredTensor:
        """The base tensor that a found or tied parameter of the adapter's model is stored in."""
        return base.tensors[self.keys.found.get(parameter) or self.keys.tied[parameter]]

    @property
    def unmatched_modules(self) -> set[str]:
        """Modules of the adapter that the base does not have, or whose pair is incomplete."""
        return {name.rpartition(".")[0] for name in self.keys.unmatched} | set(self.contents.unpaired)


def map_adapter(base: Checkpoint, adapter: Adapter, weight: float = 1.0) -> ResolvedAdapter:
    """Find the base tensor for everything an adapter holds."""
    contents = sort_contents(adapter.tensors)
    wrapped = wrapped_parameters(contents.lora, adapter.config)
    candidates = [f"{module}.{leaf}" for module, leaves in wrapped.items() for leaf in leaves]
    keys = map_keys([*dict.fromkeys([*_wanted(contents), *candidates])], base.tensors, base.config)
    if wrapped:
        keys = keys.as_placed(candidates, base.tensors)
        contents = replace(contents, lora=assign_parameters(contents.lora, wrapped, keys.placed))
    return ResolvedAdapter(adapter, weight, contents, keys.only(_wanted(contents), contents.copies))


def _wanted(contents: AdapterContents) -> list[str]:
    """The parameters that an adapter's contents are for."""
    biases = (f"{pair.module}.bias" for pair in contents.lora if pair.bias)
    tuned = (f"{one.module}.weight" for one in contents.tuned)
    return [*dict.fromkeys([*(pair.name for pair in contents.lora), *tuned, *biases, *contents.copies])]


def updates_of(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> Iterator[tuple[str, Update]]:
    """What one low-rank pair, and its bias, do to parameters or, where these are placed, to stored tensors, by name.

    Shapes must fit.
    """
    if pair.name in mapped.keys.scattered:
        return
    placement = mapped.keys.placed.get(pair.name)
    update = low_rank_update(base, mapped, pair, pair.a if placement else mapped.target(base, pair.name))
    if placement is None:
        yield pair.name, _with_magnitude(update, pair)
    else:
        yield from parameter_updates(pair, placement, packing_of(base, mapped, pair, placement), update)
    if pair.bias is not None:
        yield f"{pair.module}.bias", VectorUpdate(pair.bias, update.scaling * mapped.weight)


def packing_of(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule, placement: Placement) -> ExpertPacking:
    """How the factors for a stacked parameter are packed."""
    return expert_packing(pair, placement, mapped.adapter.config, stores_experts_transposed(base.model_type))


def low_rank_update(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule, target: StoredTensor) -> LowRankUpdate:
    """The update that one low-rank pair makes to ``target``; shapes are not judged here."""
    config = mapped.adapter.config
    transposed = pair.embedding or _is_conv1d(base, mapped.adapter, pair, target)
    return LowRankUpdate(
        a=whole(pair.a),
        b=whole(pair.b),
        scaling=scaling(config, pair.configured_as, pair.rank),
        weight=mapped.weight,
        transposed=transposed,
        rounds_first=pair.embedding or _on_parameter(base, mapped, pair) or config.get("init_lora_weights") == "mica",
    )


def _on_parameter(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> bool:
    """Whether PEFT adds the delta to a parameter: what an earlier adapter has for an expert or a router goes there."""
    if pair.experts or pair.name in mapped.keys.stacked:
        return True
    return pair.module.endswith(".gate") and routers_are_parameters(base.model_type)


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


def update_of_tuned(base: Checkpoint, mapped: ResolvedAdapter, tuned: TunedModule) -> TunedUpdate:
    """The update that a streamable module of another method than LoRA makes; shapes are not judged here."""
    shape = mapped.target(base, f"{tuned.module}.weight").shape
    conv1d = len(shape) == 2 and _named_conv1d(base, mapped.adapter, tuned.module)
    return tuned_update(mapped.adapter.config, tuned, mapped.weight, shape, conv1d)


def speaks_plain_lora(adapter: Adapter) -> bool:
    """Whether module names and ranks in the adapter mean what plain LoRA means by them."""
    differs = ("layer_replication", "use_bdlora")
    return adapter.peft_type == "LORA" and not any(adapter.config.get(field) for field in differs)


def names_modules(adapter: Adapter) -> bool:
    """Whether each of the adapter's tensors is named after the one module that it changes."""
    return speaks_plain_lora(adapter) or adapter.peft_type in STREAMED_METHODS


def why_not_streaming(mapped: Sequence[ResolvedAdapter]) -> tuple[str, ...]:
    """What keeps these adapters from being streamed; empty where ``updates`` can say all that they do."""
    reasons: list[str] = []
    for one in mapped:
        if one.adapter.peft_type == "LORA":
            reasons.extend([*_beyond_lora(one), *_beyond_rows(one, mapped)])
        elif one.adapter.peft_type not in STREAMED_METHODS or _must_be_alone(one, mapped):
            reasons.append(one.adapter.peft_type)
        else:
            reasons.extend([*_beyond_tuned(one), *_beyond_rows(one, mapped)])
    return tuple(dict.fromkeys(reasons))


def _beyond_lora(one: ResolvedAdapter) -> Iterator[str]:
    yield from formula_changes(one.adapter.config)
    yield from one.contents.others
    yield from (tuned.module for tuned in one.contents.tuned if not is_streamable("LORA", tuned))
    yield from (pair.module for pair in one.contents.lora if len(pair.a.shape) != 2 or len(pair.b.shape) != 2)
    yield from (f"{name}: {how}" for name, how in one.keys.scattered.items())


def _beyond_tuned(one: ResolvedAdapter) -> Iterator[str]:
    yield from one.contents.others
    yield from (pair.module for pair in one.contents.lora)
    yield from (tuned.module for tuned in one.contents.tuned if not is_streamable(one.adapter.peft_type, tuned))


def _must_be_alone(one: ResolvedAdapter, mapped: Sequence[ResolvedAdapter]) -> bool:
    """Whether it sets or scales whole rows: PEFT gives that no strength, and beside others the order would matter."""
    replaces = one.adapter.peft_type == "IA3" or any(TOKENS in tuned.parts for tuned in one.contents.tuned)
    return replaces and (len(mapped) > 1 or one.weight != 1.0)


def _beyond_rows(one: ResolvedAdapter, mapped: Sequence[ResolvedAdapter]) -> Iterator[str]:
    """Token rows that streaming leaves to PEFT: of a tied head, of a module with factors too, or not stored."""
    rows = {tuned.module for tuned in one.contents.tuned if TOKENS in tuned.parts}
    if one.adapter.config.get("trainable_token_indices") and not rows:
        yield "trainable_token_indices"
    mixed = rows & {pair.module for pair in one.contents.lora}
    yield from (module for module in rows if module in mixed or f"{module}.weight" in one.keys.tied)
    if rows and _must_be_alone(one, mapped):
        yield "trainable_token_indices"


def make_plan(
    base: Checkpoint,
    mapped: Sequence[ResolvedAdapter],
    precision: Precision,
    keep_float32: Sequence[str] = (),
    combination: Combination = SUM,
) -> Plan:
    """Plan every output tensor. Call only for adapters that preflight let through.

    ``keep_float32`` are the class's patterns of tensors that stay float32 in a 16-bit model.
    """
    changes = collect_changes(base, mapped, combination)
    tie = find_tie(base)
    splits = tie is not None and _comes_apart(tie, changes, mapped)
    names = {name: name for name in base.tensors}
    if tie is not None and splits:
        if tie.feeds_more:
            raise UserError(Code.SHARED_EMBEDDING_UNCLEAR, names=[tie.head])
        names.setdefault(tie.head, tie.embeddings)
        _share_base_copy(base, tie, changes)
    elif tie is not None:
        _keep_together(tie, changes)
    _refuse_if_left_over(changes, names)
    tensors = tuple(
        _plan_tensor(base.tensors[source], changes.get(name), name, precision, keep_float32)
        for name, source in names.items()
    )
    return Plan(tensors, splits, len(set().union(*(one.modules for one in mapped))))


@dataclass(slots=True)
class Change:
    """What adapters do to one tensor: first a full copy takes its place, then deltas are added."""

    replacement: TensorRecord | None
    updates: list[Update]


def collect_changes(
    base: Checkpoint, mapped: Sequence[ResolvedAdapter], combination: Combination = SUM
) -> dict[str, Change]:
    """Changes by checkpoint name; a tied head that the checkpoint does not store goes under its own name.

    One adapter is never combined: PEFT too only scales it then.
    """
    changes: dict[str, Change] = {}
    for one in mapped:
        for parameter, record in one.contents.copies.items():
            _change(changes, one, parameter).replacement = record
        for pair in one.contents.lora:
            for name, update in updates_of(base, one, pair):
                _change(changes, one, name).updates.append(update)
        _collect_tuned(base, one, changes)
    if len(mapped) > 1:
        for name, changed in changes.items():
            changed.updates = together(name, changed.updates, combination)
    return changes


def _change(changes: dict[str, Change], one: ResolvedAdapter, parameter: str) -> Change:
    return changes.setdefault(one.keys.found.get(parameter, parameter), Change(None, []))


def _collect_tuned(base: Checkpoint, one: ResolvedAdapter, changes: dict[str, Change]) -> None:
    for tuned in one.contents.tuned:
        weight = f"{tuned.module}.weight"
        _change(changes, one, weight).updates.append(update_of_tuned(base, one, tuned))
        if (bias := _scaled_bias(base, one, weight, tuned)) is not None:
            changes.setdefault(bias, Change(None, [])).updates.append(bias_scale(tuned))


def _scaled_bias(base: Checkpoint, one: ResolvedAdapter, weight: str, tuned: TunedModule) -> str | None:
    """The bias that IA3 scales along with a module's outputs, if the base has one."""
    name = one.keys.found.get(weight, weight).removesuffix("weight") + "bias"
    return name if scales_outputs(tuned) and name in base.tensors else None


def _with_magnitude(low_rank: LowRankUpdate, pair: LoraModule) -> Update:
    """DoRA where the module has a magnitude. Its strength is PEFT's ``set_scale``: it scales the delta alone."""
    if pair.magnitude is None:
        return low_rank
    return DoraUpdate(replace(low_rank, rounds_first=False), pair.magnitude)


def _comes_apart(tie: Tie, changes: Mapping[str, Change], mapped: Sequence[ResolvedAdapter]) -> bool:
    """Whether the two sides of a tie differ after the merge."""
    one, other = changes.get(tie.embeddings), changes.get(tie.head)
    ensured = any(adapter.adapter.config.get("ensure_weight_tying") for adapter in mapped)
    if one is not None and other is not None:
        return not (ensured or _same_copy(one, other))
    if one is not None and one.replacement is None and all(isinstance(update, RowsUpdate) for update in one.updates):
        return False  # PEFT trains the rows of both sides at once
    changed = tie.embeddings if one is not None else tie.head
    return (one or other) is not None and not (ensured and changed.split(".")[-2] in _TIED_BY_PEFT)


def _same_copy(one: Change, other: Change) -> bool:
    if one.updates or other.updates or one.replacement is None or other.replacement is None:
        return False
    return equal_bytes(one.replacement, other.replacement)


def _refuse_if_left_over(changes: Mapping[str, Change], names: Mapping[str, str]) -> None:
    """No change may be lost on the way."""
    lost = sorted(set(changes) - set(names))
    if lost:
        raise UserError(Code.KEYS_UNMATCHED, count=len(lost), total=len(changes), names=lost)


def _share_base_copy(base: Checkpoint, tie: Tie, changes: dict[str, Change]) -> None:
    """PEFT saves a targeted embedding's base weights too; loading them changes the shared tensor, so both sides."""
    for one, other in ((tie.embeddings, tie.head), (tie.head, tie.embeddings)):
        change = changes.get(one)
        if change is None or change.replacement is None or not change.updates or other in changes:
            continue
        if not equal_bytes(change.replacement, base.tensors[tie.embeddings]):
            changes[other] = Change(change.replacement, [])


def _keep_together(tie: Tie, changes: dict[str, Change]) -> None:
    """Give both sides of a tie that lasts the one change; a head that is not stored has its embeddings' tensor."""
    change = changes.get(tie.embeddings) or changes.get(tie.head)
    if change is None:
        return
    changes[tie.embeddings] = change
    changes.pop(tie.head, None)
    if tie.head_stored:
        changes[tie.head] = change


def _plan_tensor(
    record: StoredTensor,
    change: Change | None,
    name: str,
    precision: Precision,
    keep_float32: Iterable[str],
) -> PlannedTensor:
    dtype = output_dtype(record, precision, keep_float32, name)
    if change is None:
        as_stored = dtype == record.dtype and not isinstance(record, PackedTensor)
        action = Action.COPY if as_stored else Action.CAST
        return PlannedTensor(name, dtype, record.shape, action, record, record)
    source = change.replacement or record
    action = Action.MERGE if change.updates else Action.REPLACE
    return PlannedTensor(name, dtype, source.shape, action, source, record, tuple(change.updates))


def output_dtype(record: StoredTensor, precision: Precision, keep_float32: Iterable[str] = (), name: str = "") -> str:
    """The dtype a base tensor gets in the output, under ``name`` or its own."""
    wanted = precision.dtype
    if wanted is None or not record.is_floating:
        return record.dtype
    if precision is not Precision.FLOAT32 and any(re.search(pattern, name or record.name) for pattern in keep_float32):
        return "F32"
    return wanted.name
