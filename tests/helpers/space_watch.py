"""How much disk space weights take while something goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def most_bytes(folder: Path) -> Iterator[list[int]]:
    """How much disk space stood behind a folder's weights at the most, as it was seen."""
    seen, end = [0], threading.Event()

    def look() -> None:
        while not end.wait(0.001):
            total = 0
            for inner, _, names in os.walk(folder):
                for name in names:
                    with suppress(OSError):
                        total += Path(inner, name).stat().st_blocks * 512 if "safetensors" in name else 0
            seen[0] = max(seen[0], total)

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        end.set()
        watching.join()
