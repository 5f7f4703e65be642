"""What each precision would keep of an adapter: some rows of many tensors, merged and rounded as the merge will.

Without torch, and within a time that is given. A row of a large weight, the factors of one low-rank update and three
roundings take about a millisecond; so a few hundred tensors are looked at, in an order in which those that come
first are spread over all layers and kinds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ..checkpoints.checkpoint import PackedTensor
from ..domain.dtypes import DTYPES
from ..domain.precision_advice import PrecisionAdvice
from ..domain.progress import CancelToken
from ..domain.weight_delta import KeptShare
from ..methods.lora import LowRankUpdate
from ..methods.update import Update
from ..quantization.registry import FORMATS
from ..storage.factor_view import FactorView
from ..storage.open_files import OpenFiles, open_files
from ..storage.safetensors_header import TensorRecord
from .plan import Action, Plan, PlannedTensor

if TYPE_CHECKING:
    import numpy

# Of one tensor: rows, and no more elements than this unless a row has them.
_ROWS, _ELEMENTS = 8, 1 << 15
_GOLDEN = (math.sqrt(5) - 1) / 2
_READABLE = ("BF16", "F16", "F32")
_DUES = tuple(share.name for share in fields(KeptShare))


def sample_kept(plan: Plan, until: float, cancel: CancelToken | None = None) -> PrecisionAdvice | None:
    """What the precisions keep of what ``plan`` changes; None where that is not known without merging.

    ``until``: by ``time.monotonic``, when to make do with what was seen. Raises Cancelled, UserError(read_failed).
    """
    cancel = cancel or CancelToken()
    targeted = [tensor for tensor in plan.tensors if tensor.targeted]
    if not targeted or not all(_is_known(tensor) for tensor in targeted):
        return None
    seen: list[_Sums] = []
    with open_files() as files:
        for tensor in _spread(targeted):
            cancel.check()
            if seen and time.monotonic() >= until:
                break
            seen.append(_look(tensor, files, until))
    return _advice(targeted, seen)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of one tensor, from its sample to the whole: ΣΔ², and Σ(R−W)·Δ by the names of ``KeptShare``."""

    elements: int
    delta: float
    due: tuple[float, ...]


def _advice(targeted: Sequence[PlannedTensor], seen: Sequence[_Sums]) -> PrecisionAdvice | None:
    delta = math.fsum(sums.delta for sums in seen)
    if not delta or not math.isfinite(delta):
        return None
    dues = {name: math.fsum(sums.due[place] for sums in seen) for place, name in enumerate(_DUES)}
    shares = {name: due / delta if math.isfinite(due) else None for name, due in dues.items()}
    dtypes = {DTYPES[tensor.dtype].torch_name for tensor in targeted}
    precision = dtypes.pop() if len(dtypes) == 1 else ""
    kept = KeptShare(**shares)
    held = kept.float16 if precision == "float16" else kept.bfloat16
    return PrecisionAdvice(
        precision,
        kept,
        None if held is None else 1.0,
        len(seen),
        len(targeted),
        sum(sums.elements for sums in seen),
        draws=any(tensor.draws for tensor in targeted),
    )


def _is_known(tensor: PlannedTensor) -> bool:
    """Whether it is the base's and low-rank deltas, or a copy beside the base's."""
    source, base = tensor.source, tensor.base
    if tensor.action is Action.REPLACE:
        return all(isinstance(side, TensorRecord) and side.dtype in _READABLE for side in (source, base)) and (
            source.shape == base.shape
        )
    packed = isinstance(source, PackedTensor)
    readable = tensor.action is Action.MERGE and source is base and (packed or source.dtype in _READABLE)
    return readable and bool(tensor.updates) and all(_low_rank(update, tensor) for update in tensor.updates)


def _low_rank(update: Update, tensor: PlannedTensor) -> bool:
    parts = _parts(update)
    return bool(parts) and all(
        part.width == tensor.width and {part.a.record.dtype, part.b.record.dtype} <= {*_READABLE} for part in parts
    )


def _parts(update: Update) -> list[LowRankUpdate]:
    """The low-rank updates that it is the sum of; none where it is not such a sum."""
    parts = update.addends or (update,)
    low_rank = [part for part in parts if isinstance(part, LowRankUpdate)]
    return low_rank if len(low_rank) == len(parts) else []


def _spread(tensors: Sequence[PlannedTensor]) -> list[PlannedTensor]:
    places = sorted(range(len(tensors)), key=lambda place: place * _GOLDEN % 1)
    return [tensors[place] for place in places]


# Rows of a tensor, (width,) float32, by their number.
_Row = Callable[[int], "numpy.ndarray"]


