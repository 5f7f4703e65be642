"""A tensor whose elements lie scattered in its file, under a path of its own that reads as if they lay in order.

torch saves transposed and expanded tensors as views, so that many converted .bin models hold such tensors; and
what other tools store the other way round than PEFT is read through such a path. Opened with
``positional_io.open_positional`` the path gives the elements in order; opened in any other way there is no such file.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

if sys.platform == "win32":
    from pathlib import WindowsPath as _PlatformPath
else:
    from pathlib import PosixPath as _PlatformPath

Read = Callable[[memoryview, int], None]
# A stretch of a file that is read at once for the elements in it, rather than a run of neighbours at a time.
_SPAN_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Scattered:
    """``offset`` is the first element's place in ``file`` in bytes; ``strides`` count elements of ``width`` bytes."""

    file: Path
    offset: int
    width: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, view: memoryview, offset: int, read: Read) -> None:
        """Fill ``view`` with the bytes from ``offset`` of the tensor in order; ``read`` fills from a place in the file.

        Whole rows of the first dimension are read, so that a few more bytes than asked for are held.
        """
        row = math.prod(self.shape[1:]) * self.width
        begin, end = offset // row, -(-(offset + len(view)) // row)
        if begin * row == offset and end * row == offset + len(view):
            self._read_rows(view, begin, end, read)
            return
        rows = memoryview(bytearray((end - begin) * row))
        self._read_rows(rows, begin, end, read)
        view[:] = rows[offset - begin * row :][: len(view)]

    def _read_rows(self, view: memoryview, begin: int, end: int, read: Read) -> None:
        start = self.offset + begin * self.strides[0] * self.width
        _gather(view, start, (end - begin, *self.shape[1:]), self.strides, self.width, read)


def _gather(view: memoryview, start: int, shape: Sequence[int], strides: Sequence[int], width: int, read: Read) -> None:
    """Runs of neighbours go to where they belong: whole if they are in order, else spread over the first dimension.

    Where they lie close together, all that is between the first and the last is read at once.
    """
    if is_in_order(shape, strides):
        read(view, start)
    elif 0 not in strides and (span := _span(shape, strides) * width) <= max(len(view), _SPAN_BYTES):
        stretch = memoryview(bytearray(span))
        read(stretch, start)
        _pick(as_numbers(view, width), as_numbers(stretch, width), shape, strides)
    elif strides[0] == 1:
        _spread(view, start, shape, strides, width, read)
    else:
        part = len(view) // shape[0]
        for index in range(shape[0]):
            inner = view[index * part : (index + 1) * part]
            _gather(inner, start + index * strides[0] * width, shape[1:], strides[1:], width, read)


def _span(shape: Sequence[int], strides: Sequence[int]) -> int:
    """Elements from the first to the last, both included."""
    return 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))


def _pick(target: memoryview, source: memoryview, shape: Sequence[int], strides: Sequence[int]) -> None:
    """Put the elements of ``source``, which begins with the first of them, in order: runs of the longest dimension."""
    steps = [math.prod(shape[place + 1 :]) for place in range(len(shape))]
    *outer, (count, step, stride) = sorted(zip(shape, steps, strides, strict=True))
    for index in itertools.product(*(range(size) for size, _, _ in outer)):
        begin = sum(number * apart for number, (_, apart, _) in zip(index, outer, strict=True))
        first = sum(number * apart for number, (_, _, apart) in zip(index, outer, strict=True))
        target[begin : begin + (count - 1) * step + 1 : step] = source[
            first : first + (count - 1) * stride + 1 : stride
        ]


def _spread(view: memoryview, start: int, shape: Sequence[int], strides: Sequence[int], width: int, read: Read) -> None:
    run = memoryview(bytearray(shape[0] * width))
    numbers, target = as_numbers(run, width), as_numbers(view, width)
    step = math.prod(shape[1:])
    for place, index in enumerate(itertools.product(*map(range, shape[1:]))):
        read(run, start + sum(map(int.__mul__, index, strides[1:])) * width)
        target[place::step] = numbers


def as_numbers(view: memoryview, width: int) -> memoryview:
    """The same bytes as whole elements, so that slices step over elements."""
    if width == 2:
        return view.cast("H")
    if width == 4:
        return view.cast("I")
    return view.cast("Q") if width == 8 else view


def is_in_order(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether elements lie side by side in the order of their indices (torch's contiguous)."""
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size != 1 and stride != expected:
            return 0 in shape
        expected *= size
    return True


class Gathered(Protocol):
    """What reads as if elements that lie here and there in a file lay in order."""

    @property
    def file(self) -> Path:
        """The file that they lie in."""

    def read(self, view: memoryview, offset: int, read: Read) -> None:
        """Fill ``view`` with the bytes from ``offset`` on; ``read`` fills from a place in the file."""


class StridedPath(_PlatformPath):
    """The path that stands for a scattered tensor: its file's, with where it lies, so that no two are alike."""

    gathered: Gathered


def true_file(path: Path) -> Path:
    """The file that a path's bytes really lie in."""
    return path.gathered.file if isinstance(path, StridedPath) else path


def strided_path(scattered: Scattered) -> StridedPath:
    """The path to read a scattered tensor from, from offset 0 on."""
    return path_of(scattered, f"{scattered.offset}:{scattered.width}:{scattered.shape}:{scattered.strides}")


def path_of(gathered: Gathered, place: str) -> StridedPath:
    """The same for what is gathered in any way; ``place`` tells it from all others of its file."""
    path = StridedPath(gathered.file.with_name(f"{gathered.file.name}[{place}]"))
    path.gathered = gathered
    return path
