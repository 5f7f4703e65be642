"""The tensors of a wide checkpoint, of which compressed headers are held: a file's records are made when asked for.

What goes over them in the order of the files makes each file's once. Of names there is a short sum each, by which the
file of any is found.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ..storage.safetensors_header import Header, TensorRecord, records_of

# Files whose records are there at a time: each worker has its own, and indexes are sorted otherwise than files are.
_HELD = 6
_SUM_BITS, _FILE_BITS = 47, 16

Records = Mapping[str, TensorRecord]


@dataclass(frozen=True, slots=True, eq=False)
class FoldedRecords(Records):
    """Those of one file; ``read`` makes them."""

    read: Callable[[], Records]
    count: int

    def __getitem__(self, name: str) -> TensorRecord:
        """The record. Raises KeyError."""
        return self.read()[name]

    def __contains__(self, name: object) -> bool:
        """Whether the file has a tensor of this name."""
        return name in self.read()

    def __iter__(self) -> Iterator[str]:
        """Their names, as they stand in the header."""
        return iter(self.read())

    def __len__(self) -> int:
        """Number of tensors."""
        return self.count

    def values(self) -> ValuesView[TensorRecord]:
        """Every record, as they stand in the header."""
        return ValuesView(self.read())


@dataclass(frozen=True, slots=True, eq=False)
class FoldedTensors(Records):
    """Those of all files, in their order. ``sums``: of each name a sum and its file's number, sorted, no sum twice."""

    files: tuple[FoldedRecords, ...]
    sums: array[int]

    def __getitem__(self, name: str) -> TensorRecord:
        """The record. Raises KeyError."""
        if (file := self._file_with(name)) is None:
            raise KeyError(name)
        return file[name]

    def __contains__(self, name: object) -> bool:
        """Whether any file has a tensor of this name."""
        return isinstance(name, str) and (file := self._file_with(name)) is not None and name in file

    def __iter__(self) -> Iterator[str]:
        """Every name, in the order of the files."""
        return (name for file in self.files for name in file)

    def __len__(self) -> int:
        """Number of tensors."""
        return len(self.sums)

    def values(self) -> ValuesView[TensorRecord]:
        """Every record, in the order of the files; none is looked for."""
        return _InOrder(self)

    def _file_with(self, name: str) -> FoldedRecords | None:
        """The one file that may have it."""
        own = _sum_of(name)
        place = bisect_left(self.sums, own << _FILE_BITS)
        if place == len(self.sums) or self.sums[place] >> _FILE_BITS != own:
            return None
        return self.files[self.sums[place] & ((1 << _FILE_BITS) - 1)]


class _InOrder(ValuesView[TensorRecord]):
    _mapping: FoldedTensors

    def __iter__(self) -> Iterator[TensorRecord]:
        return (record for file in self._mapping.files for record in file.read().values())


def _sum_of(name: str) -> int:
    return hash(name) & ((1 << _SUM_BITS) - 1)


@dataclass(slots=True)
class Folding:
    """Folds headers one after the other, as they are read."""

    headers: list[Header]
    records: list[FoldedRecords]
    sums: array[int]
    read: Callable[[int], Records]

    def fold(self, header: Header) -> Header:
        """The same without its records."""
        number = len(self.headers)
        self.sums.extend(_sum_of(name) << _FILE_BITS | number for name in header.tensors)
        self.records.append(FoldedRecords(lambda: self.read(number), len(header.tensors)))
        self.headers.append(replace(header, tensors=self.records[number]))
        return self.headers[number]

    @property
    def tensors(self) -> FoldedTensors | None:
        """Those of all headers that were folded; None where names are not told apart, or a name stands twice."""
        sums = array("q", sorted(self.sums))
        if any(one >> _FILE_BITS == other >> _FILE_BITS for one, other in pairwise(sums)):
            return None
        return FoldedTensors(tuple(self.records), sums)


def folding() -> Folding:
    """For the headers of one checkpoint."""
    headers = list[Header]()
    return Folding(headers, [], array("q"), lru_cache(_HELD)(lambda number: records_of(headers[number])))
