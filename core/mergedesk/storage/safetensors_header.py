"""The header of a safetensors file: names, dtypes, shapes and byte ranges, without any weight.

Format: 8 bytes little-endian header length, that many bytes of JSON, then the data
(https://github.com/huggingface/safetensors#format).
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, repeat
from operator import attrgetter
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct, structs

from ..domain.dtypes import DTYPES, FLOATING
from ..domain.findings import Code, UserError
from .bounded_json import parse_json
from .plain_entries import read_plain

LENGTH_BYTES = 8
# safetensors itself stops at 100 MB. A file of 210,000 tensors, more than any model has, comes to 25 MB.
MAX_HEADER_BYTES = 32_000_000
_MAX_NUMBER = (1 << 64) - 1
_ALIGNMENT = 8
_DIGITS = 300
_METADATA = "__metadata__"
_FIELDS = ("dtype", "shape", "data_offsets")


class TensorRecord(Struct, frozen=True, gc=False):
    """One stored tensor: ``offset`` counts from the start of ``file``; ``nbytes`` is its stored size."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: Path
    offset: int
    nbytes: int

    @property
    def elements(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def is_floating(self) -> bool:
        """Whether its dtype is one that precision conversion touches."""
        return self.dtype in FLOATING


def as_bytes(record: TensorRecord) -> TensorRecord:
    """The same stretch of a file as bytes, whatever its dtype: torch has no name for some."""
    return structs.replace(record, dtype="U8", shape=(record.nbytes,))


@dataclass(frozen=True, slots=True)
class Header:
    """One file's header. ``packed`` is its JSON, compressed: that of a wide model takes as much as all else of it.

    Empty for a file that has none.
    """

    file: Path
    packed: bytes
    metadata: Mapping[str, str]
    tensors: Mapping[str, TensorRecord]
    file_bytes: int

    @property
    def raw(self) -> bytes:
        """The JSON exactly as stored, made anew each time it is asked for."""
        return unpack(self.packed) if self.packed else b""


def pack(raw: bytes) -> bytes:
    """A header's JSON as it is held."""
    return zlib.compress(raw, 1)


def unpack(packed: bytes) -> bytes:
    """A header's JSON as it is stored."""
    return zlib.decompress(packed)


def header_bytes_digest(header: Header) -> str:
    """SHA-256 of the length field and header that were read, in hex, as ``file_identity.header_digest`` gives it."""
    return hashlib.sha256(with_length(header.raw)).hexdigest()


@lru_cache(maxsize=4096)  # a model of 200,000 tensors has a dozen shapes
def stored_bytes(dtype: str, shape: tuple[int, ...]) -> int:
    """Bytes a tensor of this dtype and shape takes in a file."""
    return (math.prod(shape) * DTYPES[dtype].bits + 7) // 8


def header_prefix(tensors: Iterable[tuple[str, str, Sequence[int], int]], metadata: Mapping[str, str]) -> bytes:
    """Length field and header of a file of tensors (name, dtype, shape, bytes) that lie in this order."""
    entries: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, dtype, shape, nbytes in tensors:
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [end, end := end + nbytes]}
    text = json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode()
    return with_length(text + b" " * (-len(text) % _ALIGNMENT))


def with_length(raw: bytes) -> bytes:
    """A header as stored, after its length field."""
    return struct.pack("<Q", len(raw)) + raw


def read_header(file: Path) -> Header:
    """Read and validate one header, as strictly as safetensors does: what it refuses is refused here.

    Raises UserError where the file is not whole: header_broken, file_absurdly_big, file_truncated, folder_unreadable.
    """
    return parse_header(file, *_read(file))


def read_tensors(file: Path) -> Mapping[str, TensorRecord]:
    """The tensors alone. Raises UserError as ``read_header`` does."""
    return _whole_content(file, *_read(file))[1]


