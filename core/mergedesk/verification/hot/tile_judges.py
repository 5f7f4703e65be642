"""What is asked of a tile that was read back: that it is its source's, or that it is merged as it should be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from msgspec import structs

from ...checkpoints.checkpoint import PackedTensor, StoredTensor
from ...quantization.reference import holds, packed_rows
from ...storage.open_files import OpenFiles
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat
from ..compare.rows import is_hole, same_bits
from .samples import Places, Samples, Seen

# Whether flat values, of which the first has the given number, are those of a stored tensor.
Holds = Callable[[torch.Tensor, int], bool]
# Whether elements, from the first to one past the last, are a hole on both sides, so that nothing is left to be judged.
Hollow = Callable[[int, int], bool]


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


def holds_of(source: StoredTensor, files: OpenFiles) -> Holds:
    """Whether values are ``source``'s there, rounded once to their dtype; not where it ends before they do."""
    if isinstance(source, PackedTensor):
        return _holds_dequantized(source)
    plain = structs.replace(source, shape=(source.elements,))

    def same(values: torch.Tensor, begin: int) -> bool:
        end = begin + values.numel()
        if end > plain.elements:
            return False
        return same_bits(values, read_flat(files, plain, begin, end, "theirs").to(values.dtype))

    return same


def both_hollow(written: TensorRecord, source: TensorRecord, files: OpenFiles) -> Hollow:
    """Whether elements of two tensors of one dtype are a hole in both."""
    return lambda begin, end: is_hole(files, written, begin, end) and is_hole(files, source, begin, end)


def _holds_dequantized(source: PackedTensor) -> Holds:
    exact = packed_rows(source)

    def same(values: torch.Tensor, begin: int) -> bool:
        first, count = begin // source.width, values.numel() // source.width
        return holds(values.view(count, source.width), source, exact(first, first + count))

    return same


def and_finite(same: Holds) -> Holds:
    """The same of values that are finite."""
    return lambda values, begin: is_finite(values) and same(values, begin)


def is_finite(values: torch.Tensor) -> bool:
    """Whether no value is infinite or NaN: a sum stays finite unless one is, or it overflows by itself."""
    return math.isfinite(values.sum().item()) or bool(values.isfinite().all())
