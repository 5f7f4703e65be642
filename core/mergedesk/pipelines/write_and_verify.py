"""Writing and verifying, as job.py orders it: the part of the pipeline that needs torch."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import torch

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..checkpoints.files import CONFIG, WEIGHTS_INDEX
from ..domain.errors import UserError
from ..domain.findings import Check, Code, Finding, info, warning
from ..domain.progress import CancelToken, Stage
from ..domain.requests import Engine, MergeRequest, Precision
from ..domain.weight_delta import WeightDelta, advice
from ..engines import streaming
from ..engines.delta_stats import DeltaStats
from ..engines.peft import whole
from ..engines.peft.attach import attach
from ..engines.peft.layers import finalize_plan, merge_layers, plan_for, without
from ..engines.peft.survey import Survey, survey
from ..engines.plain_copy import as_from_packed, write_plain_copy
from ..engines.quantization_error import QuantizationErrorStats, gauge_written, open_gauge
from ..output.companions import ConfigChanges, companion_files, write_companions, write_config, write_text
from ..output.shards import create_shards
from ..planning.engine_choice import needs_plain_copy, why_not_streaming
from ..planning.layout import Layout, index_text, layout_files, make_layout
from ..planning.plan import PlannedTensor, make_plan
from ..planning.preflight import Prepared
from ..planning.task_heads import add_head
from ..quantization.detect import stated_quantization
from ..runtime.transformers_class import class_facts, let_go
from ..verification.staged.registry import run_checks
from ..verification.staged.reload import class_of
from ..verification.staged.staged_check import StagedMerge

# Where a quantised base lies as plain weights while PEFT merges into them.
_PLAIN = ".plain"


class StageCounter(Protocol):
    """Counts bytes within one stage."""

    def advance(self, count: int, detail: str) -> None:
        """Add ``count`` bytes done on ``detail``."""


StartStage = Callable[[Stage, int], StageCounter]


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the staging folder: the plan as it came out, the files it should hold, what is to be said.

    ``unmoved`` are targeted tensors that PEFT's own merge left as they were.
    """

    planned: tuple[PlannedTensor, ...]
    files: tuple[str, ...]
    engine_reason: Code | None = None
    unmoved: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    effect: WeightDelta | None = None


@dataclass(frozen=True, slots=True)
class StagedChecks:
    """What verification found. ``class_name`` is from a real load, None where none was possible."""

    class_name: str | None
    checks: tuple[Check, ...]


def import_libraries() -> None:
    """Load what the first merge would otherwise wait for; importing this module has loaded torch already."""
    import transformers
    import transformers.modeling_utils  # noqa: F401 (transformers loads its parts only when asked)


def write(request: MergeRequest, prepared: Prepared, folder: Path, start: StartStage, cancel: CancelToken) -> Written:
    """Fill ``folder`` with weights and companions. Raises Cancelled and UserError; the folder is then of no use."""
    base = prepared.base
    assert base is not None
    start(Stage.PLAN, 0)
    cancel.check()
    keep = _keep_float32(base, request.precision)
    effect = DeltaStats()
    if prepared.preflight.engine is Engine.PEFT:
        through_peft = _write_plain_copy_first if needs_plain_copy(base) else _write_through_peft
        written = through_peft(request, prepared, keep, folder, start, cancel, effect)
    else:
        plan = make_plan(base, prepared.mapped, request.precision, keep, request.combination)
        plan = add_head(plan, prepared.head, request.precision, keep)
        layout = make_layout(plan, base, request.max_shard_size)
        with create_shards(folder, layout) as outputs, open_gauge(plan.tensors, _original(prepared)) as gauge:
            streaming.stream(layout, outputs, start(Stage.MERGE, plan.tensor_bytes).advance, cancel, gauge, effect)
        files = _write_companions(request, prepared, plan.splits_tie, folder)
        written = Written(plan.tensors, (*files, *_write_index(base, layout, folder)), findings=gauge_findings(gauge))
    found = effect.effect(written.planned)
    return replace(written, effect=found, findings=(*written.findings, *advice(found)))


def _keep_float32(base: Checkpoint, precision: Precision) -> tuple[str, ...]:
    """Patterns of tensors that the class keeps at float32 when it is loaded at ``precision``."""
    if precision not in (Precision.FLOAT16, Precision.BFLOAT16):
        return ()
    facts = class_facts(base.folder, base.config)
    if facts is None:
        return ()
    return facts.float32_in_float16 if precision is Precision.FLOAT16 else facts.float32_in_bfloat16


def _write_plain_copy_first(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
    effect: DeltaStats,
) -> Written:
    """PEFT merges into plain weights only, and maps those of some files: they are written first, and removed again."""
    base, copy = prepared.base, folder / _PLAIN
    assert base is not None
    counter = start(Stage.MERGE, sum(tensor.nbytes for tensor in base.tensors.values()))
    plain = write_plain_copy(base, copy, counter.advance, cancel)
    written = _write_through_peft(request, replace(prepared, base=plain), keep, folder, start, cancel, effect)
    shutil.rmtree(copy)
    planned = as_from_packed(written.planned, base, plain)
    with open_gauge(planned, _original(prepared)) as gauge:
        gauge_written(planned, read_checkpoint(folder), gauge, cancel)
    return replace(written, planned=planned, findings=gauge_findings(gauge))


def _original(prepared: Prepared) -> Checkpoint | None:
    """The 16-bit original of a quantised base, where it is on this computer and whole."""
    paths = (one.data.get("original_path") for one in prepared.preflight.findings if one.code is Code.WILL_DEQUANTIZE)
    try:
        return next((read_checkpoint(Path(path)) for path in paths if isinstance(path, str)), None)
    except UserError:
        return None


