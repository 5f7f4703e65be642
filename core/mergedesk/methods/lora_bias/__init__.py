"""b += factor · delta, for the bias that ``lora_bias`` trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...storage.factor_view import FactorView
from ..update import Array, Formula, FormulaUpdate


@dataclass(frozen=True, slots=True)
class VectorUpdate(FormulaUpdate):
    """b += factor · delta, a column, cut wherever one likes."""

    delta: FactorView
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        """A column."""
        return self.delta.shape

    def formula(self, stored: Sequence[Array]) -> Formula:
        """b + factor · delta."""
        [delta] = stored

        def change(rows: Array, begin: int) -> None:
            rows += delta[begin : begin + len(rows)] * self.factor

        return change
