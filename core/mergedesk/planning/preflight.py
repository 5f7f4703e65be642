"""Everything that can be known before a weight is read, and whether the merge may start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, Severity, UserError, all_about, any_error, info
from ..domain.folder_info import FolderInfo
from ..domain.merge_report import ModuleCounts
from ..domain.precision_advice import PrecisionAdvice
from ..domain.requests import CheckRequest, Engine, Precision
from ..foreign_adapters.registry import settled
from ..inspection.inspect_folder import read_folder
from ..runtime.garbage import without_collecting
from ..storage.holes import hole_bytes
from ..storage.safetensors_header import stored_bytes
from .adapter_repair import repair
from .beside_weights import fold_beside
from .checks.base_adapter_match import pairing_findings
from .checks.output_folder import existing_parent, free_bytes, output_findings, size_findings, space_findings
from .checks.pair_checks import pair_findings
from .checks.shape_checks import modules_named_in
from .engine_choice import choose_engine, needs_plain_copy, why_not_streaming
from .pattern_cost import pattern_findings
from .plan import Plan, bytes_of, make_plan, output_dtype, with_rounding
from .resolved_adapter import ResolvedAdapter, map_adapter, names_modules
from .task_heads import NewHead, add_head, find_head, head_findings, with_head
from .time_forecast import Amounts, amounts_of
from .unmerged_base import is_held_apart, settle_unmerged
from .unquantized_original import is_refused_as_quantized, settle_quantization
from .vocabulary_resize import Resize, find_resize, resize_findings, resized


@dataclass(frozen=True, slots=True)
class Preflight:
    """What the checks found. Sizes in bytes; None where it could not be worked out.

    ``amounts``: what a streamed merge reads and writes; ``expected_seconds``: how long that will take on these disks,
    and ``expected_between``, where earlier merges tell how far off that may be.
    ``advice``: what precisions would keep of the adapter, where that was asked. ``pieces_bytes``: what lies beside the
    output while a base on a hub is merged that is not kept.
    """

    base: FolderInfo
    adapters: tuple[FolderInfo, ...]
    findings: tuple[Finding, ...]
    engine: Engine | None = None
    engine_reason: Code | None = None
    modules: ModuleCounts = ModuleCounts()
    base_bytes: int | None = None
    predicted_bytes: int | None = None
    free_bytes: int | None = None
    amounts: Amounts | None = None
    expected_seconds: float | None = None
    expected_between: tuple[float, float] | None = None
    advice: PrecisionAdvice | None = None
    pieces_bytes: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the merge must not start."""
        return any_error(self.findings)

    def saying(self, findings: Iterable[Finding]) -> Preflight:
        """The same with more to be said."""
        return replace(self, findings=(*self.findings, *findings))


