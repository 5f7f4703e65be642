"""A plain model, or a planned merge, written with packed linear layers and proved: what two pipelines do alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, read_checkpoint
from ..checkpoints.files import CONFIG, REPORT, WEIGHTS_INDEX
from ..domain.findings import Check, CheckCode, Code, Finding, UserError, check_of, info, warning
from ..domain.packed_export import PackedModule
from ..domain.progress import CancelToken, Progress, Report, Stage, StageCounter
from ..engines.streaming import stream
from ..export.packed.judge import TileSums
from ..export.packed.plan import PackedPlan, is_stacked
from ..export.packed.scheme import Scheme
from ..export.packed.write import Filling, pack_weight, pack_weights, rows_of_weight, write_known
from ..output.companions import ConfigChanges, companion_files, write_companions, write_packed_config, write_text
from ..output.own_card import CARD
from ..output.shards import create_shards
from ..planning.layout import Layout, index_text, layout_files
from ..planning.plan import Action, PlannedTensor
from ..planning.tied_embeddings import find_tie
from ..quantization.detect import seen_unpacked
from ..storage.open_files import open_files
from ..verification.compare.rows import is_finite_in
from ..verification.hot.hot_judge import HotJudge, hot_judge
from ..verification.hot.kept_proofs import KeptProofs
from ..verification.staged import reload, structure, values
from ..verification.staged.staged_check import StagedMerge
from .merge_in_pieces import begin_supply, bring_back_unproved
from .merge_job import Supplies
from .packed_load import Load, loading_packed

_PLAIN = frozenset({"BF16", "F16", "F32"})


@dataclass(frozen=True, slots=True)
class PackingJob:
    """What is written from ``model`` into ``folder``. ``adapters`` are folders whose tokenizer counts.

    ``written_last``: what stands beside it in the end, and says what was checked. ``supply`` brings the model.
    """

    model: Checkpoint
    plan: PackedPlan
    layout: Layout
    scheme: Scheme
    folder: Path
    report: Report
    cancel: CancelToken
    adapters: tuple[Path, ...] = ()
    config: ConfigChanges = field(default_factory=ConfigChanges)
    written_last: tuple[str, ...] = (CARD, REPORT)
    supply: Supplies | None = None

    def counted(self, stage: Stage, nbytes: int) -> StageCounter:
        """Report a stage's beginning. Gives what counts its bytes."""
        self.report(Progress(stage, 0, nbytes))
        return StageCounter(self.report, stage, nbytes)


@dataclass(frozen=True, slots=True)
class PackingProof:
    """What was seen of every packed weight as it was written, by module, and what was checked at the end.

    ``stacked``: weights of several experts in one, which stay as they are; ``unfit``: layers whose rows are no whole
    groups of ``size``, which do too.
    """

    sums: Mapping[str, TileSums]
    checks: tuple[Check, ...]
    stacked: tuple[PlannedTensor, ...] = ()
    unfit: tuple[str, ...] = ()
    size: int = 0

    @property
    def total(self) -> TileSums:
        """Of all of them together."""
        return sum(self.sums.values(), TileSums())

    def modules(self, names: Sequence[str]) -> tuple[PackedModule, ...]:
        """What each lost, in the order of ``names``."""
        return tuple(PackedModule(name, self.sums[name].loss, self.sums[name].kept) for name in names)

    def told(self, form: str) -> Iterator[Finding]:
        """What rounding took, and what it left of adapters' changes."""
        yield info(Code.EXPORT_PACKED, count=len(self.sums), form=form, loss=round(100 * self.total.loss, 2))
        if self.stacked:
            nbytes = sum(tensor.nbytes for tensor in self.stacked)
            names = [tensor.name for tensor in self.stacked]
            yield warning(Code.EXPORT_STACKED, names=names, count=len(names), bytes=nbytes)
        if self.unfit:
            yield warning(Code.EXPORT_UNFIT, names=list(self.unfit), count=len(self.unfit), size=self.size)
        if self.total.kept is not None:
            yield info(Code.EXPORT_KEPT, form=form, kept=round(100 * self.total.kept, 1))


def write_and_prove(job: PackingJob) -> PackingProof:
    """Fill the folder and look at all of it. Raises Cancelled, UserError."""
    names = _write_beside(job)
    with loading_packed(job.plan, job.model) as load:
        sums, proofs = _write_weights(job)
        checks = tuple(_checks(job, names, sums, proofs, load))
    stacked = tuple(tensor for tensor in job.plan.plan.tensors if is_stacked(tensor))
    return PackingProof(sums, checks, stacked, job.plan.unfit, job.scheme.size)


