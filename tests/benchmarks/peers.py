"""Other mergers, each in a venv of its own with exactly the versions that ``peers/NAME.txt`` pins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contest import MERGEDESK, PEFT, Contestant, Naming, Outcome, merge_once
from job_rows import plain_case
from plan import Plan, say
from processes import HERE, Failed, tensor_digests
from rows import Row, Unit

_PINS = HERE / "peers"
_STAMP = ".set-up-finished"


@dataclass(frozen=True)
class Peer:
    """Another merger: its name in ``peer_runs.py``, and the package whose version tells what was measured."""

    name: str
    package: str
    what: str

    @property
    def pins(self) -> list[str]:
        """Every package of its venv, with its version."""
        return [line for line in (_PINS / f"{self.name}.txt").read_text().splitlines() if line and line[0] != "#"]

    @property
    def label(self) -> str:
        """Its name in the table, with the exact version."""
        version = next(line.partition("==")[2] for line in self.pins if line.startswith(f"{self.package}=="))
        return f"{self.package} {version}, {self.what}"


PEERS = (
    Peer("tinker", "tinker-cookbook", "weights.build_hf_model"),
    Peer("mergekit", "mergekit", "passthrough of base+adapter"),
    Peer("axolotl", "axolotl", "memory-efficient merge"),
)


def set_up(peer: Peer, venvs: Path) -> Path:
    """The Python of a peer's venv, made where it is not there. torch goes first, by its own pin."""
    venv = venvs / peer.name
    python, stamp = venv / "bin" / "python", venv / _STAMP
    wanted = "\n".join(peer.pins)
    if not stamp.exists() or stamp.read_text() != wanted:
        say(f"setting up {peer.label} in {venv}")
        _run([sys.executable, "-m", "venv", "--clear", str(venv)])
        torch = next(pin for pin in peer.pins if pin.startswith("torch=="))
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
        _run([*pip, torch])
        _run([*pip, "--no-deps", "-r", str(_PINS / f"{peer.name}.txt")])
        stamp.write_text(wanted)
    return python


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def peer_rows(plan: Plan) -> list[Row]:
    """MergeDesk and every peer in turn on the main model; PEFT once, for the bytes."""
    pythons = {peer: set_up(peer, plan.venvs) for peer in PEERS}
    case, outcomes = plain_case(plan), dict[Peer, list[Outcome]]()
    expected, jobs = merge_once(PEFT, case, plan.folder, tensor_digests), list[Outcome]()
    for number in range(1, plan.few_rounds + 1):
        jobs.append(merge_once(MERGEDESK, case, plan.folder, lambda _: {}))
        for peer, python in pythons.items():
            contestant = Contestant(peer.label, peer.name, python=str(python))
            outcomes.setdefault(peer, []).append(merge_once(contestant, case, plan.folder, tensor_digests))
            say(f"{peer.label}, round {number}: {outcomes[peer][-1].failed or outcomes[peer][-1].seconds}")
    seconds = [one.seconds for one in jobs]
    job = Row(f"{case.label}: job, beside other mergers", seconds, Unit.SECONDS, key="peers/job")
    return [job, *(row for peer, theirs in outcomes.items() for row in _rows_of(peer, theirs, jobs, expected))]


def _rows_of(peer: Peer, theirs: Sequence[Outcome], jobs: Sequence[Outcome], expected: Outcome) -> list[Row]:
    row = Naming(peer.label, f"peers/{peer.name}/")
    if failed := next((one.failed for one in theirs if one.failed), None):
        return [row("seconds", "its merge", (), Unit.SECONDS, note=f"cannot here: {failed}")]
    slower = [one.seconds / job.seconds for one, job in zip(theirs, jobs, strict=True)]
    unequal = [float(differing(one, expected)) for one in theirs]
    return [
        row("seconds", "its merge, all imported", [one.seconds for one in theirs], Unit.SECONDS),
        row("slower", "÷ job of MergeDesk", slower, Unit.TIMES),
        row("cpu", "processor seconds", [one.cpu for one in theirs], Unit.SECONDS),
        row("resident", "peak resident memory beyond imports", [one.resident for one in theirs], Unit.MEGABYTES),
        row("unequal", f"tensors of {len(expected.digests)} whose bytes are not PEFT's", unequal, Unit.NUMBER),
    ]


def differing(one: Outcome, expected: Outcome) -> int:
    """How many tensors are not the same, or on one side only."""
    names = one.digests.keys() | expected.digests.keys()
    return sum(one.digests.get(name) != expected.digests.get(name) for name in names)
