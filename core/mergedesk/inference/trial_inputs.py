"""What is tried, from configs and headers alone: the models' classes, their task, and what they take in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ..checkpoints.checkpoint import Checkpoint
from ..domain.dtypes import FLOATING
from ..domain.findings import Code, Finding, any_error, error, errors_of, warning
from ..domain.model_tasks import Task, task_of
from ..domain.requests import Precision, check_of_inputs
from ..inspection.inspect_folder import FolderContents, read_folder
from ..planning.preflight import Ready, Refused, prepare
from ..planning.transformers_conversion import class_for_task, conversion_for, stacked_names
from .trial import AnswerKind, Forecast, Need, Side, TrialRequest

_ANSWERS: Mapping[Task, AnswerKind] = {
    Task.CAUSAL: AnswerKind.TEXT,
    Task.SEQ2SEQ: AnswerKind.TEXT,
    Task.IMAGE_TEXT: AnswerKind.TEXT,
    Task.CONDITIONAL: AnswerKind.TEXT,
    Task.CLASSIFY: AnswerKind.CLASSES,
    Task.CLASSIFY_MEDIA: AnswerKind.CLASSES,
    Task.TOKENS: AnswerKind.TOKEN_CLASSES,
    Task.EMBED: AnswerKind.EMBEDDING,
}


@dataclass(frozen=True, slots=True)
class TrialInputs:
    """The folders of a request as they were read. ``architecture`` is the class of base plus adapter, and merged."""

    request: TrialRequest
    prepared: Refused | Ready
    merged: FolderContents | None
    architecture: str | None
    task: AnswerKind

    @property
    def config(self) -> Mapping[str, Any]:
        """The config of what base and adapter give: the merged folder's where there is one."""
        return _config(self.prepared.base, self.merged)

    @property
    def base_is_apart(self) -> bool:
        """Whether the base's folder holds an adapter beside its weights, so that nothing loads it as it is."""
        return any(resolved.adapter.inner for resolved in self.prepared.mapped)

    def checkpoint(self, side: Side) -> Checkpoint | None:
        """What the side's model is loaded from, as far as it could be read."""
        if side is Side.MERGED:
            return self.merged.checkpoint if self.merged else None
        return self.prepared.base

    @property
    def tokenizer_folders(self) -> tuple[Path, ...]:
        """Where a tokenizer is looked for, the first choice first: one tokenizer asks all sides."""
        adapters = [resolved.adapter for resolved in reversed(self.prepared.mapped)]
        carried = (folder for adapter in adapters for folder in reversed(adapter.folders))
        return (*([self.request.merged] if self.request.merged else []), *carried, self.request.base)


def read_inputs(request: TrialRequest) -> TrialInputs:
    """Read configs and headers of all folders. Never raises for what they hold: see ``findings_of``."""
    asked = check_of_inputs(request.base, request.adapters, request.combination, request.own_alpha)
    prepared = prepare(asked)
    merged = read_folder(request.merged, follow_links=True) if request.merged else None
    architecture = _architecture(prepared, merged)
    kind = answer_kind(architecture, _config(prepared.base, merged))
    return TrialInputs(request, prepared, merged, architecture, kind)


def _config(base: Checkpoint | None, merged: FolderContents | None) -> Mapping[str, Any]:
    if merged and merged.checkpoint:
        return merged.checkpoint.config
    return base.config if base else {}


def _architecture(prepared: Refused | Ready, merged: FolderContents | None) -> str | None:
    if merged and merged.checkpoint:
        return merged.checkpoint.architecture
    if prepared.head:
        return prepared.head.architecture
    if prepared.base is None:
        return None
    tasks = [resolved.adapter.task_type for resolved in prepared.mapped]
    return prepared.base.architecture or (class_for_task(tasks[0], prepared.base.model_type) if tasks else None)


def answer_kind(architecture: str | None, config: Mapping[str, Any]) -> AnswerKind:
    """What a class makes of its input."""
    kind = _ANSWERS.get(task_of(architecture or "", config), AnswerKind.UNKNOWN)
    apart = kind is AnswerKind.TEXT and config.get("is_encoder_decoder") is True
    return AnswerKind.TEXT_TO_TEXT if apart else kind


