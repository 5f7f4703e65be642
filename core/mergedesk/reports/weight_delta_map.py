"""A merge's effect laid out as layers × kinds of modules, from the tensors' names alone, whatever the architecture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
        found = {place: value_of(modules, quantity) for place, modules in self.cells.items()}
        return {place: value for place, value in found.items() if value is not None}


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
    placed = _placed(effect)
    found = [(place, place.layer, one) for place, one in placed if place.layer is not None]
    apart = tuple(one for place, one in placed if place.layer is None)
    return _laid_out([(place, layer, one) for place, layer, one in found if layer is not None], apart)


def expert_map(effect: WeightDelta, layer: int) -> WeightDeltaMap:
    """The experts of one layer across, their kinds of modules down."""
    placed = [(place, place.expert, one) for place, one in _placed(effect) if place.layer == layer]
    return _laid_out([(place, expert, one) for place, expert, one in placed if expert is not None])


def layers_with_experts(effect: WeightDelta) -> tuple[int, ...]:
    """The layers that have tensors of single experts."""
    return tuple(
        sorted({place.layer for place, _ in _placed(effect) if place.layer is not None and place.expert is not None})
    )


def value_of(modules: Sequence[ModuleDelta], quantity: Quantity) -> float | None:
    """The quantity of some tensors taken as one; None where it is not known."""
    match quantity:
        case Quantity.RELATIVE:
            weight = math.hypot(*(one.weight_norm for one in modules))
            return math.hypot(*(one.delta_norm for one in modules)) / weight if weight else None
        case Quantity.LARGEST:
            return max((one.largest for one in modules if one.largest is not None), default=None)
        case Quantity.ROUNDED_AWAY:
            kept = kept_of(modules).written
            return None if kept is None else max(0.0, 1.0 - kept)
        case Quantity.UNMOVED:
            known = [one.unmoved for one in modules if one.unmoved is not None]
            return sum(known) / len(known) if known else None


def known_quantities(effect: WeightDelta) -> tuple[Quantity, ...]:
    """What can be shown of these tensors."""
    return tuple(one for one in Quantity if any(value_of([module], one) is not None for module in effect.modules))


def by_group(effect: WeightDelta) -> dict[Group, float]:
    """‖ΔW‖/‖W‖ of attention and MLP, each taken as one; without those that the adapter leaves alone."""
    groups: dict[Group, list[ModuleDelta]] = {}
    for place, one in _placed(effect):
        if place.layer is not None and not place.bias:
            groups.setdefault(_group(place), []).append(one)
    found = {
        group: value_of(modules, Quantity.RELATIVE) for group, modules in groups.items() if group is not Group.OTHER
    }
    return {group: value for group, value in found.items() if value}


def _placed(effect: WeightDelta) -> list[tuple[Place, ModuleDelta]]:
    """Every tensor with its place; a list that is none of layers, as a head's own modules, counts as no layer."""
    places = [place_of(one.name) for one in effect.modules]
    members: dict[str, set[int | None]] = {}
    for place in places:
        members.setdefault(place.stack, set()).add(place.layer)
    real = {stack for stack, layers in members.items() if stack.rpartition(".")[2] in _LAYERS or len(layers) > 1}
    found = [place if place.stack in real else Place("", None, place.path, bias=place.bias) for place in places]
    return list(zip(found, effect.modules, strict=True))


def _laid_out(found: Sequence[tuple[Place, int, ModuleDelta]], apart: tuple[ModuleDelta, ...] = ()) -> WeightDeltaMap:
    keys = _ordered({(place.stack, place.path, place.bias) for place, _, _ in found})
    rows = {key: number for number, key in enumerate(keys)}
    columns = sorted({column for _, column, _ in found})
    where = {column: number for number, column in enumerate(columns)}
    cells: dict[Cell, tuple[ModuleDelta, ...]] = {}
    for place, column, one in found:
        cell = rows[place.stack, place.path, place.bias], where[column]
        cells[cell] = (*cells.get(cell, ()), one)
    kinds = tuple(MapRow(label, _group(Place("", 0, key[1]))) for key, label in zip(keys, _labels(keys), strict=True))
    return WeightDeltaMap(kinds, tuple(columns), cells, apart)


_Key = tuple[str, tuple[str, ...], bool]


def _ordered(keys: set[_Key]) -> list[_Key]:
    """Stack by stack, attention before MLP, and inside of them the way of the data."""
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for stack, path, _ in keys:
        parent = stack, path[:-1]
        first[parent] = min(first.get(parent, len(_ORDER)), _rank(path))

    def order(key: _Key) -> tuple[object, ...]:
        stack, path, bias = key
        group = list(Group).index(_group(Place(stack, 0, path)))
        return stack, group, first[stack, path[:-1]], path[:-1], _rank(path), path, bias

    # An encoder comes before its decoder, which the alphabet has the other way round.
    return sorted(keys, key=lambda key: ("decoder" in key[0], order(key)))


def _rank(path: tuple[str, ...]) -> int:
    return _ORDER.index(path[-1]) if path and path[-1] in _ORDER else len(_ORDER)


def _group(place: Place) -> Group:
    words = ".".join(place.path).lower()
    if "attention" in words or "attn" in words:
        return Group.ATTENTION
    mlp = ("mlp", "ffn", "feed_forward", "dense", "intermediate", "expert", "moe", "fc1", "fc2", "lin1", "lin2")
    return Group.MLP if any(one in words for one in mlp) else Group.OTHER


def _labels(keys: Sequence[_Key]) -> list[str]:
    """The shortest ends of the paths that tell them apart, after what tells the stacks apart."""
    paths = {path for _, path, _ in keys}
    stacks = sorted({stack for stack, _, _ in keys})
    return [
        f"{_stack_label(stack, stacks)}{_end_of(path, paths)}{' bias' if bias else ''}" for stack, path, bias in keys
    ]


def _end_of(path: tuple[str, ...], paths: set[tuple[str, ...]]) -> str:
    for length in range(1, len(path)):
        if sum(other[-length:] == path[-length:] for other in paths) == 1:
            return ".".join(path[-length:])
    return ".".join(path)


def _stack_label(stack: str, stacks: Sequence[str]) -> str:
    if len(stacks) < 2:
        return ""
    shared = set.intersection(*(set(one.split(".")) for one in stacks))
    own = [word for word in stack.split(".") if word not in shared]
    return f"{own[0] if own else stack} · "
