"""How near the forecast of a merge's time comes, on three sizes: forecast and merge in turn.

Each size has a history of its own, so that the first forecast has nothing but the trial, and the next has one merge.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import targets
from cases import Case
from contest import MERGEDESK_SYNCED, Naming, merge_once
from make_models import LLAMA_1B, TINY, Shape, lora_adapter, written_base
from plan import Plan, say
from processes import run_script
from rows import Row, Unit, ratios

SHAPES = (
    Shape("llama-0.15b", "0.15 B", 32000, 1024, 4096, 8, 16, 4, tied=True),
    Shape("llama-0.5b", "0.5 B", 64000, 1536, 6144, 14, 16, 4, tied=True),
    LLAMA_1B,
)


def forecast_rows(plan: Plan) -> list[Row]:
    """Of each size the forecast's ratio to the merge that follows, and how far that is off."""
    return [row for shape in ((TINY,) if plan.tiny else SHAPES) for row in _of(plan, shape)]


def _of(plan: Plan, shape: Shape) -> list[Row]:
    base, adapter = written_base(plan.folder, shape), lora_adapter(plan.folder, shape)
    case = Case(f"{shape.label}, forecast", base, ((adapter, 1.0),))
    row = Naming(case.label, f"forecast/{shape.name}/")
    with tempfile.TemporaryDirectory(prefix="history-", dir=plan.folder) as history:
        turns = [_turn(plan, case, Path(history)) for _ in range(1 + plan.few_rounds)]
    (first, first_took), *later = turns
    forecast = row("seconds", "of the job's time, after a merge of that size", [one for one, _ in later], Unit.SECONDS)
    took = row("took", "what the job, synced, took", [one for _, one in later], Unit.SECONDS)
    ratio = ratios(forecast, took)
    return [
        row("first", "÷ what the job took, of the very first merge", [first / first_took], Unit.TIMES),
        forecast, took,
        row("ratio", "÷ what it took", ratio, Unit.TIMES),
        row("off", "off by", [abs(one - 1) for one in ratio], Unit.SHARE, targets.FORECAST_OFF_BY),
    ]  # fmt: skip


def _turn(plan: Plan, case: Case, history: Path) -> tuple[float, float]:
    """The seconds that are foretold, and those that the merge then takes."""
    [(adapter, _)] = case.adapters
    output = plan.folder / "out-forecast"
    expected = float(run_script("forecast_probe.py", case.base, adapter, output, settings=history)["expected"])
    took = merge_once(MERGEDESK_SYNCED, case, plan.folder, lambda _: {}, settings=history).seconds
    say(f"{case.label}: {expected:.2f} s, the job, synced, took {took:.2f} s")
    return expected, took
