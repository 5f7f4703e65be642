"""One file's bytes into the hub cache: resumed where they broke off, and hashed before they get their name."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ...domain.findings import Code, UserError
from .hub_cache import blob_of, cache_folder, part_of
from .remote_files import RemoteFile, Repository
from .requests import opened, starts_at
from .tokens import Token

Advance = Callable[[int], None]
_PIECE_BYTES = 1 << 20
_SHA256_DIGITS = 64
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.1


class Receiver(Protocol):
    """What takes a file's bytes in their order: ``done`` of them are there."""

    file: RemoteFile
    done: int

    def restart(self) -> None:
        """They come from the file's beginning again."""

    def write(self, piece: bytes) -> None:
        """Take what comes next."""


class BlobWriter:
    """A blob in the making: what was written to ``stream`` and the hash of it stay together."""

    def __init__(self, file: RemoteFile, stream: BinaryIO) -> None:
        self.file, self._stream = file, stream
        self.done = 0
        self._hash = new_hash(file)

    def take_up(self) -> None:
        """Go on with what lies there."""
        self._stream.seek(0)
        while self.done < self.file.bytes and (piece := self._stream.read(_PIECE_BYTES)):
            self._hash.update(piece)
            self.done += len(piece)
        if self.done > self.file.bytes:
            self.restart()

    def restart(self) -> None:
        """Forget all of it."""
        self._stream.seek(0)
        self._stream.truncate()
        self._hash, self.done = new_hash(self.file), 0

    def write(self, piece: bytes) -> None:
        """Add what comes next."""
        self._stream.write(piece)
        self._hash.update(piece)
        self.done += len(piece)

    @property
    def is_right(self) -> bool:
        """Whether these are the bytes that the hub names."""
        return self.done == self.file.bytes and self._hash.hexdigest() == self.file.etag


def new_hash(file: RemoteFile) -> hashlib._Hash:
    """Of the kind that the hub lists for it."""
    if len(file.etag) == _SHA256_DIGITS:
        return hashlib.sha256()
    return hashlib.sha1(b"blob %d\0" % file.bytes, usedforsecurity=False)


def fetch_blob(repository: Repository, file: RemoteFile, token: Token, advance: Advance) -> None:
    """Bring a file's bytes, unless they are there. ``advance`` is told of each piece, also of those that go back.

    Raises the library's errors, and UserError: hub_wrong_hash.
    """
    blob = blob_of(repository.reference, file)
    blob.parent.mkdir(parents=True, exist_ok=True)
    with _alone(repository, file):
        if blob.exists():
            advance(file.bytes)
            return
        fetch_file(repository, file, blob, token, advance)


def fetch_file(repository: Repository, file: RemoteFile, target: Path, token: Token, advance: Advance) -> None:
    """Bring a file's bytes to ``target``, which gets its name once they are right; a part of it is gone on with.

    Raises the library's errors, and UserError: hub_wrong_hash.
    """
    part = part_of(target)
    with _opened_part(part) as stream:
        writer = BlobWriter(file, stream)
        writer.take_up()
        advance(writer.done)
        receive_all(repository, writer, token, advance)
    _name(part, target, writer)


def _opened_part(part: Path) -> BinaryIO:
    return os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644), "r+b")


def _name(part: Path, blob: Path, writer: BlobWriter) -> None:
    if not writer.is_right:
        part.unlink()
        raise UserError(Code.HUB_WRONG_HASH, file=writer.file.name)
    part.replace(blob)


def _alone(repository: Repository, file: RemoteFile) -> AbstractContextManager[Any]:
    """The lock that huggingface_hub itself takes for this blob."""
    from filelock import FileLock

    folder = cache_folder() / ".locks" / f"models--{repository.reference.repository.replace('/', '--')}"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{file.etag}.lock")


def receive_all(repository: Repository, writer: Receiver, token: Token, advance: Advance) -> None:
    """All of a file. Ask again for the rest where the connection breaks off, five times in a row at most."""
    import httpx2

    failures = 0
    while writer.done < writer.file.bytes:
        before = writer.done
        try:
            _receive(repository, writer, token, advance)
        except httpx2.TransportError:
            failures = 1 if writer.done > before else failures + 1
            if failures >= _ATTEMPTS:
                raise
            time.sleep(_PAUSE_SECONDS * 2**failures)


def _receive(repository: Repository, writer: Receiver, token: Token, advance: Advance) -> None:
    """Whatever comes is written at once, so that what breaks off is kept to its last byte."""
    with opened(repository, writer.file.name, token, writer.done) as response:
        if starts_at(response, writer.done) != writer.done:
            advance(-writer.done)
            writer.restart()
        for piece in response.iter_bytes():
            writer.write(piece)
            advance(len(piece))
            if writer.done > writer.file.bytes:
                return
