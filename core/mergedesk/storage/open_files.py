"""Files that stay open while parts of them are read, from any thread; torch is not needed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .descriptors import DescriptorPool
from .positional_io import PositionalFile, opened
from .safetensors_header import TensorRecord

# Below this a copy costs less than to have the system show what there is.
_LEAST_MAPPED = 256 << 10


@dataclass(slots=True)
class OpenFiles:
    """Files that are opened when first asked for; ``open_files`` closes them.

    As many are open at once as the process may have: one used long ago is opened again when it is asked for.
    ``maps``: long reads show the file's own memory instead of copying it. A file that then shrinks ends the process.
    """

    stack: ExitStack
    maps: bool = False
    pool: DescriptorPool = field(default_factory=DescriptorPool)
    files: dict[Path, PositionalFile] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: threading.local = field(default_factory=threading.local)

    def __getitem__(self, path: Path) -> PositionalFile:
        """The open file. Raises UserError(read_failed)."""
        if (file := self.files.get(path)) is not None:
            return file
        with self.lock:
            if path not in self.files:
                self.files[path] = self.stack.enter_context(opened(path, self.pool))
            return self.files[path]

    def read(self, record: TensorRecord, begin: int, end: int) -> bytearray:
        """Bytes ``begin`` to ``end`` of a tensor, in memory of their own. Raises UserError(read_failed)."""
        buffer = bytearray(end - begin)
        self[record.file].read_into(memoryview(buffer), record.offset + begin)
        return buffer

    def show(self, record: TensorRecord, begin: int, end: int, side: str) -> bytearray | memoryview:
        """The same at the start of what is given back, for as long as the same thread asks for no more of ``side``.

        It may be longer. It is the caller's to change, and no such change reaches the file.
        """
        if self.maps and end - begin >= _LEAST_MAPPED:
            return self[record.file].map(record.offset + begin, end - begin)
        buffer = self._room(side, end - begin)
        self[record.file].read_into(memoryview(buffer)[: end - begin], record.offset + begin)
        return buffer

    def _room(self, side: str, nbytes: int) -> bytearray:
        room: bytearray | None = getattr(self.held, side, None)
        if room is None or len(room) < nbytes:
            room = bytearray(nbytes)
            setattr(self.held, side, room)
        return room


@contextmanager
def open_files(maps: bool = False) -> Iterator[OpenFiles]:
    """Files for as long as the block lasts; ``maps`` as there, on systems that have it."""
    with ExitStack() as stack:
        yield OpenFiles(stack, maps and sys.platform == "linux")
