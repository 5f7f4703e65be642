"""W += weight · scaling · B·A, of a layer, an embedding, or one matrix of a stacked parameter. Hu et al. 2021."""

from __future__ import annotations

from dataclasses import dataclass

from ...storage.factor_view import FactorView
from ..update import Update


@dataclass(frozen=True, slots=True)
class LowRankUpdate(Update):
    """W += weight · scaling · B·A. A is (rank, inputs), B (outputs, rank).

    ``transposed``: W is stored (inputs, outputs), as in Conv1D and embeddings. ``rounds_first``: PEFT rounds the
    delta of an embedding to the base's dtype before adding it. ``first_row``: where in the stored tensor the delta
    begins, for deltas of one part of it.
    """

    a: FactorView
    b: FactorView
    scaling: float
    weight: float = 1.0
    transposed: bool = False
    rounds_first: bool = False
    first_row: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        outputs, inputs = self.b.shape[0], self.a.shape[1]
        return (inputs, outputs) if self.transposed else (outputs, inputs)

    @property
    def rows(self) -> tuple[int, int]:
        return self.first_row, self.first_row + self.shape[0]

    @property
    def is_plain(self) -> bool:
        """Whether the delta is not rounded on the way."""
        return not self.rounds_first
