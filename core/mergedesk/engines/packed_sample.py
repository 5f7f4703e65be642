"""What a packed base's own format would keep of an adapter: some rows of many weights, packed again and not written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ..checkpoints.checkpoint import PackedTensor
from ..domain.progress import CancelToken
from ..planning.layout import Layout
from ..planning.plan import Action, repacks_of
from ..quantization.repack import packer
from ..storage.open_files import OpenFiles, open_files
from .delta_stats import Sums, added, measure_delta
from .packed_tiles import Bounds, PartWriter, step_of
from .streaming import Chunk, chunks, merge_tiles

_MOST_WEIGHTS = 48


def sample_packing(layout: Layout, until: float, cancel: CancelToken) -> Sums:
    """The sums over what was looked at by ``until``, by ``time.monotonic``; of one weight at least.

    Raises Cancelled, UserError(read_failed).
    """
    seen: list[Sums] = [Sums()]
    with open_files() as files:
        for chunk in _spread([chunk for chunk in chunks(layout) if chunk.placed.tensor.action is Action.REPACK]):
            if len(seen) > 1 and time.monotonic() >= until:
                break
            seen += _measured(_some_rows(chunk), files, cancel)
    return added(seen)


def _spread(found: Sequence[Chunk]) -> Sequence[Chunk]:
    """Chunks that adapters change, evenly from all, so many that the last ones count when time ends early."""
    changed = [chunk for chunk in found if chunk.updates]
    step = max(1, len(changed) // _MOST_WEIGHTS)
    taken = changed[::step]
    return [*taken[::2], *taken[1::2]]


def _some_rows(chunk: Chunk) -> Chunk:
    """Some in its middle, which may be packed by themselves and are all touched by one of its updates."""
    repacks, update = repacks_of(chunk.placed.tensor), chunk.updates[0]
    scale, count = chunk.placed.tensor.width, step_of(repacks, 1)
    first, last = (row * update.width // scale for row in update.rows)
    begin, end = max(chunk.begin, first), min(chunk.end, last)
    start = begin + (end - begin) // 2 // count * count
    return replace(chunk, begin=start, end=min(end, start + count))


def _measured(chunk: Chunk, files: OpenFiles, cancel: CancelToken) -> list[Sums]:
    """Scales of a whole weight are taken to be those of the rows that are looked at."""
    tensor = chunk.placed.tensor
    assert isinstance(tensor.base, PackedTensor)
    pack, writer = packer(tensor.base.packing), PartWriter(tensor.base, repacks_of(tensor), {}, files)
    sums = []
    for before, after in merge_tiles(chunk, files, cancel):
        written = pack(tensor.base, after, writer.limits(Bounds().seen(before, after))).values
        sums.append(measure_delta(before.view(-1), after.view(-1), written.view(-1)))
    return sums