def _look(tensor: PlannedTensor, files: OpenFiles, until: float) -> _Sums:
    """The sums of a few rows, taken for all that are changed; of one row at least."""
    width = tensor.width if tensor.action is Action.MERGE else tensor.shape[-1] if tensor.shape else 1
    spans = _touched(tensor, width)
    count = sum(end - begin for begin, end in spans)
    before, after = _sides(tensor, files, width)
    sums, looked = [0.0] * (len(_DUES) + 1), 0
    for row in _rows(spans, count, max(1, min(_ROWS, _ELEMENTS // max(1, width)))):
        if looked and time.monotonic() >= until:
            break
        sums = [total + more for total, more in zip(sums, _dues(before(row), after(row), tensor.dtype), strict=True)]
        looked += 1
    share = count / looked if looked else 0.0
    delta, *due = (total * share for total in sums)
    return _Sums(looked * width, delta, tuple(due))


def _touched(tensor: PlannedTensor, width: int) -> list[tuple[int, int]]:
    """Ranges of rows that something changes, apart from each other."""
    if tensor.action is Action.REPLACE:
        return [(0, tensor.source.elements // max(1, width))]
    spans: list[tuple[int, int]] = []
    for begin, end in sorted({update.rows for update in tensor.updates}):
        if spans and begin <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return spans


def _rows(spans: Sequence[tuple[int, int]], count: int, wanted: int) -> Iterator[int]:
    """Up to ``wanted`` rows, evenly spread over all spans."""
    wanted = min(wanted, count)
    for number in range(wanted):
        place = (2 * number + 1) * count // (2 * wanted)
        for begin, end in spans:
            if place < end - begin:
                yield begin + place
                break
            place -= end - begin


def _sides(tensor: PlannedTensor, files: OpenFiles, width: int) -> tuple[_Row, _Row]:
    """The base's rows, and those of the merge before it rounds."""
    before = _stored(tensor.base, files, width)
    if tensor.action is Action.REPLACE:
        return before, _stored(tensor.source, files, width)
    deltas = [_delta(part, files) for update in tensor.updates for part in _parts(update)]

    def after(row: int) -> numpy.ndarray:
        values = before(row)
        for touched, delta in deltas:
            if row in touched:
                values = values + delta(row)
        return values

    return before, after


def _stored(source: TensorRecord | PackedTensor, files: OpenFiles, width: int) -> _Row:
    if isinstance(source, PackedTensor):
        return _dequantized(source, width)
    size = DTYPES[source.dtype].bits // 8
    return lambda row: _floats(bytes(files.read(source, row * width * size, (row + 1) * width * size)), source.dtype)


def _dequantized(source: PackedTensor, width: int) -> _Row:
    exact, ratio = FORMATS[source.packing].exact_rows(source), max(1, width // source.width)

    def read(row: int) -> numpy.ndarray:
        import numpy

        values = numpy.asarray(exact(row * ratio, (row + 1) * ratio), dtype=numpy.float32).reshape(-1)
        return rounded(values, source.dtype)

    return read


def _delta(update: LowRankUpdate, files: OpenFiles) -> tuple[range, _Row]:
    """The rows that it touches, and what it adds to one. The factor that all rows need is read once."""
    strength = update.scaling * update.weight
    whole = _block(update.b if update.transposed else update.a, files)
    first = update.first_row

    def delta(row: int) -> numpy.ndarray:
        import numpy

        if update.transposed:
            part = _block(update.a, files, columns=(row - first, row - first + 1))[:, 0]
            turned: numpy.ndarray = (whole @ part) * numpy.float32(strength)
            return turned
        part = _block(update.b, files, rows=(row - first, row - first + 1))[0]
        values: numpy.ndarray = (part @ whole) * numpy.float32(strength)
        return values

    return range(*update.rows), delta


def _block(
    view: FactorView, files: OpenFiles, rows: tuple[int, int] | None = None, columns: tuple[int, int] | None = None
) -> numpy.ndarray:
    """Some rows and columns of a factor's block, float32. Raises UserError(read_failed)."""
    import numpy

    (top, bottom), (left, right) = rows or (0, view.rows.count), columns or (0, view.columns.count)
    size, width = DTYPES[view.record.dtype].bits // 8, view.matrix[1]
    first = view.columns.begin + left * view.columns.step
    last = view.columns.begin + (right - 1) * view.columns.step + 1
    whole_rows = view.rows.step == 1 and (first, last) == (0, width)
    numbers = [view.rows.begin + number * view.rows.step for number in range(top, bottom)]
    if whole_rows:
        stored = bytes(files.read(view.record, numbers[0] * width * size, (numbers[-1] + 1) * width * size))
        return _floats(stored, view.record.dtype).reshape(len(numbers), width)[:, :: view.columns.step]
    pieces = [
        bytes(files.read(view.record, (row * width + first) * size, (row * width + last) * size)) for row in numbers
    ]
    return numpy.stack([_floats(piece, view.record.dtype) for piece in pieces])[:, :: view.columns.step]


def _floats(stored: bytes, dtype: str) -> numpy.ndarray:
    import numpy

    if dtype == "BF16":
        from ..quantization.exact import from_bfloat16

        return from_bfloat16(numpy.frombuffer(stored, numpy.uint8))
    return numpy.frombuffer(stored, "<f2" if dtype == "F16" else "<f4").astype(numpy.float32)


def rounded(values: numpy.ndarray, dtype: str) -> numpy.ndarray:
    """float32 values rounded to nearest, ties to even, as float32; infinite where ``dtype`` cannot hold them."""
    import numpy

    if dtype == "BF16":
        bits = values.view(numpy.uint32)
        odd = (bits >> numpy.uint32(16)) & numpy.uint32(1)
        return ((bits + numpy.uint32(0x7FFF) + odd) & numpy.uint32(0xFFFF0000)).view(numpy.float32)
    if dtype == "F16":
        with numpy.errstate(over="ignore"):
            return values.astype(numpy.float16).astype(numpy.float32)
    return values


def _dues(before: numpy.ndarray, after: numpy.ndarray, written: str) -> list[float]:
    """ΣΔ², and Σ(R−W)·Δ for each of ``_DUES``; not a number where a value is lost."""
    import numpy

    delta = (after - before).astype(numpy.float64)
    square = float(delta @ delta)

    def due(dtype: str) -> float:
        with numpy.errstate(invalid="ignore"):
            found = float((rounded(after, dtype).astype(numpy.float64) - before) @ delta)
        return found if math.isfinite(found) else math.nan

    shares = {"BF16": due("BF16"), "F16": due("F16"), "F32": square}
    return [square, shares.get(written, square), *shares.values()]
