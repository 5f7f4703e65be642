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
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ..domain.findings import Code, UserError
from .staging_folder import StagingFolder, is_folder

_MOST_BYTES = 1 << 30
_BOOT = Path("/proc/sys/kernel/random/boot_id")

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
        with home.journal.open("rb") as stream:
            sizes, [first, *lines] = zip(*_whole_lines(stream), strict=True)
        header = JournalHeader(first["plan"], {path: tuple(known) for path, known in first["inputs"].items()})
        adapters = _adapters(lines)
        done = _reliable(lines, since_mounted(home.path)) if adapters else {}
        return JournalContent(header, adapters, done, sum(sizes))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JournalContent()


def _whole_lines(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for line in stream.read(_MOST_BYTES).splitlines(keepends=True):
        try:
            content = json.loads(line)
        except ValueError:
            return
        if not line.endswith(b"\n") or not isinstance(content, dict):
            return
        yield len(line), content


def _adapters(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {path: digest for line in lines for path, digest in line.get("adapters", {}).items()}


def _reliable(lines: list[dict[str, Any]], now: str | None) -> dict[int, Stats]:
    written = {int(index): stats for line in lines for index, stats in line.get("written", ())}
    synced = {int(index) for line in lines for index in line.get("synced", ())}
    in_memory = [line for line in lines if now and line.get("since") == now]
    synced |= {int(index) for line in in_memory for index, _ in line.get("written", ())}
    return {index: stats for index, stats in written.items() if index in synced}


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


def has_work(home: StagingFolder) -> bool:
    """Whether a run got as far as to have something on the disk that another can go on with."""
    return is_folder(home.model) and bool(read_journal(home).done)


def refuse_other_work(before: JournalContent, now: JournalHeader, adapters: Mapping[str, str]) -> None:
    """Raise UserError where what is on the disk came of other inputs, or of another plan."""
    names = sorted({*before.header.inputs, *now.inputs})
    changed = [name for name in names if before.header.inputs.get(name) != now.inputs.get(name)]
    changed += [name for name, digest in adapters.items() if before.adapters.get(name) != digest]
    if changed:
        raise UserError(Code.RESUME_INPUT_DIFFERS, file=Path(changed[0]).name)
    if before.header.plan != now.plan:
        raise UserError(Code.RESUME_PLAN_DIFFERS)
