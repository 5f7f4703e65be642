"""The folders in a folder, never more of them, deeper or for longer than a person would wait for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..domain.progress import CancelToken
from .folder_glance import Listing, listing

MOST_FOLDERS = 20_000
MOST_OF_CHOSEN = 500
"""Of a folder that was chosen once: that may have been by mistake."""
MOST_SECONDS = 20.0


class Walk:
    """Folders from the outside in; each once, whatever links lead to it. ``cut`` says if any were left out."""

    def __init__(self, root: Path, depth: int, cancel: CancelToken, most: int) -> None:
        self._root, self._depth, self._cancel, self._most = root, depth, cancel, most
        self.cut = False

    def __iter__(self) -> Iterator[Listing]:
        """Raises Cancelled when that is asked for."""
        ends = time.monotonic() + MOST_SECONDS
        waiting, seen = deque([(self._root, 0)]), set[object]()
        while waiting:
            self._cancel.check()
            if len(seen) >= self._most or time.monotonic() > ends:
                self.cut = True
                return
            folder, depth = waiting.popleft()
            identity = _identity(folder)
            if identity is None or identity in seen or (listed := listing(folder)) is None:
                continue
            seen.add(identity)
            self.cut = self.cut or listed.cut
            yield listed
            if depth < self._depth:
                waiting.extend((inner, depth + 1) for inner in listed.folders if not inner.name.startswith("."))


def _identity(folder: Path) -> object:
    """The folder that a path leads to, whatever it is called; None where it leads nowhere."""
    with suppress(OSError, RuntimeError, ValueError):
        state = folder.stat()
        return (state.st_dev, state.st_ino) if state.st_ino else folder.resolve()  # some disks number nothing
    return None
