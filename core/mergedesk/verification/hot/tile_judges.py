"""What is asked of a tile that was read back: that it is its source's, or that it is merged as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch

from ..compare.rows import Holds, is_finite
from .samples import Places, Samples, Seen


class TileJudge(Protocol):
    """Judges the tiles of a chunk."""

    def judge(self, values: torch.Tensor, begin: int) -> bool:
        """Whether nothing is wrong with flat values, which go after the call; the number is the first one's."""

    def close(self) -> Seen:
        """What only shows once all tiles were seen."""


@dataclass(frozen=True, slots=True)
class JudgeSame:
    """Each value is a source's, rounded once to the written dtype."""

    judge: Holds

    def close(self) -> Seen:
        """Nothing is left to be seen."""
        return Seen()


@dataclass(slots=True)
class JudgeMerged:
    """All is finite, samples are base and adapter, and something is not the base's."""

    places: Places
    samples: Samples

    def judge(self, values: torch.Tensor, begin: int) -> bool:
        """Whether all is finite; samples wait for those of other tiles."""
        width = self.places.width
        rows, first = values.view(-1, width), begin // width
        for top, bottom in self.places.of(first, first + len(rows)):
            self.samples.add(rows[top - first : bottom - first], top)
        return is_finite(values)

    def close(self) -> Seen:
        """What the samples showed."""
        return self.samples.compare()


def and_finite(same: Holds) -> Holds:
    """The same of values that are finite."""
    return lambda values, begin: is_finite(values) and same(values, begin)