def _read(file: Path) -> tuple[bytes, int]:
    """The JSON, and the whole file's size. Raises UserError."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            prefix = stream.read(LENGTH_BYTES)
            length = struct.unpack("<Q", prefix)[0] if len(prefix) == LENGTH_BYTES else -1
            if MAX_HEADER_BYTES < length <= size:
                raise UserError(Code.FILE_ABSURDLY_BIG, file=file.name, limit_bytes=MAX_HEADER_BYTES)
            if not 0 <= length <= MAX_HEADER_BYTES:
                raise UserError(Code.HEADER_BROKEN, file=file.name)
            raw = stream.read(length)
    except OSError as trouble:
        raise UserError(Code.FOLDER_UNREADABLE, file=file.name, reason=trouble.strerror or "") from trouble
    if len(raw) < length:
        expected = LENGTH_BYTES + length
        raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=expected, actual_bytes=size)
    return raw, size


def parse_header(file: Path, raw: bytes, size: int) -> Header:
    """The header that ``raw`` is, of a file of ``size`` bytes anywhere. Raises UserError like ``read_header``."""
    metadata, tensors = _whole_content(file, raw, size)
    return Header(file, pack(raw), metadata, tensors, size)


def _whole_content(file: Path, raw: bytes, size: int) -> tuple[dict[str, str], dict[str, TensorRecord]]:
    """Metadata and tensors of a file that is neither shorter nor longer than they say. Raises UserError."""
    data_start = LENGTH_BYTES + len(raw)
    try:
        metadata, tensors = _content(file, raw)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as trouble:
        raise UserError(Code.HEADER_BROKEN, file=file.name) from trouble
    end = _end_of_data(file, tensors.values(), data_start)
    if end > size:
        raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=end, actual_bytes=size)
    if end < size:
        raise UserError(Code.HEADER_BROKEN, file=file.name)
    return metadata, tensors


def records_of(header: Header) -> Mapping[str, TensorRecord]:
    """The tensors of a header that was read before, made anew from its text."""
    return _content(header.file, header.raw)[1]


def _content(file: Path, raw: bytes) -> tuple[dict[str, str], dict[str, TensorRecord]]:
    """Metadata and tensors. Raises ValueError, TypeError, KeyError, AttributeError or RecursionError."""
    data_start = LENGTH_BYTES + len(raw)
    return _plain(file, raw, data_start) or _any_json(file, raw, data_start)


def _plain(file: Path, raw: bytes, data_start: int) -> tuple[dict[str, str], dict[str, TensorRecord]] | None:
    """What a header of the usual form holds. Raises ValueError for metadata that safetensors refuse."""
    read = read_plain(raw)
    if read is None:
        return None
    names, dtypes, shapes, begins, nbytes = read[1]
    offsets = map(data_start.__add__, begins)
    records = map(TensorRecord, names, dtypes, shapes, repeat(file), offsets, nbytes)
    return _metadata(_json(read[0])), dict(zip(names, records, strict=True))


def _any_json(file: Path, raw: bytes, data_start: int) -> tuple[dict[str, str], dict[str, TensorRecord]]:
    entries: dict[str, Any] = _json(raw.decode("utf-8"))
    metadata = _metadata(entries.pop(_METADATA, None))
    return metadata, {record.name: record for record in _records(file, entries, data_start)}


def _json(text: str) -> Any:
    """The header's JSON. Python's reader takes more than safetensors': other encodings, NaN, a field stated twice."""
    hooks = {"parse_int": _whole, "parse_float": _finite, "parse_constant": _no_number}
    return parse_json(text, object_pairs_hook=_object, **hooks)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        stated = [name for name, value in pairs if name in (*_FIELDS, _METADATA) or (name in DTYPES and value is None)]
        if len(set(stated)) < len(stated):
            raise ValueError("a field stands twice")
    return made


def _whole(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text) if len(text) < _DIGITS else _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _metadata(stated: object) -> dict[str, str]:
    metadata = {} if stated is None else stated
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise ValueError(_METADATA)
    return metadata


def _end_of_data(file: Path, records: Collection[TensorRecord], data_start: int) -> int:
    """Where the last tensor ends; tensors may neither overlap nor leave holes, or no library opens the file."""
    sizes: list[int] = list(map(attrgetter("nbytes"), records))
    *expected, end = accumulate(sizes, initial=data_start)
    if list(map(attrgetter("offset"), records)) == expected:  # in the order of the header, as nearly always
        return end
    begins: list[tuple[int, int]] = sorted(map(attrgetter("offset", "nbytes"), records))
    *expected, end = accumulate((nbytes for _, nbytes in begins), initial=data_start)
    if [begin for begin, _ in begins] != expected:
        raise UserError(Code.HEADER_BROKEN, file=file.name)
    return end


def _records(file: Path, entries: Mapping[str, Any], data_start: int) -> Iterator[TensorRecord]:
    for name, entry in entries.items():
        dtype, shape, (begin, end) = entry if isinstance(entry, list) else (entry[field] for field in _FIELDS)
        sizes = (*shape, begin, end)
        if type(shape) is not list or any(type(size) is not int or not 0 <= size <= _MAX_NUMBER for size in sizes):
            raise ValueError(name)
        known = _dtype(dtype)
        if 8 * (end - begin) != _bits(known, shape):
            raise ValueError(name)
        yield TensorRecord(name, known, tuple(shape), file, data_start + begin, end - begin)


def _dtype(stated: object) -> str:
    """``"F32"``, or as safetensors' reader takes it too, ``{"F32": null}``. Raises ValueError."""
    if isinstance(stated, dict) and list(stated.values()) == [None]:
        [stated] = stated
    if not isinstance(stated, str):
        raise ValueError(stated)
    return stated


def _bits(dtype: str, shape: Iterable[int]) -> int:
    """Bits of a tensor. Raises ValueError where they are more than a number of 64 bits counts, at any step."""
    bits = 1
    for size in (*shape, DTYPES[dtype].bits):
        bits *= size
        if bits > _MAX_NUMBER:
            raise ValueError(dtype)
    return bits