def findings_of(inputs: TrialInputs) -> tuple[Finding, ...]:
    """Why the sides asked for cannot be tried: errors of the folders they are made from."""
    sides, preflight = inputs.request.sides, inputs.prepared.preflight
    unmerged = preflight.findings if Side.UNMERGED in sides else preflight.base.findings if Side.BASE in sides else ()
    return (*errors_of(unmerged), *(_merged_findings(inputs) if Side.MERGED in sides else ()))


def _merged_findings(inputs: TrialInputs) -> Iterator[Finding]:
    if inputs.merged is None:
        yield error(Code.TRIAL_MERGED_MISSING)
    elif inputs.merged.checkpoint is None and not any_error(inputs.merged.folder_info.findings):
        yield error(Code.MERGE_IS_ADAPTER_ONLY, path=str(inputs.request.merged))
    else:
        yield from errors_of(inputs.merged.folder_info.findings)


def forecast_of(inputs: TrialInputs) -> Forecast:
    """What the sides will take. Sizes are those of the stored tensors, or what a conversion makes of them."""
    needs = tuple(_need(inputs, side) for side in inputs.request.sides)
    available = int(psutil.virtual_memory().available)
    at_once = sum(need.bytes for need in needs) <= available
    findings = (*findings_of(inputs), *_memory_findings(needs, available))
    return Forecast(inputs.task, needs, available, at_once, findings)


def _need(inputs: TrialInputs, side: Side) -> Need:
    checkpoint = inputs.checkpoint(side)
    if checkpoint is None:
        return Need(side, 0, 0)
    request = inputs.request
    size = _loaded_bytes(checkpoint, request.precision)
    read = inputs.base_is_apart and side is not Side.MERGED
    mapped = not read and request.device == "cpu" and _stays_mapped(checkpoint, request.precision)
    own = 0 if mapped else size
    if side is Side.UNMERGED:
        # PEFT turns an adapter's half precision into float32 when it attaches it.
        adapters = [resolved.adapter for resolved in inputs.prepared.mapped]
        own += sum(record.elements * 4 for adapter in adapters for record in adapter.tensors.values())
    return Need(side, size if mapped else 0, own)


def _loaded_bytes(checkpoint: Checkpoint, precision: Precision) -> int:
    dtype = precision.dtype
    return sum(stored.elements * dtype.bits // 8 if dtype else stored.nbytes for stored in checkpoint.tensors.values())


def _stays_mapped(checkpoint: Checkpoint, precision: Precision) -> bool:
    """Whether loading leaves the weights in their files: nothing converted, nothing put together from parts."""
    packed = any(hasattr(stored, "packing") for stored in checkpoint.tensors.values())
    if precision is not Precision.AUTO or not checkpoint.loads_mapped or packed:
        return False
    conversion = conversion_for(checkpoint.config, checkpoint.tensors)
    return not any(stacked_names(conversion, checkpoint.tensors))


def _memory_findings(needs: Sequence[Need], available: int) -> Iterator[Finding]:
    largest = max(needs, key=lambda need: need.bytes, default=None)
    own = max((need.own_bytes for need in needs), default=0)
    if own > available:
        yield error(Code.TRIAL_TOO_LARGE, needed_bytes=own, available_bytes=available)
    elif largest and largest.bytes > available:
        yield warning(Code.TRIAL_MEMORY_SHORT, needed_bytes=largest.bytes, available_bytes=available)


def sides_to_scatter(inputs: TrialInputs) -> tuple[Side, ...]:
    """The sides whose rounding is to be tried out: the merged, and the unmerged where it computes in another dtype.

    None where memory is too short: moving weights takes the model's size once more.
    """
    merged, base = inputs.checkpoint(Side.MERGED), inputs.checkpoint(Side.BASE)
    if merged is None or base is None:
        return ()
    needed = max(_loaded_bytes(checkpoint, inputs.request.precision) for checkpoint in (merged, base))
    if 2 * needed > psutil.virtual_memory().available:
        return ()
    own = inputs.request.precision is Precision.AUTO and main_dtype(merged) != main_dtype(base)
    return (Side.UNMERGED, Side.MERGED) if own else (Side.MERGED,)


def main_dtype(checkpoint: Checkpoint) -> str:
    """The floating dtype that most of its values are stored in, as safetensors names it."""
    elements: Counter[str] = Counter()
    for record in checkpoint.tensors.values():
        elements[record.dtype] += record.elements if record.dtype in FLOATING else 0
    return elements.most_common(1)[0][0] if elements else "F32"
