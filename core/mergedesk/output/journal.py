"""Which parts of a model are on the disk, so that a run that ended can be gone on with.

A file of JSON lines. The first is the header: what was planned, from which inputs. Another has the adapters' hashes.
``written`` lines name chunks as they are written, with their statistics: good as long as the system that took the
bytes is up and the disk is where it was. ``synced`` lines name them again once their bytes were brought to the disk
itself, so that no power cut can make the journal say more than is so. A line that was torn is not read.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..domain.findings import Code, UserError
from .staging_folder import StagingFolder, is_folder

_MOST_BYTES = 1 << 30
_BOOT = Path("/proc/sys/kernel/random/boot_id")

_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)

Stats = Any
"""What an engine counted in a chunk, as JSON has it."""


@dataclass(frozen=True, slots=True)
class JournalHeader:
    """``plan`` is a digest of all that decides the output's bytes beside the inputs.

    ``inputs``: size, time of writing in nanoseconds, and digest of the header of every file read, by its path.
    """

    plan: str
    inputs: Mapping[str, tuple[int, int, str]]

    @property
    def line(self) -> dict[str, Any]:
        """The journal's first."""
        return {"plan": self.plan, "inputs": {path: list(known) for path, known in self.inputs.items()}}


@dataclass(frozen=True, slots=True)
class JournalContent:
    """What a journal says: ``done`` holds each chunk's statistics that can be relied on.

    ``nbytes`` of the file are whole lines.
    """

    header: JournalHeader = JournalHeader("", {})
    adapters: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[int, Stats] = field(default_factory=dict)
    nbytes: int = 0


def read_journal(home: StagingFolder) -> JournalContent:
    """What is known of a run's work; nothing where there is no journal, or none that can be read."""
    try:
        with _reading(home) as (tally, lines):
            for line in lines:
                tally.add(line)
        return JournalContent(tally.header, tally.adapters, tally.done, tally.nbytes)
    except _UNREADABLE:
        return JournalContent()


def has_work(home: StagingFolder) -> bool:
    """Whether a run got as far as to have something on the disk that another can go on with.

    Reads to the first sign of it and no further: journals of wide models have hundreds of thousands of lines.
    """
    try:
        with _reading(home) as (tally, lines):
            return is_folder(home.model) and any(tally.add(line) for line in lines)
    except _UNREADABLE:
        return False


@dataclass(frozen=True, slots=True)
class _Line:
    content: Mapping[str, Any]
    nbytes: int


@dataclass(slots=True)
class _Tally:
    """What a journal's lines said so far. ``now``: what must not have changed for unsynced bytes to be there."""

    header: JournalHeader
    nbytes: int
    now: str | None
    adapters: dict[str, str] = field(default_factory=dict)
    written: dict[int, Stats] = field(default_factory=dict)
    there: set[int] = field(default_factory=set)

    def add(self, line: _Line) -> bool:
        """One more line; whether something is done by now."""
        content = line.content
        self.nbytes += line.nbytes
        self.adapters.update(content.get("adapters", ()))
        chunks = {int(index): stats for index, stats in content.get("written", ())}
        self.written.update(chunks)
        self.there.update(index for index in map(int, content.get("synced", ())) if index in self.written)
        if self.now and content.get("since") == self.now:
            self.there.update(chunks)
        return bool(self.adapters and self.there)

    @property
    def done(self) -> dict[int, Stats]:
        """The chunks that are there; none where it is not known which adapters went into them."""
        return {index: self.written[index] for index in self.there} if self.adapters else {}


@contextmanager
def _reading(home: StagingFolder) -> Iterator[tuple[_Tally, Iterator[_Line]]]:
    """A tally that knows the header, and the lines after it."""
    with home.journal.open("rb") as stream:
        lines = _whole_lines(stream)
        first = next(lines, _Line({}, 0))
        inputs = {path: tuple(known) for path, known in first.content["inputs"].items()}
        yield _Tally(JournalHeader(first.content["plan"], inputs), first.nbytes, since_mounted(home.path)), lines


def _whole_lines(stream: BinaryIO) -> Iterator[_Line]:
    left = _MOST_BYTES
    while left > 0 and (line := stream.readline(left)).endswith(b"\n"):
        try:
            content = _parsed(line)
        except ValueError:
            return
        if not isinstance(content, dict):
            return
        left -= len(line)
        yield _Line(content, len(line))


def _parsed(line: bytes) -> Any:
    """JSON as Python writes it, which has numbers that JSON has not; those that have none are read faster."""
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError:
        return json.loads(line)


def since_mounted(folder: Path) -> str | None:
    """What stays the same as long as the system is up and the disk of ``folder`` is mounted; None where unknown."""
    if sys.platform != "linux":
        return None
    with suppress(OSError, StopIteration):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii").splitlines()
        finally:
            os.close(descriptor)
        mount = next(line.split()[1] for line in lines if line.startswith("mnt_id:"))
        return f"{_BOOT.read_text(encoding='ascii').strip()} {mount}"
    return None


def refuse_other_work(before: JournalContent, now: JournalHeader, adapters: Mapping[str, str]) -> None:
    """Raise UserError where what is on the disk came of other inputs, or of another plan."""
    names = sorted({*before.header.inputs, *now.inputs})
    changed = [name for name in names if before.header.inputs.get(name) != now.inputs.get(name)]
    changed += [name for name, digest in adapters.items() if before.adapters.get(name) != digest]
    if changed:
        raise UserError(Code.RESUME_INPUT_DIFFERS, file=Path(changed[0]).name)
    if before.header.plan != now.plan:
        raise UserError(Code.RESUME_PLAN_DIFFERS)
