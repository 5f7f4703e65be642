"""What is kept of a chunk that was judged: a few words and one sum for each tile."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..compare.statistics import TensorStatistics


# Compared as what it is, not by what it says.
@dataclass(frozen=True, slots=True, eq=False)
class ChunkProof:
    """Bytes ``begin`` to ``end`` of a tensor, read back through the file in tiles of ``step`` bytes, the last any size.

    ``sums``: the word sum of each tile. ``right``: it is what it should be as far as each tile tells by itself, and
    finite; ``statistics`` are of samples that only tell something together. ``changed``: something is not the base's.
    """

    begin: int
    end: int
    step: int
    sums: array[int]
    right: bool
    changed: bool
    statistics: TensorStatistics

    @property
    def tiles(self) -> Iterator[tuple[int, int, int]]:
        """First byte, one past the last, and sum of each tile."""
        starts = range(self.begin, self.begin + self.step * len(self.sums), max(1, self.step))
        for (first, last), total in zip(pairwise([*starts, self.end]), self.sums, strict=True):
            yield first, last, total


def cover(chunks: Sequence[ChunkProof], nbytes: int) -> bool:
    """Whether chunks, sorted, are all of a tensor, each byte once."""
    borders = [0, *(border for chunk in chunks for border in (chunk.begin, chunk.end)), nbytes]
    return all(before == after for before, after in zip(borders[::2], borders[1::2], strict=True))
