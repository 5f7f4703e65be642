"""A base on a hub that never lies here as a whole: its files come one by one, and go once they are merged."""

from __future__ import annotations

import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ..checkpoints.files import SAFETENSORS
from ..domain.findings import Code, UserError
from ..domain.progress import CancelToken
from ..hub.ask import ask
from ..hub.bring import outlined
from ..hub.questions import FETCH, FileRequest, Outline
from ..hub.reference import HubReference
from ..storage.safetensors_header import LENGTH_BYTES, read_header

T = TypeVar("T")
_MOST_AT_ONCE = 2
_POLL_SECONDS = 0.1
# Says whose folder it is: nothing of anybody else's is removed.
_MARK = "made-by-mergedesk"
# Of every file: that one came anew is no sign that it changed.
_WRITTEN_AT = 1_000_000_000


class BaseSupply:
    """Brings the weight files of an outline in the order in which they are needed, the next one ahead of time.

    A file that was not brought, or is gone again, holds no more than its header: reading further fails.
    """

    def __init__(self, folder: Path, fetch: Callable[[Path], None], cancel: CancelToken) -> None:
        self._fetch, self._cancel = fetch, cancel
        self._ends = {file: _header_end(file) for file in sorted(folder.rglob(f"*{SAFETENSORS}"))}
        sizes = sorted(file.stat().st_size for file in self._ends)
        self.beside_bytes = sum(sizes[-_MOST_AT_ONCE:])
        self.files = frozenset(self._ends)
        self._coming: dict[Path, Future[None]] = {}
        self._uses, self._kept, self._order = Counter[Path](), frozenset[Path](), list[Path]()
        self._running, self._changed = 0, threading.Condition()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mergedesk-fetch")

    def close(self) -> None:
        """End what is still coming."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, kept: Collection[Path]) -> None:
        """From now on what has not been brought cannot be read. ``kept`` stay once they are there."""
        self._kept = self.files.intersection(kept)
        for file in self.files:
            self._empty(file)

    def feed(self, work: Sequence[tuple[T, frozenset[Path]]]) -> Iterator[T]:
        """The work, in the order of the files that it reads, each piece once they are there. See ``Supply``."""
        needed = [(piece, files & self.files) for piece, files in work]
        for _, files in needed:
            self._uses.update(files)
        self._order = list(dict.fromkeys(file for _, files in needed for file in sorted(files)))
        place = {file: number for number, file in enumerate(self._order)}
        for piece, files in sorted(needed, key=lambda one: max((place[file] for file in one[1]), default=-1)):
            for file in sorted(files, key=place.__getitem__):
                self._bring(file)
            with self._changed:
                self._running += 1
            yield piece

    def finish(self, files: frozenset[Path]) -> None:
        """A piece that reads ``files`` has ended; a file that none is left for goes."""
        with self._changed:
            self._running -= 1
            for file in files & self.files:
                self._uses[file] -= 1
                if not self._uses[file] and file not in self._kept:
                    self._empty(file)
                    self._coming.pop(file, None)
            self._look_ahead()
            self._changed.notify_all()

    def _bring(self, file: Path) -> None:
        """Wait until a file is there. Raises UserError and Cancelled."""
        with self._changed:
            while file not in self._coming and len(self._coming) >= _MOST_AT_ONCE and self._running:
                self._changed.wait(_POLL_SECONDS)
                self._cancel.check()
            coming = self._start(file)
        while not coming.done():
            self._cancel.check()
            with self._changed:
                self._changed.wait(_POLL_SECONDS)
        coming.result()
        with self._changed:
            self._look_ahead()

    def _look_ahead(self) -> None:
        """Begin with the next file, where there is room for it."""
        waiting = (file for file in self._order if self._uses[file] and file not in self._coming)
        if len(self._coming) < _MOST_AT_ONCE and (file := next(waiting, None)) is not None:
            self._start(file)

    def _start(self, file: Path) -> Future[None]:
        if file not in self._coming:
            self._coming[file] = self._pool.submit(self._come, file)
        return self._coming[file]

    def _come(self, file: Path) -> None:
        self._fetch(file)
        with self._changed:
            self._changed.notify_all()

    def _empty(self, file: Path) -> None:
        """In place, so that no open file keeps what is gone."""
        os.truncate(file, self._ends[file])


@contextmanager
def supply_of(reference: HubReference, output: Path, cancel: CancelToken) -> Iterator[tuple[Path, BaseSupply | None]]:
    """The folder of a base that comes in pieces beside ``output``, and what brings them; nothing of it stays.

    What an ended run left of it is gone on with. Without a supply the folder is the model itself, which lies here.
    Raises UserError, also base_needed_whole where its weights are pickled; and Cancelled.
    """
    place = _own_place(output.with_name(f".{output.name}-base"))
    try:
        outline = _outline(reference, place, cancel)
        assert outline.folder is not None
        if not outline.left_bytes:
            yield outline.folder, None
            return
        folder = outline.folder
        pinned, fetching = HubReference(reference.repository, folder.name), CancelToken()
        environment = dict(os.environ)  # a merge stays offline from then on

        def fetch(file: Path) -> None:
            ask(
                FETCH, FileRequest(pinned, file.relative_to(folder).as_posix(), file), fetching, environment=environment
            )

        supply = BaseSupply(folder, fetch, cancel)
        try:
            yield folder, supply
        finally:
            fetching.cancel()
            supply.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _own_place(place: Path) -> Path:
    """The folder, made or left by an ended run. Raises UserError(output_not_empty) for anybody else's."""
    if place.exists() and not (place / _MARK).is_file():
        raise UserError(Code.OUTPUT_NOT_EMPTY, path=str(place))
    place.mkdir(parents=True, exist_ok=True)
    (place / _MARK).touch()
    return place


def _outline(reference: HubReference, place: Path, cancel: CancelToken) -> Outline:
    outline = outlined(reference, place, cancel)
    if outline.folder is None:
        raise UserError(Code.BASE_NEEDED_WHOLE)
    if outline.left_bytes:
        for file in outline.folder.rglob("*"):
            os.utime(file, (_WRITTEN_AT, _WRITTEN_AT))
    return outline


def _header_end(file: Path) -> int:
    return LENGTH_BYTES + len(read_header(file).raw)
