"""How near the forecast of a merge's time comes, on three sizes: forecast and merge in turn."""

from __future__ import annotations

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
    expected, real = list[float](), list[float]()
    for _ in range(plan.few_rounds):
        expected.append(_forecast(base, adapter, plan.folder / "out-forecast"))
        real.append(merge_once(MERGEDESK_SYNCED, case, plan.folder, lambda _: {}).seconds)
        say(f"{case.label}: {expected[-1]:.2f} s, the job, synced, took {real[-1]:.2f} s")
    row = Naming(case.label, f"forecast/{shape.name}/")
    forecast = row("seconds", "of the job's time", expected, Unit.SECONDS)
    took = row("took", "what the job, synced, took", real, Unit.SECONDS)
    ratio = ratios(forecast, took)
    off = [abs(one - 1) for one in ratio]
    return [
        forecast, took,
        row("ratio", "÷ what it took", ratio, Unit.TIMES),
        row("off", "off by", off, Unit.SHARE, targets.FORECAST_OFF_BY),
    ]  # fmt: skip


def _forecast(base: Path, adapter: Path, output: Path) -> float:
    return float(run_script("forecast_probe.py", base, adapter, output)["expected"])
