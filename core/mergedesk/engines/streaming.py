"""The default engine: tensors stream from base to output in tiles; no model is ever built.

Memory holds one tile per worker, its float32 copy, its delta and the adapter's factors for that chunk of rows.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import local
from typing import Any, Protocol

import torch

from ..checkpoints.checkpoint import PackedTensor, files_of
from ..domain.findings import Code, UserError
from ..domain.progress import CancelToken
from ..methods.tile_context import CHUNK_BYTES, TILE_ELEMENTS, SharedCache, TileContext, TileOp, cut, load_updates
from ..methods.update import Update
from ..planning.layout import Layout, PlacedTensor
from ..planning.plan import Action, PlannedTensor, repacks_of
from ..quantization.dequantize import load_unpacker, rounded
from ..runtime.threads import each_in_threads
from ..storage.holes import data_in
from ..storage.open_files import OpenFiles, open_files
from ..storage.positional_io import PositionalFile
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_flat
from ..storage.torch_dtypes import torch_dtype
from .delta_sampler import DeltaSampler, watch
from .delta_stats import DeltaStats, Sums
from .packed_tiles import MIN_ROWS, Bounds, PartWriter, step_of
from .quantization_error import QuantizationErrorStats, is_measured
from .stochastic_rounding import round_stochastically

COPY_BYTES = 2 << 20
# Unpacked together: what comes and goes on the way stays in the caches.
UNPACKED_ELEMENTS = 1 << 17
MIN_WORKERS = 2
MAX_WORKERS = 4
_WIDEST = 8

Advance = Callable[[int, str], None]
Work = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows ``begin`` to ``end`` of one tensor: the work one worker takes at a time.

    A row is what the tensor's updates need whole, else a single element; of a tensor to copy, one byte. ``updates``
    are those that touch these rows.
    """

    shard: str
    placed: PlacedTensor
    begin: int
    end: int
    updates: tuple[Update, ...] = ()

    @property
    def extent(self) -> tuple[int, int]:
        """Where it lies in its file, and how many bytes it has there."""
        row = self.row_bytes
        return self.placed.offset + self.begin * row, (self.end - self.begin) * row

    @property
    def nbytes(self) -> int:
        """How many bytes are written for it, with all parts of what is packed again."""
        tensor = self.placed.tensor
        if tensor.action is not Action.REPACK:
            return self.extent[1]
        assert isinstance(tensor.base, PackedTensor)
        return repacks_of(tensor).nbytes(tensor.base, self.begin, self.end)

    @property
    def row_bytes(self) -> int:
        """The bytes of a row in the output."""
        return self.placed.tensor.nbytes // _rows(self.placed.tensor)


class ChunkLog(Protocol):
    """What an earlier run finished, and where this one notes what it has: each chunk by its number in ``chunks``."""

    @property
    def done(self) -> Mapping[int, Any]:
        """The statistics of each finished chunk, as they were recorded."""

    def record(self, index: int, shard: str, extent: tuple[int, int], stats: Any, touched: Collection[str]) -> None:
        """A chunk is written, into the files ``touched``. From any thread; raises UserError(write_failed)."""


class ChunkWatch(Protocol):
    """Judges a chunk's tiles, in their order; the numbers count bytes from the tensor's start."""

    def look(self, begin: int, end: int) -> bool:
        """Whether these bytes, which were written just now, are finite, or those of their source."""

    def close(self) -> None:
        """That was the last tile."""


class TileWatch(Protocol):
    """Looks at each tile right after it was written. What it finds is no concern of the engine's."""

    def watch(self, shard: str, placed: PlacedTensor, extent: tuple[int, int], updates: Sequence[Update]) -> ChunkWatch:
        """Who looks at bytes ``extent`` of a tensor, which lies in the file ``shard``."""


@dataclass(slots=True)
class TileBuffers:
    """One worker's memory, reused for every tile: bytes to write, and two float32 tiles."""

    rounded: torch.Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.uint8))
    exact: torch.Tensor = field(default_factory=lambda: torch.empty(0))
    scratch: torch.Tensor = field(default_factory=lambda: torch.empty(0))

    def make_room(self, elements: int) -> None:
        """Grow to hold a tile of ``elements``; what was held is lost."""
        if elements > self.exact.numel():
            size = max(elements, TILE_ELEMENTS)
            self.rounded = torch.empty(size * _WIDEST, dtype=torch.uint8)
            self.exact, self.scratch = torch.empty(size), torch.empty(size)


