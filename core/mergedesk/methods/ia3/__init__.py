"""IA3: W = W · l, with one trained factor for each output, or for each input of a feed-forward module.

Sources: Liu et al. 2022; names as in ``peft.tuners.ia3``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...storage.factor_view import FactorView, as_column, as_row
from ...storage.safetensors_header import TensorRecord
from ..update import Array, Formula, Method, TunedTarget, WeightUpdate

_FACTORS = "ia3_l"


@dataclass(frozen=True, slots=True)
class ScaleUpdate(WeightUpdate):
    """W = W · l, with one factor for each row (a column, ``by_rows``) or for each column of W as stored: ``target``."""

    factors: FactorView
    target: tuple[int, int]
    by_rows: bool

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether there is a factor for each row or column."""
        return self.factors.record.elements == target[0 if self.by_rows else 1]

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W · l."""
        [factors] = stored

        def change(rows: Array, begin: int) -> None:
            rows *= factors[begin : begin + len(rows)] if self.by_rows else factors

        return change


def _scales_outputs(factors: TensorRecord) -> bool:
    """Whether it scales what the module gives, its bias too, and not what it takes (a feed-forward module)."""
    return factors.shape[-1] == 1


def _update(target: TunedTarget) -> ScaleUpdate:
    factors = target.parts[_FACTORS]
    by_rows = _scales_outputs(factors) != target.conv1d
    return ScaleUpdate((as_column if by_rows else as_row)(factors), target.shape, by_rows)


def _bias_update(target: TunedTarget) -> ScaleUpdate | None:
    factors = target.parts[_FACTORS]
    column = as_column(factors)
    return ScaleUpdate(column, column.shape, by_rows=True) if _scales_outputs(factors) else None


METHOD = Method(
    "IA3",
    parts=(_FACTORS,),
    streams=lambda parts, _config: len(parts[_FACTORS].shape) == 2,
    update=_update,
    bias_update=_bias_update,
    alone=True,
)
