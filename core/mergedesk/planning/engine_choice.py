"""Which engine merges, why, and what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psutil

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, error, info, warning
from ..domain.requests import CheckRequest, Engine
from ..methods.lora.config import formula_changes
from ..methods.registry import is_streamed, streamable
from ..quantization.detect import packed_in
from .adapter_counts import beyond_stored
from .resolved_adapter import ResolvedAdapter

_PEFT_ENGINE_OVERHEAD_BYTES = 300_000_000
# Of a weight with a kernel in space.
_MOST_DIMENSIONS = 5


def choose_engine(
    request: CheckRequest, base: Checkpoint, mapped: Sequence[ResolvedAdapter]
) -> tuple[Engine, Code, list[Finding]]:
    """The engine, why it was chosen, and what is to be said about it."""
    reasons = list(why_not_streaming(mapped))
    if request.engine is Engine.STREAMING and reasons:
        return Engine.STREAMING, Code.ENGINE_CHOSEN, [error(Code.CANNOT_STREAM, reasons=reasons)]
    if request.engine is Engine.PEFT or reasons:
        whole = any(needs_whole_model(base, resolved.adapter) for resolved in mapped)
        code = Code.WHOLE_MODEL if whole else Code.NEEDS_PEFT_ENGINE if reasons else Code.ENGINE_CHOSEN
        said = [] if code is Code.ENGINE_CHOSEN else [info(code, reasons=reasons)]
        if (whole or reasons) and any(one.adapter.folded for one in mapped):
            said.append(error(Code.BESIDE_NEEDS_STREAMING, reasons=reasons))
        if request.rounding.draws:
            said.append(error(Code.ROUNDING_NEEDS_STREAMING))
        return Engine.PEFT, code, [*said, *_peft_engine_findings(base, mapped)]
    return Engine.STREAMING, Code.STREAMS if request.engine is Engine.AUTO else Code.ENGINE_CHOSEN, []


def _peft_engine_findings(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> Iterator[Finding]:
    """What PEFT's own way needs: one adapter at its own strength, and memory for whole layers."""
    if len(mapped) > 1 or any(resolved.weight != 1.0 for resolved in mapped):
        yield error(Code.SEVERAL_NEED_STREAMING)
    for resolved in mapped:
        for name, number in beyond_stored(base, resolved.adapter):
            yield error(Code.ADAPTER_FIELD_UNUSABLE, name=name, value=str(number))
    needed = estimate_peft_memory(base, mapped)
    available = psutil.virtual_memory().available
    if needed > available:
        yield warning(Code.MEMORY_LOW, needed_bytes=needed, available_bytes=available)


def why_not_streaming(mapped: Sequence[ResolvedAdapter]) -> tuple[str, ...]:
    """What keeps these adapters from being streamed; empty where ``updates`` can say all that they do."""
    reasons: list[str] = []
    for resolved in mapped:
        if resolved.adapter.peft_type == "LORA":
            reasons.extend([*_beyond_lora(resolved), *_beyond_rows(resolved, mapped)])
        elif not is_streamed(resolved.adapter.peft_type) or _must_be_alone(resolved, mapped):
            reasons.append(resolved.adapter.peft_type)
        else:
            unstreamed = [*resolved.contents.others, *(pair.module for pair in resolved.contents.lora)]
            reasons.extend([*unstreamed, *_beyond_tiles(resolved), *_beyond_rows(resolved, mapped)])
    return tuple(dict.fromkeys(reasons))


def _beyond_lora(resolved: ResolvedAdapter) -> Iterator[str]:
    yield from formula_changes(resolved.adapter.config)
    yield from resolved.contents.others
    yield from _beyond_tiles(resolved)
    yield from (pair.module for pair in resolved.contents.lora if not _multiplies_or_convolves(pair.a.shape))
    yield from (f"{name}: {operations}" for name, operations in resolved.keys.scattered.items())


def _multiplies_or_convolves(a: tuple[int, ...]) -> bool:
    """Whether a factor A is a matrix, or a kernel of several channels: only PEFT can tell if one means a group each."""
    return len(a) == 2 or (3 <= len(a) <= _MOST_DIMENSIONS and a[1] > 1)


def _beyond_tiles(resolved: ResolvedAdapter) -> Iterator[str]:
    kind, config = resolved.adapter.peft_type, resolved.adapter.config
    return (tuned.module for tuned in resolved.contents.tuned if streamable(kind, config, tuned.parts) is None)


def _must_be_alone(resolved: ResolvedAdapter, mapped: Sequence[ResolvedAdapter]) -> bool:
    """Whether it sets or scales whole rows: PEFT gives that no strength, and beside others the order would matter."""
    return any(method.alone for method in resolved.methods.values()) and (len(mapped) > 1 or resolved.weight != 1.0)


def _beyond_rows(resolved: ResolvedAdapter, mapped: Sequence[ResolvedAdapter]) -> Iterator[str]:
    """Token rows that streaming leaves to PEFT: of a tied head, of a module with factors too, or not stored."""
    rows = resolved.trained_rows
    if resolved.adapter.config.get("trainable_token_indices") and not rows:
        yield "trainable_token_indices"
    mixed = rows & {pair.module for pair in resolved.contents.lora}
    yield from (module for module in rows if module in mixed or f"{module}.weight" in resolved.keys.tied)
    if rows and _must_be_alone(resolved, mapped):
        yield "trainable_token_indices"


def needs_plain_copy(base: Checkpoint) -> bool:
    """Whether PEFT cannot load the base as it is: packed, or pickled in a form that is not loaded, or not mapped."""
    return any(packed_in(base)) or not base.loads_mapped


def estimate_peft_memory(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> int:
    """Anonymous bytes the peft engine may need: the adapter twice, three float32 copies of the largest tensor.

    What only PEFT's whole-model merge can do needs the whole base in memory besides.
    """
    adapter = sum(record.nbytes for resolved in mapped for record in resolved.adapter.tensors.values())
    largest = max((record.elements for record in base.tensors.values()), default=0) * 4
    whole = any(needs_whole_model(base, resolved.adapter) for resolved in mapped)
    return 2 * adapter + 3 * largest + (base.weight_bytes if whole else 0) + _PEFT_ENGINE_OVERHEAD_BYTES


def needs_whole_model(base: Checkpoint, adapter: Adapter) -> bool:
    """Whether the adapter changes parameters that the checkpoint stores in another form, as fused experts are."""
    targets = adapter.config.get("target_parameters")
    names = [str(target) for target in targets] if isinstance(targets, list) else []
    return any(not any(stored == name or stored.endswith(f".{name}") for stored in base.tensors) for name in names)
