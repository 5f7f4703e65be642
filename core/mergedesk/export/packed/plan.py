"""What becomes of each tensor of a model that is to be packed, known before a weight is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...checkpoints.checkpoint import Checkpoint
from ...planning.plan import Action, Plan, PlannedTensor
from ...storage.safetensors_header import TensorRecord
from .scheme import Part, Scheme

_WEIGHT = ".weight"
_TAKEN = frozenset({"BF16", "F16", "F32"})


@dataclass(frozen=True, slots=True)
class LinearWeights:
    """Stored names of the weights of linear layers, in their order; ``built``: whether the class could be."""

    built: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedPlan:
    """All stored tensors of the result; ``packed`` are the plain weights by module, ``parts`` what is stored of each.

    ``left``: matrices that stay as they are, by module; ``unfit``: linear layers that do because of their shape.
    """

    plan: Plan
    packed: dict[str, PlannedTensor]
    parts: dict[str, tuple[Part, ...]]
    left: tuple[str, ...]
    unfit: tuple[str, ...] = ()

    @property
    def source_bytes(self) -> int:
        """Bytes of all tensors as they would be stored plain."""
        plain = sum(tensor.nbytes for tensor in self.plan.tensors if tensor.action is not Action.PART)
        return plain + sum(tensor.nbytes for tensor in self.packed.values())


def plan_packing(plan: Plan, linear: Collection[str], scheme: Scheme) -> PackedPlan:
    """Pack those of ``linear`` that the scheme fits, in the place that each has in ``plan``."""
    chosen = {one.name: one for one in plan.tensors if one.name in linear and _is_taken(one, scheme)}
    packed = {_module(name): one for name, one in chosen.items()}
    parts = {module: scheme.parts(one.dtype, (one.shape[0], one.shape[1])) for module, one in packed.items()}
    tensors = tuple(part for one in plan.tensors for part in _stored(one, parts.get(_module(one.name))))
    left = tuple(_module(one.name) for one in plan.tensors if _is_matrix(one) and one.name not in chosen)
    unfit = tuple(_module(one.name) for one in plan.tensors if one.name in linear and not scheme.fits(one.shape))
    return PackedPlan(Plan(tensors, plan.splits_tie, plan.targeted_modules), packed, parts, left, unfit)


def _is_taken(tensor: PlannedTensor, scheme: Scheme) -> bool:
    whole = tensor.width in (1, tensor.shape[-1] if tensor.shape else 1) and tensor.action is not Action.CAST
    return whole and tensor.dtype in _TAKEN and tensor.name.endswith(_WEIGHT) and scheme.fits(tensor.shape)


def _module(name: str) -> str:
    return name.removesuffix(_WEIGHT)


def _is_matrix(tensor: PlannedTensor) -> bool:
    return tensor.name.endswith(_WEIGHT) and len(tensor.shape) == 2


def is_stacked(tensor: PlannedTensor) -> bool:
    """Whether it holds the matrices of several experts, which no form here packs."""
    return len(tensor.shape) == 3 and ".experts." in tensor.name


def _stored(tensor: PlannedTensor, parts: tuple[Part, ...] | None) -> Iterator[PlannedTensor]:
    if parts is None or not tensor.name.endswith(_WEIGHT):
        yield tensor
        return
    for part in parts:
        name = f"{_module(tensor.name)}.{part.name}"
        yield PlannedTensor(name, part.dtype, part.shape, Action.PART, tensor.source, tensor.base)


def as_it_is(base: Checkpoint) -> Plan:
    """The plan by which nothing is changed."""
    records = (one for one in base.tensors.values() if isinstance(one, TensorRecord))
    return Plan(tuple(PlannedTensor(r.name, r.dtype, r.shape, Action.COPY, r, r) for r in records), False, 0)