class Supply(Protocol):
    """Brings the base's files when they are needed, where they are not all there at once."""

    def feed(self, work: Sequence[tuple[Work, frozenset[Path]]]) -> Iterator[Work]:
        """The work, each piece once the files that it reads are there. Raises UserError and Cancelled."""

    def finish(self, files: frozenset[Path]) -> None:
        """A piece that reads ``files`` has ended, well or not. From any thread."""


def stream(
    layout: Layout,
    outputs: Mapping[str, PositionalFile],
    advance: Advance,
    cancel: CancelToken,
    errors: QuantizationErrorStats | None = None,
    stats: DeltaStats | None = None,
    log: ChunkLog | None = None,
    judge: TileWatch | None = None,
    *,
    maps: bool = False,
    threads: int | None = None,
    supply: Supply | None = None,
    beside: Sequence[tuple[PlannedTensor, Work]] = (),
) -> None:
    """Fill every planned tensor of ``layout`` into ``outputs``, except the chunks that ``log`` says are done.

    ``judge`` is shown every tile once it is written, and those of chunks that are done as if they had been.
    ``maps``: inputs may be mapped; one that then shrinks ends the process. ``threads``: how many workers there are.
    ``supply`` brings what is read; ``beside``: what else is made meanwhile, of which tensors, where there is a supply.

    ``advance(bytes, tensor_name)`` is called from workers as bytes are written; ``errors`` is told of every tile of
    a packed weight that is merged into, ``stats`` of samples of all that is targeted. Raises Cancelled, or UserError
    (disk_full, write_failed, read_failed, input_changed, float16_overflow, not_finite); the output is then unusable.
    """
    workers = threads or min(MAX_WORKERS, max(MIN_WORKERS, os.cpu_count() or 1))
    with open_files(maps) as sources:
        parts = {placed.tensor.name: (shard.name, placed.offset) for shard, placed in layout.packed_again}
        run = _Run(sources, outputs, advance, cancel, local(), SharedCache(), errors, stats, log, judge, parts)
        numbered = enumerate(chunks(layout))
        if supply is None:
            each_in_threads(workers, "tile", partial(_work, run), numbered)
            return
        own: Iterator[tuple[PlannedTensor, Work]]
        own = ((piece[1].placed.tensor, partial(_work, run, piece)) for piece in numbered)
        fed = supply.feed([_supplied(supply, *one) for one in (*own, *beside)])
        each_in_threads(workers, "tile", lambda work: work(), fed)


def _supplied(supply: Supply, tensor: PlannedTensor, work: Work) -> tuple[Work, frozenset[Path]]:
    """Work on a tensor, after which the supply is told; and the files that it reads."""
    files = files_read_for(tensor)

    def work_and_tell() -> None:
        try:
            work()
        finally:
            supply.finish(files)

    return work_and_tell, files


def files_read_for(tensor: PlannedTensor) -> frozenset[Path]:
    """The files that hold what a tensor is made of or proved by, but for its updates."""
    return files_of(tensor.base) | files_of(tensor.source)


@dataclass(frozen=True, slots=True)
class _Run:
    sources: OpenFiles
    outputs: Mapping[str, PositionalFile]
    advance: Advance
    cancel: CancelToken
    buffers: local
    cache: SharedCache
    errors: QuantizationErrorStats | None
    stats: DeltaStats | None
    log: ChunkLog | None
    judge: TileWatch | None
    parts: Mapping[str, tuple[str, int]]

    def counting_anew(self) -> _Run:
        """The same with empty statistics, for one chunk."""
        errors = self.errors.emptied() if self.errors else None
        return replace(self, errors=errors, stats=DeltaStats() if self.stats else None)

    @property
    def counted(self) -> dict[str, Any]:
        """What was counted, as JSON has it."""
        parts = self.stats.parts if self.stats else {}
        sums = {name: [astuple(one) for one in found] for name, found in parts.items()}
        return {"stats": sums, "errors": self.errors.sums if self.errors else None}

    def count(self, counted: Mapping[str, Any]) -> None:
        """Add what was counted for a chunk."""
        if self.stats:
            for name, found in counted["stats"].items():
                for sums in found:
                    self.stats.add(name, Sums(*sums))
        if self.errors and counted["errors"]:
            self.errors.count(*counted["errors"])


