"""Where a parameter is stored, if not in a tensor of its own: expert by expert, in halves, as rows of a longer one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ..checkpoints.checkpoint import StoredTensor
from ..storage.factor_view import Steps


@dataclass(frozen=True, slots=True)
class Block:
    """The part of a parameter that one stored tensor holds: ``rows`` and ``columns`` of one expert, or of all.

    ``first_row``: the stored row (of all rows of its last two dimensions) that the part begins at. ``transposed``:
    the stored tensor holds the part's columns as its rows.
    """

    tensor: str
    rows: Steps
    columns: Steps
    expert: int | None = None
    first_row: int = 0
    transposed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """A parameter of ``shape`` (rows, columns) or (experts, rows, columns), and the stored parts of it."""

    shape: tuple[int, ...]
    blocks: tuple[Block, ...]

    @property
    def experts(self) -> int:
        """How many matrices are stacked in it."""
        return math.prod(self.shape[:-2])


def whole_tensor(record: StoredTensor) -> Placement:
    """A parameter that is a stored tensor just as it is."""
    rows, columns = record.shape[-2:]
    return Placement(record.shape, (Block(record.name, Steps(0, rows), Steps(0, columns)),))


def place(
    operations: Sequence[Sequence[Any]], sources: Sequence[Sequence[StoredTensor]], target: int, targets: int
) -> Placement | None:
    """Where target number ``target`` of a conversion is stored; None for operations that move single values about.

    ``sources`` holds the stored tensors of each source pattern, in the order that they are stacked in.
    """
    if not all(len({tensor.shape for tensor in source}) == 1 and len(source[0].shape) == 2 for source in sources):
        return _transposed(operations, sources)
    match [tuple(operation) for operation in operations]:
        case [("MergeModulelist", 0)] if len(sources) == 1:
            return _stacked(sources)
        case [("MergeModulelist", 0), ("Concatenate", 1)] if len({len(source) for source in sources}) == 1:
            return _stacked(sources)
        case [("Concatenate", 0)] if _single(sources):
            return _side_by_side([source[0] for source in sources])
        case [("Chunk", 0)] if _single(sources) and len(sources) == 1:
            return _chunk(sources[0][0], target, targets)
        case [("Transpose", 0, 1)] if _single(sources):
            return _transposed(operations, sources)
    return None


def _single(sources: Sequence[Sequence[StoredTensor]]) -> bool:
    return all(len(source) == 1 for source in sources)


def _stacked(sources: Sequence[Sequence[StoredTensor]]) -> Placement | None:
    """(experts, rows of all sources one below the other, columns)."""
    below = _side_by_side([source[0] for source in sources])
    if below is None:
        return None
    blocks = tuple(
        Block(source[expert].name, block.rows, block.columns, expert)
        for expert in range(len(sources[0]))
        for source, block in zip(sources, below.blocks, strict=True)
    )
    return Placement((len(sources[0]), *below.shape), blocks)


def _side_by_side(records: Sequence[StoredTensor]) -> Placement | None:
    """Matrices of the same width, one below the other."""
    if len({record.shape[1] for record in records}) != 1:
        return None
    *begins, height = accumulate((record.shape[0] for record in records), initial=0)
    blocks = tuple(
        Block(record.name, Steps(begin, record.shape[0]), Steps(0, record.shape[1]))
        for begin, record in zip(begins, records, strict=True)
    )
    return Placement((height, records[0].shape[1]), blocks)


def _chunk(record: StoredTensor, target: int, targets: int) -> Placement | None:
    """One of the equal parts that a matrix's rows are cut into (``torch.chunk``)."""
    rows, columns = record.shape
    if rows % targets:
        return None
    count = rows // targets
    return Placement((count, columns), (Block(record.name, Steps(0, count), Steps(0, columns), None, target * count),))


def _transposed(operations: Sequence[Sequence[Any]], sources: Sequence[Sequence[StoredTensor]]) -> Placement | None:
    """A tensor with its last two dimensions swapped; with a third mark, only where the class wants it swapped.

    Which way round the class has it is then told by the shapes of what an adapter adds.
    """
    if len(operations) != 1 or operations[0][0] != "Transpose" or len(sources) != 1 or len(sources[0]) != 1:
        return None
    record, (first, second, *checked) = sources[0][0], operations[0][1:]
    if (first, second) != (len(record.shape) - 2, len(record.shape) - 1):
        return None
    if checked:
        return whole_tensor(record)
    columns, rows = record.shape[-2:]
    block = Block(record.name, Steps(0, rows), Steps(0, columns), transposed=True)
    return Placement((*record.shape[:-2], rows, columns), (block,))
