"""Rows of an embedding that were trained by themselves, as in ``peft.tuners.trainable_tokens``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...storage.factor_view import FactorView, whole
from ..update import Array, Formula, Method, TunedTarget, WeightUpdate

_ROWS = "trainable_tokens_delta"


@dataclass(frozen=True, slots=True)
class RowsUpdate(WeightUpdate):
    """W[index] = value, for each of the rows that ``indices`` names, in the order of ``values``' own rows."""

    values: FactorView
    indices: tuple[int, ...]
    target: tuple[int, int]

    @property
    def rows(self) -> tuple[int, int]:
        """From the first row that changes to one past the last."""
        return min(self.indices, default=0), max(self.indices, default=-1) + 1

    @property
    def single_rows(self) -> tuple[int, ...]:
        """All that it does."""
        return self.indices

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether all rows are there, and as wide."""
        rows, width = target
        within = all(0 <= index < rows for index in self.indices)
        return within and self.values.record.shape == (len(self.indices), width)

    def formula(self, stored: Sequence[Array]) -> Formula:
        """W[index] = value."""
        [values] = stored
        numbers = {index: number for number, index in enumerate(self.indices)}

        def change(rows: Array, begin: int) -> None:
            for place in range(len(rows)):
                if (number := numbers.get(begin + place)) is not None:
                    rows[place] = values[number]

        return change


def _indices(config: Mapping[str, Any], module: str) -> tuple[int, ...]:
    """The rows that are trained: one list, or one for each module by the end of its name."""
    stated = config.get("trainable_token_indices") or config.get("token_indices")
    if isinstance(stated, Mapping):
        names = [name for name in stated if module == name or module.endswith(f".{name}")]
        stated = stated[names[0]] if len(names) == 1 else None
    whole_numbers = isinstance(stated, list) and all(type(index) is int for index in stated)
    return tuple(stated) if stated and whole_numbers else ()


def _update(target: TunedTarget) -> RowsUpdate:
    return RowsUpdate(whole(target.parts[_ROWS]), _indices(target.config, target.module), target.shape)


METHOD = Method(
    "TRAINABLE_TOKENS",
    parts=(_ROWS,),
    streams=lambda _parts, _config: True,
    update=_update,
    also_in=("LORA",),
    alone=True,
    trains_rows=True,
)