def _work(run: _Run, numbered: tuple[int, Chunk]) -> None:
    """Fill a chunk; of one that an earlier run filled only count what it noted, and look at its tiles."""
    index, chunk = numbered
    run.cancel.check()
    done = run.log.done if run.log else {}
    if index not in done:
        _fill(run, numbered)
        return
    run.count(done[index])
    for piece in _in_pieces(chunk):
        _look_again(run, piece)
    run.advance(chunk.nbytes, chunk.placed.tensor.name)


def _look_again(run: _Run, chunk: Chunk) -> None:
    """Show a chunk that is done to who judges tiles."""
    with _judging(run, chunk) as look:
        for begin, end in _copied(run, chunk) if chunk.placed.tensor.action is Action.COPY else _tiles(chunk):
            run.cancel.check()
            look(begin, end)


# Told which of a chunk's rows were written; whether nothing of them is to be looked into.
_Look = Callable[[int, int], bool]


@contextmanager
def _judging(run: _Run, chunk: Chunk) -> Iterator[_Look]:
    """Who looks at a chunk's rows once they are written; nobody, where nothing is judged."""
    if run.judge is None:
        yield lambda _begin, _end: False
        return
    row = chunk.row_bytes
    judge = run.judge.watch(chunk.shard, chunk.placed, (chunk.begin * row, chunk.end * row), chunk.updates)
    yield lambda begin, end: judge.look(begin * row, end * row)
    judge.close()


def _tiles(chunk: Chunk) -> Iterator[tuple[int, int]]:
    """The rows of each tile of a chunk."""
    tensor = chunk.placed.tensor
    step = COPY_BYTES if tensor.action is Action.COPY else TILE_ELEMENTS // tensor.width
    step = step_of(repacks_of(tensor), step) if tensor.action is Action.REPACK else step
    return cut(chunk.begin, chunk.end, step)


def chunks(layout: Layout) -> Iterator[Chunk]:
    """Cut all tensors into chunks of rows, about CHUNK_BYTES each, in the order of the files."""
    for shard, placed in layout.placed:
        tensor = placed.tensor
        if tensor.nbytes and tensor.action is Action.REPACK and repacks_of(tensor).overall:
            yield Chunk(shard.name, placed, 0, _rows(tensor), tensor.updates)
        elif tensor.nbytes and tensor.action is not Action.PART:
            for begin, end, updates in _pieces(tensor):
                yield Chunk(shard.name, placed, begin, end, updates)


def _pieces(tensor: PlannedTensor) -> Iterator[tuple[int, int, tuple[Update, ...]]]:
    """Rows that are loaded at once, and what is done to all of them."""
    step = CHUNK_BYTES // (tensor.nbytes // _rows(tensor))
    step = step_of(repacks_of(tensor), step) if tensor.action is Action.REPACK else step
    for first, last, updates in segments(tensor):
        for begin, end in cut(first, last, step):
            yield begin, end, updates


def _rows(tensor: PlannedTensor) -> int:
    if tensor.action is Action.REPACK:
        return tensor.source.elements // tensor.width
    return tensor.nbytes if tensor.action is Action.COPY else math.prod(tensor.shape) // tensor.width


def segments(tensor: PlannedTensor) -> Iterator[tuple[int, int, tuple[Update, ...]]]:
    """Ranges of rows that are touched by the same updates throughout, and those updates."""
    borders = sorted({0, _rows(tensor), *(border for update in tensor.updates for border in _border(tensor, update))})
    for begin, end in pairwise(borders):
        spans = ((update, *_border(tensor, update)) for update in tensor.updates)
        yield begin, end, tuple(update for update, first, last in spans if first < end and begin < last)


def _border(tensor: PlannedTensor, update: Update) -> tuple[int, int]:
    """The rows that an update touches, in rows of the tensor's width."""
    begin, end = update.rows
    return begin * update.width // tensor.width, end * update.width // tensor.width


def _fill(run: _Run, numbered: tuple[int, Chunk]) -> None:
    index, chunk = numbered
    counting = run.counting_anew()
    action = chunk.placed.tensor.action
    _FILLED.get(action, _compute)(counting, chunk)
    run.count(counting.counted)
    if run.log:
        run.log.record(index, chunk.shard, chunk.extent, counting.counted, _shards_of(run, chunk))


