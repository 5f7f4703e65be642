"""AdaLoRA: W += weight · scaling / rank · B·(A ∘ E), whose singular values E were trained apart from the factors.

Sources: Zhang et al. 2023; names, scaling and the number beside the rank as in ``peft.tuners.adalora``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...storage.factor_view import FactorView, whole
from ..update import Array, Formula, FormulaUpdate, Method, Parts, TunedTarget

_A, _E, _B = "lora_A", "lora_E", "lora_B"
_INITIAL_RANK, _ALPHA = 12, 8
# PEFT divides by the rank that training began with and so much, lest it be zero.
BESIDE_RANK = 1e-5


@dataclass(frozen=True, slots=True)
class SingularUpdate(FormulaUpdate):
    """W += scaling · weight / (initial_rank + 1e-5) · B·(A ∘ E). A is (rank, inputs), E (rank, 1), B (outputs, rank).

    ``transposed``: W is stored (inputs, outputs), as in Conv1D. ``rounds_factors``: PEFT held them in the base's dtype,
    as it does where ranks were cut down.
    """

    a: FactorView
    e: FactorView
    b: FactorView
    scaling: float
    initial_rank: int
    transposed: bool = False
    rounds_factors: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        outputs, inputs = self.b.shape[0], self.a.shape[1]
        return (inputs, outputs) if self.transposed else (outputs, inputs)

    @property
    def is_plain(self) -> bool:
        """Whether the factors are not rounded on the way."""
        return not self.rounds_factors

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether the three are of one rank, and their product of the weight's shape."""
        rank = self.a.shape[0]
        return self.shape == target and self.e.shape == (rank, 1) and self.b.shape[1] == rank

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W + scaling / (initial_rank + 1e-5) · B·(A ∘ E)."""
        a, e, b = stored
        left, right = (a.T, (b * e.T).T) if self.transposed else (b, a * e)
        factor = self.scaling / (self.initial_rank + BESIDE_RANK)

        def change(rows: Array, begin: int) -> None:
            rows += (left[begin : begin + len(rows)] @ right) * factor

        return change


def _number(config: Mapping[str, Any], name: str, default: int) -> int | float:
    """A field that is a number above zero; 0 for all else."""
    value = config.get(name, default)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else 0


def _left_ranks(config: Mapping[str, Any]) -> Mapping[str, int]:
    """How many singular values the config leaves a module; nothing where none were cut."""
    patterns = config.get("rank_pattern")
    stated = patterns.items() if isinstance(patterns, Mapping) else ()
    return {name: sum(map(bool, kept)) for name, kept in stated if isinstance(kept, list)}


def _streams(parts: Parts, config: Mapping[str, Any]) -> bool:
    """Whether all is there, and of a rank that PEFT would give some module."""
    if set(parts) != {_A, _E, _B} or any(len(part.shape) != 2 or not part.elements for part in parts.values()):
        return False
    initial, ranks = _number(config, "init_r", _INITIAL_RANK), _left_ranks(config)
    known = isinstance(initial, int) and _number(config, "lora_alpha", _ALPHA) > 0
    return known and parts[_A].shape[0] in {initial, *ranks.values()}


def _update(target: TunedTarget) -> SingularUpdate:
    a, e, b = (whole(target.parts[name]) for name in (_A, _E, _B))
    scaling = _number(target.config, "lora_alpha", _ALPHA) * target.weight
    initial = int(_number(target.config, "init_r", _INITIAL_RANK))
    cut = any(name.startswith(f"{target.module}.{_E}") for name in _left_ranks(target.config))
    return SingularUpdate(a, e, b, scaling, initial, _is_transposed(target, b.shape[0], a.shape[1]), cut)


def _is_transposed(target: TunedTarget, outputs: int, inputs: int) -> bool:
    """Shapes decide; a square weight is read as its model stores it."""
    return target.conv1d if outputs == inputs else target.shape == (inputs, outputs)


METHOD = Method("ADALORA", parts=(_A, _E, _B), streams=_streams, update=_update)
