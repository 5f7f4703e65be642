"""What a person waits for: the window, the checks before a merge, and a window that stands still during one."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import targets
from make_models import lora_adapter, sparse_base
from plan import Plan, say
from processes import run_script, seconds_of, settled
from rows import Row, Unit

_TOKENS, _TINY_TOKENS = 128_000, 1_000
_LEAST_RUNS = 5


def repeated(plan: Plan, measure: Callable[[], float]) -> list[float]:
    """The values of several runs, after one that does not count: it fills caches."""
    if plan.tiny:
        return [measure()]
    return [measure() for _ in range(1 + max(_LEAST_RUNS, plan.rounds))][1:]


def window_rows(plan: Plan) -> list[Row]:
    """From the command to a window that has been painted; the person's own settings stay out of it."""
    say("command to visible window")
    with tempfile.TemporaryDirectory() as settings:

        def measure() -> float:
            started = time.monotonic()
            return float(run_script("window_probe.py", settings=Path(settings))["painted"]) - started

        values = repeated(plan, measure)
    return [Row("command to visible window, warm", values, Unit.SECONDS, targets.WINDOW, key="window")]


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
    return [
        Row(f"{name}, first merge with imports", first, Unit.MILLISECONDS, targets.GAP, key="gap-first"),
        Row(f"{name}, a later merge", later, Unit.MILLISECONDS, targets.GAP, key="gap-later"),
    ]
