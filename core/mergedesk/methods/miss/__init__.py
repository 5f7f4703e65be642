"""MiSS: one small matrix is added to every r columns of the weight.

Sources: Kang and Yin 2024 (MiSS, at first Bone); names as in ``peft.tuners.miss``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...storage.factor_view import FactorView, whole
from ..update import Array, Formula, Method, Parts, TunedTarget, WeightUpdate

_BLOCK = "miss_block"
_MINI = "mini"


@dataclass(frozen=True, slots=True)
class ShardUpdate(WeightUpdate):
    """W[i, j] += block[j mod r, i]. ``block`` is (r, outputs), or fewer columns that are used in turn (``mini``).

    ``conv1d``: W is stored (inputs, outputs), which PEFT does not merge.
    """

    block: FactorView
    target: tuple[int, int]
    mini: bool
    conv1d: bool = False

    @property
    def rank(self) -> int:
        """How many columns the block is wide, once turned around."""
        return self.block.shape[0]

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether the block has a column for each row, or as many that the rows are a multiple."""
        rank, columns = self.block.shape
        rows = target[0] % columns == 0 if self.mini and columns else target[0] == columns
        return rows and 0 < rank <= target[1] and not self.conv1d

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W + block, turned around and repeated."""
        [block] = stored
        columns = [column % self.rank for column in range(self.target[1])]

        def change(rows: Array, begin: int) -> None:
            places = [place % self.block.shape[1] for place in range(begin, begin + len(rows))]
            rows += block[:, places][columns].T

        return change


def _streams(parts: Parts, config: Mapping[str, Any]) -> bool:
    """Not ``bat``, whose blocks are multiplied with the weight's."""
    asked = config.get("init_weights", True)
    return len(parts[_BLOCK].shape) == 2 and (asked == _MINI or asked in (True, False, None))


def _update(target: TunedTarget) -> ShardUpdate:
    mini = target.config.get("init_weights") == _MINI
    return ShardUpdate(whole(target.parts[_BLOCK]), target.shape, mini, target.conv1d)


METHOD = Method("MISS", parts=(_BLOCK,), streams=_streams, update=_update, alone=True)
