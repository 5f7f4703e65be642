"""Adapters on parameters instead of layers, as PEFT's ``target_parameters`` makes them for stacked experts.

A has one block of ``rank`` rows for each expert. B has the experts' columns in turn: column ``k · experts + e`` is
expert e's k-th. Source: ``peft.tuners.lora.layer.ParamWrapper``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from msgspec import structs

from ..checkpoints.adapter_keys import LoraModule
from ..methods.lora import LowRankUpdate
from ..storage.factor_view import FactorView, Steps, whole
from .fused_placement import Placement

# PEFT nests one wrapper for each parameter of a module, the one registered last outermost. All classes of
# transformers register in this order.
_REGISTERED = (
    "w1", "v1", "w2", "gate_proj", "up_proj", "gate_up_proj", "gate_up_proj_bias", "down_proj", "down_proj_bias",
)  # fmt: skip
_INNER = ".base_layer"
# From this version on PEFT packs by what is input and what output; before, by the order of dimensions, unless
# transformers had patched it. (huggingface/peft#3165)
_SETTLED = (0, 19, 1)
# What later releases of Unsloth write into the adapter's config, and the reading that its earlier ones trained with.
_MARK = "lora_B_layout"
_GROUPED = "grouped_by_expert"


@dataclass(frozen=True, slots=True)
class ExpertPacking:
    """How an adapter's factors lie: ``grouped`` B has each expert's columns side by side; ``swapped`` factors give
    (inputs, outputs) matrices. ``unclear`` where nothing tells.
    """

    swapped: bool = False
    grouped: bool = False
    unclear: bool = False


def wrapped_parameters(pairs: Sequence[LoraModule], config: Mapping[str, Any]) -> dict[str, list[str]]:
    """Modules that PEFT wrapped for their parameters, each with the parameters that the config names in it."""
    targets = config.get("target_parameters")
    names = [str(target) for target in targets] if isinstance(targets, list) else []
    wrapped: dict[str, list[str]] = {}
    if not names:
        return wrapped
    for module in dict.fromkeys(_outer(pair.module) for pair in pairs):
        leaves = dict.fromkeys(name.rpartition(".")[2] for name in names if _names(name, module))
        if leaves:
            wrapped[module] = sorted(leaves, key=lambda leaf: (*_REGISTERED, leaf).index(leaf))
    return wrapped


def _outer(module: str) -> str:
    return module.replace(_INNER, "")


def _names(target: str, module: str) -> bool:
    parameter = f"{module}.{target.rpartition('.')[2]}"
    return parameter == target or parameter.endswith(f".{target}")


def assign_parameters(
    pairs: Sequence[LoraModule], wrapped: Mapping[str, Sequence[str]], placements: Mapping[str, Placement]
) -> tuple[LoraModule, ...]:
    """Say of each wrapper's pair which parameter it changes: outermost the last registered, if the shapes agree."""
    parameter_of: dict[str, str] = {}
    for module, leaves in wrapped.items():
        mine = sorted((pair for pair in pairs if _outer(pair.module) == module), key=lambda pair: -len(pair.module))
        present = [leaf for leaf in leaves if f"{module}.{leaf}" in placements] or list(leaves)
        orders = [*permutations(present, len(mine))]
        best = next((order for order in orders if _fits(mine, module, order, placements)), orders[0] if orders else ())
        parameter_of |= {pair.module: leaf for pair, leaf in zip(mine, best, strict=False)}
    return tuple(_assigned(pair, parameter_of.get(pair.module), placements) for pair in pairs)


def _fits(pairs: Sequence[LoraModule], module: str, leaves: Sequence[str], placements: Mapping[str, Placement]) -> bool:
    return all(
        (placement := placements.get(f"{module}.{leaf}")) is not None and fits(pair, placement)
        for pair, leaf in zip(pairs, leaves, strict=True)
    )


def _assigned(pair: LoraModule, leaf: str | None, placements: Mapping[str, Placement]) -> LoraModule:
    if leaf is None:
        return pair
    module = _outer(pair.module)
    placement = placements.get(f"{module}.{leaf}")
    return structs.replace(pair, module=module, parameter=leaf, experts=placement.experts if placement else 1)


def fits(pair: LoraModule, placement: Placement) -> bool:
    """Whether a pair's factors have the shapes that a parameter asks for, one way round or the other."""
    if len(pair.a.shape) != 2 or len(pair.b.shape) != 2 or pair.a.shape[0] != pair.b.shape[1]:
        return False
    matrix = placement.shape[-2:]
    return pair.a.shape[0] % placement.experts == 0 and _matrix(pair) in (matrix, matrix[::-1])


def _matrix(pair: LoraModule) -> tuple[int, int]:
    return pair.b.shape[0], pair.a.shape[1]


def expert_packing(
    pair: LoraModule, placement: Placement, config: Mapping[str, Any], transposed_class: bool
) -> ExpertPacking:
    """How the factors are to be read. Shapes tell; for square matrices the class and the PEFT that wrote them do.

    ``transposed_class``: the class keeps its experts as (inputs, outputs), which PEFT has always followed.
    """
    stacked = len(placement.shape) == 3
    grouped = stacked and config.get(_MARK) == _GROUPED
    mapping = config.get("auto_mapping")
    by_unsloth = isinstance(mapping, Mapping) and bool(mapping.get("unsloth_fixed"))
    unclear = stacked and placement.experts > 1 and by_unsloth and _MARK not in config
    if _matrix(pair) != _matrix(pair)[::-1]:
        return ExpertPacking(_matrix(pair) != placement.shape[-2:], grouped, unclear)
    square = stacked and not transposed_class and not _settled(config.get("peft_version"))
    return ExpertPacking(stacked and transposed_class, grouped, unclear or square)


def _settled(version: object) -> bool:
    """Whether a PEFT version, as written, is one that packs as today's does; development versions are not told."""
    parts = str(version or "").partition("@")[0].split(".")
    if len(parts) < 3 or not all(part.isdigit() for part in parts[:3]):
        return False
    return tuple(map(int, parts[:3])) >= _SETTLED and (len(parts) == 3 or tuple(map(int, parts[:3])) > _SETTLED)


def parameter_updates(
    pair: LoraModule, placement: Placement, packing: ExpertPacking, update: LowRankUpdate
) -> Iterator[tuple[str, LowRankUpdate]]:
    """The update of each stored tensor: its name and ``update`` with the parts of the factors that it gets.

    Shapes must fit.
    """
    swapped = packing.swapped
    for block in placement.blocks:
        height = block.columns.count if block.transposed else block.rows.count
        experts = range(placement.experts) if block.expert is None else (block.expert,)
        for place, expert in enumerate(experts):
            a, b = _factors(pair, expert, placement.experts, packing.grouped)
            yield (
                block.tensor,
                replace(
                    update,
                    a=structs.replace(a, columns=block.rows if swapped else block.columns),
                    b=structs.replace(b, rows=block.columns if swapped else block.rows),
                    transposed=block.transposed != swapped,
                    first_row=block.first_row + place * height,
                ),
            )


def _factors(pair: LoraModule, expert: int, experts: int, grouped: bool) -> tuple[FactorView, FactorView]:
    """One expert's rows of A and columns of B."""
    a, b = whole(pair.a), whole(pair.b)
    rank = a.rows.count // experts
    columns = Steps(expert * rank, rank) if grouped else Steps(expert, rank, experts)
    return structs.replace(a, rows=Steps(expert * rank, rank)), structs.replace(b, columns=columns)
