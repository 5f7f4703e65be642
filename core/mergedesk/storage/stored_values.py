"""A look at stored values without torch: is a tensor all zero, which rows are, is its beginning finite.

Only as much is read as is needed: a trained factor is told by its first bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ..domain.dtypes import DTYPES, FLOATING
from .open_files import OpenFiles, open_files
from .safetensors_header import TensorRecord

_FIRST_BYTES = 4096
_FEW_BYTES = 64  # what a trained tensor shows itself by
_BLOCK_BYTES = 1 << 18
_WINDOW_BYTES, _SMALL_BYTES = 1 << 17, 1 << 14
_ZEROS = bytes(_BLOCK_BYTES)
# By dtype: the exponent's bits in the highest two bytes. Files are little-endian.
_EXPONENT = {name: ((1 << DTYPES[name].exponent) - 1) << (15 - DTYPES[name].exponent) for name in FLOATING}
# Highest bytes that values have which are not finite, sign included; of some dtypes large finite ones have them too.
_EXTRAORDINARY = {
    dtype: tuple(byte for byte in range(256) if byte & mask >> 8 == mask >> 8) for dtype, mask in _EXPONENT.items()
}

ReadAt = Callable[[TensorRecord, int, int], bytearray]


@contextmanager
def reading() -> Iterator[ReadAt]:
    """A function (record, first byte, count) → its bytes, which opens each file once. It raises UserError."""
    with open_files() as files:
        yield _ReadAhead(files).read


@dataclass(slots=True)
class _ReadAhead:
    """Files read in the order of their tensors: around small ones so much is read that the next are there already.

    ``held`` are bytes ``begin`` to ``end`` of ``file``; the buffer is longer, and the same throughout.
    """

    files: OpenFiles
    file: Path | None = None
    begin: int = 0
    end: int = 0
    held: bytearray = field(default_factory=lambda: bytearray(_WINDOW_BYTES))
    sizes: dict[Path, int] = field(default_factory=dict)

    def read(self, record: TensorRecord, begin: int, count: int) -> bytearray:
        """``count`` bytes of a tensor from ``begin`` on, or what there is. Raises UserError(read_failed, …)."""
        end, first = min(begin + count, record.nbytes), record.offset - self.begin
        if record.file is not self.file or first < 0 or record.offset + record.nbytes > self.end:
            if record.nbytes > (_SMALL_BYTES if end - begin < record.nbytes else _WINDOW_BYTES):
                return self.files.read(record, begin, end)
            self._move(record)
            first = 0
        return self.held[first + begin : first + end]

    def _move(self, record: TensorRecord) -> None:
        if record.file not in self.sizes:
            with suppress(OSError):  # reading tells
                self.sizes[record.file] = record.file.stat().st_size if type(record.file) is type(Path()) else 0
        size = self.sizes.get(record.file, 0)
        count = max(record.nbytes, min(_WINDOW_BYTES, size - record.offset))
        self.file = None
        self.files[record.file].read_into(memoryview(self.held)[:count], record.offset)
        self.file, self.begin, self.end = record.file, record.offset, record.offset + count


def begins_set(read: ReadAt, record: TensorRecord) -> bool:
    """Whether the first few bytes show a value that is no zero, as those of trained tensors do. False says nothing."""
    return record.dtype in FLOATING and bool(read(record, 0, _FEW_BYTES).strip(b"\0\x80"))


def is_all(read: ReadAt, record: TensorRecord, value: float) -> bool:
    """Whether every element is ``value``, which is 0 (of either sign) or 1."""
    if record.dtype not in FLOATING or not _holds_only(read(record, 0, _FEW_BYTES), record.dtype, value):
        return False
    return all(_holds_only(block, record.dtype, value) for block in _blocks(read, record))


def _blocks(read: ReadAt, record: TensorRecord) -> Iterator[bytearray]:
    begin = 0
    while begin < record.nbytes:
        block = read(record, begin, _BLOCK_BYTES if begin else _FEW_BYTES)
        if not block:
            return
        yield block
        begin += len(block)


def _holds_only(block: bytearray, dtype: str, value: float) -> bool:
    if value == 1:
        # Nothing is set but the exponent's bias.
        kind = DTYPES[dtype]
        pattern = (((1 << (kind.exponent - 1)) - 1) << kind.mantissa).to_bytes(kind.bits // 8, "little")
        return block == pattern * (len(block) // len(pattern))
    return block == (_ZEROS if len(block) == _BLOCK_BYTES else bytes(len(block))) or _is_signed_zero(block, dtype)


def _is_signed_zero(block: bytearray, dtype: str) -> bool:
    """Whether nothing is set but signs: bytes are little-endian, so the sign is the highest bit of the last."""
    width = DTYPES[dtype].bits // 8
    if block[width - 1 :: width].translate(None, b"\0\x80"):
        return False
    return not any(block[place::width].strip(b"\0") for place in range(width - 1))


def begins_not_finite(read: ReadAt, record: TensorRecord) -> bool:
    """Whether infinite or not-a-number values stand among the first kilobytes; diverged training leaves no others."""
    if record.dtype not in FLOATING:
        return False
    return _has_not_finite(read(record, 0, _FIRST_BYTES), record.dtype)


def which_begin_not_finite(
    read: ReadAt, records: Iterable[TensorRecord], beside: Callable[[TensorRecord], None] = lambda _record: None
) -> list[TensorRecord]:
    """Those of which that is so. Small ones that lie side by side are looked at as one first.

    ``beside`` is called with each of them at a time when reading it costs least.
    """
    broken = list[TensorRecord]()
    for run in _runs(records):
        if len(run) == 1 or _any_not_finite(read, run):
            broken += [record for record in run if begins_not_finite(read, record)]
        for record in run:
            beside(record)
    return broken


def _runs(records: Iterable[TensorRecord]) -> Iterator[list[TensorRecord]]:
    """Small tensors of one file and dtype without anything between them; others alone."""
    run, end = list[TensorRecord](), 0
    for record in records:
        if run and not (
            record.offset == end
            and record.file is run[0].file
            and record.dtype == run[0].dtype
            and record.nbytes <= _FIRST_BYTES
            and run[-1].nbytes <= _FIRST_BYTES
            and end + record.nbytes - run[0].offset <= _WINDOW_BYTES
        ):
            yield run
            run = []
        run.append(record)
        end = record.offset + record.nbytes
    if run:
        yield run


def _any_not_finite(read: ReadAt, run: Sequence[TensorRecord]) -> bool:
    first, nbytes = run[0], run[-1].offset + run[-1].nbytes - run[0].offset
    if first.dtype not in FLOATING:
        return False
    return _has_not_finite(
        read(TensorRecord("", "U8", (nbytes,), first.file, first.offset, nbytes), 0, nbytes), first.dtype
    )


def _has_not_finite(block: bytearray, dtype: str) -> bool:
    width, mask = DTYPES[dtype].bits // 8, _EXPONENT[dtype]
    highest = block[width - 1 :: width]
    for byte in _EXTRAORDINARY[dtype]:
        if byte in highest:
            break
    else:
        return False
    lower = block[width - 2 :: width]
    return any((low | high << 8) & mask == mask for low, high in zip(lower, highest, strict=False))


def rows_in_use(read: ReadAt, record: TensorRecord) -> tuple[int, int]:
    """The first row of a matrix with a bit set, and one past the last; (0, 0) where there is none."""
    rows = record.shape[0]
    row_bytes = record.nbytes // rows if rows else 0
    if not row_bytes:
        return 0, rows
    if record.nbytes <= _SMALL_BYTES:
        block = read(record, 0, record.nbytes)
        if block and block[0] and block[-1]:  # as nearly always
            return 0, rows
        set_bytes = len(block.lstrip(b"\0"))
        last = (len(block.rstrip(b"\0")) - 1) // row_bytes + 1
        return ((record.nbytes - set_bytes) // row_bytes, last) if set_bytes else (0, 0)
    first = _first_set(read, record)
    return (0, 0) if first is None else (first // row_bytes, _last_set(read, record) // row_bytes + 1)


def _first_set(read: ReadAt, record: TensorRecord) -> int | None:
    begin = 0
    for block in _blocks(read, record):
        if set_bytes := block.lstrip(b"\0"):
            return begin + len(block) - len(set_bytes)
        begin += len(block)
    return None


def _last_set(read: ReadAt, record: TensorRecord) -> int:
    """The place of the last byte that is not zero, given that there is one."""
    end, size = record.nbytes, _FEW_BYTES
    while end > 0:
        begin = max(0, end - size)
        if set_bytes := read(record, begin, end - begin).rstrip(b"\0"):
            return begin + len(set_bytes) - 1
        end, size = begin, _BLOCK_BYTES
    return 0