@dataclass(frozen=True, slots=True)
class Refused:
    """A preflight that lets no merge start, with what could be read: a base may be tried without the adapter.

    Nothing is added to that base, so ``resize`` and ``head`` are None.
    """

    preflight: Preflight
    base: Checkpoint | None = None
    mapped: tuple[ResolvedAdapter, ...] = ()
    resize: None = None
    head: None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A preflight that lets the merge start, with what was read for it.

    ``resize``: the vocabulary that ``base`` is seen with, which the config must say too; so with ``head``.
    """

    preflight: Preflight
    base: Checkpoint
    mapped: tuple[ResolvedAdapter, ...]
    engine: Engine
    resize: Resize | None = None
    head: NewHead | None = None

    @property
    def given(self) -> tuple[ResolvedAdapter, ...]:
        """The adapters that were chosen, without one that the base itself held."""
        return tuple(resolved for resolved in self.mapped if not resolved.adapter.inner)


@dataclass(frozen=True, slots=True)
class Room:
    """What the output may take: ``free`` bytes, None where its disk is to be asked, and ``reused`` that lie there.

    ``holes_stay``: what is a hole in the base will be one in the output.
    """

    free: int | None = None
    reused: int = 0
    holes_stay: bool = True


ANY_ROOM = Room()


@dataclass(frozen=True, slots=True)
class _Pair:
    """The base as the merge sees it, and the adapters laid over it. ``packed``: its names are of packed parts."""

    base: Checkpoint
    mapped: tuple[ResolvedAdapter, ...]
    packed: bool
    head: NewHead | None
    resize: Resize | None


@without_collecting()
def prepare(request: CheckRequest, room: Room = ANY_ROOM) -> Refused | Ready:
    """Look at both folders and everything their headers tell; torch stays unimported. Never raises for bad input."""
    adapters = [read_folder(choice.folder, request.follow_links) for choice in request.adapters]
    base = settle_quantization(read_folder(request.base, request.follow_links), adapters, request)
    base, own = settle_unmerged(base, request)
    inputs = [request.base, *(choice.folder for choice in request.adapters)]
    of_output = output_findings(request.output, inputs, request.overwrite) if request.output else ()
    findings = (*pairing_findings(base, adapters), *of_output)
    early = Preflight(base.folder_info, tuple(folder.folder_info for folder in adapters), findings)
    whole = [folder.adapter for folder in adapters if folder.adapter is not None]
    if base.checkpoint is None or not whole or len(whole) < len(adapters):
        return Refused(early, base.checkpoint)
    if is_held_apart(base.folder_info):
        return Refused(early, base.checkpoint)
    if costly := tuple(pattern_findings([*filter(None, [own]), *whole], base.checkpoint)):
        return Refused(replace(early, findings=(*findings, *costly)), base.checkpoint)
    pair, said = _resolve(request, base.checkpoint, whole, own, is_refused_as_quantized(base.folder_info))
    if room.free is None and request.output:
        room = replace(room, free=free_bytes(request.output))
    return _judge(request, pair, replace(early, findings=(*findings, *said)), room)


def _resolve(
    request: CheckRequest, base: Checkpoint, adapters: Sequence[Adapter], own: Adapter | None, packed: bool
) -> tuple[_Pair, list[Finding]]:
    native = [settled(adapter, base) for adapter in adapters]
    whole = [(one, []) if packed else fold_beside(one, base) for one, _ in native]
    repaired = [repair(adapter, base) for adapter, _ in whole]
    mapped = tuple(
        map_adapter(base, adapter, choice.weight)
        for (adapter, _), choice in zip(repaired, request.adapters, strict=True)
    )
    if own:
        mapped = (map_adapter(base, repair(own, base)[0]), *mapped)
    headless = packed or request.engine is Engine.PEFT or why_not_streaming(mapped)
    head = None if headless else find_head(base, mapped)
    steps = (*native, *whole, *repaired)
    said = [finding for one, of_one in steps for finding in all_about(one.chosen, of_one)]
    said += head_findings(base, mapped, head)
    base, mapped = with_head(base, mapped, head)
    resize = None if packed else find_resize(base, mapped)
    return _Pair(resized(base, resize) if resize else base, mapped, packed, head, resize), said


def _judge(request: CheckRequest, pair: _Pair, early: Preflight, room: Room) -> Refused | Ready:
    """Whether the pair may be merged, by which engine, and what will come of it."""
    base, mapped = pair.base, pair.mapped
    of_pair = pair_findings(base, mapped, request.combination, packed=pair.packed, resize=pair.resize)
    engine, reason, of_engine = choose_engine(request, base, mapped)
    if any_error(of_pair):  # what an engine would do with it is of no interest then
        of_engine = [finding for finding in of_engine if finding.severity is Severity.ERROR]
    findings = [*early.findings, *of_pair, *of_engine]
    plan, said = (None, []) if any_error(findings) else _plan(request, pair, engine)
    findings += said
    amounts = None if plan is None else amounts_of(plan)
    predicted = None if any_error(findings) else predicted_bytes(base, plan, request.precision)
    if predicted is not None:
        findings += _size_findings(request, base, engine, amounts, predicted, room)
    preflight = replace(
        early,
        findings=tuple(findings),
        engine=engine,
        engine_reason=reason,
        modules=_count(base, mapped),
        base_bytes=base.weight_bytes,
        predicted_bytes=predicted,
        free_bytes=room.free,
        amounts=amounts,
    )
    if preflight.refused:
        return Refused(preflight, base, mapped)
    return Ready(preflight, base, mapped, engine, pair.resize, pair.head)


def plan_of(request: CheckRequest, ready: Ready) -> Plan | None:
    """What streaming would do, but for tensors that a class keeps at float32; None where another engine merges.

    Raises UserError as ``make_plan`` does.
    """
    if ready.engine is not Engine.STREAMING:
        return None
    return _streamed(request, ready.base, ready.mapped, ready.head, outline=False)


def _streamed(
    request: CheckRequest,
    base: Checkpoint,
    mapped: Sequence[ResolvedAdapter],
    head: NewHead | None,
    *,
    outline: bool,
) -> Plan:
    plan = make_plan(base, mapped, request.precision, combination=request.combination, outline=outline)
    return with_rounding(add_head(plan, head, request.precision), base, request.rounding)


def _plan(request: CheckRequest, pair: _Pair, engine: Engine) -> tuple[Plan | None, list[Finding]]:
    """The plan, where the engine streams, and what making it brought up."""
    plan, findings = None, list[Finding]()
    if engine is Engine.STREAMING:
        try:
            plan = _streamed(request, pair.base, pair.mapped, pair.head, outline=True)
        except UserError as trouble:
            return None, [trouble.finding()]
    if pair.resize:
        findings += resize_findings(pair.base, pair.mapped, pair.resize, plan, request.resize_vocabulary)
    if plan is not None and request.rounding.draws and not any(tensor.draws for tensor in plan.tensors):
        findings.append(info(Code.ROUNDING_WITHOUT_EFFECT))
    if plan is not None and plan.splits_tie:
        findings.append(info(Code.TIED_EMBEDDINGS_SPLIT))
    return plan, findings


def predicted_bytes(base: Checkpoint, plan: Plan | None, precision: Precision) -> int:
    """Bytes of the output's tensors; those that a class keeps at float32 are not known yet."""
    if plan is not None:
        return plan.tensor_bytes
    return sum(stored_bytes(output_dtype(record, precision), record.shape) for record in base.tensors.values())


