"""The journal of a run while it streams weights: what is written is noted at once, and what was synced now and then."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from ..storage.durable import sync_descriptor, sync_file, sync_folder
from ..storage.positional_io import PositionalFile, write_trouble
from .journal import JournalContent, JournalHeader, Stats, since_mounted
from .staging_folder import StagingFolder

# A sync makes those who write wait, and small models need none before their end.
SECONDS_BETWEEN = 4.0
# From then on the disk begins to write what it was given; before, workers have better uses for the processor.
SECONDS_UNHURRIED = 0.7

AdapterDigests = Callable[[bool], Mapping[str, str]]
"""Gives the hash of every adapter's weights by their path: waits for it if told to, else gives nothing until then."""


@dataclass(slots=True)
class JournalWriter:
    """``record`` may be called from any thread; ``done`` is what an earlier run had noted."""

    home: StagingFolder
    stream: BinaryIO
    outputs: Mapping[str, PositionalFile]
    adapters: AdapterDigests
    done: Mapping[int, Stats]
    pool: ThreadPoolExecutor
    since: str | None
    knows_adapters: bool = False
    unsynced: list[int] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = field(default_factory=time.monotonic)
    synced: float = field(default_factory=time.monotonic)
    working: list[Future[None]] = field(default_factory=list)

    def begin(self, header: JournalHeader, kept: JournalContent) -> None:
        """Write the header, or go on after the last whole line. Raises OSError."""
        if kept.done:
            self.stream.truncate(kept.nbytes)
            self.stream.seek(0, os.SEEK_END)
        else:
            self._append(header.line)

    def record(self, index: int, shard: str, extent: tuple[int, int], stats: Stats, touched: Collection[str]) -> None:
        """Chunk ``index`` was written to ``shard``, where ``extent`` is its offset and size in bytes.

        ``touched``: that file and others that hold something of it.

        Raises UserError(write_failed), also where an earlier sync failed.
        """
        now = time.monotonic()
        if now - self.began > SECONDS_UNHURRIED:
            self.outputs[shard].start_writeback(*extent)
        with self.lock, self._errors():
            self._note_adapters(wait=False)
            self._append({"written": [[index, stats]], "since": self.since})
            self.unsynced.append(index)
            self.touched.update(touched)
            ended = [task for task in self.working if task.done()]
            self.working = [task for task in self.working if not task.done()]
            if not self.working and now - self.synced > SECONDS_BETWEEN:
                self.working.append(self.pool.submit(self._sync))
        for task in ended:
            task.result()

    def finish(self) -> None:
        """Wait for what is being done. What was written last waits for ``note_rest``. Raises UserError."""
        for task in self.working:
            task.result()

    def note_rest(self) -> None:
        """Note what was written last, once all of it was synced. Raises UserError(write_failed)."""
        with self._errors(), self.home.journal.open("ab", buffering=0) as self.stream:
            self._note_adapters(wait=True)
            self._note_synced(self.unsynced)

    def _note_adapters(self, wait: bool) -> None:
        """Without their hashes nothing can be gone on with; a large one takes a while."""
        if not self.knows_adapters and (digests := self.adapters(wait)):
            self._append({"adapters": dict(digests)})
            self.knows_adapters = True

    def _sync(self) -> None:
        with self.lock:
            chunks, shards = self.unsynced, self.touched
            self.unsynced, self.touched = [], set()
        for shard in shards:
            self.outputs[shard].sync()
        with self.lock, self._errors():
            self._note_synced(chunks)
        self.synced = time.monotonic()

    def _note_synced(self, chunks: list[int]) -> None:
        sync_file(self.home.about)
        for folder in (self.home.model, self.home.path, self.home.path.parent):
            sync_folder(folder)
        self._append({"synced": chunks})
        sync_descriptor(self.stream.fileno())

    def _append(self, line: Mapping[str, Any]) -> None:
        self.stream.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as trouble:
            raise write_trouble(self.home.journal, trouble) from trouble


@contextmanager
def journal_of(
    home: StagingFolder,
    header: JournalHeader,
    kept: JournalContent,
    outputs: Mapping[str, PositionalFile],
    adapters: AdapterDigests,
) -> Iterator[JournalWriter]:
    """The journal of a run that goes on with what ``kept`` says is done, or begins with an empty one.

    Raises UserError(write_failed).
    """
    with ExitStack() as closing, ThreadPoolExecutor(1, thread_name_prefix="mergedesk-journal") as pool:
        try:
            stream = home.journal.open("r+b" if kept.done else "w+b", buffering=0)
            closing.callback(_close, stream)
            since, known = since_mounted(home.path), bool(kept.done)
            writer = JournalWriter(home, stream, outputs, adapters, kept.done, pool, since, known)
            writer.begin(header, kept)
        except OSError as trouble:
            raise write_trouble(home.journal, trouble) from trouble
        yield writer
        writer.finish()


def _close(stream: BinaryIO) -> None:
    with suppress(OSError):  # each line that counts was synced when it was written
        stream.close()
