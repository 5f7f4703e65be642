"""A base on a hub that never lies here as a whole: pieces of its files come one by one, and go once they are merged."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..checkpoints.checkpoint import Checkpoint, StoredTensor, files_of, read_checkpoint, records_of
from ..domain.findings import Code, UserError
from ..domain.hub_reference import HubReference
from ..domain.progress import CancelToken
from ..hub.ask import ask
from ..hub.bring import outlined
from ..hub.questions import PIECES, FilePieces, Outline, PiecesRequest, PieceTarget
from ..output.base_place import base_place
from ..storage.safetensors_header import LENGTH_BYTES
from .base_pieces import AT_ONCE, cut_files, numbers_in, room_for_pieces
from .check_on_hub import tells_enough
from .merge_job import Supplies

T = TypeVar("T")
Ask = Callable[[PiecesRequest], int]
_POLL_SECONDS = 0.02
# Of every file: that one came anew is no sign that it changed.
_WRITTEN_AT = 1_000_000_000


class BaseSupply:
    """Brings the pieces of an outline's files in the order in which they lie there, the next one ahead of time.

    A piece that was not brought, or is gone again, is empty, and of the files only headers are here: reading further
    fails.
    """

    def __init__(self, base: Checkpoint, reference: HubReference, ask: Ask, cancel: CancelToken) -> None:
        self._reference, self._ask, self._cancel = reference, ask, cancel
        self.pieces = cut_files(base.folder, base.headers)
        self._ends = {header.file: LENGTH_BYTES + len(header.raw) for header in base.headers}
        self.files = frozenset(self._ends)
        self.beside_bytes = room_for_pieces(base)
        self._uses, self._lasts, self._kept = Counter[int](), Counter[int](), frozenset[int]()
        self._running, self._allowed, self._changed = 0, 0, threading.Condition()
        self._grant = base.folder / "allowed"
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="mergedesk-fetch")
        self._coming: Future[int] | None = None

    def close(self) -> None:
        """End what is still coming; to be called once what asks was told to stop."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def kept_bytes(self, tensors: Sequence[StoredTensor]) -> int:
        """What the pieces take that hold any of these."""
        return sum(self.pieces.all[number].nbytes for number in numbers_in(self.pieces, tensors))

    def moved(self, tensor: StoredTensor) -> StoredTensor:
        """A tensor of the base where its piece will lie."""
        return self.pieces.moved(tensor)

    def bring_early(self, tensors: Sequence[StoredTensor]) -> None:
        """Have the values of a few tensors in the outline itself, until ``begin``. Raises UserError, Cancelled."""
        records = [record for tensor in tensors for record in records_of(tensor) if record.file in self.files]
        self._bring(
            [(one.file, PieceTarget(one.offset, one.offset + one.nbytes, one.file, one.offset)) for one in records]
        )

    def begin(self, kept: Collection[Path]) -> None:
        """From now on what has not been brought cannot be read. ``kept`` stay once they are there."""
        self._kept = frozenset(self.pieces.number[place] for place in kept if place in self.pieces.number)
        for file, end in self._ends.items():
            os.truncate(file, end)

    def feed(self, work: Sequence[tuple[T, frozenset[Path]]]) -> Iterator[T]:
        """The work, each piece of it once what it reads is there; at the end all was compared with its hash.

        See ``Supply``. Raises UserError and Cancelled.
        """
        needed = [(one, self._numbers(places)) for one, places in work]
        for _, numbers in needed:
            self._uses.update(numbers)
            self._lasts.update(sorted(numbers)[-1:])
        self._start()
        for one, numbers in sorted(needed, key=lambda each: max(each[1], default=-1)):
            self._wait_for(numbers)
            with self._changed:
                self._running += 1
            yield one
        self._allow(len(self.pieces.all))
        self._wait_until(lambda: False)

    def finish(self, files: frozenset[Path]) -> None:
        """Work that reads these pieces has ended; one that none is left for goes."""
        numbers = self._numbers(files)
        with self._changed:
            self._running -= 1
            self._lasts.subtract(sorted(numbers)[-1:])
            self._uses.subtract(numbers)
            for number in numbers:
                if self._uses[number] <= 0 and number not in self._kept:
                    self._empty(number)
            self._look_ahead()
            self._changed.notify_all()

    def bring_back(self, tensors: Sequence[StoredTensor]) -> None:
        """Have once more what a few tensors that were ``moved`` are in. Raises UserError, Cancelled."""
        numbers = {number for tensor in tensors for number in self._numbers(files_of(tensor))} - self._kept
        pieces = [self.pieces.all[number] for number in sorted(numbers)]
        self._bring([(one.file, PieceTarget(one.begin, one.end, one.place)) for one in pieces])

    def _numbers(self, places: Collection[Path]) -> frozenset[int]:
        return frozenset(self.pieces.number[place] for place in places if place in self.pieces.number)

    def _bring(self, wanted: Sequence[tuple[Path, PieceTarget]]) -> None:
        files = tuple(FilePieces(self._name(file), (target,)) for file, target in wanted)
        if files:
            self._ask(PiecesRequest(self._reference, files))

    def _name(self, file: Path) -> str:
        return file.relative_to(self.pieces.folder).as_posix()

    def _start(self) -> None:
        self._grant.write_bytes(b"")
        wanted = {piece.place for number, piece in enumerate(self.pieces.all) if self._uses[number]}
        request = PiecesRequest(self._reference, self.pieces.asked(wanted), self._grant)
        self._coming = self._pool.submit(self._ask, request)
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Allow as many as may be here beside what is still worked on."""
        first = next((number for number in range(len(self.pieces.all)) if self._lasts[number] > 0), None)
        self._allow(len(self.pieces.all) if first is None else first + AT_ONCE)

    def _allow(self, count: int) -> None:
        count = min(count, len(self.pieces.all))
        if count > self._allowed:
            self._allowed = count
            with self._grant.open("r+b") as stream:
                stream.truncate(count)

    def _wait_for(self, numbers: Collection[int]) -> None:
        for number in sorted(numbers):
            self._wait_until(self.pieces.all[number].place.exists)

    def _wait_until(self, there: Callable[[], bool]) -> None:
        """Or until all has come. Raises UserError and Cancelled."""
        assert self._coming is not None
        while not there():
            self._cancel.check()
            if self._coming.done():
                self._coming.result()
                return
            with self._changed:
                self._changed.wait(_POLL_SECONDS)

    def _empty(self, number: int) -> None:
        """In place, so that no open file keeps what is gone."""
        with suppress(FileNotFoundError):
            os.truncate(self.pieces.all[number].place, 0)


@contextmanager
def supply_of(
    reference: HubReference, output: Path, cancel: CancelToken, token: str | None = None
) -> Iterator[tuple[Path, Supplies | None]]:
    """The folder of a base that comes in pieces beside ``output``, and what brings them; nothing of it stays.

    Without a supply the folder is the model itself, which lies here. Raises UserError, also base_needed_whole where its
    weights are pickled; and Cancelled.
    """
    with base_place(output) as place:
        outline = _outline(reference, place, cancel, token)
        assert outline.folder is not None
        if not outline.left_bytes:
            yield outline.folder, None
            return
        pinned, fetching = HubReference(reference.repository, outline.folder.name), CancelToken()

        def ask_for(request: PiecesRequest) -> int:
            return ask(PIECES, request, fetching, token=token)

        supply = BaseSupply(read_checkpoint(outline.folder), pinned, ask_for, cancel)
        try:
            yield outline.folder, supply
        finally:
            fetching.cancel()
            supply.close()


def _outline(reference: HubReference, place: Path, cancel: CancelToken, token: str | None) -> Outline:
    outline = outlined(reference, place, cancel, token)
    if outline.folder is None or not tells_enough(outline):
        raise UserError(Code.BASE_NEEDED_WHOLE)
    if outline.left_bytes:
        for file in outline.folder.rglob("*"):
            os.utime(file, (_WRITTEN_AT, _WRITTEN_AT))
    return outline