def _shards_of(run: _Run, chunk: Chunk) -> frozenset[str]:
    """The files that a chunk is written to; those of a packed weight's parts may be several."""
    packed = chunk.placed.tensor.base
    if chunk.placed.tensor.action is not Action.REPACK or not isinstance(packed, PackedTensor):
        return frozenset({chunk.shard})
    return frozenset(run.parts[part.name][0] for part in packed.parts.values() if part.name in run.parts)


def _copy(run: _Run, chunk: Chunk) -> None:
    source = chunk.placed.tensor.source
    assert isinstance(source, TensorRecord)
    origin, target = run.sources[source.file], run.outputs[chunk.shard]
    with _judging(run, chunk) as look:
        for begin, end in _copied(run, chunk):
            run.cancel.check()
            target.copy_from(origin, source.offset + begin, chunk.placed.offset + begin, end - begin)
            look(begin, end)
            run.advance(end - begin, chunk.placed.tensor.name)


def _copied(run: _Run, chunk: Chunk) -> Iterator[tuple[int, int]]:
    """The tiles of a chunk to copy; it is one where holes, which nobody reads or writes, leave no more than that."""
    source, count = chunk.placed.tensor.source, chunk.end - chunk.begin
    assert isinstance(source, TensorRecord)
    if (
        count > COPY_BYTES
        and sum(map(len, data_in(run.sources[source.file], source.offset + chunk.begin, count))) > COPY_BYTES
    ):
        return _tiles(chunk)
    return iter([(chunk.begin, chunk.end)])


def _compute(run: _Run, chunk: Chunk) -> None:
    """Merge, replace or cast a chunk, tile by tile."""
    buffers, tensor, steps = _buffers_of_this_thread(run), chunk.placed.tensor, _steps(run, chunk)
    with _judging(run, chunk) as look:
        for begin, end in _tiles(chunk):
            run.cancel.check()
            exact, rounded = _tile(run, chunk, _Window(begin, end, tensor.width), steps, buffers)
            if not look(begin, end) or tensor.action is not Action.MERGE:
                refuse_what_cannot_be_held(tensor, exact, rounded)
    if steps.watch is not None:
        steps.watch.close()


def _repack(run: _Run, chunk: Chunk) -> None:
    """Merge rows of a packed weight and pack them again. Where all of it shares a number, it is gone through twice."""
    tensor = chunk.placed.tensor
    assert isinstance(tensor.base, PackedTensor)
    repacks = repacks_of(tensor)
    written = {role: tensor.base.parts[role].name for role in (*repacks.by_rows, *repacks.overall)}
    places = {role: (run.outputs[run.parts[name][0]], run.parts[name][1]) for role, name in written.items()}
    writer = PartWriter(tensor.base, repacks, places, run.sources)
    pieces = _in_pieces(chunk)
    bounds = _bounds(run, pieces) if repacks.overall else Bounds(moved=True)
    for piece in pieces:
        with _judging(run, piece) as look:
            if bounds.moved and (piece.updates or repacks.overall):
                _pack_piece(run, piece, writer, bounds, look)
            else:
                _keep_piece(piece, writer, look)
        run.advance(piece.nbytes, tensor.name)


def _in_pieces(chunk: Chunk) -> list[Chunk]:
    """A chunk as it is gone through: one of a packed weight that shares a number is all of it."""
    tensor = chunk.placed.tensor
    if tensor.action is not Action.REPACK or not repacks_of(tensor).overall:
        return [chunk]
    return [replace(chunk, begin=begin, end=end, updates=updates) for begin, end, updates in _pieces(tensor)]


def _bounds(run: _Run, pieces: Sequence[Chunk]) -> Bounds:
    """What the whole weight will have, nothing of which is written yet."""
    bounds = Bounds()
    for piece in pieces:
        for _window, before, after in _merged(run, piece, replace(_steps(run, piece), watch=None)):
            bounds = bounds.seen(before, after)
    return bounds


def _keep_piece(piece: Chunk, writer: PartWriter, look: _Look) -> None:
    for begin, end in _tiles(piece):
        writer.keep(begin, end)
        look(begin, end)


