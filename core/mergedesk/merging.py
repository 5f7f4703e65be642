"""Writing and verifying, as job.py orders it: the part of the pipeline that needs torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .checkpoints.files import CONFIG, WEIGHTS_INDEX
from .checkpoints.model import Checkpoint, read_checkpoint
from .checkpoints.quantisation import stated_quantisation
from .checkpoints.tokenizer_files import tokenizer_length
from .engines import peft_layers, streaming
from .errors import UserError
from .findings import Check, Code
from .model_class import class_facts
from .output.companions import ConfigChanges, companion_files, write_companions, write_config, write_text
from .output.shards import create_shards
from .planning.layout import Layout, index_text, make_layout
from .planning.plan import Action, Plan, PlannedTensor, make_plan, why_not_streaming
from .planning.preflight import Prepared
from .progress import CancelToken, Stage
from .request import Engine, MergeRequest, Precision
from .verification.numbers import number_checks
from .verification.reload import reload_checks
from .verification.structure import layout_files, structure_checks

_DTYPES = {Precision.FLOAT32: "F32", Precision.BFLOAT16: "BF16", Precision.FLOAT16: "F16"}


class StageCounter(Protocol):
    """Counts bytes within one stage."""

    def advance(self, count: int, detail: str) -> None:
        """Add ``count`` bytes done on ``detail``."""


StartStage = Callable[[Stage, int], StageCounter]


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the staging folder: the plan as it came out, and the files it should hold."""

    planned: tuple[PlannedTensor, ...]
    files: tuple[str, ...]
    engine_reason: Code | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What verification found. ``class_name`` is from a real load, None where none was possible."""

    class_name: str | None
    checks: tuple[Check, ...]


def import_libraries() -> None:
    """Load what the first merge would otherwise wait for; importing this module has loaded torch already."""
    import transformers
    import transformers.modeling_utils  # noqa: F401 (transformers loads its parts only when asked)


def write(
    request: MergeRequest, prepared: Prepared, folder: Path, start: StartStage, cancel: CancelToken
) -> Written:
    """Fill ``folder`` with weights and companions. Raises Cancelled and UserError; the folder is then of no use."""
    base = prepared.base
    assert base is not None
    start(Stage.PLAN, 0)
    keep = _keep_float32(base, request.precision)
    if prepared.preflight.engine is Engine.PEFT:
        written = _write_through_peft(request, prepared, keep, folder, start, cancel)
    else:
        plan = make_plan(base, prepared.mapped, request.precision, keep)
        layout = make_layout(plan, base, request.max_shard_size)
        with create_shards(folder, layout) as outputs:
            streaming.stream(layout, outputs, start(Stage.MERGE, plan.tensor_bytes).advance, cancel)
        written = Written(plan.tensors, _write_companions(request, prepared, plan, layout, folder))
    return written


def _keep_float32(base: Checkpoint, precision: Precision) -> tuple[str, ...]:
    """Patterns of tensors that the class keeps at float32 when it is loaded at ``precision``."""
    if precision not in (Precision.FLOAT16, Precision.BFLOAT16):
        return ()
    facts = class_facts(base.folder, base.config)
    if facts is None:
        return ()
    return facts.float32_in_float16 if precision is Precision.FLOAT16 else facts.float32_in_bfloat16


def _write_through_peft(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
) -> Written:
    base, mapped = prepared.base, prepared.mapped
    assert base is not None
    whole = _init_alters_base(prepared)
    wrapped = peft_layers.wrap(base, mapped[0].adapter, request.precision, whole)
    cancel.check()
    if whole or wrapped.layers is None:
        return _write_whole(request, prepared, wrapped, folder, start, cancel)
    readable = not why_not_streaming(mapped)
    plan = (
        make_plan(base, mapped, request.precision, keep)
        if readable
        else peft_layers.plan_for(wrapped, base, request.precision, keep)
    )
    layout = make_layout(plan, base, request.max_shard_size)
    counter = start(Stage.MERGE, plan.tensor_bytes)
    with create_shards(folder, layout) as outputs:
        untouched = peft_layers.merge_layers(wrapped.layers, layout, outputs, counter.advance, cancel)
        rest = peft_layers.without_layers(layout, wrapped.layers)
        streaming.stream(rest, outputs, counter.advance, cancel)
    settled = plan if readable else peft_layers.settle(plan, wrapped.layers, untouched)
    return Written(settled.tensors, _write_companions(request, prepared, plan, layout, folder))


def _init_alters_base(prepared: Prepared) -> bool:
    from .planning.lora_config import formula_changes

    return any("init_lora_weights" in formula_changes(one.adapter.config) for one in prepared.mapped)


def _write_whole(
    request: MergeRequest,
    prepared: Prepared,
    wrapped: peft_layers.Wrapped,
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
) -> Written:
    """PEFT merges the whole model in memory; what stands beside the weights still comes from the base."""
    base = prepared.base
    assert base is not None
    counter = start(Stage.MERGE, base.weight_bytes)
    peft_layers.merge_whole(wrapped, folder, request.precision, request.max_shard_size, cancel.check)
    counter.advance(base.weight_bytes, "")
    companions = {
        name: source
        for name, source in _companions(prepared).items()
        if not (folder / name).exists() or name != "generation_config.json"
    }
    write_companions(companions, folder)
    written = read_checkpoint(folder)
    planned = observed_plan(base, written, request.precision)
    files = sorted(entry.relative_to(folder).as_posix() for entry in folder.rglob("*") if entry.is_file())
    return Written(planned, tuple(files), Code.WHOLE_MODEL)


def observed_plan(
    base: Checkpoint, written: Checkpoint, precision: Precision
) -> tuple[PlannedTensor, ...]:
    """What a whole-model merge should have written: every tensor of the base, at the precision asked for.

    Which tensors the method changes is only known to PEFT, so each one that differs counts as merged.
    """
    from .planning.plan import output_dtype
    from .verification.numbers import same_values

    planned = []
    for name, record in base.tensors.items():
        dtype = output_dtype(record, precision)
        stored = written.tensors.get(name)
        plain = Action.COPY if dtype == record.dtype else Action.CAST
        kept = stored is not None and same_values(stored, record)
        planned.append(PlannedTensor(name, dtype, record.shape, plain if kept else Action.MERGE, record, record))
    return tuple(planned)


def _companions(prepared: Prepared) -> dict[str, Path]:
    assert prepared.base is not None
    return companion_files(prepared.base.folder, [one.adapter.folder for one in prepared.mapped])


def _write_companions(
    request: MergeRequest, prepared: Prepared, plan: Plan, layout: Layout, folder: Path
) -> tuple[str, ...]:
    """Everything beside the weights; returns the names of all files the folder should now hold."""
    base = prepared.base
    assert base is not None
    companions = _companions(prepared)
    write_companions(companions, folder)
    changes = ConfigChanges(
        dtype=_DTYPES.get(request.precision),
        untie=plan.splits_tie,
        drop_quantisation=stated_quantisation(base.config) is not None,
    )
    write_config(base.folder, folder, changes)
    if layout.index is not None and layout.index == base.index:
        write_companions({WEIGHTS_INDEX: base.folder / WEIGHTS_INDEX}, folder)
    elif layout.index is not None:
        write_text(folder / WEIGHTS_INDEX, index_text(layout))
    return (*companions, CONFIG, *layout_files(layout))


def verify(
    request: MergeRequest,
    prepared: Prepared,
    folder: Path,
    written: Written,
    start: StartStage,
    cancel: CancelToken,
) -> Proof:
    """Read the staging folder back from the disk and prove it. Raises Cancelled, UserError(read_failed)."""
    base = prepared.base
    assert base is not None
    counter = start(Stage.VERIFY, sum(tensor.nbytes for tensor in written.planned))
    dtype = base.stated_dtype if request.precision is Precision.AUTO else request.precision.value
    checks = list(structure_checks(folder, written.planned, written.files, dtype))
    try:
        result = read_checkpoint(folder)
    except UserError:  # the checks above have told
        return Proof(None, tuple(checks))
    with ThreadPoolExecutor(1, thread_name_prefix="mergedesk-reload") as pool:
        reload = pool.submit(reload_checks, folder, result.config, tokenizer_length(base.folder))
        if set(result.tensors) == {tensor.name for tensor in written.planned}:
            checks += number_checks(written.planned, result.tensors, counter.advance, cancel)
        reloaded = reload.result()
    cancel.check()
    return Proof(reloaded.class_name, (*checks, *reloaded.checks))
