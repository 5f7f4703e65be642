"""The header of a safetensors file: names, dtypes, shapes and byte ranges, without any weight.

Format: 8 bytes little-endian header length, that many bytes of JSON, then the data
(https://github.com/huggingface/safetensors#format).
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.dtypes import DTYPES, FLOATING
from ..domain.findings import Code, UserError

LENGTH_BYTES = 8
MAX_HEADER_BYTES = 100_000_000
_MAX_BYTES = 1 << 62
_MAX_DIMENSIONS = 64
_ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class TensorRecord:
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


@dataclass(frozen=True, slots=True)
class Header:
    """One file's header. ``raw`` is the JSON exactly as stored."""

    file: Path
    raw: bytes
    metadata: Mapping[str, str]
    tensors: Mapping[str, TensorRecord]
    file_bytes: int


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
    """Read and validate one header.

    Raises UserError (header_broken, file_truncated or folder_unreadable) where the file is not whole.
    """
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            prefix = stream.read(LENGTH_BYTES)
            length = struct.unpack("<Q", prefix)[0] if len(prefix) == LENGTH_BYTES else -1
            if not 0 <= length <= MAX_HEADER_BYTES:
                raise UserError(Code.HEADER_BROKEN, file=file.name)
            raw = stream.read(length)
    except OSError as trouble:
        raise UserError(Code.FOLDER_UNREADABLE, file=file.name, reason=trouble.strerror or "") from trouble
    if len(raw) < length:
        expected = LENGTH_BYTES + length
        raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=expected, actual_bytes=size)
    return _parse(file, raw, size)


def _parse(file: Path, raw: bytes, size: int) -> Header:
    data_start = LENGTH_BYTES + len(raw)
    try:
        entries: dict[str, Any] = json.loads(raw)
        metadata = _metadata(entries.pop("__metadata__", None))
        tensors = {record.name: record for record in _records(file, entries, data_start)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as trouble:
        raise UserError(Code.HEADER_BROKEN, file=file.name) from trouble
    end = _end_of_data(file, tensors.values(), data_start)
    if end > size:
        raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=end, actual_bytes=size)
    if end < size:
        raise UserError(Code.HEADER_BROKEN, file=file.name)
    return Header(file, raw, metadata, tensors, size)


def _metadata(stated: object) -> dict[str, str]:
    metadata = stated or {}
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise ValueError("__metadata__")
    return metadata


def _end_of_data(file: Path, records: Iterable[TensorRecord], data_start: int) -> int:
    """Where the last tensor ends; tensors may neither overlap nor leave holes, or no library opens the file."""
    end = data_start
    for record in sorted(records, key=lambda record: (record.offset, record.nbytes)):
        if record.offset != end:
            raise UserError(Code.HEADER_BROKEN, file=file.name)
        end += record.nbytes
    return end


def _records(file: Path, entries: Mapping[str, Any], data_start: int) -> Iterator[TensorRecord]:
    for name, entry in entries.items():
        name.encode()  # a lone surrogate, which JSON lets through, is no name
        begin, end = entry["data_offsets"]
        shape, dtype = tuple(entry["shape"]), str(entry["dtype"])
        if any(type(size) is not int or not 0 <= size <= _MAX_BYTES for size in (begin, end, *shape)):
            raise ValueError(name)
        if len(shape) > _MAX_DIMENSIONS or end - begin != stored_bytes(dtype, shape):
            raise ValueError(name)
        yield TensorRecord(name, dtype, shape, file, data_start + begin, end - begin)
