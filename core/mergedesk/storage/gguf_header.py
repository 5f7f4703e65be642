"""A GGUF file's header: its metadata, and where each tensor lies. Nothing in a file makes it read past the file's end.

Layout (little-endian): ``GGUF``, version, number of tensors, number of metadata values; each of these as key, type and
value; each tensor as name, dimensions (the innermost first), type and offset; the data, aligned.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.findings import Code, UserError
from .positional_io import read_trouble

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_DIMENSIONS = 4
_MOST_DEPTH = 4
_ALIGNMENT = "general.alignment"


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """``shape``: as numpy has it, the outermost dimension first. ``kind``: GGML's number of its type."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """``values``: the metadata, arrays as lists. A tensor's ``offset`` counts from the start of the file."""

    file: Path
    file_bytes: int
    values: Mapping[str, Any]
    tensors: Mapping[str, GgufTensor]

    @property
    def architecture(self) -> str:
        """What the file says of itself; empty where it says nothing."""
        stated = self.values.get("general.architecture")
        return stated if isinstance(stated, str) else ""

    def of_architecture(self, name: str) -> Any:
        """The value under ``name`` among those of the architecture; None where there is none."""
        return self.values.get(f"{self.architecture}.{name}")


class _Broken(Exception):
    """The file is not as the format describes it."""


@dataclass(slots=True)
class _Cursor:
    """Where the reading is. Raises _Broken at the end."""

    data: mmap.mmap
    place: int = 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.place + count > len(self.data):
            raise _Broken("it ends within its header")
        self.place += count
        return self.data[self.place - count : self.place]

    def number(self, form: str) -> Any:
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))[0]

    def count(self, least_bytes: int) -> int:
        """A number of things, each of which takes so many bytes at least."""
        count = int(self.number("Q"))
        if count * least_bytes > len(self.data) - self.place:
            raise _Broken("it ends within its header")
        return count

    def text(self) -> str:
        return self.take(self.count(1)).decode("utf-8", errors="replace")


def read_gguf_header(file: Path) -> GgufHeader:
    """Raises UserError(gguf_broken or read_failed)."""
    try:
        with _mapped(file) as data:
            return _header(file, _Cursor(data))
    except OSError as trouble:
        raise read_trouble(file, trouble) from trouble
    except (_Broken, struct.error) as trouble:
        raise UserError(Code.GGUF_BROKEN, file=file.name, reason=str(trouble)) from trouble


@contextmanager
def _mapped(file: Path) -> Iterator[mmap.mmap]:
    with file.open("rb") as stream:
        if file.stat().st_size < len(_MAGIC):
            raise _Broken("it does not begin as one" if file.stat().st_size else "it is empty")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _header(file: Path, cursor: _Cursor) -> GgufHeader:
    if cursor.take(4) != _MAGIC:
        raise _Broken("it does not begin as one")
    if (version := cursor.number("I")) not in _VERSIONS:
        raise _Broken(f"its version {version} is not known")
    tensors, entries = cursor.count(24), cursor.count(13)
    values = {cursor.text(): _value(cursor, cursor.number("I")) for _ in range(entries)}
    described = [_described(cursor) for _ in range(tensors)]
    alignment = values.get(_ALIGNMENT, 32)
    if not isinstance(alignment, int) or alignment <= 0:
        raise _Broken("its alignment is no number")
    start = -(-cursor.place // alignment) * alignment
    placed = {name: GgufTensor(name, shape, kind, start + offset) for name, shape, kind, offset in described}
    if len(placed) != tensors:
        raise _Broken("a tensor is there twice")
    return GgufHeader(file, len(cursor.data), values, placed)


def _described(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name = cursor.text()
    dimensions = cursor.number("I")
    if dimensions > _MOST_DIMENSIONS:
        raise _Broken(f"{name} has {dimensions} dimensions")
    shape = tuple(reversed([int(cursor.number("Q")) for _ in range(dimensions)]))
    return name, shape, int(cursor.number("I")), int(cursor.number("Q"))


def _value(cursor: _Cursor, kind: int, depth: int = 0) -> Any:
    if kind == _STRING:
        return cursor.text()
    if kind == _ARRAY:
        return _array(cursor, depth)
    if kind not in _FORMATS:
        raise _Broken(f"a value of its metadata has the unknown type {kind}")
    return cursor.number(_FORMATS[kind])


def _array(cursor: _Cursor, depth: int) -> list[Any]:
    kind = cursor.number("I")
    if depth >= _MOST_DEPTH:
        raise _Broken("its metadata is nested too deeply")
    if kind in _FORMATS:
        size = struct.calcsize(f"<{_FORMATS[kind]}")
        count = cursor.count(size)
        return list(struct.unpack(f"<{count}{_FORMATS[kind]}", cursor.take(count * size)))
    return [_value(cursor, kind, depth + 1) for _ in range(cursor.count(8))]
