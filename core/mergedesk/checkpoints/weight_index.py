"""An index of weight files, read without a table of its hundred thousand names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ..domain.findings import Code, UserError
from ..storage.bounded_json import parse_json, read_bounded
from ..storage.safetensors_header import Header
from .files import MAX_JSON_BYTES, read_json

WEIGHT_MAP = "weight_map"
_PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class WeightIndex:
    """An index file: ``text`` is its weight map as JSON, ``rest`` everything else that it says.

    ``step``: the bytes of it that are made a table of at a time.
    """

    text: bytes
    step: int
    rest: Mapping[str, Any]
    files: frozenset[str]

    @property
    def pieces(self) -> Iterator[Mapping[str, str]]:
        """The file of each tensor by its name, some at a time. Of a name that stands twice the last counts."""
        return _pieces(self.text, self.step)


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
    content = read_bounded(file, MAX_JSON_BYTES)
    try:
        parts = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        text = bytes(parts.pop(WEIGHT_MAP))
        step = len(text) if b"\\" in text else _PIECE_BYTES
        files = frozenset(inner for piece in _pieces(text, step) for inner in set(piece.values()))
        rest = {name: parse_json(bytes(part).decode()) for name, part in parts.items()}
    except (ValueError, KeyError, RecursionError):
        return _out_of_the_ordinary(file)
    if not files:
        raise UserError(Code.JSON_BROKEN, file=file.name)
    return WeightIndex(text, step, rest, files)


def _out_of_the_ordinary(file: Path) -> WeightIndex:
    """Another spelling than writers use, or trouble."""
    rest = read_json(file)
    weight_map = rest.pop(WEIGHT_MAP, None)
    whole = isinstance(weight_map, dict) and all(isinstance(name, str) for name in weight_map.values())
    if not weight_map or not whole:
        raise UserError(Code.JSON_BROKEN, file=file.name)
    text = msgspec.json.encode(weight_map)
    return WeightIndex(text, len(text), rest, frozenset(weight_map.values()))


def _pieces(text: bytes, step: int) -> Iterator[dict[str, str]]:
    """Cut after values; where a cut falls into a string no piece is JSON. Raises ValueError where anything is none."""
    begin, cut = text.index(b"{") + 1, 0
    while cut >= 0:
        cut = text.find(b'",', begin + step)
        part = text[begin : cut + 1] if cut >= 0 else text[begin : text.rindex(b"}")]
        piece = msgspec.json.decode(b"{" + part + b"}", type=dict[str, str])
        if begin > 1 and not piece:
            raise ValueError("nothing stands after a comma")
        yield piece
        begin = cut + len(b'",')


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
