"""What a person waits for: the window, the checks before a merge, and a window that stands still during one."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import targets
from make_models import TINY, lora_adapter, saved_base, sparse_base
from plan import Plan, say
from processes import run_script, seconds_of, settled
from rows import Row, Unit

from mergedesk.domain.merge_record import Front, MergeRecord
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.runtime.codec import to_text

_TOKENS, _TINY_TOKENS = 128_000, 1_000
_PAST_MERGES, _JOBS, _TINY_JOBS = 200, 20, 2
_LEAST_RUNS = 5


def repeated(plan: Plan, measure: Callable[[], float]) -> list[float]:
    """The values of several runs, after one that does not count: it fills caches."""
    if plan.tiny:
        return [measure()]
    return [measure() for _ in range(1 + max(_LEAST_RUNS, plan.rounds))][1:]


def window_rows(plan: Plan) -> list[Row]:
    """From the command to a window that has been painted; the person's own settings stay out of it."""
    name = "command to visible window, warm"
    with tempfile.TemporaryDirectory() as fresh, tempfile.TemporaryDirectory() as used:
        make_past_merges(Path(used), _PAST_MERGES)
        alone, after_many = _until_painted(plan, Path(fresh)), _until_painted(plan, Path(used))
    return [
        Row(name, alone, Unit.SECONDS, targets.WINDOW, key="window"),
        Row(f"{name}, with {_PAST_MERGES} past merges", after_many, Unit.SECONDS, targets.WINDOW, key="window-past"),
    ]


def _until_painted(plan: Plan, settings: Path) -> list[float]:
    say("command to visible window")

    def measure() -> float:
        started = time.monotonic()
        return float(run_script("window_probe.py", settings=settings)["painted"]) - started

    return repeated(plan, measure)


def make_past_merges(state: Path, count: int) -> None:
    """A list of merges in a state folder, as the window and the command would have left it there."""
    request = MergeRequest(Path("/models/base"), (AdapterChoice(Path("/models/lora")),), Path("/models/out"))
    record = MergeRecord(
        datetime.now(UTC), request, MergeStatus.MERGED, Front.WINDOW, seconds=2.5, nbytes=2_500_000_000
    )
    folder = state / "mergedesk" / "history"
    folder.mkdir(parents=True)
    for number in range(count):
        one = replace(record, when=record.when - timedelta(hours=number))
        name = f"{one.when:%Y%m%dT%H%M%S%f}-{number:08x}.json"
        (folder / name).write_text(to_text(one), encoding="utf-8")


def preflight_rows(plan: Plan) -> list[Row]:
    """The checks alone, and the whole command around them."""
    shape = plan.large
    base = sparse_base(plan.folder, shape, _TINY_TOKENS if plan.tiny else _TOKENS)
    adapter, output = lora_adapter(plan.folder, shape), plan.folder / "out-check"
    say("preflight")
    options = ("--base", str(base), "--adapter", str(adapter), "--output", str(output), "--json")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder)
        checks = repeated(
            plan,
            lambda: float(run_script("preflight_probe.py", base, adapter, output, settings=settings)["seconds"]),
        )
        command = repeated(plan, lambda: seconds_of([sys.executable, "-m", "mergedesk", "check", *options], settings))
    what = f"{shape.label}: preflight, torch not imported"
    return [
        Row(what, checks, Unit.SECONDS, targets.PREFLIGHT, key="preflight"),
        Row(f"{shape.label}: the whole command, mergedesk check", command, Unit.SECONDS, key="check-command"),
    ]


def gap_rows(plan: Plan) -> list[Row]:
    """The longest the window stood still while a merge ran in it."""
    base, adapter = plan.base(), plan.adapter()
    gaps = []
    for _ in range(1 if plan.tiny else plan.few_rounds):
        say("longest event-loop gap")
        with settled(plan.folder, base, adapter) as output:
            gaps.append(run_script("loop_probe.py", base, adapter, output))
    first, later = ([gap[which] for gap in gaps] for which in ("first", "second"))
    name = "longest event-loop gap"
    jobs = _TINY_JOBS if plan.tiny else _JOBS
    queue = [_gap_of_a_queue(plan, jobs) for _ in gaps]
    return [
        Row(f"{name}, first merge with imports", first, Unit.MILLISECONDS, targets.GAP, key="gap-first"),
        Row(f"{name}, a later merge", later, Unit.MILLISECONDS, targets.GAP, key="gap-later"),
        Row(f"{name}, a queue of {jobs} small merges", queue, Unit.MILLISECONDS, targets.GAP, key="gap-queue"),
    ]


def _gap_of_a_queue(plan: Plan, jobs: int) -> float:
    base, adapter = saved_base(plan.folder, TINY), lora_adapter(plan.folder, TINY)
    with tempfile.TemporaryDirectory() as settings, settled(plan.folder, base, adapter) as output:
        output.mkdir()
        return float(run_script("queue_probe.py", base, adapter, output, str(jobs), settings=Path(settings))["gap"])
