"""LoHa: W += factor · (A₁·B₁) ∘ (A₂·B₂).

Sources: Hyeon-Woo et al. 2022 (FedPara); names and scaling as in ``peft.tuners.loha``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...storage.factor_view import FactorView, whole
from ..lora.config import tuned_scaling
from ..update import Array, Formula, FormulaUpdate, Method, TunedTarget

_FACTORS = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")


@dataclass(frozen=True, slots=True)
class HadamardUpdate(FormulaUpdate):
    """W += factor · (A₁·B₁) ∘ (A₂·B₂), each A (outputs, rank) and B (rank, inputs): ``first`` and ``second``."""

    first: tuple[FactorView, FactorView]
    second: tuple[FactorView, FactorView]
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        return self.first[0].shape[0], self.first[1].shape[1]

    @property
    def rank(self) -> int:
        """That of the first product."""
        return self.first[0].shape[1]

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether the products can be made, and are of the weight's shape."""
        return self.shape == target and all(a.shape[1] == b.shape[0] for a, b in (self.first, self.second))

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W + factor · (A₁·B₁) ∘ (A₂·B₂)."""
        a1, b1, a2, b2 = stored

        def change(rows: Array, begin: int) -> None:
            end = begin + len(rows)
            rows += (a1[begin:end] @ b1) * (a2[begin:end] @ b2) * self.factor

        return change


def _update(target: TunedTarget) -> HadamardUpdate:
    a1, b1, a2, b2 = (whole(target.parts[name]) for name in _FACTORS)
    return HadamardUpdate((a1, b1), (a2, b2), tuned_scaling(target.config, target.module) * target.weight)


# Convolutions that take their kernel apart as well need more than tiles.
METHOD = Method(
    "LOHA",
    parts=(*_FACTORS, "hada_t1", "hada_t2"),
    streams=lambda parts, _config: set(parts) == set(_FACTORS) and all(len(part.shape) == 2 for part in parts.values()),
    update=_update,
)
