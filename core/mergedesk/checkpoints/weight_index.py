"""An index of weight files, read without a table of its hundred thousand names."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..domain.findings import Code, UserError
from ..storage.bounded_json import opened_bounded, parse_json
from ..storage.safetensors_header import Header
from .files import MAX_JSON_BYTES, read_json

WEIGHT_MAP = "weight_map"
_PIECE_BYTES = 1 << 18
# How an index begins whose writer sorts it, up to its first name; an index has little to say beside names.
_START = re.compile(rb'\s*\{\s*(?:"metadata"\s*:\s*(\{[^{}\\]*\})\s*,\s*)?"weight_map"\s*:\s*\{')
_START_BYTES = 1 << 16
_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class WeightIndex:
    """An index file: ``packed`` is its weight map as objects of JSON, each compressed; ``rest`` is all else it says."""

    packed: tuple[bytes, ...]
    rest: Mapping[str, Any]
    files: frozenset[str]

    @property
    def pieces(self) -> Iterator[Mapping[str, str]]:
        """The file of each tensor by its name, some at a time. Of a name that stands twice the last counts."""
        return (_names_in(zlib.decompress(piece)) for piece in self.packed)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedNames(Mapping[str, str]):
    """A weight map that says of each tensor the file whose header has it, and of no other: nothing else is held.

    ``headers`` by the index's own names of their files.
    """

    headers: Mapping[str, Header]

    def __getitem__(self, name: str) -> str:
        """The file that has it. Raises KeyError."""
        file = next((file for file, header in self.headers.items() if name in header.tensors), None)
        if file is None:
            raise KeyError(name)
        return file

    def __iter__(self) -> Iterator[str]:
        """Every name, in the order of the files."""
        return (name for header in self.headers.values() for name in header.tensors)

    def __len__(self) -> int:
        """Number of tensors."""
        return sum(len(header.tensors) for header in self.headers.values())

    def as_table(self) -> dict[str, str]:
        """The same as JSON can be made of."""
        return {name: file for file, header in self.headers.items() for name in header.tensors}


def read_index(file: Path) -> WeightIndex:
    """Raises UserError where it cannot be read, or maps no names to files."""
    try:
        with opened_bounded(file, MAX_JSON_BYTES) as stream:
            index = _in_parts(stream)
    except (ValueError, RecursionError):
        return _out_of_the_ordinary(file)
    if not index.files:
        raise UserError(Code.JSON_BROKEN, file=file.name)
    return index


def _in_parts(stream: BinaryIO) -> WeightIndex:
    """An index as writers write it, of which no more than a piece is held. Raises ValueError, RecursionError."""
    head = stream.read(_START_BYTES)
    start = _START.match(head)
    if start is None:
        raise ValueError("it begins otherwise")
    rest = {"metadata": parse_json(start[1].decode())} if start[1] else {}
    packed, files = list[bytes](), set[str]()
    for text in _pieces(head[start.end() :], stream):
        files.update(set(_names_in(text).values()))
        packed.append(zlib.compress(text, 1))
    return WeightIndex(tuple(packed), rest, frozenset(files))


def _out_of_the_ordinary(file: Path) -> WeightIndex:
    """Another spelling than writers use, or trouble."""
    rest = read_json(file)
    weight_map = rest.pop(WEIGHT_MAP, None)
    whole = isinstance(weight_map, dict) and all(isinstance(name, str) for name in weight_map.values())
    if not weight_map or not whole:
        raise UserError(Code.JSON_BROKEN, file=file.name)
    return WeightIndex((zlib.compress(msgspec.json.encode(weight_map), 1),), rest, frozenset(weight_map.values()))


def _names_in(text: bytes) -> dict[str, str]:
    return msgspec.json.decode(text, type=dict[str, str])


def _pieces(text: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """What stands in an object, as several; ``text`` is its beginning.

    Cut after values; where a cut falls into a string no piece is JSON. Raises ValueError where the object does not end
    with the file, or nothing stands after a comma.
    """
    cuts, block = 0, text
    while block:
        block = stream.read(_PIECE_BYTES)
        text += block
        while (cut := text.find(b'",', _PIECE_BYTES)) >= 0:
            yield b"{" + text[: cut + 1] + b"}"
            text, cuts = text[cut + 2 :], cuts + 1
    last = text.rstrip(_SPACE).removesuffix(b"}").rstrip(_SPACE)  # the index's own end
    if not last.endswith(b"}") or (cuts and not last[:-1].strip(_SPACE)):
        raise ValueError("it ends otherwise")
    yield b"{" + last


def says_the_same(pieces: Iterable[Mapping[str, str]], headers: Mapping[str, Header]) -> bool:
    """Whether a weight map has every tensor of ``headers``, by their files' names, at its place, and no other."""
    count = 0
    for piece in pieces:
        count += len(piece)
        if not all(file in headers and name in headers[file].tensors for name, file in piece.items()):
            return False
    return count == sum(len(header.tensors) for header in headers.values())


def map_of(index: WeightIndex, names: Sequence[str], headers: Sequence[Header]) -> Mapping[str, str]:
    """The weight map; ``names`` are what it calls the files of ``headers``."""
    placed = dict(zip(names, headers, strict=True))
    if says_the_same(index.pieces, placed):
        return PlacedNames(placed)
    return {name: file for piece in index.pieces for name, file in piece.items()}
