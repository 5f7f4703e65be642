"""The two forms of a file that ``torch.save`` writes: where its pickle is, and where each storage's bytes lie.

Since torch 1.6 it is a zip archive of ``NAME/data.pkl`` and one stored (never compressed) entry for each storage,
``NAME/data/KEY``. Before, five pickles stood in a row (a magic number, a version, the platform, the object, the list of
storage keys), then for each key an 8-byte count of elements and the bytes. See torch/serialization.py.
"""

from __future__ import annotations

import errno
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...domain.findings import Code, UserError
from .machine import BrokenPickle, PartsOfTensors, RefusedPickle, follow
from .torch_objects import Storages

MAX_DIRECTORY_BYTES = 100_000_000
_ZIP_MAGIC = b"PK\x03\x04"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 1
_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_COUNT_BYTES = 8
_MAX_NAME_BYTES = 256


@dataclass(frozen=True, slots=True)
class Contents:
    """The object that was saved, and the absolute offset of each storage by its key.

    ``mappable``: torch can map the storages; those of the older form it reads into memory.
    """

    root: Any
    offsets: Mapping[str, int]
    mappable: bool


class _Bounded(io.BufferedReader):
    """A file of which nothing larger than a model's directory is ever read at once, whatever it says of itself."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise BrokenPickle("too large")
        return super().read(size)

    def readline(self, size: int | None = -1, /) -> bytes:
        return super().readline(_MAX_NAME_BYTES if size is None or size < 0 else size)


def read_contents(file: Path) -> Contents:
    """Read the directory of a torch file; no storage is read, and nothing is run.

    Raises UserError: pickle_broken, pickle_refused, file_truncated, folder_unreadable.
    """
    try:
        with _Bounded(io.FileIO(file)) as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            zipped = stream.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC
            stream.seek(0)
            return _Archive(stream, size, file).contents() if zipped else _sequence(stream, size, file)
    except PartsOfTensors as parts:
        raise UserError(Code.PICKLE_OF_PARTS, file=file.name, name=str(parts)) from parts
    except RefusedPickle as refused:
        raise UserError(Code.PICKLE_REFUSED, file=file.name, name=str(refused)) from refused
    except OSError as trouble:
        if trouble.errno == errno.EINVAL:  # a place before the file's beginning
            raise UserError(Code.PICKLE_BROKEN, file=file.name) from trouble
        raise UserError(Code.FOLDER_UNREADABLE, file=file.name, reason=trouble.strerror or "") from trouble
    except _BROKEN as trouble:
        raise UserError(Code.PICKLE_BROKEN, file=file.name) from trouble


_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError, TypeError, ValueError,
    struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def _refuse_if_beyond(end: int, size: int, file: Path) -> None:
    if end > size:
        raise UserError(Code.FILE_TRUNCATED, file=file.name, expected_bytes=end, actual_bytes=size)


@dataclass(frozen=True, slots=True)
class _Archive:
    """The zip form."""

    stream: _Bounded
    size: int
    file: Path

    def contents(self) -> Contents:
        with zipfile.ZipFile(self.stream) as archive:
            entries = archive.infolist()
        by_name = {entry.filename: entry for entry in entries}
        if len(by_name) != len(entries):
            raise BrokenPickle("two entries of one name")
        pickles = [name for name in by_name if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise BrokenPickle("no object in it")
        folder = pickles[0].removesuffix("data.pkl")
        order = by_name.get(f"{folder}byteorder")
        if order is not None and self._whole(order) != b"little":
            raise RefusedPickle("numbers in big-endian order")
        storages = Storages(with_parts=False)
        root = follow(io.BytesIO(self._whole(by_name[pickles[0]])), storages.meaning())
        places: dict[str, int] = {}
        for key, storage in storages.known.items():
            entry = by_name[f"{folder}data/{key}"]
            if entry.file_size < storage.elements * storage.width:
                raise BrokenPickle("storage")
            places[key] = self._start(entry)
        return Contents(root, places, mappable=True)

    def _whole(self, entry: zipfile.ZipInfo) -> bytes:
        start = self._start(entry)
        self.stream.seek(start)
        data = self.stream.read(entry.file_size)
        # torch can be told to write no checksums; it leaves 0 then.
        if len(data) != entry.file_size or entry.CRC not in (0, zlib.crc32(data)):
            raise BrokenPickle("damaged")
        return data

    def _start(self, entry: zipfile.ZipInfo) -> int:
        """Where the entry's bytes begin: behind a header of its own, whose length only the header tells."""
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & _ENCRYPTED:
            raise RefusedPickle("compressed or encrypted entries")
        if entry.header_offset < 0 or entry.compress_size != entry.file_size:
            raise BrokenPickle("entry")
        self.stream.seek(entry.header_offset)
        header = self.stream.read(_LOCAL_HEADER_BYTES)
        if len(header) != _LOCAL_HEADER_BYTES or not header.startswith(_ZIP_MAGIC):
            raise BrokenPickle("entry")
        name, extra = struct.unpack("<HH", header[26:])
        start: int = entry.header_offset + _LOCAL_HEADER_BYTES + name + extra
        _refuse_if_beyond(start + entry.file_size, self.size, self.file)
        return start


def _sequence(stream: _Bounded, size: int, file: Path) -> Contents:
    """The form before zip. Its storages are little-endian whatever the platform they were written on."""
    storages = Storages(with_parts=True)
    meaning = storages.meaning()
    if follow(stream, meaning) != _MAGIC or follow(stream, meaning) != _VERSION:
        raise BrokenPickle("not torch's")
    follow(stream, meaning)
    root = follow(stream, meaning)
    keys = follow(stream, meaning)
    offsets: dict[str, int] = {}
    place = stream.tell()
    for key in keys if type(keys) is list else ():
        storage = storages.known[key if type(key) is str else ""]
        if not storage.kind.dtype:
            raise RefusedPickle("an untyped storage")
        stream.seek(place)
        if struct.unpack("<q", stream.read(_COUNT_BYTES))[0] != storage.elements:
            raise BrokenPickle("storage")
        offsets[key] = place + _COUNT_BYTES
        place = offsets[key] + storage.elements * storage.width
        _refuse_if_beyond(place, size, file)
    if offsets.keys() != storages.known.keys():
        raise BrokenPickle("storage")
    return Contents(root, offsets, mappable=False)
