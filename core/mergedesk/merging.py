"""Writing and verifying, as job.py orders it: the part of the pipeline that needs torch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .checkpoints.files import CONFIG, WEIGHTS_INDEX
from .checkpoints.model import Checkpoint, read_checkpoint
from .checkpoints.quantisation import stated_quantisation
from .checkpoints.safetensors_header import TensorRecord
from .engines import peft_layers, streaming
from .errors import UserError
from .findings import Check, Code
from .model_class import class_facts, let_go
from .output.companions import ConfigChanges, companion_files, write_companions, write_config, write_text
from .output.shards import create_shards
from .planning.layout import Layout, index_text, make_layout
from .planning.plan import Action, PlannedTensor, make_plan, output_dtype, why_not_streaming
from .planning.preflight import Prepared, needs_whole_model
from .progress import CancelToken, Stage
from .request import Engine, MergeRequest, Precision
from .verification.numbers import number_checks, same_values
from .verification.reload import reload_checks
from .verification.structure import layout_files, structure_checks

# Where PEFT saves a whole model, inside the staging folder.
_SAVED = ".saved"
_DTYPES = {Precision.FLOAT32: "F32", Precision.BFLOAT16: "BF16", Precision.FLOAT16: "F16"}


class StageCounter(Protocol):
    """Counts bytes within one stage."""

    def advance(self, count: int, detail: str) -> None:
        """Add ``count`` bytes done on ``detail``."""


StartStage = Callable[[Stage, int], StageCounter]


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the staging folder: the plan as it came out, and the files it should hold.

    ``unmoved`` are targeted tensors that PEFT's own merge left as they were.
    """

    planned: tuple[PlannedTensor, ...]
    files: tuple[str, ...]
    engine_reason: Code | None = None
    unmoved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proof:
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
    if prepared.preflight.engine is Engine.PEFT:
        written = _write_through_peft(request, prepared, keep, folder, start, cancel)
    else:
        plan = make_plan(base, prepared.mapped, request.precision, keep)
        layout = make_layout(plan, base, request.max_shard_size)
        with create_shards(folder, layout) as outputs:
            streaming.stream(layout, outputs, start(Stage.MERGE, plan.tensor_bytes).advance, cancel)
        files = _write_companions(request, prepared, plan.splits_tie, folder)
        written = Written(plan.tensors, (*files, *_write_index(base, layout, folder)))
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
    base = prepared.base
    assert base is not None
    adapter = prepared.mapped[0].adapter
    whole = needs_whole_model(adapter)
    wrapped = peft_layers.wrap(base, adapter, request.precision, whole)
    try:
        if wrapped.layers is None and not whole and request.precision is not Precision.AUTO:
            let_go(wrapped.model)
            wrapped = peft_layers.wrap(base, adapter, request.precision, whole=True)
        cancel.check()
        if wrapped.layers is None:
            return _write_whole(request, prepared, wrapped, folder, start, cancel)
        return _write_layers(request, prepared, keep, (wrapped, wrapped.layers), folder, start, cancel)
    finally:
        let_go(wrapped.model)


def _write_layers(
    request: MergeRequest,
    prepared: Prepared,
    keep: Sequence[str],
    attached: tuple[peft_layers.Wrapped, Sequence[peft_layers.TunerLayer]],
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
) -> Written:
    """PEFT merges layer by layer; whatever no layer holds is streamed."""
    base, mapped, (wrapped, layers) = prepared.base, prepared.mapped, attached
    assert base is not None
    readable = not why_not_streaming(mapped)
    plan = (
        make_plan(base, mapped, request.precision, keep)
        if readable
        else peft_layers.plan_for(wrapped, base, request.precision, keep)
    )
    layout = make_layout(plan, base, request.max_shard_size)
    counter = start(Stage.MERGE, plan.tensor_bytes)
    with create_shards(folder, layout) as outputs:
        untouched = peft_layers.merge_layers(layers, layout, outputs, counter.advance, cancel)
        streaming.stream(peft_layers.without_layers(layout, layers), outputs, counter.advance, cancel)
    files = _write_companions(request, prepared, plan.splits_tie, folder)
    settled, unmoved = (plan, frozenset[str]()) if readable else peft_layers.settle(plan, layers, untouched)
    return Written(settled.tensors, (*files, *_write_index(base, layout, folder)), unmoved=unmoved)


def _write_whole(
    request: MergeRequest,
    prepared: Prepared,
    wrapped: peft_layers.Wrapped,
    folder: Path,
    start: StartStage,
    cancel: CancelToken,
) -> Written:
    """PEFT merges the whole model in memory and saves it; only the weights are taken from what it saved."""
    base, saved = prepared.base, folder / _SAVED
    assert base is not None
    counter = start(Stage.MERGE, base.weight_bytes)
    splits = peft_layers.merge_whole(wrapped, saved, request.precision, request.max_shard_size, cancel.check)
    counter.advance(base.weight_bytes, "")
    weights = [file.name for file in sorted(saved.iterdir()) if ".safetensors" in file.name]
    for name in weights:
        (saved / name).rename(folder / name)
    shutil.rmtree(saved)
    files = _write_companions(request, prepared, splits, folder)
    written = read_checkpoint(folder)
    planned = observed_plan(base, written, request.precision)
    return Written(planned, (*files, *weights), Code.WHOLE_MODEL)


def observed_plan(base: Checkpoint, written: Checkpoint, precision: Precision) -> tuple[PlannedTensor, ...]:
    """What a whole-model merge should have written: every tensor of the base, at the precision asked for.

    Which tensors the method changes is only known to PEFT, so each one that differs counts as merged.
    """
    changed = {name for name, record in base.tensors.items() if not _kept(written.tensors.get(name), record)}
    # Where nothing differs, all counts as meant to: so that verification says it instead of passing over it.
    targeted = changed or set(base.tensors)
    return tuple(_observed(record, precision, name in targeted) for name, record in base.tensors.items())


def _kept(stored: TensorRecord | None, record: TensorRecord) -> bool:
    return stored is not None and same_values(stored, record)


def _observed(record: TensorRecord, precision: Precision, targeted: bool) -> PlannedTensor:
    dtype = output_dtype(record, precision)
    plain = Action.COPY if dtype == record.dtype else Action.CAST
    return PlannedTensor(record.name, dtype, record.shape, Action.MERGE if targeted else plain, record, record)


def _write_companions(request: MergeRequest, prepared: Prepared, splits_tie: bool, folder: Path) -> tuple[str, ...]:
    """The config and everything beside the weights; returns the names of the files."""
    base = prepared.base
    assert base is not None
    companions = companion_files(base.folder, [one.adapter.folder for one in prepared.mapped])
    write_companions(companions, folder)
    changes = ConfigChanges(
        dtype=_DTYPES.get(request.precision),
        untie=splits_tie,
        drop_quantisation=stated_quantisation(base.config) is not None,
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
        reload = pool.submit(reload_checks, folder, result.config, base.folder, cancel)
        if set(result.tensors) == {tensor.name for tensor in written.planned}:
            checks += number_checks(written.planned, result.tensors, counter.advance, cancel, written.unmoved)
        reloaded = reload.result()
    cancel.check()
    return Proof(reloaded.class_name, (*checks, *reloaded.checks))