def merge_tiles(
    chunk: Chunk, files: OpenFiles, cancel: CancelToken, cache: SharedCache | None = None
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Rows of a weight before and after its updates, (rows, width) float32, each good until the next.

    ``cache`` serves several chunks. Nothing is written. Raises Cancelled, UserError(read_failed).
    """
    run = _Run(files, {}, lambda *_: None, cancel, local(), cache or SharedCache(), None, None, None, None, {})
    for _window, before, after in _merged(run, chunk, _steps(run, chunk)):
        yield before, after


def _pack_piece(run: _Run, piece: Chunk, writer: PartWriter, bounds: Bounds, look: _Look) -> None:
    steps, limits, tensor = _steps(run, piece), writer.limits(bounds), piece.placed.tensor
    for window, before, after in _merged(run, piece, steps):
        refuse_what_cannot_be_held(tensor, after.view(-1), after.view(-1))
        worth = writer.write(window.begin, before, after, limits)
        if steps.watch is not None:
            steps.watch.written(window.start, worth.view(-1))
        look(window.begin, window.end)
    if steps.watch is not None:
        steps.watch.close()


def _merged(run: _Run, piece: Chunk, steps: _Steps) -> Iterator[tuple[_Window, torch.Tensor, torch.Tensor]]:
    """Each tile before and after its updates, (rows, width) float32, the caller's until the next."""
    buffers, width = _buffers_of_this_thread(run), piece.placed.tensor.width
    for begin, end in _tiles(piece):
        run.cancel.check()
        window = _Window(begin, end, width)
        weights = _starting_values(steps.start, window, buffers)
        before = weights.clone()
        _apply(steps, window, weights, piece.begin, buffers)
        yield window, before, weights


def _steps(run: _Run, chunk: Chunk) -> _Steps:
    """What is done to each tile, loaded for all of them."""
    buffers, tensor = _buffers_of_this_thread(run), chunk.placed.tensor
    start, observer = _load_source(run, tensor, chunk.begin, chunk.end)

    def read(begin: int, end: int) -> torch.Tensor:
        again, _ = _load_source(run, tensor, begin, end)
        return _starting_values(again, _Window(begin, end, tensor.width), buffers)

    rounding = torch_dtype(tensor.dtype) if _follows_peft_rounding(tensor) else None
    context = TileContext(tensor.name, rounding, chunk.begin, chunk.end, run.sources, run.cache, read)
    applied = load_updates(context, chunk.updates)
    return _Steps(start, applied, observer, watch(run.stats, tensor, run.sources, chunk.updates, applied))


_FILLED: Mapping[Action, Callable[[_Run, Chunk], None]] = {Action.COPY: _copy, Action.REPACK: _repack}


@dataclass(frozen=True, slots=True)
class _Window:
    """A tile's place: rows of ``width`` elements."""

    begin: int
    end: int
    width: int

    @property
    def elements(self) -> int:
        return (self.end - self.begin) * self.width

    @property
    def start(self) -> int:
        return self.begin * self.width


def _buffers_of_this_thread(run: _Run) -> TileBuffers:
    held: Any = getattr(run.buffers, "held", None)
    if held is None:
        held = run.buffers.held = TileBuffers()
    buffers: TileBuffers = held
    return buffers


# A tile's starting values in float32 (float64 where the base stores that), flat.
_Start = Callable[[_Window, TileBuffers], torch.Tensor]
# Is shown a tile before and after its updates, flat.
_Observe = Callable[[torch.Tensor, torch.Tensor], None]
# Who looks at a tile; nobody at most of them.
_Observer = Callable[[_Window], _Observe | None]


@dataclass(frozen=True, slots=True)
class _Steps:
    """What is done to each tile of a chunk."""

    start: _Start
    applied: Sequence[TileOp]
    observer: _Observer | None
    watch: DeltaSampler | None


def _tile(
    run: _Run, chunk: Chunk, window: _Window, steps: _Steps, buffers: TileBuffers
) -> tuple[torch.Tensor, torch.Tensor]:
    """Write a tile; its values before and after they were rounded, flat."""
    tensor = chunk.placed.tensor
    weights = _starting_values(steps.start, window, buffers)
    observe = steps.observer(window) if steps.observer else None
    # What is unpacked is of that dtype, so that nothing is lost.
    before = weights.to(torch_dtype(tensor.source.dtype)) if observe else weights
    _apply(steps, window, weights, chunk.begin, buffers)
    if observe:
        observe(before.view(-1), weights.view(-1))
    exact = weights.view(-1)
    rounded = _draw(tensor, exact, window.start) if tensor.draws else _round(tensor, exact, buffers)
    if steps.watch is not None and tensor.draws:
        steps.watch.written(window.start, rounded)
    view = memoryview(rounded.view(torch.uint8).numpy())  # type: ignore[arg-type]
    run.outputs[chunk.shard].write_from(view, chunk.placed.offset + window.start * rounded.itemsize)
    run.advance(len(view), tensor.name)
    return exact, rounded


def _apply(steps: _Steps, window: _Window, weights: torch.Tensor, first: int, buffers: TileBuffers) -> None:
    """All updates of a chunk that begins at row ``first``, in place."""
    if steps.watch is not None:
        steps.watch.start(window.start, weights)
    for apply in steps.applied:
        apply(weights, window.begin - first, buffers.scratch)
    if steps.watch is not None:
        steps.watch.end(window.start, weights)


def _starting_values(start: _Start, window: _Window, buffers: TileBuffers) -> torch.Tensor:
    """The window's rows before any update, (rows, width)."""
    buffers.make_room(window.elements)
    return start(window, buffers).view(window.end - window.begin, window.width)


def _follows_peft_rounding(tensor: PlannedTensor) -> bool:
    """Whether PEFT's own intermediate roundings are followed; a conversion, or chance, rounds once, at the end."""
    return tensor.dtype == tensor.base.dtype and not tensor.draws


def _load_source(run: _Run, tensor: PlannedTensor, begin: int, end: int) -> tuple[_Start, _Observer | None]:
    """Where tiles among rows ``begin`` to ``end`` start from; what a packed weight's rows need is loaded once."""
    source = tensor.source
    if isinstance(source, TensorRecord):
        return partial(_read_exact, run, tensor, source), None
    ratio = tensor.width // source.width
    unpacker = load_unpacker(source, begin * ratio, end * ratio, run.sources)

    def unpack(window: _Window, buffers: TileBuffers) -> torch.Tensor:
        exact = buffers.exact[: window.elements].view(-1, source.width)
        first, last = window.begin * ratio, window.end * ratio
        for begin, end in cut(first, last, max(MIN_ROWS, UNPACKED_ELEMENTS // source.width)):
            exact[begin - first : end - first].copy_(rounded(source, unpacker.values(begin, end)))
        return exact.view(-1)

    errors = run.errors if is_measured(tensor) else None
    if errors is None:
        return unpack, None

    def observer(window: _Window) -> _Observe | None:
        rows = range(window.begin * ratio, window.end * ratio)
        return (lambda *tiles: errors.add(source, unpacker, rows, tiles)) if errors.counts(rows) else None

    return unpack, observer


def _read_exact(
    run: _Run, tensor: PlannedTensor, source: TensorRecord, window: _Window, buffers: TileBuffers
) -> torch.Tensor:
    stored = read_flat(run.sources, source, window.start, window.start + window.elements, "tile")
    if tensor.source is not tensor.base and tensor.action is Action.MERGE and _follows_peft_rounding(tensor):
        stored = stored.to(torch_dtype(tensor.dtype))
    if stored.dtype == torch.float64:
        return stored
    return buffers.exact[: window.elements].copy_(stored)


def _draw(tensor: PlannedTensor, exact: torch.Tensor, begin: int) -> torch.Tensor:
    """Round by chance; ``begin`` counts elements."""
    assert tensor.drawing is not None
    return round_stochastically(exact, torch_dtype(tensor.dtype), tensor.drawing, begin)


def _round(tensor: PlannedTensor, exact: torch.Tensor, buffers: TileBuffers) -> torch.Tensor:
    """Round once into the output's dtype."""
    dtype = torch_dtype(tensor.dtype)
    if exact.dtype == dtype:
        return exact
    return buffers.rounded[: exact.numel() * dtype.itemsize].view(dtype).copy_(exact)


def refuse_what_cannot_be_held(tensor: PlannedTensor, exact: torch.Tensor, rounded: torch.Tensor) -> None:
    """Raise UserError(float16_overflow or not_finite) for values that are lost in ``rounded``."""
    # A quick look, for the types that torch can sum: no infinity or NaN goes into a finite sum.
    if not rounded.is_floating_point() or (rounded.dtype.itemsize > 1 and math.isfinite(rounded.sum().item())):
        return
    finite = rounded.double().isfinite()
    if bool((exact.isfinite() & ~finite).any()):
        raise UserError(Code.FLOAT16_OVERFLOW, tensor=tensor.name, largest=float(exact[exact.isfinite()].abs().amax()))
    if tensor.targeted and not bool(finite.all()):
        raise UserError(Code.NOT_FINITE, tensor=tensor.name)
