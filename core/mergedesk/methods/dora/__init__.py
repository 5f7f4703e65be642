"""W = m · (W + scaling · B·A) / ‖W + scaling · B·A‖. Liu et al. 2024 (DoRA)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...storage.factor_view import FactorView, as_column
from ...storage.safetensors_header import TensorRecord
from ..lora import LowRankUpdate
from ..update import Update


@dataclass(frozen=True, slots=True)
class DoraUpdate(Update):
    """W = m · (W + scaling · B·A) / ‖W + scaling · B·A‖, with one norm and one trained ``magnitude`` m per output."""

    low_rank: LowRankUpdate
    magnitude: FactorView

    @property
    def shape(self) -> tuple[int, int]:
        return self.low_rank.shape

    @property
    def rows(self) -> tuple[int, int]:
        """All of them: first, and one past the last."""
        return self.low_rank.rows

    @property
    def without_magnitude(self) -> Update:
        """The low-rank update alone."""
        return self.low_rank

    @property
    def is_plain(self) -> bool:
        """Whether rows are outputs; where columns are, norms need the whole tensor first."""
        low_rank = self.low_rank
        return low_rank.is_plain and not low_rank.transposed and not low_rank.first_row


def with_magnitude(low_rank: LowRankUpdate, magnitude: TensorRecord | None) -> Update:
    """DoRA where the module has a magnitude. Its strength is PEFT's ``set_scale``: it scales the delta alone."""
    if magnitude is None:
        return low_rank
    return DoraUpdate(replace(low_rank, rounds_first=False), as_column(magnitude))
