"""What stochastic rounding draws: 16 random bits for each element of a tensor, whichever part of it is asked for.

Element i has lane i mod 16, from the lowest bits on, of the 256 bits that Philox4x64-10 gives for the counter
i div 16 + 1. Its key is the first 16 bytes of the SHA-256 of "SEED" NUL "NAME", little-endian: seed and name alone
decide, not tiles and not workers. Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

DRAWN_BITS = 16
_LANES = 16
_WORDS = 4


def rounding_draws(seed: int, name: str, begin: int, count: int) -> numpy.ndarray:
    """What ``count`` elements of tensor ``name`` from ``begin`` on draw, uint16."""
    import numpy

    first, last = begin // _LANES, -(-(begin + count) // _LANES)
    key = int.from_bytes(hashlib.sha256(f"{seed}\0{name}".encode()).digest()[:16], "little")
    philox = numpy.random.Philox(key=key, counter=first)
    # All 64 bits of each word, as ``random_raw`` has them, but without holding up other threads.
    words = numpy.random.Generator(philox).integers(
        0, 1 << 64, size=(last - first) * _WORDS, dtype=numpy.uint64, endpoint=False
    )
    lanes: numpy.ndarray = words.astype("<u8", copy=False).view("<u2")
    return lanes[begin - first * _LANES :][:count]
