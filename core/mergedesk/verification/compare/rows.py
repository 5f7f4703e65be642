"""Rows of stored tensors, plain or packed, read a block at a time from files that stay open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ...checkpoints.packed_tensor import PackedTensor, StoredTensor
from ...domain.dtypes import DTYPES
from ...methods.reference import Rows
from ...planning.fused_placement import Block
from ...quantization.reference import as_library_rounds, packed_rows
from ...storage.positional_io import PositionalFile, open_positional
from ...storage.safetensors_header import TensorRecord
from ...storage.torch_dtypes import torch_dtype


@dataclass(slots=True)
class OpenFiles:
    """Files that are opened when first read, from any thread; ``reading`` closes them."""

    stack: ExitStack
    files: dict[Path, PositionalFile] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: threading.local = field(default_factory=threading.local)

    def get(self, path: Path) -> PositionalFile:
        """The open file. Raises UserError(read_failed)."""
        with self.lock:
            if path not in self.files:
                self.files[path] = open_positional(path)
                self.stack.callback(self.files[path].close)
            return self.files[path]

    def elements(self, record: TensorRecord, begin: int, end: int, side: str = "") -> torch.Tensor:
        """Elements ``begin`` to ``end`` of a plain tensor, in its own dtype; bytes where torch has no such dtype.

        ``side``: into memory that the same thread uses again when it next reads that side.
        """
        dtype = torch_dtype(record.dtype) if DTYPES[record.dtype].computed else torch.uint8
        if end <= begin:
            return torch.empty(0, dtype=dtype)
        nbytes = (end - begin) * dtype.itemsize
        buffer = self._buffer(side, nbytes) if side else bytearray(nbytes)
        self.get(record.file).read_into(memoryview(buffer)[:nbytes], record.offset + begin * dtype.itemsize)
        return torch.frombuffer(buffer, dtype=dtype, count=end - begin)

    def _buffer(self, side: str, nbytes: int) -> bytearray:
        buffer: bytearray | None = getattr(self.held, side, None)
        if buffer is None or len(buffer) < nbytes:
            buffer = bytearray(nbytes)
            setattr(self.held, side, buffer)
        return buffer


@contextmanager
def reading() -> Iterator[OpenFiles]:
    """Files for as long as the block lasts."""
    with ExitStack() as stack:
        yield OpenFiles(stack)


def rows_of(files: OpenFiles, source: StoredTensor, width: int, side: str = "") -> Rows:
    """Rows of a stored tensor seen as (elements / width, width), in its own dtype; ``side`` as for ``elements``."""
    if not isinstance(source, PackedTensor):
        return lambda begin, end: files.elements(source, begin * width, end * width, side).view(-1, width)
    packed, exact, ratio = source, packed_rows(source), max(1, width // source.width)
    return lambda begin, end: as_library_rounds(packed, exact(begin * ratio, end * ratio)).reshape(-1, width)


def rows_of_parts(files: OpenFiles, parts: list[tuple[TensorRecord, Block]], height: int, width: int) -> Rows:
    """Rows of a tensor that lies in parts: matrices of ``height`` rows, one below the other, or a part of one."""

    def read(begin: int, end: int) -> torch.Tensor:
        found = [_overlap(files, record, block, height, width, (begin, end)) for record, block in parts]
        return torch.cat([one for one in found if one is not None])

    return read


def _overlap(
    files: OpenFiles, record: TensorRecord, block: Block, height: int, width: int, wanted: tuple[int, int]
) -> torch.Tensor | None:
    first = (block.expert or 0) * height + block.rows.begin
    begin, end = max(first, wanted[0]), min(first + block.rows.count, wanted[1])
    if begin >= end:
        return None
    offset = block.first_row - first
    return files.elements(record, (begin + offset) * width, (end + offset) * width).view(-1, width)
