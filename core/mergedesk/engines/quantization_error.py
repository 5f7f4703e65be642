"""How large the errors of a quantised base are beside what the adapter changes, summed up while tiles go by.

Against the 16-bit original they are measured; without it they are estimated from the packing's steps.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch

from ..checkpoints.checkpoint import Checkpoint, PackedTensor
from ..domain.progress import CancelToken
from ..planning.plan import Action, PlannedTensor
from ..quantization.dequantize import Unpacker, load_unpacker, rounded
from ..storage.open_files import OpenFiles, open_files
from ..storage.safetensors_header import TensorRecord
from ..storage.tensor_reading import read_flat

_BLOCK_ELEMENTS = 1 << 19
# Summed up together, so that few are held once more.
_SUMMED_ELEMENTS = 1 << 17
_ONE_OF = 8


@dataclass(slots=True)
class QuantizationErrorStats:
    """Sums of squares over all packed weights that an adapter changes: the weights, the change, the errors.

    ``originals`` are their 16-bit originals by name, empty where there are none to measure against.
    """

    originals: Mapping[str, TensorRecord]
    files: OpenFiles
    weights: float = 0.0
    delta: float = 0.0
    error: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def measured(self) -> bool:
        """Whether the errors were measured, not estimated."""
        return bool(self.originals)

    def counts(self, rows: range) -> bool:
        """Whether these rows are counted: of a large weight one tile in a few stands for all, as ratios are told."""
        return rows.start // len(rows) % _ONE_OF == 0

    def add(
        self, source: PackedTensor, unpacker: Unpacker, rows: range, tiles: tuple[torch.Tensor, torch.Tensor]
    ) -> None:
        """Count some rows: ``tiles`` are their dequantised values before and after the adapter's change, flat."""
        before, after = tiles
        original = self.originals.get(source.name)
        if original is None:
            error = unpacker.expected_error(rows.start, rows.stop)
        else:
            error = _squares(before, _rows(self.files, original, source.width, rows))
        self.count(_squares(before), _squares(after, before), error)

    @property
    def sums(self) -> tuple[float, float, float]:
        """Weights, change, errors."""
        return self.weights, self.delta, self.error

    def count(self, weights: float, delta: float, error: float) -> None:
        """Add sums of squares, from any thread."""
        with self._lock:
            self.weights += weights
            self.delta += delta
            self.error += error

    def emptied(self) -> QuantizationErrorStats:
        """One with the same originals that has counted nothing."""
        return QuantizationErrorStats(self.originals, self.files)


def _squares(values: torch.Tensor, others: torch.Tensor | None = None) -> float:
    """The sum of squares of values, or of how far they are from others; flat, and few at a time."""
    total = 0.0
    for begin in range(0, values.numel(), _SUMMED_ELEMENTS):
        part = values[begin : begin + _SUMMED_ELEMENTS].float()
        apart = part if others is None else part - others[begin : begin + _SUMMED_ELEMENTS].float()
        total += float(torch.linalg.vector_norm(apart)) ** 2
    return total


@contextmanager
def open_error_stats(planned: Iterable[PlannedTensor], original: Checkpoint | None) -> Iterator[QuantizationErrorStats]:
    """Sums for what is planned; ``original`` is used only where it has every weight that is needed."""
    stored = original.tensors if original else {}
    sources = {tensor.source.name: tensor.source for tensor in planned if is_measured(tensor)}
    originals = {
        name: record
        for name, source in sources.items()
        if isinstance(record := stored.get(name), TensorRecord) and record.is_floating and record.shape == source.shape
    }
    if len(originals) < len(sources):
        originals = {}
    with open_files() as files:
        yield QuantizationErrorStats(originals, files)


def is_measured(tensor: PlannedTensor) -> bool:
    """Whether an adapter changes a packed weight there."""
    return tensor.action is Action.MERGE and isinstance(tensor.source, PackedTensor)


def measure_written(
    planned: Sequence[PlannedTensor], written: Checkpoint, errors: QuantizationErrorStats, cancel: CancelToken
) -> None:
    """Fill the sums from a merged result, where no tile went by. Raises Cancelled, UserError(read_failed)."""
    for tensor in filter(is_measured, planned):
        result, source = written.tensors.get(tensor.name), tensor.source
        if not isinstance(result, TensorRecord) or not isinstance(source, PackedTensor):
            continue
        step = max(1, _BLOCK_ELEMENTS // source.width)
        with open_files() as files:
            for begin in range(0, source.rows, step):
                cancel.check()
                rows = range(begin, min(begin + step, source.rows))
                if not errors.counts(rows):
                    continue
                unpacker = load_unpacker(source, rows.start, rows.stop, files)
                before = rounded(source, unpacker.values(rows.start, rows.stop)).float().reshape(-1)
                errors.add(source, unpacker, rows, (before, _rows(files, result, source.width, rows)))


def _rows(files: OpenFiles, record: TensorRecord, width: int, rows: range) -> torch.Tensor:
    """Rows of a plain tensor, seen as a matrix of that width, in float32 and flat."""
    return read_flat(files, record, rows.start * width, rows.stop * width).float()