def gauge_findings(gauge: QuantizationErrorStats) -> tuple[Finding, ...]:
    """What a gauge says: the errors' size as a multiple of the adapter's change, and both as shares of the weights."""
    if not gauge.delta or not gauge.weights:
        return ()
    code = Code.QUANTIZATION_ERROR_MEASURED if gauge.measured else Code.QUANTIZATION_ERROR_ESTIMATED
    ratio = math.sqrt(gauge.error / gauge.delta)
    shares = {
        "error_percent": _two_digits(100 * math.sqrt(gauge.error / gauge.weights)),
        "delta_percent": _two_digits(100 * math.sqrt(gauge.delta / gauge.weights)),
    }
    return ((warning if ratio > 1 else info)(code, ratio=_two_digits(ratio), **shares),)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _write_through_peft(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
    effect: DeltaStats,
) -> Written:
    base, [mapped] = prepared.base, prepared.mapped
    assert base is not None
    model = attach(base, mapped.adapter)
    try:
        found = survey(model, base, mapped.adapter)
        cancel.check()
        if found.layers is not None:
            return _write_layers(request, prepared, keep, found, folder, start, cancel, effect)
        dtype = whole.loading_dtype(base, request.precision)
        if dtype is torch.float32:
            let_go(model)
            model = attach(base, mapped.adapter, dtype)
        return _write_whole(request, prepared, keep, (model, found), folder, start, cancel, effect)
    finally:
        let_go(model)


def _write_layers(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    found: Survey,
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
    effect: DeltaStats,
) -> Written:
    """PEFT merges layer by layer; whatever no layer holds is streamed."""
    base, layers = prepared.base, found.layers or ()
    assert base is not None
    readable = not why_not_streaming(prepared.mapped)
    plan = (
        make_plan(base, prepared.mapped, request.precision, keep, request.combination)
        if readable
        else plan_for(found, base, request.precision, keep)
    )
    layout = make_layout(plan, base, request.max_shard_size)
    counter = start(Stage.MERGE, plan.tensor_bytes)
    groups = [list(layer.names.values()) for layer in layers]
    with create_shards(folder, layout) as outputs:
        untouched = merge_layers(layers, layout, outputs, counter.advance, cancel, effect)
        rest = without(layout, {name for group in groups for name in group})
        streaming.stream(rest, outputs, counter.advance, cancel, effect=effect)
    files = _write_companions(request, prepared, plan.splits_tie, folder)
    settled, unmoved = (plan, frozenset[str]()) if readable else finalize_plan(plan, groups, untouched)
    return Written(settled.tensors, (*files, *_write_index(base, layout, folder)), unmoved=unmoved)


def _write_whole(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    attached: tuple[Any, Survey],
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
    effect: DeltaStats,
) -> Written:
    """PEFT merges the whole model in memory; what the adapter does not touch is streamed from the base all the same."""
    base, (model, found) = prepared.base, attached
    assert base is not None
    merged = whole.merge_whole(model, found.targeted, base, cancel.check)
    plan = whole.mark(make_plan(base, [], request.precision, keep), merged, base)
    layout = make_layout(plan, base, request.max_shard_size)
    counter = start(Stage.MERGE, plan.tensor_bytes)
    with create_shards(folder, layout) as outputs:
        untouched = whole.write_merged(merged, layout, outputs, counter.advance, cancel, effect)
        streaming.stream(without(layout, merged.targeted), outputs, counter.advance, cancel, effect=effect)
    files = _write_companions(request, prepared, plan.splits_tie, folder)
    settled, unmoved = finalize_plan(plan, merged.modules, untouched)
    return Written(settled.tensors, (*files, *_write_index(base, layout, folder)), Code.WHOLE_MODEL, unmoved)


def _write_companions(request: MergeRequest, prepared: Prepared, splits_tie: bool, folder: Path) -> tuple[str, ...]:
    """The config and everything beside the weights; returns the names of the files."""
    base = prepared.base
    assert base is not None
    dtype = request.precision.dtype
    companions = companion_files(base.folder, [folder for one in prepared.mapped for folder in one.adapter.folders])
    write_companions(companions, folder)
    changes = ConfigChanges(
        dtype=dtype.name if dtype else None,
        untie=splits_tie,
        drop_quantization=stated_quantization(base.config) is not None,
        vocabulary=(prepared.resize.before, prepared.resize.after) if prepared.resize else None,
        head=prepared.head.config if prepared.head else {},
    )
    write_config(base.folder, folder, changes)
    return (*companions, CONFIG)


def _write_index(base: Checkpoint, layout: Layout, folder: Path) -> list[str]:
    """The index, the base's own to the byte where it is still true; returns the names of it and the weight files."""
    if layout.index is not None and layout.index == base.index:
        write_companions({WEIGHTS_INDEX: base.folder / WEIGHTS_INDEX}, folder)
    elif layout.index is not None:
        write_text(folder / WEIGHTS_INDEX, index_text(layout))
    return layout_files(layout)


def verify_staged(
    request: MergeRequest,
    prepared: Prepared,
    folder: Path,
    written: Written,
    start: StartStage,
    cancel: CancelToken,
) -> StagedChecks:
    """Read the staging folder back from the disk and prove it. Raises Cancelled, UserError(read_failed)."""
    base = prepared.base
    assert base is not None
    merge = StagedMerge(
        folder,
        base.folder,
        written.planned,
        written.files,
        base.stated_dtype if request.precision is Precision.AUTO else request.precision.value,
        cancel,
        start(Stage.VERIFY, sum(tensor.nbytes for tensor in written.planned)).advance,
        written.unmoved,
    )
    checks = run_checks(merge)
    cancel.check()
    return StagedChecks(class_of(checks), checks)
