"""What is kept of a chunk that was judged: a few words and one sum for each tile."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
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


@lru_cache(maxsize=1024)
def of_copy(begin: int, end: int, step: int, sums: bytes, right: bool) -> ChunkProof:
    """Of a chunk that was copied: one for the thousands that hold the same, as the shapes of experts do.

    ``sums``: the array's bytes.
    """
    return ChunkProof(begin, end, step, array("Q", sums), right, False, TensorStatistics())


@lru_cache(maxsize=1024)
def alone(proof: ChunkProof) -> tuple[ChunkProof]:
    """All proofs of a tensor that is one chunk."""
    return (proof,)


def cover(chunks: Sequence[ChunkProof], nbytes: int) -> bool:
    """Whether chunks, sorted, are all of a tensor, each byte once."""
    borders = [0, *(border for chunk in chunks for border in (chunk.begin, chunk.end)), nbytes]
    return all(before == after for before, after in zip(borders[::2], borders[1::2], strict=True))
