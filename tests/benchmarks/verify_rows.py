"""What proving a merge costs, beside the merge itself; and that a copy of the base is refuted."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import targets
from cases import Case
from contest import MERGEDESK, Naming, believe
from job_rows import plain_case
from plan import Plan, say
from processes import Failed, run_script, settle, settled
from rows import Row, Target, Unit, ratios
from special import dora_case

CHECKS = (("full", "match"), ("quick", "match"), ("refuted", "mismatch"))


@dataclass
class Checks:
    """What the rounds of checking one merge gave; seconds and bytes, by the kind of check."""

    merge: list[float] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in CHECKS})
    resident: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in CHECKS})


def check_rounds(case: Case, folder: Path, rounds: int) -> Checks:
    """A merge, and then the checks of what it wrote, several rounds; a copy of the base is what gets refuted."""
    result = Checks()
    with tempfile.TemporaryDirectory(prefix="out-checked-", dir=folder) as scratch:
        refuted = Path(scratch, "base")
        shutil.copytree(case.base, refuted)
        for number in range(1, rounds + 1):
            with settled(folder, *case.inputs) as merged:
                arguments = ("mergedesk", json.dumps(case.as_json()), merged, *MERGEDESK.options)
                result.merge.append(run_script("contestant.py", *arguments)["seconds"])
                for kind, verdict in CHECKS:
                    check_once(kind, verdict, case, refuted if kind == "refuted" else merged, result)
            times = ", ".join(f"{kind} {seconds[-1]:.2f} s" for kind, seconds in result.seconds.items())
            say(f"{case.label}, checks, round {number} of {rounds}: merge {result.merge[-1]:.2f} s, {times}")
    return result


def check_once(kind: str, verdict: str, case: Case, folder: Path, result: Checks) -> None:
    """One check, measured. A wrong verdict ends the benchmark: it would have measured something else."""
    settle(*case.inputs, folder)
    how = "quick" if kind == "quick" else "full"
    measured = run_script("proof_probe.py", how, json.dumps(case.as_json()), folder)
    if measured["verdict"] != verdict:
        raise Failed(f"{case.label}: the {how} check says {measured['verdict']} ({measured['reason']}), not {verdict}")
    believe(measured["seconds"], measured["claimed"])
    result.seconds[kind].append(measured["seconds"])
    result.resident[kind].append(measured["resident"])


def check_rows(case: Case, key: str, measured: Checks, *, promised: bool = True) -> list[Row]:
    """The rows on checking one merge. ``promised``: there are targets for it."""
    naming = Naming(case.label, key)

    def row(key: str, what: str, values: list[float], unit: Unit, target: Target | None = None) -> Row:
        return naming(key, what, values, unit, target if promised else None)

    seconds, resident = measured.seconds, measured.resident
    merge = row("merge", "the merge that is checked, not waiting for the disk", measured.merge, Unit.SECONDS)
    full = row("full", "full check, mergedesk verify", seconds["full"], Unit.SECONDS)
    full_memory, quick_memory, refuted_memory = (resident[kind] for kind in ("full", "quick", "refuted"))
    return [
        merge, full,
        row("full/merge", "full check ÷ merge", ratios(full, merge), Unit.TIMES, targets.FULL_CHECK_TO_MERGE),
        row("full-resident", "full check, peak resident memory", full_memory, Unit.MEGABYTES, targets.CHECK_MEMORY),
        row("quick", "quick check, mergedesk verify --quick", seconds["quick"], Unit.SECONDS, targets.QUICK_CHECK),
        row("quick-resident", "quick check, peak resident memory", quick_memory, Unit.MEGABYTES, targets.CHECK_MEMORY),
        row("refuted", "full check that refutes a copy of the base", seconds["refuted"], Unit.SECONDS),
        row("refuted-resident", "full check that refutes it, peak resident memory", refuted_memory, Unit.MEGABYTES),
    ]  # fmt: skip


def verify_rows(plan: Plan) -> list[Row]:
    """Of plain LoRA, and of DoRA."""
    plain, dora = plain_case(plan), dora_case(plan)
    return [
        *check_rows(plain, "verify/", check_rounds(plain, plan.folder, plan.rounds)),
        *check_rows(dora, "verify-dora/", check_rounds(dora, plan.folder, plan.few_rounds), promised=False),
    ]
