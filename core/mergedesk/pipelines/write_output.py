"""The output's weights and all that goes with them, written into the staging folder by whichever engine was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Finding, UserError, errors_of
from ..domain.progress import Stage
from ..domain.requests import Engine, Precision
from ..domain.weight_delta import advice, packing_told
from ..engines import streaming
from ..engines.buildable import refuse_unbuildable
from ..engines.delta_stats import DeltaStats
from ..engines.quantization_error import open_error_stats
from ..planning.layout import make_layout
from ..planning.plan import make_plan, with_rounding
from ..planning.task_heads import add_head
from ..runtime.transformers_class import class_facts
from ..verification.hot.hot_judge import hot_judge
from .merge_in_pieces import begin_supply, bring_back_unproved, planned_in_pieces
from .merge_job import MergeJob
from .packing_forecast import foretold
from .quantization_findings import error_findings, original_of
from .resume import resumed_findings, shards_and_journal
from .write_through_peft import write_through_peft
from .writing import Writing, Written, write_beside


def write_output(job: MergeJob) -> Written:
    """Fill the job's folder. Raises Cancelled and UserError; the folder is then of no use."""
    job.start(Stage.PLAN)
    job.cancel.check()
    base = job.ready.base
    writing = Writing(job, base, _kept_at_float32(base, job.request.precision), DeltaStats())
    written = write_through_peft(writing) if job.ready.engine is Engine.PEFT else _stream(writing)
    effect = writing.stats.effect(written.planned)
    told = packing_told(effect, job.request.accept_loss)
    _refuse(told)
    return replace(written, effect=effect, findings=(*written.findings, *told, *advice(effect)))


def _refuse(findings: Sequence[Finding]) -> None:
    if refused := errors_of(findings):
        raise UserError(refused[0].code, **refused[0].data)


def _kept_at_float32(base: Checkpoint, precision: Precision) -> tuple[str, ...]:
    """Patterns of tensors that the class keeps at float32 when it is loaded at ``precision``."""
    if precision not in (Precision.FLOAT16, Precision.BFLOAT16):
        return ()
    refuse_unbuildable(base)
    facts = class_facts(base.folder, base.config)
    if facts is None:
        return ()
    return facts.float32_in_float16 if precision is Precision.FLOAT16 else facts.float32_in_bfloat16


def _stream(writing: Writing) -> Written:
    job, request, ready = writing.job, writing.job.request, writing.job.ready
    plan = make_plan(ready.base, ready.mapped, request.precision, writing.keep_float32, request.combination)
    plan = add_head(plan, ready.head, request.precision, writing.keep_float32)
    plan = with_rounding(plan, ready.base, request.rounding)
    layout = make_layout(plan, ready.base, request.max_shard_size)
    supply = job.caller.supply
    if supply is None:
        _refuse(foretold(layout, request.accept_loss, job.cancel))
    else:
        plan, layout = planned_in_pieces(plan, layout, supply)
        begin_supply(supply, plan.tensors)
    with (
        open_error_stats(plan.tensors, original_of(ready)) as errors,
        shards_and_journal(job, layout) as (outputs, journal),
        hot_judge(job.folder, layout, maps=job.caller.apart) as judge,
    ):
        counter = job.start(Stage.MERGE, plan.tensor_bytes)
        seen = (errors, writing.stats, journal, judge)
        apart, threads = job.caller.apart, request.threads
        streaming.stream(
            layout, outputs, counter.advance, job.cancel, *seen, maps=apart, threads=threads, supply=supply
        )
    if supply is not None:
        bring_back_unproved(supply, plan.tensors, judge.proofs)
    files = write_beside(writing, plan, layout)
    findings = (*resumed_findings(layout, journal), *error_findings(errors))
    return Written(plan.tensors, files, findings=findings, journal=journal, proofs=judge.proofs)
