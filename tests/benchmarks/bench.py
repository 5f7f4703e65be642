"""``make bench``: MergeDesk, the PEFT script and ``cp -r`` in turn, checks of a merge, and how quick the window is.

One table, one run. Linux only, since memory is read from ``/proc``. Models are made at the first run and kept in the
work folder; that folder should be on a disk, not in memory. ``--full`` adds an 8 B-shaped model (about 50 GB there).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from cases import Case
from make_models import (
    LLAMA_1B,
    LLAMA_8B,
    MIXTRAL_1B,
    TINY,
    TINY_EXPERTS,
    TINY_SHARDED,
    Shape,
    dora_adapter,
    expert_adapter,
    expert_base,
    lora_adapter,
    nf4_base,
    saved_base,
    sparse_base,
    with_tokenizer,
    written_base,
)
from processes import Failed, file_digests, run_script, seconds_of, settle, settled, tensor_digests
from table import Row, Target, Unit, circumstances, ratios, show

MB = 1_000_000
FASTER_THAN_PEFT = Target(6, 10, more_is_better=True)
SLOWER_THAN_COPY = Target(3, 1.5)
MEMORY = Target(100 * MB, 64 * MB, every_run=True)
CHECK_MEMORY = Target(100 * MB, every_run=True)
SAME_BYTES = Target(1, more_is_better=True, every_run=True)
FULL_CHECK = Target(1.5)
QUICK_CHECK = Target(2.0)
WINDOW = Target(1.0, 0.5)
PREFLIGHT = Target(0.3, 0.1)
GAP = Target(0.100, 0.050, every_run=True)
_TOKENS, _TINY_TOKENS = 128_000, 1_000
Digests = Callable[[Path], dict[str, str]]
TENSORS = "share of tensors whose bytes equal PEFT's"
GROUPS = ("merge", "verify", "start", "window", "special", "large")
CHECKS = (("full", "match"), ("quick", "match"), ("refuted", "mismatch"))
_PROGRAM = (sys.executable, "-m", "mergedesk")


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    workdir: Path
    rounds: int
    full: bool
    large_rounds: int
    quick: bool
    only: tuple[str, ...] = ()

    @property
    def main(self) -> Shape:
        """The model that is merged."""
        return TINY if self.quick else LLAMA_1B

    @property
    def checked(self) -> Shape:
        """The model that is only looked at."""
        return TINY_SHARDED if self.quick else LLAMA_8B


@dataclass
class Contest:
    """What the rounds on one model gave."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"mergedesk": [], "peft": [], "cp": []})
    resident: dict[str, list[float]] = field(default_factory=lambda: {"mergedesk": [], "peft": []})
    anonymous: dict[str, list[float]] = field(default_factory=lambda: {"mergedesk": [], "peft": []})
    same: list[float] = field(default_factory=list)
    peft_failed: str | None = None


@dataclass
class Checks:
    """What the rounds of checking one merge gave; seconds and bytes, by the kind of check."""

    merge: list[float] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in CHECKS})
    resident: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in CHECKS})


def say(text: str) -> None:
    """Tell on stderr what is going on; stdout is for the table."""
    print(text, file=sys.stderr, flush=True)


def contest(case: Case, workdir: Path, rounds: int, digests_of: Digests) -> Contest:
    """All contestants in turn, several rounds, each in a process of its own."""
    result = Contest()
    for number in range(1, rounds + 1):
        mine = merge_once("mergedesk", case, workdir, result, digests_of)
        if result.peft_failed is None:
            theirs = merge_once("peft", case, workdir, result, digests_of)
            result.same.append(share_alike(mine, theirs))
        result.seconds["cp"].append(copy_once(case.base, workdir))
        times = ", ".join(f"{name} {seconds[-1]:.2f} s" for name, seconds in result.seconds.items() if seconds)
        say(f"{case.label}, round {number} of {rounds}: {times}")
    return result


def share_alike(mine: dict[str, str], theirs: dict[str, str]) -> float:
    """The share of files or tensors, by bytes' digests, that are the same on both sides."""
    names = mine.keys() | theirs.keys()
    return sum(mine.get(name) == theirs.get(name) for name in names) / len(names) if names else 0.0


def merge_once(name: str, case: Case, workdir: Path, result: Contest, digests_of: Digests) -> dict[str, str]:
    """One merge, measured; returns the digests of what it wrote."""
    output = workdir / f"out-{name}"
    with settled(output, *case.inputs):
        measured = run_script("contestant.py", name, json.dumps(case.as_json()), output)
        digests = digests_of(output) if output.is_dir() else {}
    if measured["failed"]:
        result.peft_failed = str(measured["failed"])
        return {}
    result.seconds[name].append(believed_seconds(measured["seconds"], measured["claimed"]))
    result.resident[name].append(measured["resident"])
    result.anonymous[name].append(measured["anonymous"])
    return digests


