"""Models of very many tensors, whose weights are holes: what is done before a merge, and a merge of a trillion."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import targets
from cases import Case
from contest import JOB, MERGEDESK, Naming, memory_rows, merge_once
from make_models import made_once
from plan import Plan, say
from processes import HERE, run, run_script
from rows import Row, Target, Unit

_PREFLIGHTS = 3


def hollow_models(plan: Plan, kind: str) -> Path:
    """Base and adapters, ``kimi`` or ``moe``; for a trial those of a few layers."""
    size = "tiny" if plan.tiny else "whole"

    def make(folder: Path) -> None:
        run([sys.executable, str(HERE / "make_hollow.py"), kind, size, str(folder)])

    return made_once(plan.folder / f"hollow-{kind}-{size}", make)


def wide_rows(plan: Plan) -> list[Row]:
    """Preflight and plan of a trillion parameters and of 18,432 experts' matrices."""
    kimi, moe = hollow_models(plan, "kimi"), hollow_models(plan, "moe")
    trillion = Naming("1 T hollow", "wide/")
    return [
        *_preflight(plan, trillion, kimi, "attention", targets.WIDE_PREFLIGHT, targets.WIDE_MEMORY),
        *_preflight(plan, trillion, kimi, "experts", targets.WIDE_PREFLIGHT, targets.WIDE_MEMORY),
        *_preflight(plan, Naming("18,432 experts", "many/"), moe, "experts", targets.MANY_EXPERTS_PREFLIGHT, None),
    ]


def _preflight(plan: Plan, row: Naming, folder: Path, adapter: str, time: Target, memory: Target | None) -> list[Row]:
    say(f"{row.label}, preflight, adapter on {adapter}")
    took = [_checked_once(plan, folder, adapter) for _ in range(1 if plan.tiny else 1 + _PREFLIGHTS)]
    took = took[-_PREFLIGHTS:]
    what = f"preflight and plan, adapter on {adapter}"
    seconds, peaks = ([float(one[name]) for one in took] for name in ("seconds", "peak"))
    return [
        row(adapter, what, seconds, Unit.SECONDS, time),
        row(f"{adapter}-memory", f"{what}, peak of the whole process", peaks, Unit.MEGABYTES, memory),
    ]


def _checked_once(plan: Plan, folder: Path, adapter: str) -> Mapping[str, Any]:
    """Experts that are packed have to be dequantised, to 2 TB that no disk here has room for; so it is not asked."""
    options = [plan.folder / "out-check"] if adapter == "attention" else ["-", "dequantize"]
    return run_script("preflight_probe.py", folder / "base", folder / adapter, *options)


def hollow_rows(plan: Plan) -> list[Row]:
    """The merge of a trillion parameters: to its end, with flat memory, each stage's time as its report tells it.

    It takes minutes, beside which the memory sampler's part is nothing: one run tells both.
    """
    folder = hollow_models(plan, "kimi")
    say("1 T hollow, merge of an adapter on attention")
    case = Case("1 T hollow, merge", folder / "base", ((folder / "attention", 1.0),), model_type="deepseek_v3")
    merged = merge_once(MERGEDESK, case, plan.folder, lambda _: {}, "hollow", "sampled")
    row = Naming(case.label, "hollow/")
    stages = [row(f"stage-{name}", f"stage {name}", [spent], Unit.SECONDS) for name, spent in merged.stages.items()]
    return [
        row("job", JOB, [merged.seconds], Unit.SECONDS),
        *stages,
        row("cpu", "processor seconds of the job", [merged.cpu], Unit.SECONDS),
        *memory_rows(row, "job", "", [merged], (), targets.RESIDENT),
    ]
