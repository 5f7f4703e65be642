"""Pieces of files, brought one after the other as there is room for them; a file that comes as a whole is hashed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ...domain.findings import Code, UserError
from ...domain.transfer import Transfer, TransferStage
from ..questions import FilePieces, PiecesRequest, PieceTarget
from .blobs import new_hash, receive_all
from .hub_cache import part_of
from .remote_files import RemoteFile, Repository, look_up
from .requests import read_range
from .tokens import Token

Report = Callable[[Transfer], None]
_POLL_SECONDS = 0.02
_RANGE_BYTES = 32 << 20
_AT_ONCE = 8


def bring_pieces(request: PiecesRequest, token: Token, report: Report) -> int:
    """Bring them; gives how many bytes came. Raises the library's errors, and UserError: hub_wrong_hash, hub_failed."""
    repository = look_up(request.reference, token)
    if request.allowed is None:
        return bring_ranges(repository, request.files, token)
    files = [(_file(repository, wanted), wanted.pieces) for wanted in request.files]
    counter, begun = _Counter(sum(file.bytes for file, _ in files), report), 0
    for file, pieces in files:
        writer = _PiecesWriter(file, pieces, request.allowed, begun)
        try:
            receive_all(repository, writer, token, counter.advance)
        finally:
            writer.close()
        if not writer.is_right:
            raise UserError(Code.HUB_WRONG_HASH, file=file.name)
        begun += len(pieces)
    return counter.done


def _file(repository: Repository, wanted: FilePieces) -> RemoteFile:
    file = repository.file(wanted.name)
    if file is None:
        raise UserError(Code.HUB_FAILED, reason=wanted.name)
    return file


def bring_ranges(repository: Repository, files: Sequence[FilePieces], token: Token) -> int:
    """Pieces by themselves, some at a time. Raises the library's errors, and UserError(hub_failed)."""
    wanted = [(_file(repository, file), piece) for file in files for piece in file.pieces]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(lambda one: _bring_range(repository, one[0], one[1], token), wanted))


def _bring_range(repository: Repository, file: RemoteFile, piece: PieceTarget, token: Token) -> int:
    """Raises UserError(hub_failed) where it is shorter than was said."""
    assert piece.target is not None
    with _opened(piece.target) as stream:
        for begin in range(piece.begin, piece.end, _RANGE_BYTES):
            end = min(piece.end, begin + _RANGE_BYTES)
            content = read_range(repository, file.name, token, begin, end)
            if len(content) < end - begin:
                raise UserError(Code.HUB_FAILED, reason=file.name)
            stream.seek(piece.at + begin - piece.begin)
            stream.write(content)
    return piece.end - piece.begin


@contextmanager
def _opened(target: Path) -> Iterator[BinaryIO]:
    """To be written in any place; the rest of it stays."""
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(descriptor, "r+b") as stream:
        yield stream


class _Counter:
    def __init__(self, total: int, report: Report) -> None:
        self.done, self._total, self._report, self._began = 0, total, report, time.monotonic()

    def advance(self, count: int) -> None:
        self.done += max(0, count)
        seconds = time.monotonic() - self._began
        self._report(Transfer(TransferStage.DOWNLOAD, min(self.done, self._total), self._total, seconds))


class _PiecesWriter:
    """Hashes all of a file and puts its pieces where they belong. ``before`` so many pieces were begun."""

    def __init__(self, file: RemoteFile, pieces: Sequence[PieceTarget], allowed: Path, before: int) -> None:
        self.file, self.done = file, 0
        self._allowed, self._before = allowed, before
        self._left, self._begun = list(pieces), 0
        self._hash, self._again = new_hash(file), 0
        self._stream: BinaryIO | None = None

    def restart(self) -> None:
        """What came before comes once more, and is passed over."""
        self._again = self.done

    def write(self, piece: bytes) -> None:
        """Take what comes next; waits where nothing more may be begun."""
        passed = min(self._again, len(piece))
        self._again -= passed
        rest = memoryview(piece)[passed:]
        while rest:
            count = self._put(rest)
            self._hash.update(rest[:count])
            self.done += count
            rest = rest[count:]

    @property
    def is_right(self) -> bool:
        """Whether these were the bytes that the hub names."""
        return not self._left and self.done == self.file.bytes and self._hash.hexdigest() == self.file.etag

    def close(self) -> None:
        """Nothing more comes."""
        if self._stream is not None:
            self._stream.close()

    def _put(self, data: memoryview) -> int:
        """The bytes up to the next border."""
        if not self._left or self.done < self._left[0].begin:
            border = self._left[0].begin if self._left else self.done + len(data)
            return min(len(data), border - self.done)
        piece = self._left[0]
        if self.done == piece.begin:
            self._begin(piece)
        count = min(len(data), piece.end - self.done)
        if self._stream is not None:
            self._stream.write(data[:count])
        if self.done + count == piece.end:
            self._end(piece)
        return count

    def _begin(self, piece: PieceTarget) -> None:
        self._begun += 1
        while self._allowed.stat().st_size < self._before + self._begun:
            time.sleep(_POLL_SECONDS)
        if piece.target is not None:
            self._stream = part_of(piece.target).open("wb")

    def _end(self, piece: PieceTarget) -> None:
        if self._stream is not None:
            self._stream.close()
            assert piece.target is not None
            part_of(piece.target).replace(piece.target)
        self._stream = None
        self._left.pop(0)
