"""What the torture tests share: merges that are harmed, and what must be so whatever befell them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from folders import contents, make_lora, make_sharded_model, request

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.requests import MergeRequest
from mergedesk.output.leftovers import Leftover, find_leftovers, put_back_set_aside
from mergedesk.runtime.codec import to_plain

HERE = Path(__file__).parent
TIMES = {REPORT, "README.md"}  # they tell the time
_FAST = Path("/dev/shm")
ALL_SECONDS = 1080
LAST_CALLS = 5
M = TypeVar("M")
FULL = os.environ.get("MERGEDESK_TORTURE") == "full"


def in_memory(folder: Path) -> Path:
    """A folder for the same in memory, where the system has that: hundreds of rounds wait for no disk."""
    if not _FAST.is_dir():
        return folder
    return Path(mkdtemp(prefix="mergedesk-", dir=_FAST))


def rounds(full: int, cut: int) -> int:
    """How many rounds: all of them for ``make torture``, few of them among the other tests."""
    return full if FULL else cut


def while_there_is_time(moments: Sequence[M], share: float) -> Iterator[M]:
    """The moments in an order of chance, until this test's share of the twenty minutes of ``make torture`` is up."""
    end = time.monotonic() + share * ALL_SECONDS
    for moment in random.Random(7).sample(moments, len(moments)):
        if FULL and time.monotonic() > end:
            return
        yield moment


def moments(calls: int, count: int) -> list[int]:
    """Every call, or ``count`` spread over them evenly with the last ones, which publish, always among them."""
    if count >= calls:
        return list(range(1, calls + 1))
    spread = {1 + round(step * (calls - 1) / max(1, count - 1)) for step in range(count)}
    return sorted(spread | set(range(max(1, calls - LAST_CALLS), calls + 1)))


@dataclass(slots=True)
class Tally:
    """Rounds, faults, and the slowest round in seconds of each kind of harm, for the table at the end."""

    lines: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def count(self, what: str, faults: int = 0, seconds: float = 0.0) -> None:
        """One round more; without ``seconds`` it was not timed."""
        self.add({what: (1, int(faults), seconds)})

    def add(self, lines: Mapping[str, Sequence[Any]]) -> None:
        """What another process counted."""
        for what, (rounds, faults, seconds) in lines.items():
            line = self.lines.get(what, (0, 0, 0.0))
            self.lines[what] = (line[0] + rounds, line[1] + faults, max(line[2], seconds))

    @property
    def table(self) -> str:
        """A Markdown table."""
        rows = [
            f"| {what} | {done:,} | {faults} | {f'{seconds:.1f} s' if seconds else ''} |"
            for what, (done, faults, seconds) in sorted(self.lines.items())
        ]
        return "\n".join(["| what was done | rounds | faults | slowest |", "| --- | ---: | ---: | ---: |", *rows])


class Forge:
    """The process that makes the children, and the folders they merge."""

    def __init__(self, home: Path) -> None:
        self.home, self.place = home, home / "place"
        make_sharded_model(home / "base")
        make_lora(home / "adapter")
        self.place.mkdir()
        self.whole_ones: dict[str, list[dict[str, str]]] = {}
        self.inputs = {name: contents(home / name) for name in ("base", "adapter")}
        library = home / "faults.so"
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", library, HERE / "faults.c", "-ldl"], check=True)
        path = os.pathsep.join(entry for entry in sys.path if entry)
        environment = {
            **os.environ,
            "LD_PRELOAD": str(library),
            "PYTHONPATH": path,
            "XDG_STATE_HOME": str(home / "state"),
        }
        command = [sys.executable, str(HERE / "forge.py")]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert self._read() == {"ready": True}
        done = self.merge()
        assert done["report"]["status"] == "merged", done
        self.expected = files_of(self.output)
        self.clear()

    @property
    def output(self) -> Path:
        return self.place / "out"

    def request(self, **options: Any) -> MergeRequest:
        return request(self.home / "base", self.home / "adapter", self.output, **options)

    def merge(self, harm: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """Merge in a child: how it ended, and its report if it came to one."""
        assert self.process.stdin is not None
        asked = {"request": to_plain(self.request(**options)), "place": str(self.place), "small_chunks": True}
        self.process.stdin.write(json.dumps({**asked, **(harm or {})}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def calls(self, **options: Any) -> int:
        """How many calls a merge makes that change files."""
        number = int(self.merge({"mode": "count"}, **options)["calls"])
        self.clear()
        return number

    def put_old(self) -> dict[str, str]:
        """A model that is to be replaced."""
        make_sharded_model(self.output)
        (self.output / "mine.txt").write_text("an old model's own file", encoding="utf-8")
        return contents(self.output)

    def clear(self) -> None:
        """Remove all that was written."""
        for entry in self.place.iterdir():
            shutil.rmtree(entry)

    def close(self) -> None:
        with self.process as process:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)

    # What must be so

    def is_whole(self) -> bool:
        """Whether the output is the merge, all of it."""
        if not (self.output / REPORT).is_file() or files_of(self.output) != self.expected:
            return False
        text = (self.output / REPORT).read_text(encoding="utf-8")
        return json.loads(text)["status"] == "merged"

    def torn(self, old: dict[str, str] | None) -> str | None:
        """What is wrong with what lies there; None if the output is the new one, or what was there before."""
        if any(contents(self.home / name) != before for name, before in self.inputs.items()):
            return "an input was changed"
        put_back_set_aside(self.output)
        if not self.output.exists():
            return None if old is None else "the old one is gone"
        if self.is_whole() or (old is not None and contents(self.output) == old):
            return None
        return f"neither old nor new: {sorted(contents(self.output))}"

    def untold(self) -> list[str]:
        """What lies beside the output and is told as no leftover."""
        told = {left.home.path.name for left in self.leftovers()}
        return [entry.name for entry in self.place.iterdir() if entry.name != "out" and entry.name not in told]

    def leftovers(self) -> list[Leftover]:
        return find_leftovers(self.output)

    def false_sentence(self, done: dict[str, Any], old: dict[str, str] | None) -> str | None:
        """A sentence of the report that is not so."""
        report = done.get("report", {})
        if "raised" in report:
            return f"raised: {report['raised']}"
        status, codes = report["status"], {finding["code"] for finding in report["findings"]}
        left = self.leftovers()
        if status == "merged":
            return None if self.is_whole() else "said to be merged"
        if "internal" in codes:
            return f"no sentence of its own: {report['findings']}"
        if "nothing_kept" in codes and (left or (self.output.exists() and contents(self.output) != old)):
            return "said that nothing was kept"
        if "nothing_kept" not in codes and not left:
            return f"not said that nothing was kept: {codes}"
        if left and not any(code.startswith("leftover_") for code in codes):
            return f"leftovers not told: {codes}"
        return None


def files_of(folder: Path) -> dict[str, str]:
    """Every file but those that tell the time, with its digest."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    digests = {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return {name: "" if name in TIMES else digest for name, digest in digests.items()}


@contextmanager
def forge_in(home: Path) -> Iterator[Forge]:
    """A forge with folders of its own."""
    forge = Forge(home)
    try:
        yield forge
    finally:
        forge.close()
