"""LoKr: W += factor · W₁ ⊗ W₂.

Sources: Yeh et al. 2024 (LyCORIS); names and scaling as in ``peft.tuners.lokr``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...storage.factor_view import FactorView, whole
from ..lora.config import tuned_scaling
from ..update import Array, Formula, FormulaUpdate, Method, Parts, TunedTarget

Product = tuple[FactorView, ...]
"""One stored matrix, or two whose product is meant."""


@dataclass(frozen=True, slots=True)
class KroneckerUpdate(FormulaUpdate):
    """W += factor · W₁ ⊗ W₂."""

    first: Product
    second: Product
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        rows = self.first[0].shape[0] * self.second[0].shape[0]
        return rows, self.first[-1].shape[1] * self.second[-1].shape[1]

    @property
    def rank(self) -> int | None:
        """Of the first side that is a product; None where whole matrices are stored."""
        return next((side[0].shape[1] for side in (self.first, self.second) if len(side) == 2), None)

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether the products can be made, and give the weight's shape."""
        pairs = (side for side in (self.first, self.second) if len(side) == 2)
        return self.shape == target and all(a.shape[1] == b.shape[0] for a, b in pairs)

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W + factor · W₁ ⊗ W₂: row i is row i ÷ n of W₁ with row i mod n of W₂, which has n rows."""
        first, second = stored[: len(self.first)], stored[len(self.first) :]
        count = len(second[0])

        def change(rows: Array, begin: int) -> None:
            places = range(begin, begin + len(rows))
            upper = _rows_of(first, [place // count for place in places])
            lower = _rows_of(second, [place % count for place in places])
            rows += (upper[:, :, None] * lower[:, None, :]).flatten(1) * self.factor

        return change


def _rows_of(product: Sequence[Array], places: list[int]) -> Array:
    left = product[0][places]
    return left if len(product) == 1 else left @ product[1]


def _stored(parts: Parts, name: str) -> tuple[str, ...]:
    """The matrix itself, or the two that make it; nothing where neither is whole."""
    pair = f"{name}_a", f"{name}_b"
    return (name,) if name in parts else pair if all(side in parts for side in pair) else ()


def _streams(parts: Parts, _config: Mapping[str, Any]) -> bool:
    first, second = _stored(parts, "lokr_w1"), _stored(parts, "lokr_w2")
    return bool(first and second) and set(parts) == {*first, *second}


def _update(target: TunedTarget) -> KroneckerUpdate:
    first, second = (
        tuple(whole(target.parts[name]) for name in _stored(target.parts, side)) for side in ("lokr_w1", "lokr_w2")
    )
    return KroneckerUpdate(first, second, tuned_scaling(target.config, target.module) * target.weight)


# Convolutions that take their kernel apart as well need more than tiles.
METHOD = Method(
    "LOKR",
    parts=("lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2"),
    streams=_streams,
    update=_update,
)
