"""A matrix put together of stored ones, each in rows and columns of its own, with zeros where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .factor_view import Steps
from .strided_path import Read, as_numbers


@dataclass(frozen=True, slots=True)
class Inlay:
    """A stored matrix, and the ``rows`` and ``columns`` that it takes.

    ``offset`` is its first element's place in its file in bytes; ``strides`` count elements.
    """

    offset: int
    strides: tuple[int, int]
    rows: Steps
    columns: Steps


@dataclass(frozen=True, slots=True)
class Mosaic:
    """A matrix of ``shape``, of elements of ``width`` bytes, all pieces of which lie in one ``file``."""

    file: Path
    width: int
    shape: tuple[int, int]
    pieces: tuple[Inlay, ...]

    def read(self, view: memoryview, offset: int, read: Read) -> None:
        """Fill ``view`` with the bytes from ``offset`` of the matrix in order; ``read`` fills from a place in the file.

        Whole rows are put together, so that a few more bytes than asked for are held.
        """
        row = self.shape[1] * self.width
        begin, end = offset // row, -(-(offset + len(view)) // row)
        rows = memoryview(bytearray((end - begin) * row))
        for piece in self.pieces:
            self._lay(piece, as_numbers(rows, self.width), begin, end, read)
        view[:] = rows[offset - begin * row :][: len(view)]

    def _lay(self, piece: Inlay, rows: memoryview, begin: int, end: int, read: Read) -> None:
        """Put what a piece has of rows ``begin`` to ``end`` where it belongs."""
        first, last = _within(piece.rows, begin, end)
        if first >= last or not piece.columns.count:
            return
        down, across = piece.strides
        count = 1 + (last - 1 - first) * down + (piece.columns.count - 1) * across
        stretch = memoryview(bytearray(count * self.width))
        read(stretch, piece.offset + first * down * self.width)
        start = (piece.rows.begin + first * piece.rows.step - begin) * self.shape[1] + piece.columns.begin
        lines = (last - first, piece.rows.step * self.shape[1], down), (piece.columns.count, piece.columns.step, across)
        _copy(rows, start, as_numbers(stretch, self.width), *sorted(lines))


def _within(steps: Steps, begin: int, end: int) -> tuple[int, int]:
    """Which of the positions lie from ``begin`` to ``end``: the first of them, and one past the last."""
    first, last = (max(0, -(-(edge - steps.begin) // steps.step)) for edge in (begin, end))
    return first, min(last, steps.count)


def _copy(
    target: memoryview, start: int, source: memoryview, outer: tuple[int, int, int], inner: tuple[int, int, int]
) -> None:
    """Lines of (count, step in the target, step in the source), the longer ones at a time."""
    count, step, stride = inner
    for number in range(outer[0]):
        to, of = start + number * outer[1], number * outer[2]
        target[to : to + (count - 1) * step + 1 : step] = source[of : of + (count - 1) * stride + 1 : stride]
