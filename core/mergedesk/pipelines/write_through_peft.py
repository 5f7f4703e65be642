"""An output that PEFT merges: layer by layer where it can, else the whole model at once. The rest is streamed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import torch

from ..checkpoints.checkpoint import read_checkpoint
from ..domain.findings import Code
from ..domain.progress import Stage
from ..engines import streaming
from ..engines.peft import whole
from ..engines.peft.attach import attach
from ..engines.peft.layers import MergedTensor, finalize_plan, mark, merged_values, plan_for, without, write_merged
from ..engines.peft.survey import Survey, survey
from ..engines.plain_copy import as_from_packed, write_plain_copy
from ..engines.quantization_error import measure_written, open_error_stats
from ..output.shards import create_shards
from ..planning.engine_choice import needs_plain_copy, why_not_streaming
from ..planning.layout import make_layout
from ..planning.plan import Plan, make_plan
from ..runtime.transformers_class import let_go
from .quantization_findings import error_findings, original_of
from .resume import clear
from .writing import Writing, Written, write_beside

# Where a quantised base lies as plain weights while PEFT merges into them.
_PLAIN = ".plain"


def write_through_peft(writing: Writing) -> Written:
    """Fill the job's folder by PEFT's own merge of the one adapter. Raises Cancelled and UserError."""
    clear(writing.job.folder)
    return _write_plain_copy_first(writing) if needs_plain_copy(writing.base) else _write(writing)


def _write_plain_copy_first(writing: Writing) -> Written:
    """PEFT merges into plain weights only, and maps those of some files: they are written first, and removed again."""
    base, job = writing.base, writing.job
    copy = job.folder / _PLAIN
    counter = job.start(Stage.MERGE, sum(tensor.nbytes for tensor in base.tensors.values()))
    plain = write_plain_copy(base, copy, counter.advance, job.cancel)
    written = _write(replace(writing, base=plain))
    shutil.rmtree(copy)
    planned = as_from_packed(written.planned, base, plain)
    with open_error_stats(planned, original_of(job.ready)) as errors:
        measure_written(planned, read_checkpoint(job.folder), errors, job.cancel)
    return replace(written, planned=planned, findings=error_findings(errors))


def _write(writing: Writing) -> Written:
    base, [mapped] = writing.base, writing.job.ready.mapped
    model = attach(base, mapped.adapter)
    try:
        surveyed = survey(model, base, mapped.adapter)
        writing.job.cancel.check()
        if surveyed.layers is not None:
            return _write_layers(writing, surveyed)
        dtype = whole.loading_dtype(base, writing.job.request.precision)
        if dtype is torch.float32:
            let_go(model)
            model = attach(base, mapped.adapter, dtype)
        return _write_whole(writing, model, surveyed)
    finally:
        let_go(model)


def _write_layers(writing: Writing, surveyed: Survey) -> Written:
    """PEFT merges layer by layer."""
    base, layers, job = writing.base, surveyed.layers or (), writing.job
    request, mapped, keep = job.request, job.ready.mapped, writing.keep_float32
    readable = not why_not_streaming(mapped)
    plan = (
        make_plan(base, mapped, request.precision, keep, request.combination)
        if readable
        else plan_for(surveyed, base, request.precision, keep)
    )
    groups = [list(layer.names.values()) for layer in layers]
    merged = merged_values(layers, {tensor.name: tensor for tensor in plan.tensors}, job.cancel)
    files, untouched = _fill(writing, plan, merged, groups)
    settled, unmoved = (plan, frozenset[str]()) if readable else finalize_plan(plan, groups, untouched)
    return Written(settled.tensors, files, unmoved=unmoved)


def _write_whole(writing: Writing, model: Any, surveyed: Survey) -> Written:
    """PEFT merges the whole model in memory."""
    base, job = writing.base, writing.job
    merged = whole.merge_whole(model, surveyed.targeted, base, job.cancel.check)
    plain = make_plan(base, [], job.request.precision, writing.keep_float32)
    plan = mark(plain, base, merged.targeted, merged.splits_tie)
    files, untouched = _fill(writing, plan, merged.values(plan.tensors, job.cancel), merged.modules)
    settled, unmoved = finalize_plan(plan, merged.modules, untouched)
    return Written(settled.tensors, files, Code.WHOLE_MODEL, unmoved)


def _fill(
    writing: Writing, plan: Plan, merged: Iterable[MergedTensor], groups: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], set[str]]:
    """Write what PEFT merged, and stream all that is in none of its ``groups`` from the base.

    Gives the names of all files, and of the tensors that PEFT left as they were.
    """
    job = writing.job
    layout = make_layout(plan, writing.base, job.request.max_shard_size)
    counter = job.start(Stage.MERGE, plan.tensor_bytes)
    with create_shards(job.folder, layout) as outputs:
        untouched = write_merged(merged, layout, outputs, counter.advance, writing.stats)
        rest = without(layout, {name for group in groups for name in group})
        streaming.stream(rest, outputs, counter.advance, job.cancel, stats=writing.stats, threads=job.request.threads)
    return write_beside(writing, plan, layout), untouched