def believed_seconds(measured: float, claimed: float | None) -> float:
    """The job's own time, as long as the clock outside agrees."""
    if claimed is None:
        return measured
    if measured - claimed > max(0.1, 0.05 * measured):
        raise Failed(f"the report says {claimed:.2f} s, the clock {measured:.2f} s")
    return claimed


def copy_once(base: Path, workdir: Path) -> float:
    """How long the system's own copy of the base folder takes."""
    output = workdir / "out-cp"
    with settled(output, base):
        return seconds_of(["cp", "-r", str(base), str(output)])


def contest_rows(label: str, measured: Contest, equality: str, promised: bool = True) -> list[Row]:
    """The rows for one case; ``equality`` says what the digests were of. ``promised``: there are targets for it."""

    def row(what: str, values: Sequence[float], unit: Unit, target: Target | None = None) -> Row:
        return Row(f"{label}: {what}", values, unit, target if promised else None)

    mine = row("MergeDesk, Merge to published folder", measured.seconds["mergedesk"], Unit.SECONDS)
    copy = row("cp -r of the base", measured.seconds["cp"], Unit.SECONDS)
    own = [
        row("MergeDesk ÷ cp -r", ratios(mine, copy), Unit.TIMES, SLOWER_THAN_COPY),
        row("MergeDesk, peak resident memory", measured.resident["mergedesk"], Unit.MEGABYTES, MEMORY),
        row("MergeDesk, peak anonymous memory", measured.anonymous["mergedesk"], Unit.MEGABYTES),
    ]
    if measured.peft_failed is not None:
        impossible = Row(f"{label}: PEFT script", (), Unit.SECONDS, note=f"cannot here: {measured.peft_failed}")
        return [mine, impossible, copy, *own]
    script = row("PEFT script, load to saved", measured.seconds["peft"], Unit.SECONDS)
    return [
        mine,
        script,
        copy,
        row("PEFT script ÷ MergeDesk", ratios(script, mine), Unit.TIMES, FASTER_THAN_PEFT),
        *own,
        row("PEFT script, peak resident memory", measured.resident["peft"], Unit.MEGABYTES),
        row("PEFT script, peak anonymous memory", measured.anonymous["peft"], Unit.MEGABYTES),
        row(equality, measured.same, Unit.SHARE, SAME_BYTES),
    ]


def check_rounds(case: Case, workdir: Path, rounds: int) -> Checks:
    """A merge, and then the checks of what it wrote, several rounds; a copy of the base is what gets refuted."""
    result = Checks()
    with tempfile.TemporaryDirectory(prefix="out-checked-", dir=workdir) as scratch:
        merged, refuted = Path(scratch, "merged"), Path(scratch, "base")
        shutil.copytree(case.base, refuted)
        for number in range(1, rounds + 1):
            with settled(merged, *case.inputs):
                measured = run_script("contestant.py", "mergedesk", json.dumps(case.as_json()), merged)
                result.merge.append(believed_seconds(measured["seconds"], measured["claimed"]))
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
    result.seconds[kind].append(believed_seconds(measured["seconds"], measured["claimed"]))
    result.resident[kind].append(measured["resident"])


def check_rows(label: str, measured: Checks, promised: bool = True) -> list[Row]:
    """The rows on checking one merge. ``promised``: there are targets for it."""

    def row(what: str, values: Sequence[float], unit: Unit, target: Target | None = None) -> Row:
        return Row(f"{label}: {what}", values, unit, target if promised else None)

    seconds, resident = measured.seconds, measured.resident
    merge = row("the merge that is checked", measured.merge, Unit.SECONDS)
    full = row("full check, mergedesk verify", seconds["full"], Unit.SECONDS)
    return [
        merge,
        full,
        row("full check ÷ merge", ratios(full, merge), Unit.TIMES, FULL_CHECK),
        row("full check, peak resident memory", resident["full"], Unit.MEGABYTES, CHECK_MEMORY),
        row("quick check, mergedesk verify --quick", seconds["quick"], Unit.SECONDS, QUICK_CHECK),
        row("quick check, peak resident memory", resident["quick"], Unit.MEGABYTES, CHECK_MEMORY),
        row("full check that refutes a copy of the base", seconds["refuted"], Unit.SECONDS),
        row("full check that refutes it, peak resident memory", resident["refuted"], Unit.MEGABYTES),
    ]


def repeated(plan: Plan, measure: Callable[[], float]) -> list[float]:
    """The values of several runs, after one that does not count: it fills caches."""
    if plan.quick:
        return [measure()]
    return [measure() for _ in range(1 + max(5, plan.rounds))][1:]


