"""b += factor · delta, for the bias that ``lora_bias`` trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...storage.factor_view import FactorView, whole
from ...storage.safetensors_header import TensorRecord
from ..update import Array, Formula, FormulaUpdate


@dataclass(frozen=True, slots=True)
class VectorUpdate(FormulaUpdate):
    """b += factor · delta, cut wherever one likes."""

    delta: TensorRecord
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        """A column."""
        return self.delta.elements, 1

    @property
    def views(self) -> tuple[FactorView, ...]:
        """The delta, a column."""
        return (whole(self.delta),)

    def formula(self, stored: Sequence[Array]) -> Formula:
        """b + factor · delta."""
        [delta] = stored

        def change(rows: Array, begin: int) -> None:
            rows += delta[begin : begin + len(rows)] * self.factor

        return change
