"""A model that does not fit twice into memory: as fast, as flat, and to float32, which PEFT has no memory for."""

from __future__ import annotations

import shutil
from dataclasses import replace

import psutil
import targets
from cases import Case
from contest import COPY, JOB, MERGEDESK, PEFT, SCRIPT, Naming, memory_rows, merge_once, rounds_of
from make_models import LLAMA_8B, lora_adapter, written_base
from plan import Plan, say
from processes import Failed, tensor_digests
from rows import Row, Unit, ratios


def large_case(plan: Plan, outputs: float) -> Case:
    """Plain LoRA on the large model, made where there is room. ``outputs``: how many times its size is written."""
    shape, free = plan.large, shutil.disk_usage(plan.folder).free
    needed = shape.nbytes * (outputs + 0.1 + (0 if (plan.folder / shape.name).exists() else 1))
    if free < needed:
        raise Failed(f"{shape.label} needs {needed / 1e9:.0f} GB in {plan.folder}; {free / 1e9:.0f} GB are free")
    base, adapter = written_base(plan.folder, shape), lora_adapter(plan.folder, shape)
    return Case(shape.label, base, ((adapter, 1.0),))


def large_memory_rows(plan: Plan) -> list[Row]:
    """The job alone: its memory does not grow with the model."""
    case = large_case(plan, 1)
    say(f"{case.label}, memory")
    timed = [merge_once(MERGEDESK, case, plan.folder, lambda _: {})]
    sampled = [merge_once(MERGEDESK, case, plan.folder, lambda _: {}, "sampled")]
    row = Naming(case.label, "large-memory/")
    return [
        row("job", JOB, [timed[0].seconds], Unit.SECONDS),
        row("cpu", "processor seconds of the job", [timed[0].cpu], Unit.SECONDS),
        *memory_rows(row, "job", "", sampled, timed, targets.RESIDENT),
    ]


def large_rows(plan: Plan) -> list[Row]:
    """The contest with the PEFT script and the copy, on the large model."""
    return _contest_rows(plan, large_case(plan, 1), "large/", plan.few_rounds)


def large_float32_rows(plan: Plan) -> list[Row]:
    """Once to float32. The mapped base counts as address space too, the memory that there is bounds the rest."""
    limit = psutil.virtual_memory().available + LLAMA_8B.nbytes
    case = large_case(plan, 2)
    wide = replace(case, label=f"{case.label} to float32", precision="float32", memory_limit=limit)
    return _contest_rows(plan, wide, "large-float32/", 1)


def _contest_rows(plan: Plan, case: Case, key: str, rounds: int) -> list[Row]:
    result = rounds_of(case, plan.folder, rounds, (MERGEDESK, PEFT), tensor_digests)
    row, outcomes = Naming(case.label, key), result.outcomes[MERGEDESK.label]
    copy = row("cp", "cp -r of the base", result.copies[COPY], Unit.SECONDS)
    job = row("job", JOB, result.seconds(MERGEDESK), Unit.SECONDS)
    rows = [
        copy, job,
        row("job/cp", "job ÷ cp -r of the base", ratios(job, copy), Unit.TIMES),
        row("resident", "job, peak resident memory beyond imports", [one.resident for one in outcomes], Unit.MEGABYTES),
    ]  # fmt: skip
    if failed := result.failure(PEFT):
        return [*rows, row("peft", SCRIPT, (), Unit.SECONDS, note=f"cannot here: {failed}")]
    script = row("peft", SCRIPT, result.seconds(PEFT), Unit.SECONDS)
    resident = [one.resident for one in result.outcomes[PEFT.label]]
    same = result.shares_alike(MERGEDESK, PEFT)
    return [
        *rows, script,
        row("peft/job", "PEFT script ÷ job", ratios(script, job), Unit.TIMES, targets.SCRIPT_TO_JOB),
        row("peft-resident", "PEFT script, peak resident memory beyond imports", resident, Unit.MEGABYTES),
        row("same", "share of tensors whose bytes equal PEFT's", same, Unit.SHARE, targets.SAME_BYTES),
    ]  # fmt: skip