def _write_beside(job: PackingJob) -> tuple[str, ...]:
    """Config, index and companions; gives the names of all files, weights included."""
    companions = companion_files(job.model.folder, job.adapters)
    write_companions(companions, job.folder)
    write_packed_config(job.model.folder, job.folder, job.scheme.config(_plain_modules(job)), job.config)
    if job.layout.index is not None:
        write_text(job.folder / WEIGHTS_INDEX, index_text(job.layout))
    return (*companions, CONFIG, *layout_files(job.layout))


def _plain_modules(job: PackingJob) -> list[str]:
    """What the config says is not packed: a head too that is not stored, being the embeddings."""
    tie = find_tie(job.model)
    head = [] if tie is None else [tie.head.removesuffix(".weight")]
    return list(dict.fromkeys([*job.plan.left, *head]))


def _write_weights(job: PackingJob) -> tuple[dict[str, TileSums], KeptProofs]:
    with create_shards(job.folder, job.layout) as outputs, hot_judge(job.folder, job.layout) as judge:
        write_known(job.plan, job.layout, outputs)
        counter = job.counted(Stage.MERGE, job.plan.source_bytes)
        with open_files() as files, open_files() as written:
            filling = Filling(
                outputs,
                files,
                written,
                lambda tensor: rows_of_weight(files, tensor, job.cancel),
                counter.advance,
                job.cancel,
            )
            if job.supply is not None:
                return _supplied(job, job.supply, filling, judge), judge.proofs
            stream(job.layout, outputs, counter.advance, job.cancel, judge=judge)
            return pack_weights(job.plan, _packed_in(read_checkpoint(job.folder), job.plan), filling), judge.proofs


def _supplied(job: PackingJob, supply: Supplies, filling: Filling, judge: HotJudge) -> dict[str, TileSums]:
    """All of it in the order in which the model's pieces come."""
    begin_supply(supply, (*job.plan.plan.tensors, *job.plan.packed.values()))
    packed, sums = _packed_in(read_checkpoint(job.folder), job.plan), dict[str, TileSums]()

    def pack(module: str) -> None:
        sums[module] = pack_weight(job.plan.packed[module], packed[module], filling)

    beside = [(tensor, partial(pack, module)) for module, tensor in job.plan.packed.items()]
    stream(job.layout, filling.outputs, filling.advance, job.cancel, judge=judge, supply=supply, beside=beside)
    bring_back_unproved(supply, job.plan.plan.tensors, judge.proofs)
    return {module: sums[module] for module in job.plan.packed}


def _packed_in(written: Checkpoint, plan: PackedPlan) -> dict[str, PackedTensor]:
    """The packed weights as the result itself says where they lie, by module. Raises UserError(write_failed)."""
    seen, broken = seen_unpacked(written)
    found = {name: seen.tensors.get(f"{name}.weight") for name in plan.packed}
    there = {name: tensor for name, tensor in found.items() if isinstance(tensor, PackedTensor)}
    if broken or len(there) < len(found):
        raise UserError(Code.WRITE_FAILED, file=str(written.folder), reason="")
    return there


def _refuse_not_finite(merge: StagedMerge) -> None:
    """What stays plain, as it was written. Raises Cancelled, UserError(export_not_finite)."""
    with open_files() as files:
        for tensor, record in merge.side_by_side:
            plain = record is not None and tensor.action is not Action.PART and record.dtype in _PLAIN
            if record is not None and plain and not is_finite_in(files, record, merge.cancel):
                raise UserError(Code.EXPORT_NOT_FINITE, name=tensor.name)


def _checks(
    job: PackingJob, names: tuple[str, ...], sums: Mapping[str, TileSums], proofs: KeptProofs, load: Load
) -> Iterator[Check]:
    planned = job.plan.plan.tensors
    counter = job.counted(Stage.VERIFY, sum(tensor.nbytes for tensor in planned))
    merge = StagedMerge(
        job.folder,
        job.model.folder,
        planned,
        names,
        job.model.stated_dtype,
        job.cancel,
        counter.advance,
        packs=True,
        written_last=job.written_last,
        proofs=proofs,
        load=load,
    )
    yield from structure.CHECK.run(merge)
    if isinstance(merge.written, UserError):
        return
    _refuse_not_finite(merge)
    merges = any(tensor.targeted for tensor in planned)
    yield from values.CHECK.run(merge) if merges else values.others_identical(merge)
    there = _packed_in(merge.written, job.plan)
    wrong = sorted({name for name, seen in sums.items() if not seen.proved} | (sums.keys() ^ there.keys()))
    yield check_of(CheckCode.PACKED_NEAREST, not wrong, count=len(sums) - len(wrong), total=len(sums), names=wrong)
    if not wrong:
        yield from reload.CHECK.run(merge)
