"""A base's weight files cut into pieces that come and go one by one; a piece is a file of its own while it is here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path

from msgspec import structs

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, StoredTensor, records_of
from ..hub.questions import FilePieces, PieceTarget
from ..quantization.detect import seen_unpacked
from ..storage.safetensors_header import LENGTH_BYTES, Header, TensorRecord
from ..storage.strided_path import StridedPath

MOST_BYTES = 128 << 20
"""Of a piece that holds more than one tensor."""
AT_ONCE = 2
"""Pieces that may be here: one that is worked on, and the next."""
# A file that goes on in so many stretches of one dtype has what belongs together side by side.
_FEW_STRETCHES = 16


@dataclass(frozen=True, slots=True)
class BasePiece:
    """Bytes ``begin`` to ``end`` of ``file``; ``place`` is where they lie while they are here."""

    file: Path
    begin: int
    end: int
    place: Path

    @property
    def nbytes(self) -> int:
        """Its size."""
        return self.end - self.begin


@dataclass(frozen=True)
class BasePieces:
    """All pieces of a base's files, in the order in which they come. ``folder`` is that of the hollow files."""

    folder: Path
    all: tuple[BasePiece, ...]

    @cached_property
    def number(self) -> Mapping[Path, int]:
        """Of each place."""
        return {piece.place: number for number, piece in enumerate(self.all)}

    @cached_property
    def _of_file(self) -> Mapping[Path, tuple[BasePiece, ...]]:
        return {file: tuple(pieces) for file, pieces in groupby(self.all, key=lambda piece: piece.file)}

    def holding(self, record: TensorRecord) -> BasePiece | None:
        """The one that a stored tensor lies in; None where it is none of the base's."""
        pieces = self._of_file.get(record.file)
        if not pieces or not record.nbytes:
            return None
        return pieces[max(0, bisect_right(pieces, record.offset, key=lambda piece: piece.begin) - 1)]

    def moved(self, tensor: StoredTensor) -> StoredTensor:
        """The same tensor where its piece will lie."""
        if isinstance(tensor, PackedTensor):
            parts = {role: self._moved(part) for role, part in tensor.parts.items()}
            return structs.replace(tensor, parts=parts)
        return self._moved(tensor)

    def _moved(self, record: TensorRecord) -> TensorRecord:
        piece = self.holding(record)
        if piece is None:
            return record
        return structs.replace(record, file=piece.place, offset=record.offset - piece.begin)

    def numbers_of(self, tensor: StoredTensor) -> frozenset[int]:
        """The pieces that hold any of it."""
        pieces = (self.holding(record) for record in records_of(tensor))
        return frozenset(self.number[piece.place] for piece in pieces if piece is not None)

    def asked(self, kept: Collection[Path]) -> tuple[FilePieces, ...]:
        """All of them as they are asked for; what is not ``kept`` is only hashed."""
        return tuple(
            FilePieces(
                file.relative_to(self.folder).as_posix(),
                tuple(PieceTarget(one.begin, one.end, one.place if one.place in kept else None) for one in pieces),
            )
            for file, pieces in self._of_file.items()
        )

    def most_at_once(self, needs: Iterable[frozenset[int]]) -> int:
        """Bytes of what is here at the same time at the most, where each tensor needs some of them."""
        until, lasts = dict[int, int](), set[int]()
        for numbers in needs:
            if numbers:
                lasts.add(last := max(numbers))
                until |= {number: max(last, until.get(number, 0)) for number in numbers}
        sizes = [piece.nbytes for piece in self.all]
        return max(
            (sum(sizes[n] for n, end in until.items() if at <= end and n < at + AT_ONCE) for at in lasts), default=0
        )


def cut_files(folder: Path, headers: Iterable[Header], most: int | None = None) -> BasePieces:
    """The pieces of files whose headers these are."""
    most = most or MOST_BYTES
    return BasePieces(folder, tuple(piece for header in headers for piece in _pieces_of(header, most)))


def _pieces_of(header: Header, most: int) -> Iterator[BasePiece]:
    data_begin = LENGTH_BYTES + len(header.raw)
    borders = [*_borders(header, most), header.file_bytes]
    for number, end in enumerate(borders):
        begin = borders[number - 1] if number else data_begin
        yield BasePiece(header.file, begin, end, header.file.with_name(f"{header.file.name}.{number:05d}"))


def _borders(header: Header, most: int) -> Iterator[int]:
    """Where a piece ends before the file does."""
    stored = sorted((one for one in header.tensors.values() if one.nbytes), key=lambda one: one.offset)
    by_dtype = sum(1 for _ in groupby(stored, key=lambda one: one.dtype)) <= _FEW_STRETCHES
    begin = stored[0].offset if stored else 0
    for before, record in pairwise(stored):
        too_much = record.offset + record.nbytes - begin > most
        if too_much or (by_dtype and record.dtype != before.dtype):
            begin = record.offset
            yield begin


def room_for_pieces(base: Checkpoint) -> int:
    """Bytes of the pieces that are here at the same time at the most."""
    pieces = cut_files(base.folder, base.headers)
    return pieces.most_at_once(map(pieces.numbers_of, seen_unpacked(base)[0].tensors.values()))


def all_plain_files(tensors: Iterable[StoredTensor]) -> bool:
    """Whether each lies in files in one stretch."""
    return not any(isinstance(record.file, StridedPath) for one in tensors for record in records_of(one))


def numbers_in(pieces: BasePieces, tensors: Sequence[StoredTensor]) -> frozenset[int]:
    """The pieces that hold any of some tensors."""
    return frozenset().union(*(pieces.numbers_of(tensor) for tensor in tensors))
