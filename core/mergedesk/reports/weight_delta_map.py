"""A merge's effect laid out as layers × kinds of modules, from the tensors' names alone, whatever the architecture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from ..domain.weight_delta import ModuleDelta, WeightDelta, kept_of

# What lists of layers are called; others count as such from two members on.
_LAYERS = frozenset({"layers", "layer", "h", "block", "blocks", "resblocks"})
# The way of the data through a block, for names that are known; others come after, as they are spelled.
_ORDER = (
    "qkv_proj", "qkv", "c_attn", "query_key_value", "Wqkv", "in_proj", "q_proj", "q", "query", "q_lin", "k_proj", "k",
    "key", "k_lin", "v_proj", "v", "value", "v_lin", "o_proj", "o", "out_proj", "out_lin", "gate", "router",
    "gate_up_proj", "gate_proj", "w1", "wi", "wi_0", "up_proj", "w3", "wi_1", "c_fc", "fc1", "lin1", "down_proj", "w2",
    "wo", "c_proj", "fc2", "lin2", "dense",
)  # fmt: skip

Cell = tuple[int, int]
"""A row and a column of the map."""

_MLP = ("mlp", "ffn", "feed_forward", "dense", "intermediate", "expert", "moe", "fc1", "fc2", "lin1", "lin2")


class Quantity(StrEnum):
    """What a cell of the map shows."""

    RELATIVE = "relative"
    LARGEST = "largest"
    ROUNDED_AWAY = "rounded_away"
    UNMOVED = "unmoved"


class Group(StrEnum):
    """The part of a block that a kind of module belongs to."""

    ATTENTION = "attention"
    MLP = "mlp"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor is: ``stack`` and ``layer`` (None outside of all layers), then the ``path`` inside of it."""

    stack: str
    layer: int | None
    path: tuple[str, ...]
    expert: int | None = None
    bias: bool = False

    @property
    def kind(self) -> Place:
        """The same place of whatever layer and expert."""
        return replace(self, layer=None, expert=None)

    @property
    def group(self) -> Group:
        """The part of a block it is in, by the words of its path."""
        words = ".".join(self.path).lower()
        if "attention" in words or "attn" in words:
            return Group.ATTENTION
        return Group.MLP if any(word in words for word in _MLP) else Group.OTHER


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row: the same module in every layer of a stack."""

    label: str
    group: Group


@dataclass(frozen=True, slots=True)
class WeightDeltaMap:
    """``cells`` by row and column; each holds one tensor, or all experts' of a layer. ``apart`` are in no layer.

    ``columns`` are the numbers of layers or, in a map of one layer's experts, of experts.
    """

    kinds: tuple[MapRow, ...]
    columns: tuple[int, ...]
    cells: Mapping[Cell, tuple[ModuleDelta, ...]]
    apart: tuple[ModuleDelta, ...] = ()

    def values(self, quantity: Quantity) -> dict[Cell, float]:
        """The quantity in every cell where it is known."""
        values = {place: value_of(modules, quantity) for place, modules in self.cells.items()}
        return {place: value for place, value in values.items() if value is not None}


def place_of(name: str) -> Place:
    """The place that a checkpoint's name tells."""
    words = name.split(".")
    bias = words[-1] == "bias"
    if words[-1] in ("weight", "bias") and len(words) > 1:
        words.pop()
    numbers = [index for index, word in enumerate(words) if word.isdecimal()]
    if not numbers:
        return Place("", None, tuple(words), bias=bias)
    stack, layer, rest = ".".join(words[: numbers[0]]), int(words[numbers[0]]), words[numbers[0] + 1 :]
    at = next((index + 1 for index, (before, word) in enumerate(pairwise(rest)) if _is_expert(before, word)), None)
    expert = int(rest.pop(at)) if at is not None else None
    return Place(stack, layer, tuple(rest), expert, bias)


def _is_expert(before: str, word: str) -> bool:
    return "expert" in before and word.isdecimal()


def effect_map(effect: WeightDelta) -> WeightDeltaMap:
    """Layers across, kinds of modules down; the experts of a layer share a cell."""
    tensors = placed(effect)
    apart = tuple(module for place, module in tensors if place.layer is None)
    return _laid_out([(place, place.layer, module) for place, module in tensors if place.layer is not None], apart)


def expert_map(effect: WeightDelta, layer: int) -> WeightDeltaMap:
    """The experts of one layer across, their kinds of modules down."""
    chosen = [(place, module) for place, module in placed(effect) if place.layer == layer]
    return _laid_out([(place, place.expert, module) for place, module in chosen if place.expert is not None])


def layers_with_experts(effect: WeightDelta) -> tuple[int, ...]:
    """The layers that have tensors of single experts."""
    places = [place for place, _ in placed(effect) if place.expert is not None]
    return tuple(sorted({place.layer for place in places if place.layer is not None}))


