"""Findings on what an adapter's tensors hold: never trained, saved by one process of several, or not finite.

Every method starts from factors that change nothing, so a module whose factors are still those was never trained.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import ceil
from pathlib import Path

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import PEFT_PREFIX, LoraModule
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, Finding, UserError, error, warning
from ...methods.lora.config import formula_changes
from ...storage.safetensors_header import TensorRecord
from ...storage.stored_values import ReadAt, is_all, reading, rows_in_use, which_begin_not_finite
from ..resolved_adapter import ResolvedAdapter
from .fit import Fit

_NEUTRAL = Path(__file__).with_name("neutral_parts.json")
# One kind of module alone may well be half blank, such as a fused projection of which a part was trained.
_LEAST_KINDS = 2


@cache
def neutral_parts() -> Mapping[str, Mapping[str, float]]:
    """By method: what each of these parts of a module holds while the module changes nothing."""
    table: Mapping[str, Mapping[str, float]] = json.loads(_NEUTRAL.read_text(encoding="utf-8"))
    return table


def value_findings(adapter: Adapter) -> Iterator[Finding]:
    """What the values of an adapter of any method tell. The file may be gone or short: then nothing is said here."""
    try:
        with reading() as read:
            if wrong := set(map(id, which_begin_not_finite(read, adapter.tensors.values()))):
                broken = [name for name, record in adapter.tensors.items() if id(record) in wrong]
                yield error(Code.ADAPTER_NOT_FINITE, names=broken, count=len(broken))
            yield from _untrained(adapter, read)
    except UserError:  # the merge, or the hash of the file, tells
        return


def _untrained(adapter: Adapter, read: ReadAt) -> Iterator[Finding]:
    """A LoRA with an initialisation that alters the base means something even where B is zero."""
    if "init_lora_weights" in formula_changes(adapter.config):
        return
    modules = _neutral_parts(adapter)
    idle = [module for module, parts in modules.items() if all(is_all(read, record, value) for record, value in parts)]
    if not idle:
        return
    # More than the method's own parts, or DoRA's magnitudes.
    more = any(adapter.config.get(field) for field in ("modules_to_save", "trainable_token_indices", "use_dora"))
    more = more or adapter.config.get("bias", "none") != "none"
    nothing_else = len(idle) == len(modules) and not more
    code = Code.ADAPTER_UNTRAINED if nothing_else else Code.MODULES_UNTRAINED
    yield (error if nothing_else else warning)(code, names=idle, count=len(idle), total=len(modules))


def _neutral_parts(adapter: Adapter) -> dict[str, list[tuple[TensorRecord, float]]]:
    """By module, the tensors that started neutral and the value they started from."""
    parts = neutral_parts().get(adapter.peft_type, {})
    names = "|".join(map(re.escape, parts))
    pattern = re.compile(rf"(?:^|(?P<module>.+)\.)(?P<part>{names})(?:\.(?:weight|bias|\d+))?$")
    modules: dict[str, list[tuple[TensorRecord, float]]] = {}
    for name, record in adapter.tensors.items() if parts else ():
        if match := pattern.match(name.removeprefix(PEFT_PREFIX)):
            modules.setdefault(match["module"] or name, []).append((record, parts[match["part"]]))
    return modules


def slice_findings(fit: Fit) -> Iterator[Finding]:
    """Whether the adapter is what one process of a sharded training held: fewer rows, or all others zero."""
    base, mapped, lora = fit.base, fit.mapped, fit.mapped.contents.lora
    pairs = [pair for pair in lora if len(pair.a.shape) == len(pair.b.shape) == 2 and not pair.embedding]
    parts = _parts_by_shape(base, mapped, pairs)
    if parts:
        yield error(
            Code.SLICES_LOST, parts=parts, count=len(pairs), total=len(pairs), names=[pair.module for pair in pairs]
        )
        return
    try:
        with reading() as read:
            yield from _blank_rows(pairs, read)
    except UserError:  # as above
        return


def _parts_by_shape(base: Checkpoint, mapped: ResolvedAdapter, pairs: list[LoraModule]) -> int | None:
    """In how many parts the rows of every B were split, if each holds the first of as many. FSDP splits by rows."""
    outputs = [(pair, _outputs(base, mapped, pair)) for pair in pairs]
    first = next(((pair, rows) for pair, rows in outputs if pair.b.shape[0]), None)
    if first is None or first[1] <= first[0].b.shape[0]:
        return None
    parts = round(first[1] / first[0].b.shape[0])
    split = all(ceil(rows / parts) == pair.b.shape[0] for pair, rows in outputs)
    return parts if split and all(ceil(pair.b.shape[1] / parts) == pair.a.shape[0] for pair in pairs) else None


def _outputs(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> int:
    if pair.name not in mapped.keys.matched and pair.name not in mapped.keys.tied:
        return 0
    shape = mapped.target(base, pair.name).shape
    return shape[0] if shape else 0


def _blank_rows(pairs: list[LoraModule], read: ReadAt) -> Iterator[Finding]:
    """Every B with half of its rows or more zero at its end or beginning; a B that is all zero was not trained."""
    used = {pair.configured_as: rows_in_use(read, pair.b) for pair in pairs}
    live = {pair.configured_as: pair.b.shape[0] for pair in pairs if used[pair.configured_as][1]}
    blank = [module for module, rows in live.items() if 2 * (used[module][1] - used[module][0]) <= rows]
    if not blank:
        return
    parts = {round(live[module] / (used[module][1] - used[module][0])) for module in blank}
    kinds = {module.rpartition(".")[2] for module in blank}
    certain = len(blank) == len(live) and len(parts) == 1 and len(kinds) >= _LEAST_KINDS
    say = error if certain else warning
    yield say(Code.SLICES_LOST, parts=max(parts), count=len(blank), total=len(pairs), names=blank)