def window_row(plan: Plan, settings: Path) -> Row:
    """From the command to a window that has been painted."""

    def measure() -> float:
        started = time.monotonic()
        return float(run_script("window_probe.py", settings=settings)["painted"]) - started

    say("command to visible window")
    return Row("command to visible window", repeated(plan, measure), Unit.SECONDS, WINDOW)


def preflight_rows(plan: Plan, settings: Path) -> list[Row]:
    """The checks alone, and the whole command around them."""
    base = sparse_base(plan.workdir, plan.checked, _TINY_TOKENS if plan.quick else _TOKENS)
    adapter, output = lora_adapter(plan.workdir, plan.checked), plan.workdir / "out-check"
    say("preflight")
    checks = repeated(
        plan,
        lambda: float(run_script("preflight_probe.py", base, adapter, output, settings=settings)["seconds"]),
    )
    options = ("--base", str(base), "--adapter", str(adapter), "--output", str(output), "--json")
    command = repeated(plan, lambda: seconds_of([*_PROGRAM, "check", *options], settings))
    return [
        Row(f"{plan.checked.label}: preflight, torch not imported", checks, Unit.SECONDS, PREFLIGHT),
        Row(f"{plan.checked.label}: the whole command, mergedesk check", command, Unit.SECONDS),
    ]


def start_rows(plan: Plan) -> list[Row]:
    """What a person waits for before a merge; their own settings stay out of it."""
    with tempfile.TemporaryDirectory() as settings:
        return [window_row(plan, Path(settings)), *preflight_rows(plan, Path(settings))]


def gap_rows(plan: Plan, base: Path, adapter: Path) -> list[Row]:
    """The longest the window stood still while a merge ran in it."""
    output = plan.workdir / "out-window"
    gaps = []
    for _ in range(1 if plan.quick else 3):
        say("longest event-loop gap")
        with settled(output, base, adapter):
            gaps.append(run_script("loop_probe.py", base, adapter, output))
    return [
        Row("longest event-loop gap while merging", [gap["second"] for gap in gaps], Unit.MILLISECONDS, GAP),
        Row("longest event-loop gap, first merge with imports", [gap["first"] for gap in gaps], Unit.MILLISECONDS, GAP),
    ]


def large_rows(plan: Plan) -> list[Row]:
    """The contest again on a model that does not fit twice into memory, and once more to float32."""
    free = shutil.disk_usage(plan.workdir).free
    there = (plan.workdir / LLAMA_8B.name).exists()
    needed = LLAMA_8B.nbytes * (2.1 if there else 3.1)
    if free < needed:
        raise Failed(f"--full needs {needed / 1e9:.0f} GB in {plan.workdir}, of which {free / 1e9:.0f} GB are free")
    say("making the 8 B-shaped model, unless it is there")
    base, adapter = written_base(plan.workdir, LLAMA_8B), lora_adapter(plan.workdir, LLAMA_8B)
    plain = Case(LLAMA_8B.label, base, ((adapter, 1.0),))
    rows = contest_rows(plain.label, contest(plain, plan.workdir, plan.large_rounds, tensor_digests), TENSORS)
    # The mapped base counts as address space too, the memory that there is bounds the rest.
    limit = psutil.virtual_memory().available + LLAMA_8B.nbytes
    wide = replace(plain, label=f"{LLAMA_8B.label} to float32", precision="float32", memory_limit=limit)
    return [*rows, *contest_rows(wide.label, contest(wide, plan.workdir, 1, tensor_digests), TENSORS, promised=False)]


def main_rows(plan: Plan, base: Path, adapter: Path) -> list[Row]:
    """The contest; the base came from ``save_pretrained``, so whole files must be equal."""
    case = Case(plan.main.label, base, ((adapter, 1.0),))
    measured = contest(case, plan.workdir, plan.rounds, file_digests)
    rows = contest_rows(case.label, measured, "SHA-256 of the weights equals PEFT's")
    return [*rows, *tokenizer_rows(plan, base, adapter)]


def verify_rows(plan: Plan, base: Path, adapter: Path) -> list[Row]:
    """What proving the merge costs, beside the merge itself."""
    case = Case(plan.main.label, base, ((adapter, 1.0),))
    return check_rows(case.label, check_rounds(case, plan.workdir, plan.rounds))