def _size_findings(
    request: CheckRequest, base: Checkpoint, engine: Engine, amounts: Amounts | None, predicted: int, room: Room
) -> Iterator[Finding]:
    plain = bytes_of(base.tensors.values())  # more than is stored, where that is packed
    yield from size_findings(max(base.weight_bytes, plain), predicted)
    if request.output:
        beside = plain if engine is Engine.PEFT and needs_plain_copy(base) else 0
        needed = predicted + beside
        free = None if room.free is None else room.free + room.reused
        if room.holes_stay and free is not None and needed > free and amounts is not None:
            needed -= _staying_holes(base, amounts, request.output)
        yield from space_findings(request.output, needed, free)


def _staying_holes(base: Checkpoint, amounts: Amounts, output: Path) -> int:
    """At least so many bytes of the output will be holes, as they are in the base."""
    with suppress(OSError):
        holes = hole_bytes([header.file for header in base.headers], existing_parent(output))
        return max(0, holes - amounts.worked)
    return 0


def _count(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> ModuleCounts:
    named = [resolved for resolved in mapped if names_modules(resolved.adapter)]
    targeted = sum(len(resolved.modules) for resolved in named)
    unmatched = sum(len(resolved.unmatched_modules) for resolved in named)
    others = (resolved.adapter for resolved in mapped if not names_modules(resolved.adapter))
    foreign = sum(len(modules_named_in(adapter, base)) for adapter in others)
    return ModuleCounts(targeted + foreign, targeted - unmatched + foreign)
