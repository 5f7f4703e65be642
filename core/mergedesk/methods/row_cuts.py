"""How the rows of a tensor are cut into pieces that are worked on one at a time."""

from __future__ import annotations

from collections.abc import Iterator

TILE_ELEMENTS = 512 * 1024
CHUNK_BYTES = 32 << 20
# Matrix libraries use other kernels, with other rounding, for products a few rows or columns thin (MKL: under 4 rows
# or 12 columns). A tile is never thinner than this unless its matrix is, and so gives the whole product's bits.
MIN_ROWS = 16


def cut(begin: int, end: int, step: int) -> Iterator[tuple[int, int]]:
    """Ranges of about ``step`` rows, each a multiple of MIN_ROWS from ``begin`` and none shorter than that."""
    step = max(MIN_ROWS, step - step % MIN_ROWS)
    starts = list(range(begin, end, step))
    if len(starts) > 1 and end - starts[-1] < MIN_ROWS:
        starts.pop()
    return zip(starts, [*starts[1:], end], strict=True)
