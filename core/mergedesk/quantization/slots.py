"""Codes that were cut into equal parts, laid over one another: a byte or word holds one of each part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..checkpoints.checkpoint import PackedTensor


@dataclass(frozen=True, slots=True)
class Slots:
    """Rows of grouped codes, ``width`` in each; every ``height`` rows are one part, at its shift in a byte or word.

    ``size``: bytes of each packed element; ``mask``: the bits of a code.
    """

    height: int
    width: int
    shifts: tuple[int, ...]
    mask: int
    size: int = 1

    def pieces(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Rows ``begin`` to ``end`` as (shift, first packed row, one past the last), in their order."""
        for number, shift in enumerate(self.shifts):
            start = number * self.height
            first, last = max(begin, start), min(end, start + self.height)
            if first < last:
                yield shift, first - start, last - start

    def row_bytes(self, rows: int) -> int:
        """Bytes of so many packed rows."""
        return rows * self.width * self.size


def slots_of(packed: PackedTensor) -> Slots:
    """As a packed tensor's settings say; the first part may have the highest bits, or the lowest."""
    bits, count, size = packed.whole("bits"), packed.whole("slots"), packed.whole("slot_bytes")
    shifts = [number * bits for number in range(count)]
    ordered = tuple(reversed(shifts) if packed.whole("first_is_high") else shifts)
    mask = (1 << bits) - 1
    return Slots(packed.whole("slot_height"), packed.whole("slot_width"), ordered, mask, size)


def flat_rows(packed: PackedTensor, begin: int, end: int) -> tuple[int, int, int]:
    """The grouped rows that hold rows ``begin`` to ``end`` of the weight, and where in them these begin."""
    width = packed.whole("slot_width")
    first, last = begin * packed.width // width, -(-end * packed.width // width)
    return first, last, begin * packed.width - first * width