def value_of(modules: Sequence[ModuleDelta], quantity: Quantity) -> float | None:
    """The quantity of some tensors taken as one; None where it is not known."""
    match quantity:
        case Quantity.RELATIVE:
            weight = math.hypot(*(module.weight_norm for module in modules))
            return math.hypot(*(module.delta_norm for module in modules)) / weight if weight else None
        case Quantity.LARGEST:
            return max((module.largest for module in modules if module.largest is not None), default=None)
        case Quantity.ROUNDED_AWAY:
            kept = kept_of(modules).written
            return None if kept is None else max(0.0, 1.0 - kept)
        case Quantity.UNMOVED:
            known = [module.unmoved for module in modules if module.unmoved is not None]
            return sum(known) / len(known) if known else None


def known_quantities(effect: WeightDelta) -> tuple[Quantity, ...]:
    """What can be shown of these tensors."""
    alone = [[module] for module in effect.modules]
    return tuple(quantity for quantity in Quantity if any(value_of(modules, quantity) is not None for modules in alone))


def by_group(effect: WeightDelta) -> dict[Group, float]:
    """‖ΔW‖/‖W‖ of attention and MLP, each taken as one; without those that the adapter leaves alone."""
    groups: dict[Group, list[ModuleDelta]] = {Group.ATTENTION: [], Group.MLP: [], Group.OTHER: []}
    for place, module in placed(effect):
        if place.layer is not None and not place.bias:
            groups[place.group].append(module)
    shares = {group: value_of(groups[group], Quantity.RELATIVE) for group in (Group.ATTENTION, Group.MLP)}
    return {group: share for group, share in shares.items() if share}


def placed(effect: WeightDelta) -> list[tuple[Place, ModuleDelta]]:
    """Every tensor with its place; a list that is none of layers, as a head's own modules, counts as no layer."""
    places = [place_of(module.name) for module in effect.modules]
    members: dict[str, set[int | None]] = {}
    for place in places:
        members.setdefault(place.stack, set()).add(place.layer)
    real = {stack for stack, layers in members.items() if stack.rpartition(".")[2] in _LAYERS or len(layers) > 1}
    corrected = [place if place.stack in real else Place("", None, place.path, bias=place.bias) for place in places]
    return list(zip(corrected, effect.modules, strict=True))


def _laid_out(placed: Sequence[tuple[Place, int, ModuleDelta]], apart: tuple[ModuleDelta, ...] = ()) -> WeightDeltaMap:
    kinds = _ordered({place.kind for place, _, _ in placed})
    columns = sorted({column for _, column, _ in placed})
    rows = {kind: number for number, kind in enumerate(kinds)}
    where = {column: number for number, column in enumerate(columns)}
    cells: dict[Cell, tuple[ModuleDelta, ...]] = {}
    for place, column, module in placed:
        cell = rows[place.kind], where[column]
        cells[cell] = (*cells.get(cell, ()), module)
    labelled = tuple(MapRow(_label(kind, kinds), kind.group) for kind in kinds)
    return WeightDeltaMap(labelled, tuple(columns), cells, apart)


def _ordered(kinds: set[Place]) -> list[Place]:
    """Stack by stack, attention before MLP, and inside of them the way of the data."""
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for kind in kinds:
        parent = kind.stack, kind.path[:-1]
        first[parent] = min(first.get(parent, len(_ORDER)), _rank(kind.path))

    def order(kind: Place) -> tuple[object, ...]:
        # An encoder comes before its decoder, which the alphabet has the other way round.
        stack, parent = ("decoder" in kind.stack, kind.stack), kind.path[:-1]
        inside = first[kind.stack, parent], parent, _rank(kind.path), kind.path, kind.bias
        return stack, list(Group).index(kind.group), inside

    return sorted(kinds, key=order)


def _rank(path: tuple[str, ...]) -> int:
    return _ORDER.index(path[-1]) if path and path[-1] in _ORDER else len(_ORDER)


def _label(kind: Place, kinds: Sequence[Place]) -> str:
    """The shortest end of the path that tells it apart, after what tells the stacks apart."""
    stacks, paths = sorted({other.stack for other in kinds}), {other.path for other in kinds}
    return f"{_stack_label(kind.stack, stacks)}{_end_of(kind.path, paths)}{' bias' if kind.bias else ''}"


def _end_of(path: tuple[str, ...], paths: set[tuple[str, ...]]) -> str:
    for length in range(1, len(path)):
        if sum(other[-length:] == path[-length:] for other in paths) == 1:
            return ".".join(path[-length:])
    return ".".join(path)


def _stack_label(stack: str, stacks: Sequence[str]) -> str:
    if len(stacks) < 2:
        return ""
    shared = set.intersection(*(set(other.split(".")) for other in stacks))
    own = [word for word in stack.split(".") if word not in shared]
    return f"{own[0] if own else stack} · "
