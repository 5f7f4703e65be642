"""Merges beyond the common one, on models of about the same size; each is compared with PEFT where PEFT can do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import targets
from cases import Case
from contest import JOB, MERGEDESK, PEFT, SCRIPT, Naming, Outcome, memory_rows, merge_once, share_alike
from make_models import MIXTRAL_1B, TINY_EXPERTS, dora_adapter, expert_adapter, expert_base, lora_adapter, nf4_base
from make_variants import adalora_adapter, convolution_adapter, convolution_base, int4_base, trained_modules_adapter
from plan import Plan, say
from processes import tensor_digests
from rows import Row, Target, Unit, ratios

_TENSORS = "share of tensors whose bytes equal PEFT's, every round"


@dataclass(frozen=True)
class Special:
    """One such merge, and what is promised of it beside a copy of what it writes, and of its bytes beside PEFT's."""

    key: str
    case: Callable[[Plan], Case]
    to_copy: Target | None = None
    same: Target | None = targets.SAME_BYTES


def special_rows(special: Special, plan: Plan) -> list[Row]:
    """The job and a copy of what it wrote in turn; PEFT once, whose bytes every round must equal."""
    case = special.case(plan)
    row = Naming(case.label, f"{special.key}/")
    script = merge_once(PEFT, case, plan.folder, tensor_digests)
    say(f"{case.label}, PEFT script: {script.failed or f'{script.seconds:.2f} s'}")
    jobs = list[Outcome]()
    for number in range(1, plan.few_rounds + 1):
        jobs.append(merge_once(MERGEDESK, case, plan.folder, tensor_digests, "copied"))
        say(f"{case.label}, round {number} of {plan.few_rounds}: {jobs[-1].seconds:.2f} s")
    sampled = [merge_once(MERGEDESK, case, plan.folder, lambda _: {}, "sampled")]
    return [
        *_time_rows(row, jobs, special.to_copy),
        *_script_rows(row, jobs, script, special.same),
        *_memory(row, jobs, sampled),
    ]


def _time_rows(row: Naming, jobs: Sequence[Outcome], to_copy: Target | None) -> list[Row]:
    job = row("job", JOB, [one.seconds for one in jobs], Unit.SECONDS)
    copy = row("cp", "cp -r of what is written", [one.copied for one in jobs if one.copied], Unit.SECONDS)
    return [
        job, copy,
        row("job/cp", "job ÷ cp -r of what is written", ratios(job, copy), Unit.TIMES, to_copy),
        row("cpu", "processor seconds of the job", [one.cpu for one in jobs], Unit.SECONDS),
    ]  # fmt: skip


def _script_rows(row: Naming, jobs: Sequence[Outcome], script: Outcome, promised: Target | None) -> list[Row]:
    if script.failed:
        return [row("peft", SCRIPT, (), Unit.SECONDS, note=f"cannot here: {script.failed}")]
    faster = [script.seconds / job.seconds for job in jobs]
    same = [share_alike(job.digests, script.digests) for job in jobs]
    return [
        row("peft", SCRIPT, [script.seconds], Unit.SECONDS),
        row("peft/job", "PEFT script ÷ job", faster, Unit.TIMES),
        row("same", _TENSORS, same, Unit.SHARE, promised),
    ]


def _memory(row: Naming, jobs: Sequence[Outcome], sampled: Sequence[Outcome]) -> list[Row]:
    return memory_rows(row, "job", "", sampled, jobs)


def _on_main(what: str, adapter: Callable[[Plan], Path]) -> Callable[[Plan], Case]:
    return lambda plan: Case(f"{plan.main.label}, {what}", plan.base(), ((adapter(plan), 1.0),))


def _two_adapters(plan: Plan) -> Case:
    other = lora_adapter(plan.folder, plan.main, seed=1)
    return Case(f"{plan.main.label}, two adapters", plan.base(), ((plan.adapter(), 0.7), (other, 0.5)))


def _float32(plan: Plan) -> Case:
    return Case(f"{plan.main.label} to float32", plan.base(), ((plan.adapter(), 1.0),), precision="float32")


def _dequantised(what: str, packed: Callable[[Path], Path]) -> Callable[[Plan], Case]:
    def case(plan: Plan) -> Case:
        return Case(f"{plan.main.label}, {what}", packed(plan.base()), ((plan.adapter(), 1.0),), dequantize=True)

    return case


def _experts(plan: Plan) -> Case:
    shape = TINY_EXPERTS if plan.tiny else MIXTRAL_1B
    base, adapter = expert_base(plan.folder, shape), expert_adapter(plan.folder, shape)
    return Case(shape.label, base, ((adapter, 1.0),), model_type="mixtral")


def _convolutions(plan: Plan) -> Case:
    label = "tiny convolutions" if plan.tiny else "0.5 B of convolutions"
    base = convolution_base(plan.folder, tiny=plan.tiny)
    adapter = convolution_adapter(plan.folder, tiny=plan.tiny)
    return Case(label, base, ((adapter, 1.0),), model_type="resnet", auto_class="AutoModelForImageClassification")


def dora_case(plan: Plan) -> Case:
    """DoRA on the main model; its norms cost more than plain LoRA's sums."""
    return _on_main("DoRA", lambda plan: dora_adapter(plan.folder, plan.main, plan.base()))(plan)


SPECIALS = (
    Special("dora", dora_case),
    Special("experts", _experts),
    # PEFT rounds the factors of the sum to the base's type first, so its bytes are others.
    Special("two-adapters", _two_adapters, same=None),
    Special("nf4", _dequantised("NF4 dequantised", nf4_base), targets.NF4_TO_COPY),
    Special("int4", _dequantised("INT4 dequantised", int4_base)),
    Special("float32", _float32),
    Special("modules-to-save", _on_main("modules trained whole", lambda p: trained_modules_adapter(p.folder, p.main))),
    Special("adalora", _on_main("AdaLoRA", lambda p: adalora_adapter(p.folder, p.main))),
    Special("conv", _convolutions),
)
