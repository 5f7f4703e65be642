"""Part of a stored matrix, as data: which of its rows and which of its columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from msgspec import Struct

from .safetensors_header import TensorRecord


@dataclass(frozen=True, slots=True)
class Steps:
    """``count`` positions from ``begin`` on, ``step`` apart."""

    begin: int
    count: int
    step: int = 1


class FactorView(Struct, frozen=True, gc=False):
    """A block of a stored factor, seen as a ``matrix`` of (rows, columns): some of its rows, some of its columns."""

    record: TensorRecord
    matrix: tuple[int, int]
    rows: Steps
    columns: Steps

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the block."""
        return self.rows.count, self.columns.count


def whole(record: TensorRecord) -> FactorView:
    """All of a factor; one of more than two dimensions is seen as (first, all others)."""
    rows = record.shape[0] if record.shape else 1
    columns = math.prod(record.shape[1:])
    return FactorView(record, (rows, columns), _all_of(rows), _all_of(columns))


@lru_cache(maxsize=1024)
def _all_of(count: int) -> Steps:
    """The same for the thousands of factors that are as long."""
    return Steps(0, count)


def as_column(record: TensorRecord) -> FactorView:
    """All of a factor, as one column."""
    return FactorView(record, (record.elements, 1), Steps(0, record.elements), Steps(0, 1))


def as_row(record: TensorRecord) -> FactorView:
    """All of a factor, as one row."""
    return FactorView(record, (1, record.elements), Steps(0, 1), Steps(0, record.elements))