def special_cases(plan: Plan, base: Path, adapter: Path) -> list[Case]:
    """Merges beyond the common one, on models of the same size."""
    label, workdir = plan.main.label, plan.workdir
    other = lora_adapter(workdir, plan.main, seed=1)
    experts = TINY_EXPERTS if plan.quick else MIXTRAL_1B
    expert_folder = expert_base(workdir, experts)
    return [
        Case(f"{label}, DoRA", base, ((dora_adapter(workdir, plan.main, base), 1.0),)),
        Case(f"{label}, two adapters", base, ((adapter, 0.7), (other, 0.5))),
        Case(f"{label}, NF4 dequantised", nf4_base(base), ((adapter, 1.0),), dequantize=True),
        Case(experts.label, expert_folder, ((expert_adapter(workdir, experts), 1.0),), model_type="mixtral"),
    ]


def special_rows(plan: Plan, base: Path, adapter: Path) -> list[list[Row]]:
    """A contest for each of the special cases; the first one, DoRA, is checked too, since its norms cost more."""
    rounds = min(plan.rounds, 3)
    cases = special_cases(plan, base, adapter)
    contests = [
        contest_rows(case.label, contest(case, plan.workdir, rounds, tensor_digests), TENSORS, promised=False)
        for case in cases
    ]
    dora = cases[0]
    return [*contests, check_rows(dora.label, check_rounds(dora, plan.workdir, rounds), promised=False)]


def tokenizer_rows(plan: Plan, base: Path, adapter: Path) -> list[Row]:
    """MergeDesk proves the tokenizer too, which the PEFT script never opens; so it stands apart from the contest."""
    tokens = plan.main.vocabulary
    folder, extra = with_tokenizer(base, tokens - 8), Contest()
    for number in range(1, plan.rounds + 1):
        say(f"{folder.name}, round {number} of {plan.rounds}")
        case = Case(folder.name, folder, ((adapter, 1.0),))
        merge_once("mergedesk", case, plan.workdir, extra, lambda _: {})
    what = f"{plan.main.label} with a {tokens}-token tokenizer"
    return [
        Row(f"{what}: MergeDesk", extra.seconds["mergedesk"], Unit.SECONDS),
        Row(f"{what}: peak resident memory", extra.resident["mergedesk"], Unit.MEGABYTES, MEMORY),
    ]


def measure_all(plan: Plan) -> list[list[Row]]:
    """Everything, in groups of rows: one after the other, or two at a time where the numbers mean nothing."""
    say(f"models and outputs in {plan.workdir}")
    base, adapter = saved_base(plan.workdir, plan.main), lora_adapter(plan.workdir, plan.main)
    groups: list[Callable[[], list[list[Row]]]] = [
        lambda: [main_rows(plan, base, adapter)],
        lambda: [verify_rows(plan, base, adapter)],
        lambda: [start_rows(plan)],
        lambda: [gap_rows(plan, base, adapter)],
        lambda: special_rows(plan, base, adapter),
    ]
    if plan.full:
        groups.append(lambda: [large_rows(plan)])
    if plan.only:
        groups = [groups[GROUPS.index(name)] for name in plan.only if GROUPS.index(name) < len(groups)]
    with ThreadPoolExecutor(2 if plan.quick else 1) as pool:
        return [rows for group in pool.map(lambda group: group(), groups) for rows in group]


def parse(arguments: Sequence[str] | None = None) -> tuple[Plan, Path | None]:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds on the 1.2 B model (default 5)")
    parser.add_argument("--full", action="store_true", help="the 8 B-shaped model too")
    parser.add_argument("--large-rounds", type=int, default=3, help="rounds on the 8 B-shaped model (default 3)")
    parser.add_argument("--quick", action="store_true", help="tiny models: tries the benchmark, measures nothing")
    default = Path(tempfile.gettempdir()) / "mergedesk-bench"
    parser.add_argument(
        "--workdir", type=Path, default=default, help="where models and outputs lie (default %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values there as well")
    parser.add_argument("--only", action="append", choices=GROUPS, default=[], help="this part only; may be repeated")
    given = parser.parse_args(arguments)
    rounds = 1 if given.quick else given.rounds
    plan = Plan(given.workdir.resolve(), rounds, given.full, given.large_rounds, given.quick, tuple(given.only))
    return plan, given.json


def main() -> int:
    """Measure, print the table."""
    plan, file = parse()
    plan.workdir.mkdir(parents=True, exist_ok=True)
    where = circumstances()
    try:
        groups = measure_all(plan)
    except Failed as failure:
        say(str(failure))
        return 1
    title = "MergeDesk benchmark: bfloat16, LoRA r=16 on all linear layers; memory above the process's own imports"
    if plan.quick:
        title = "MergeDesk benchmark, tried out on tiny models: the numbers mean nothing"
    show(title, groups, where)
    if file is not None:
        content = {**where, "quick": plan.quick, "rows": [row.as_json() for rows in groups for row in rows]}
        file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
