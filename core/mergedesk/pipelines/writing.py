"""What the ways to write an output have in common: what they need, what they give, the files beside the weights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import CONFIG, WEIGHTS_INDEX
from ..domain.findings import Code, Finding
from ..domain.weight_delta import WeightDelta
from ..engines.delta_stats import DeltaStats
from ..output.companions import ConfigChanges, companion_files, write_companions, write_config, write_text
from ..output.journal_writer import JournalWriter
from ..planning.layout import Layout, index_text, layout_files
from ..planning.plan import Plan, PlannedTensor
from ..quantization.detect import stated_quantization
from ..verification.hot.kept_proofs import KeptProofs
from .merge_job import MergeJob


@dataclass(frozen=True, slots=True)
class Writing:
    """A merge that is being written from ``base``, which may be a plain copy of the job's.

    ``keep_float32`` are patterns of tensors that the class keeps at float32; ``stats`` gathers what the merge changes.
    """

    job: MergeJob
    base: Checkpoint
    keep_float32: Sequence[str]
    stats: DeltaStats


@dataclass(frozen=True, slots=True)
class Written:
    """What went into the staging folder: the plan as it came out, the files it should hold, what is to be said.

    ``unmoved`` are targeted tensors that PEFT's own merge left as they were; ``journal`` has to learn of what was
    written last once that is synced; ``proofs`` are what each tile showed when it was written.
    """

    planned: Collection[PlannedTensor]
    files: tuple[str, ...]
    engine_reason: Code | None = None
    unmoved: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    effect: WeightDelta | None = None
    journal: JournalWriter | None = None
    proofs: KeptProofs = field(default_factory=KeptProofs)


def write_beside(writing: Writing, plan: Plan, layout: Layout) -> tuple[str, ...]:
    """The config, the index and all else that goes with the weights; gives the names of all files, weights included."""
    ready, base, folder = writing.job.ready, writing.base, writing.job.folder
    dtype = writing.job.request.precision.dtype
    adapter_folders = [folder for resolved in ready.mapped for folder in resolved.adapter.folders]
    companions = companion_files(base.folder, adapter_folders, packed=base.stays_packed)
    write_companions(companions, folder)
    changes = ConfigChanges(
        dtype=dtype.name if dtype else None,
        untie=plan.splits_tie,
        drop_quantization=not base.stays_packed and stated_quantization(base.config) is not None,
        vocabulary=(ready.resize.before, ready.resize.after) if ready.resize else None,
        head=ready.head.config if ready.head else {},
    )
    write_config(base.folder, folder, changes)
    return (*companions, CONFIG, *_write_index(writing, layout))


def _write_index(writing: Writing, layout: Layout) -> list[str]:
    """The index, the base's own to the byte where it is still true; gives the names of it and the weight files."""
    base, folder = writing.base, writing.job.folder
    if layout.index is not None and layout.index == base.index:
        write_companions({WEIGHTS_INDEX: base.folder / WEIGHTS_INDEX}, folder)
    elif layout.index is not None:
        write_text(folder / WEIGHTS_INDEX, index_text(layout))
    return layout_files(layout)
