"""Keeps a sample of each tile before and after its updates, and hands both to the statistics once a chunk is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch

from ..methods.tile_context import KnownDelta, TileOp
from ..methods.update import Update
from ..planning.plan import PlannedTensor
from ..storage.open_files import OpenFiles
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_flat
from ..storage.torch_dtypes import torch_dtype
from .delta_stats import RUN, DeltaStats, Sample, Sums, measure_delta, sample_of

Pieces = list[torch.Tensor]


def replaced_base(tensor: PlannedTensor) -> TensorRecord | None:
    """The base's tensor, where a targeted one starts from the adapter's copy instead; packed ones are not read."""
    other = tensor.targeted and tensor.source is not tensor.base
    return tensor.base if other and isinstance(tensor.base, TensorRecord) else None


def watch(
    stats: DeltaStats | None,
    tensor: PlannedTensor,
    files: OpenFiles,
    updates: Sequence[Update],
    applied: Sequence[TileOp],
) -> DeltaSampler | None:
    """What looks at the tiles of a chunk of ``tensor``; None where there is nothing to measure."""
    replaced = replaced_base(tensor)
    foreign = tensor.source is not tensor.base and replaced is None
    if stats is None or not tensor.targeted or foreign or not tensor.source.is_floating:
        return None
    return DeltaSampler(stats, tensor, files, tuple(updates), tuple(applied), sample_of(tensor), replaced)


@dataclass(slots=True)
class DeltaSampler:
    """The samples of one chunk. ``start`` and ``end`` are shown each tile as (rows, width), and where it begins."""

    stats: DeltaStats
    tensor: PlannedTensor
    files: OpenFiles
    updates: tuple[Update, ...]
    applied: tuple[TileOp, ...]
    sample: Sample
    replaced: TensorRecord | None
    before: Pieces = field(default_factory=list)
    after: Pieces = field(default_factory=list)
    # Of token rows that were trained by themselves, which are too few for a sample to find.
    rows_before: Pieces = field(default_factory=list)
    rows_after: Pieces = field(default_factory=list)
    # What was written of either, where chance rounded it or it was packed again.
    rounded: Pieces = field(default_factory=list)
    rows_rounded: Pieces = field(default_factory=list)

    def start(self, begin: int, weights: torch.Tensor) -> None:
        """Before the updates; ``begin`` counts elements."""
        if not self._looks_at(begin, weights):
            return
        if self.replaced is None:
            self.before.append(self.sample.of(weights.view(-1), begin))
            self.rows_before += self._trained(begin, weights)
        else:
            self.before.append(self._read(self.replaced, begin, weights))

    def end(self, begin: int, weights: torch.Tensor) -> None:
        """After the updates."""
        if not self._looks_at(begin, weights):
            return
        taken = self.sample.of(weights.view(-1), begin)
        self.after.append(taken[: self.before[-1].numel()])
        if self.replaced is None:
            self.rows_after += self._trained(begin, weights)

    def written(self, begin: int, values: torch.Tensor) -> None:
        """What they are worth as they were written, flat, where that is not each rounded to nearest."""
        weights = values.view(-1, self.tensor.width)
        if not self._looks_at(begin, weights):
            return
        self.rounded.append(self.sample.of(values, begin)[: self.before[-1].numel()])
        if self.replaced is None:
            self.rows_rounded += self._trained(begin, weights)

    def close(self) -> None:
        """After the last tile of the chunk."""
        sums = self._measured(self.before, self.after, self.rounded) if self.before else Sums()
        if self.rows_before and not self.sample.is_whole:
            rows = self._measured(self.rows_before, self.rows_after, self.rows_rounded)
            sums = replace(rows, elements=sums.elements, base=sums.base, exact_delta=rows.delta)
        elif (exact := self._exact()) is not None:
            sums = replace(sums, exact_delta=exact[0], largest=max(sums.largest, exact[1]))
        else:
            sums = replace(sums, estimated_parts=1)
        self.stats.add(self.tensor.name, sums)

    def _measured(self, before: Pieces, after: Pieces, rounded: Pieces) -> Sums:
        written = torch.cat(rounded) if rounded else torch_dtype(self.tensor.dtype)
        return measure_delta(torch.cat(before), torch.cat(after), written)

    def _looks_at(self, begin: int, weights: torch.Tensor) -> bool:
        """Whether anything of a tile is in the sample; asked before torch is, which costs more than the answer."""
        rows = any(update.single_rows is not None for update in self.updates)
        return self.sample.is_whole or rows or bool(self.sample.places(begin, weights.numel()))

    def _exact(self) -> tuple[float, float] | None:
        """ΣΔ² and the largest |Δ| of the whole chunk, where they are known without a sample."""
        if self.sample.is_whole or self.replaced is not None:
            return None
        if all(update.single_rows is not None for update in self.updates):
            return 0.0, 0.0
        [first, *others] = self.applied
        return first.delta() if isinstance(first, KnownDelta) and not others else None

    def _trained(self, begin: int, weights: torch.Tensor) -> Pieces:
        first = begin // weights.shape[1]
        indices = sorted({index for update in self.updates for index in update.single_rows or ()})
        return [weights[index - first].clone() for index in indices if 0 <= index - first < len(weights)]

    def _read(self, base: TensorRecord, begin: int, weights: torch.Tensor) -> torch.Tensor:
        """The base's own values at the sampled places of a tile; fewer where the base has fewer rows."""
        count = max(0, min(weights.numel(), base.elements - begin))
        if self.sample.is_whole:
            return read_flat(self.files, base, begin, begin + count).to(weights.dtype)
        runs = [
            read_flat(self.files, base, at, at + RUN) for places in self.sample.places(begin, count) for at in places
        ]
        return torch.cat(runs).to(weights.dtype) if runs else weights.new_empty(0)
