"""Everything that can be known before a weight is read, and whether the merge may start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.errors import UserError
from ..domain.findings import Code, Finding, Severity, any_error, info
from ..domain.merge_report import ModuleCounts
from ..domain.requests import Combination, Engine, MergeRequest, Precision
from ..inspection.inspect_folder import FolderContents, FolderInfo, read_folder
from ..methods.registry import is_streamed
from ..storage.safetensors_header import stored_bytes
from .adapter_repair import repair
from .checks.adapter_health import adapter_findings, lora_config_findings
from .checks.base_adapter_match import base_findings, pairing_findings, repeat_findings
from .checks.combination import combination_findings, list_findings
from .checks.dora import magnitude_findings
from .checks.generation_config_checks import generation_findings
from .checks.output_folder import free_bytes, output_findings, size_findings, space_findings
from .checks.shape_checks import (
    foreign_findings,
    key_findings,
    modules_named_in,
    shape_findings,
    tokenizer_findings,
)
from .checks.tuned import tuned_findings
from .checks.untrained import slice_findings
from .engine_choice import choose_engine, needs_plain_copy, why_not_streaming
from .plan import Plan, make_plan, output_dtype
from .resolved_adapter import ResolvedAdapter, map_adapter, names_modules, speaks_plain_lora
from .task_heads import NewHead, add_head, find_head, head_findings, with_head
from .unquantized_original import is_refused_as_quantized, settle_quantization
from .vocabulary_resize import Resize, find_resize, resize_findings, resized


@dataclass(frozen=True, slots=True)
class Preflight:
    """What the checks found. Sizes in bytes; None where it could not be worked out."""

    base: FolderInfo
    adapters: tuple[FolderInfo, ...]
    findings: tuple[Finding, ...]
    engine: Engine | None = None
    engine_reason: Code | None = None
    modules: ModuleCounts = ModuleCounts()
    base_bytes: int | None = None
    predicted_bytes: int | None = None
    free_bytes: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the merge must not start."""
        return any_error(self.findings)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A preflight together with what was read for it, for the merge that may follow.

    ``resize``: the vocabulary that ``base`` is seen with, which the config must say too; so with ``head``.
    """

    preflight: Preflight
    base: Checkpoint | None = None
    mapped: tuple[ResolvedAdapter, ...] = ()
    resize: Resize | None = None
    head: NewHead | None = None


def prepare(request: MergeRequest) -> Prepared:
    """Look at both folders and everything their headers tell; torch stays unimported. Never raises for bad input."""
    adapters = [read_folder(choice.folder) for choice in request.adapters]
    base = settle_quantization(read_folder(request.base), adapters, request.dequantize)
    findings = [*pairing_findings(base, adapters), *_output_findings(request)]
    whole = [one.adapter for one in adapters if one.adapter is not None]
    if base.checkpoint is None or len(whole) != len(adapters) or not whole:
        return Prepared(_early(base, adapters, findings))
    return _prepare_pair(request, (base, adapters), base.checkpoint, whole, findings)


def _early(base: FolderContents, adapters: Sequence[FolderContents], findings: Sequence[Finding]) -> Preflight:
    return Preflight(base.folder_info, tuple(one.folder_info for one in adapters), tuple(findings))


def _prepare_pair(
    request: MergeRequest,
    looks: tuple[FolderContents, list[FolderContents]],
    base: Checkpoint,
    adapters: list[Adapter],
    findings: list[Finding],
) -> Prepared:
    repaired = [repair(adapter, base) for adapter in adapters]
    findings += [finding for _, said in repaired for finding in said]
    mapped = tuple(
        map_adapter(base, adapter, choice.weight)
        for (adapter, _), choice in zip(repaired, request.adapters, strict=True)
    )
    packed = is_refused_as_quantized(looks[0].folder_info)
    head = None if packed or request.engine is Engine.PEFT or why_not_streaming(mapped) else find_head(base, mapped)
    findings += head_findings(base, mapped, head)
    base, mapped = with_head(base, mapped, head)
    resize = None if packed else find_resize(base, mapped)
    base = resized(base, resize) if resize else base
    pair_findings = _pair_findings(base, mapped, packed, resize, request.combination)
    engine, reason, engine_findings = choose_engine(request, base, mapped)
    if any_error(pair_findings):  # what an engine would do with it is of no interest then
        engine_findings = [one for one in engine_findings if one.severity is Severity.ERROR]
    findings += [*pair_findings, *engine_findings]
    plan = None
    if engine is Engine.STREAMING and not any_error(findings):
        try:
            plan = make_plan(base, mapped, request.precision, combination=request.combination)
            plan = add_head(plan, head, request.precision)
        except UserError as trouble:
            findings.append(trouble.finding())
    if resize and not any_error(findings):
        findings += resize_findings(base, mapped, resize, plan, request.resize_vocabulary)
    predicted = None if any_error(findings) else predicted_bytes(base, plan, request.precision)
    if plan is not None and plan.splits_tie:
        findings.append(info(Code.TIED_EMBEDDINGS_SPLIT))
    free = free_bytes(request.output) if request.output else None
    if predicted is not None:
        plain = sum(one.nbytes for one in base.tensors.values())  # more than is stored, where that is packed
        findings += size_findings(max(base.weight_bytes, plain), predicted)
        beside = plain if engine is Engine.PEFT and needs_plain_copy(base) else 0
        if request.output:
            findings += space_findings(request.output, predicted + beside, free)
    preflight = Preflight(
        looks[0].folder_info,
        tuple(one.folder_info for one in looks[1]),
        tuple(findings),
        engine=engine,
        engine_reason=reason,
        modules=_count(base, mapped),
        base_bytes=base.weight_bytes,
        predicted_bytes=predicted,
        free_bytes=free,
    )
    return Prepared(preflight, base, mapped, resize, head)


def predicted_bytes(base: Checkpoint, plan: Plan | None, precision: Precision) -> int:
    """Bytes of the output's tensors; those that a class keeps at float32 are not known yet."""
    if plan is not None:
        return plan.tensor_bytes
    return sum(stored_bytes(output_dtype(one, precision), one.shape) for one in base.tensors.values())


