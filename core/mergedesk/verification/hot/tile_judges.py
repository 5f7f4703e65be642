"""What is asked of a tile that was read back: that it is its source's, or that it is merged as it should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from ...checkpoints.checkpoint import PackedTensor, StoredTensor
from ...methods.update import Update
from ...planning.plan import PlannedTensor
from ...quantization.reference import holds, packed_rows
from ...storage.open_files import OpenFiles
from ...storage.tensor_reading import read_flat
from ..compare.rows import same_bits
from .samples import Look, Seen, sampled_rows

# Flat values in the written dtype, and the number of the first; they are the caller's until the next tile.
JudgeTile = Callable[[torch.Tensor, int], Seen]
# Whether flat values, of which the first has the given number, are those of a stored tensor.
Holds = Callable[[torch.Tensor, int], bool]


def judge_same(source: StoredTensor, files: OpenFiles) -> JudgeTile:
    """Each value is the source's, rounded once to the written dtype."""
    same = holds_of(source, files)
    return lambda values, begin: Seen(same(values, begin), False)


def judge_merged(tensor: PlannedTensor, updates: Sequence[Update], files: OpenFiles, look: Look) -> JudgeTile:
    """All is finite, samples are base and adapter, and something is not the base's."""
    width, is_base = tensor.width, holds_of(tensor.base, files)

    def judge(values: torch.Tensor, begin: int) -> Seen:
        rows, first = values.view(-1, width), begin // width
        seen = [
            look(rows[top - first : bottom - first], top)
            for top, bottom in sampled_rows(tensor, updates, first, first + len(rows))
        ]
        changed = any(one.changed for one in seen) or not is_base(values, begin)
        statistics = sum((one.statistics for one in seen[1:]), start=seen[0].statistics)
        return Seen(is_finite(values) and all(one.right for one in seen), changed, statistics)

    return judge


def holds_of(source: StoredTensor, files: OpenFiles) -> Holds:
    """Whether values are ``source``'s there, rounded once to their dtype; not where it ends before they do."""
    if isinstance(source, PackedTensor):
        return _holds_dequantized(source)
    plain = replace(source, shape=(source.elements,))

    def same(values: torch.Tensor, begin: int) -> bool:
        end = begin + values.numel()
        if end > plain.elements:
            return False
        return same_bits(values, read_flat(files, plain, begin, end, "theirs").to(values.dtype))

    return same


def _holds_dequantized(source: PackedTensor) -> Holds:
    exact = packed_rows(source)

    def same(values: torch.Tensor, begin: int) -> bool:
        first, count = begin // source.width, values.numel() // source.width
        return holds(values.view(count, source.width), source, exact(first, first + count))

    return same


def is_finite(values: torch.Tensor) -> bool:
    """Whether no value is infinite or NaN: a sum stays finite unless one is, or it overflows by itself."""
    return bool(values.sum().isfinite()) or bool(values.isfinite().all())
