"""Rounds of merges and copies in turn, each in a process of its own, and what each of them took."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cases import Case
from plan import say
from processes import Failed, run_script, settled
from rows import Row, Target, Unit

Digests = Callable[[Path], dict[str, str]]
JOB, SYNCED_JOB, SCRIPT = "job, not waiting for the disk", "job, synced", "PEFT script, load to saved"
FLOOR = "arithmetic and writes alone, nothing checked"
COPY, SYNCED_COPY = "cp -r", "cp -r + sync -f"
_SLACK_SECONDS, _SLACK_SHARE = 0.5, 0.05


@dataclass(frozen=True)
class Contestant:
    """Somebody who merges: the name in ``contestant.py``, its options, and the Python that it runs with."""

    label: str
    name: str
    options: tuple[str, ...] = ()
    python: str = sys.executable


MERGEDESK = Contestant(JOB, "mergedesk", ("unsynced",))
MERGEDESK_SYNCED = Contestant(SYNCED_JOB, "mergedesk")
PEFT = Contestant(SCRIPT, "peft")
BARE = Contestant(FLOOR, "bare")


@dataclass(frozen=True)
class Outcome:
    """What one merge took, in seconds and bytes, and the digests of what it wrote; or what it failed by."""

    seconds: float
    cpu: float
    resident: int
    anonymous: int | None
    mapped: int | None
    digests: Mapping[str, str]
    failed: str | None = None
    copied: float | None = None
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Contest:
    """What the rounds gave: outcomes by contestant, seconds of copies of the base."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    copies: dict[str, list[float]] = field(default_factory=lambda: {COPY: [], SYNCED_COPY: []})

    def add(self, contestant: Contestant, outcome: Outcome) -> None:
        """Remember one more."""
        self.outcomes.setdefault(contestant.label, []).append(outcome)

    def failure(self, contestant: Contestant) -> str | None:
        """Why a contestant cannot merge this at all."""
        return next((one.failed for one in self.outcomes.get(contestant.label, ()) if one.failed), None)

    def seconds(self, contestant: Contestant) -> list[float]:
        """The clock's, of every round."""
        return [one.seconds for one in self.outcomes.get(contestant.label, ()) if not one.failed]

    def shares_alike(self, contestant: Contestant, other: Contestant) -> list[float]:
        """Of every round, the share of files or tensors whose bytes are the other's of the same round."""
        theirs = [one.digests for one in self.outcomes.get(other.label, ()) if not one.failed]
        mine = [one.digests for one in self.outcomes[contestant.label]]
        return [share_alike(ours, others) for ours, others in zip(mine, theirs, strict=False)]


def share_alike(mine: Mapping[str, str], theirs: Mapping[str, str]) -> float:
    """The share of files or tensors, by bytes' digests, that are the same on both sides."""
    names = mine.keys() | theirs.keys()
    return sum(mine.get(name) == theirs.get(name) for name in names) / len(names) if names else 0.0


def merge_once(
    contestant: Contestant, case: Case, folder: Path, digests_of: Digests, *options: str, settings: Path | None = None
) -> Outcome:
    """One merge, measured. ``options``: ``sampled`` as in ``contestant.py``; ``copied``: time a copy of the result too;
    ``hollow``: the base cannot be read into the page cache.
    """
    arguments = [*contestant.options, *(option for option in options if option == "sampled")]
    with settled(folder, *(() if "hollow" in options else case.inputs)) as output:
        took = run_script(
            "contestant.py",
            contestant.name,
            json.dumps(case.as_json()),
            output,
            *arguments,
            settings=settings,
            python=contestant.python,
        )
        digests = digests_of(output) if output.is_dir() else {}
        copied = copy_once(output, folder)[0] if "copied" in options else None
    if took["claimed"] is not None:
        believe(took["seconds"], took["claimed"])
    memory = (took["resident"], took["anonymous"], took["mapped"])
    return Outcome(took["seconds"], took["cpu"], *memory, digests, took["failed"], copied, took["stages"])


def believe(measured: float, claimed: float) -> None:
    """A report may not tell another time than the clock outside."""
    if abs(measured - claimed) > max(_SLACK_SECONDS, _SLACK_SHARE * measured):
        raise Failed(f"the report says {claimed:.2f} s, the clock {measured:.2f} s")


def copy_once(source: Path, folder: Path) -> tuple[float, float]:
    """How long the system's own copy of a folder takes, and how long until it is on the disk, too."""
    with settled(folder, source) as output:
        started = time.perf_counter()
        subprocess.run(["cp", "-r", source, output], check=True)
        copied = time.perf_counter()
        subprocess.run(["sync", "-f", output], check=True)
        return copied - started, time.perf_counter() - started


def rounds_of(case: Case, folder: Path, rounds: int, contestants: Sequence[Contestant], digests: Digests) -> Contest:
    """Copy and all contestants in turn, several rounds. Who cannot do it is asked once.

    A copy and a merge come first that do not count: a machine hands out memory for the first time at another price.
    """
    copy_once(case.base, folder)
    merge_once(contestants[0], case, folder, lambda _: {})
    result = Contest()
    for number in range(1, rounds + 1):
        for label, seconds in zip(result.copies, copy_once(case.base, folder), strict=True):
            result.copies[label].append(seconds)
        for contestant in contestants:
            if result.failure(contestant) is None:
                result.add(contestant, merge_once(contestant, case, folder, digests))
        say(f"{case.label}, round {number} of {rounds}: {_times(result, contestants)}")
    return result


def _times(result: Contest, contestants: Sequence[Contestant]) -> str:
    last = {label: seconds[-1] for label, seconds in result.copies.items()}
    last |= {one.label: result.seconds(one)[-1] for one in contestants if result.seconds(one)}
    return ", ".join(f"{label} {seconds:.2f} s" for label, seconds in last.items())


@dataclass(frozen=True)
class Naming:
    """Makes the rows of one case: its label in front, and a prefix for their keys."""

    label: str
    key: str = ""

    def __call__(
        self, key: str, what: str, values: Sequence[float], unit: Unit, target: Target | None = None, note: str = ""
    ) -> Row:
        """One row."""
        return Row(f"{self.label}: {what}", values, unit, target, note, f"{self.key}{key}")


def memory_rows(
    row: Naming,
    who: str,
    key: str,
    sampled: Sequence[Outcome],
    timed: Sequence[Outcome] = (),
    target: Target | None = None,
) -> list[Row]:
    """Peaks beyond the imports: the kernel's mark of all runs; its parts only of those that were sampled."""
    resident = [one.resident for one in (*timed, *sampled)]
    anonymous = [one.anonymous for one in sampled if one.anonymous is not None]
    mapped = [one.mapped for one in sampled if one.mapped is not None]
    return [
        row(f"{key}resident", f"{who}, peak resident memory beyond imports", resident, Unit.MEGABYTES, target),
        row(f"{key}anonymous", f"{who}, of it anonymous (sampled)", anonymous, Unit.MEGABYTES),
        row(f"{key}mapped", f"{who}, of it pages of mapped files (sampled)", mapped, Unit.MEGABYTES),
    ]