def _output_findings(request: MergeRequest) -> Iterator[Finding]:
    if request.output is not None:
        inputs = [request.base, *(choice.folder for choice in request.adapters)]
        yield from output_findings(request.output, inputs, request.overwrite)


def _pair_findings(
    base: Checkpoint, mapped: Sequence[ResolvedAdapter], packed: bool, resize: Resize | None, how: Combination
) -> list[Finding]:
    """``packed``: the base is quantised, so that neither its names nor its shapes are those of the modules."""
    findings: list[Finding] = list(generation_findings(base))
    for one in mapped:
        findings += [*adapter_findings(one.adapter), *base_findings(base, one.adapter)]
        if not packed and not any_error(findings):
            findings += _fit_findings(base, one, resize)
        findings += tokenizer_findings(base, one, resize)
    adapters = [one.adapter for one in mapped]
    findings += [*repeat_findings(base, adapters), *list_findings(adapters, how)]
    if not packed and not any_error(findings) and all(names_modules(one.adapter) for one in mapped):
        findings += combination_findings(base, mapped, how)
    return findings


def _fit_findings(base: Checkpoint, one: ResolvedAdapter, resize: Resize | None) -> list[Finding]:
    """How an adapter that is whole and can be merged goes with a base that is not packed."""
    if is_streamed(one.adapter.peft_type):
        findings = list(key_findings(base, one))
        return (
            findings
            if any_error(findings)
            else [*findings, *tuned_findings(base, one), *shape_findings(base, one, resize)]
        )
    if not speaks_plain_lora(one.adapter):
        return list(foreign_findings(base, one.adapter))
    findings = list(slice_findings(base, one))
    if not any_error(findings):
        findings += [*lora_config_findings(one), *magnitude_findings(one)]
    if not any_error(findings):
        findings += [*key_findings(base, one), *shape_findings(base, one, resize)]
    if one.contents.tuned and not any_error(findings):
        findings += tuned_findings(base, one)
    return findings


def _count(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> ModuleCounts:
    targeted = matched = 0
    for one in mapped:
        if names_modules(one.adapter):
            targeted += len(one.modules)
            matched += len(one.modules) - len(one.unmatched_modules)
        else:
            found = len(modules_named_in(one.adapter, base))
            targeted, matched = targeted + found, matched + found
    return ModuleCounts(targeted, matched)
