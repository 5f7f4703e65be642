"""The merge that is promised most of: plain LoRA on the main model, against the PEFT script and the system's copy."""

from __future__ import annotations

import sys

import targets
from cases import Case
from contest import (
    BARE,
    COPY,
    FLOOR,
    JOB,
    MERGEDESK,
    MERGEDESK_SYNCED,
    PEFT,
    SCRIPT,
    SYNCED_COPY,
    SYNCED_JOB,
    Contest,
    Naming,
    memory_rows,
    merge_once,
    rounds_of,
)
from make_models import with_tokenizer
from plan import Plan, say
from processes import HERE, file_digests, seconds_of, settled
from rows import Row, Unit, ratios

_MEMORY_RUNS = 2


def job_rows(plan: Plan) -> list[Row]:
    """The base came from ``save_pretrained``, so whole files must be equal."""
    case = plain_case(plan)
    result = rounds_of(case, plan.folder, plan.rounds, (MERGEDESK, MERGEDESK_SYNCED, BARE, PEFT), file_digests)
    row = Naming(case.label, "job/")
    return [*_time_rows(row, result), *_equality_rows(row, result), *_memory_of(row, plan, case, result)]


def plain_case(plan: Plan) -> Case:
    """Plain LoRA on the main model."""
    return Case(plan.main.label, plan.base(), ((plan.adapter(), 1.0),))


def _time_rows(row: Naming, result: Contest) -> list[Row]:
    copy = row("cp", "cp -r of the base", result.copies[COPY], Unit.SECONDS)
    synced_copy = row("cp-sync", "cp -r of the base + sync -f", result.copies[SYNCED_COPY], Unit.SECONDS)
    job = row("job", JOB, result.seconds(MERGEDESK), Unit.SECONDS)
    synced = row("synced", SYNCED_JOB, result.seconds(MERGEDESK_SYNCED), Unit.SECONDS)
    floor = row("bare", FLOOR, result.seconds(BARE), Unit.SECONDS)
    script = row("peft", SCRIPT, result.seconds(PEFT), Unit.SECONDS)
    synced_ratio = ratios(synced, synced_copy)
    cpu = [one.cpu for one in result.outcomes[MERGEDESK.label]]
    synced_cpu = [one.cpu for one in result.outcomes[MERGEDESK_SYNCED.label]]
    floor_cpu = [one.cpu for one in result.outcomes[BARE.label]]
    script_cpu = [one.cpu for one in result.outcomes[PEFT.label]]
    return [
        copy, synced_copy, floor, job, synced, script,
        row("bare/cp", f"{FLOOR} ÷ cp -r", ratios(floor, copy), Unit.TIMES),
        row("job/cp", "job ÷ cp -r", ratios(job, copy), Unit.TIMES, targets.JOB_TO_COPY),
        row("synced/cp-sync", "job, synced ÷ cp -r + sync -f", synced_ratio, Unit.TIMES,
            targets.SYNCED_JOB_TO_SYNCED_COPY),
        row("peft/job", "PEFT script ÷ job", ratios(script, job), Unit.TIMES, targets.SCRIPT_TO_JOB),
        row("peft/synced", "PEFT script ÷ job, synced", ratios(script, synced), Unit.TIMES),
        row("bare-cpu", f"processor seconds of {FLOOR}", floor_cpu, Unit.SECONDS),
        row("cpu", "processor seconds of the job, user + system", cpu, Unit.SECONDS, targets.JOB_CPU),
        row("synced-cpu", "processor seconds of the job, synced", synced_cpu, Unit.SECONDS),
        row("peft-cpu", "processor seconds of the PEFT script", script_cpu, Unit.SECONDS),
    ]  # fmt: skip


def _equality_rows(row: Naming, result: Contest) -> list[Row]:
    same = [
        share for contestant in (MERGEDESK, MERGEDESK_SYNCED, BARE) for share in result.shares_alike(contestant, PEFT)
    ]
    what = "SHA-256 of the weights equals PEFT's, of every round, both jobs and the floor"
    return [row("same", what, same, Unit.SHARE, targets.SAME_BYTES)]


def _memory_of(row: Naming, plan: Plan, case: Case, result: Contest) -> list[Row]:
    say(f"{case.label}, memory")
    runs = 1 if plan.tiny else _MEMORY_RUNS
    mine = [merge_once(MERGEDESK_SYNCED, case, plan.folder, lambda _: {}, "sampled") for _ in range(runs)]
    theirs = [merge_once(PEFT, case, plan.folder, lambda _: {}, "sampled")]
    timed = [*result.outcomes[MERGEDESK.label], *result.outcomes[MERGEDESK_SYNCED.label]]
    return [
        *memory_rows(row, "job", "", mine, timed, targets.RESIDENT),
        *memory_rows(row, "PEFT script", "peft-", theirs, result.outcomes[PEFT.label]),
    ]


def command_rows(plan: Plan) -> list[Row]:
    """The whole ``mergedesk merge``, with the start of Python and every import, in turn with the job alone."""
    case, row = plain_case(plan), Naming(plan.main.label, "command/")
    jobs, commands, synced = list[float](), list[float](), list[float]()
    program, unsynced = (sys.executable, "-m", "mergedesk"), (sys.executable, str(HERE / "unsynced_command.py"))
    for number in range(1, plan.rounds + 1):
        jobs.append(merge_once(MERGEDESK, case, plan.folder, lambda _: {}).seconds)
        commands.append(_command_once(plan, case, unsynced))
        synced.append(_command_once(plan, case, program))
        say(f"{case.label}, whole command, round {number} of {plan.rounds}: {commands[-1]:.2f} s, job {jobs[-1]:.2f} s")
    job = row("job", f"{JOB}, beside the command", jobs, Unit.SECONDS)
    command = row("command", "whole command, not waiting for the disk", commands, Unit.SECONDS)
    return [
        job, command,
        row("command/job", "whole command ÷ job", ratios(command, job), Unit.TIMES, targets.COMMAND_TO_JOB),
        row("synced", "whole command, synced: mergedesk merge", synced, Unit.SECONDS),
    ]  # fmt: skip


def _command_once(plan: Plan, case: Case, program: tuple[str, ...]) -> float:
    (adapter, _), *_ = case.adapters
    with settled(plan.folder, *case.inputs) as output:
        options = ["--base", str(case.base), "--adapter", str(adapter), "--output", str(output), "--json"]
        return seconds_of([*program, "merge", *options])


def tokenizer_rows(plan: Plan) -> list[Row]:
    """MergeDesk proves the tokenizer too, which the PEFT script never opens; so it stands apart from the contest."""
    tokens = plan.main.vocabulary
    base = with_tokenizer(plan.base(), tokens - 8)
    case = Case(f"{plan.main.label} with a {tokens}-token tokenizer", base, ((plan.adapter(), 1.0),))
    say(case.label)
    merged = [merge_once(MERGEDESK, case, plan.folder, lambda _: {}) for _ in range(plan.few_rounds)]
    row = Naming(case.label, "tokenizer/")
    resident = [one.resident for one in merged]
    return [
        row("job", JOB, [one.seconds for one in merged], Unit.SECONDS),
        row("resident", "job, peak resident memory beyond imports", resident, Unit.MEGABYTES, targets.RESIDENT),
    ]
