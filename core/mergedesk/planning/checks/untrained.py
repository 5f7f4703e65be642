"""Findings on what an adapter's tensors hold: never trained, saved by one process of several, or not finite.

Every method starts from factors that change nothing, so a module whose factors are still those was never trained.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from math import ceil
from pathlib import Path

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import PEFT_PREFIX, LoraModule
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, Finding, UserError, error, warning
from ...methods.lora.config import formula_changes
from ...storage.safetensors_header import TensorRecord
from ...storage.stored_values import ReadAt, begins_set, is_all, reading, rows_in_use, which_begin_not_finite
from ..resolved_adapter import ResolvedAdapter
from .fit import Fit

_NEUTRAL = Path(__file__).with_name("neutral_parts.json")
# One kind of module alone may well be half blank, such as a fused projection of which a part was trained.
_LEAST_KINDS = 2
_NO_ROWS = (0, 0)
# So many times as many rows as are used.
_HALF_BLANK = 2


@cache
def neutral_parts() -> Mapping[str, Mapping[str, float]]:
    """By method: what each of these parts of a module holds while the module changes nothing."""
    table: Mapping[str, Mapping[str, float]] = json.loads(_NEUTRAL.read_text(encoding="utf-8"))
    return table


UsedRows = dict[int, tuple[int, int]]
"""Which rows of some tensors hold anything, by the identities of their records: looked up once for several checks."""


def value_findings(adapter: Adapter, used: UsedRows | None = None) -> Iterator[Finding]:
    """What the values of an adapter of any method tell. The file may be gone or short: then nothing is said here.

    ``used`` learns of the rows of those matrices that start as zeros.
    """
    modules = _neutral_parts(adapter)
    looks = _Looks({id(record): value for parts in modules.values() for record, value in parts})
    try:
        with reading() as read:
            wrong = set(map(id, which_begin_not_finite(read, adapter.tensors.values(), partial(looks.look, read))))
    except UserError:  # the merge, or the hash of the file, tells
        return
    if used is not None:
        used.update(looks.used)
    if wrong:
        broken = [name for name, record in adapter.tensors.items() if id(record) in wrong]
        yield error(Code.ADAPTER_NOT_FINITE, names=broken, count=len(broken))
    yield from _untrained(adapter, modules, looks.trained)


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is seen of tensors that started neutral, by their records' identities.

    ``starts`` are the values they started from, ``trained`` those that left them, ``used`` the rows of matrices.
    """

    starts: Mapping[int, float]
    trained: set[int] = field(default_factory=set)
    used: UsedRows = field(default_factory=dict)

    def look(self, read: ReadAt, record: TensorRecord) -> None:
        """Look at one, if it is among them. Raises UserError(read_failed)."""
        start = self.starts.get(id(record))
        if start is None:
            return
        rows = rows_in_use(read, record) if not start and record.shape else None
        if rows is not None:
            self.used[id(record)] = rows
        is_set = not start and begins_set(read, record)
        if is_set or not (rows == _NO_ROWS or is_all(read, record, start)):
            self.trained.add(id(record))


def _untrained(adapter: Adapter, modules: _ByModule, trained: Container[int]) -> Iterator[Finding]:
    """A LoRA with an initialisation that alters the base means something even where B is zero."""
    if "init_lora_weights" in formula_changes(adapter.config):
        return
    idle = [
        module
        for module, parts in modules.items()
        if id(parts[0][0]) not in trained and not any(id(record) in trained for record, _ in parts)
    ]
    if not idle:
        return
    # More than the method's own parts, or DoRA's magnitudes.
    more = any(adapter.config.get(field) for field in ("modules_to_save", "trainable_token_indices", "use_dora"))
    more = more or adapter.config.get("bias", "none") != "none"
    nothing_else = len(idle) == len(modules) and not more
    code = Code.ADAPTER_UNTRAINED if nothing_else else Code.MODULES_UNTRAINED
    yield (error if nothing_else else warning)(code, names=idle, count=len(idle), total=len(modules))


_ByModule = Mapping[str, list[tuple[TensorRecord, float]]]


def _neutral_parts(adapter: Adapter) -> _ByModule:
    """By module, the tensors that started neutral and the value they started from."""
    parts = neutral_parts().get(adapter.peft_type, {})
    names = "|".join(map(re.escape, parts))
    pattern = re.compile(rf"(?:^|(?P<module>.+)\.)(?P<part>{names})(?:\.(?:weight|bias|\d+))?$")
    modules: dict[str, list[tuple[TensorRecord, float]]] = {}
    for name, record in adapter.tensors.items() if parts else ():
        if (known := _plain_part(name, parts)) is not None:
            modules.setdefault(known[0], []).append((record, parts[known[1]]))
        elif any(map(name.__contains__, parts)) and (match := pattern.match(name.removeprefix(PEFT_PREFIX))):
            modules.setdefault(match["module"] or name, []).append((record, parts[match["part"]]))
    return modules


def _plain_part(name: str, parts: Container[str]) -> tuple[str, str] | None:
    """Module and part of a name as nearly all are, of which the pattern says the same."""
    module, _, part = name.removeprefix(PEFT_PREFIX).removesuffix(".weight").rpartition(".")
    return (module, part) if part in parts and module and "\n" not in module else None


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
            used = [fit.used.get(id(pair.b)) or rows_in_use(read, pair.b) for pair in pairs]
        yield from _blank_rows(pairs, used)
    except UserError:  # as above
        return


def _parts_by_shape(base: Checkpoint, mapped: ResolvedAdapter, pairs: list[LoraModule]) -> int | None:
    """In how many parts the rows of every B were split, if each holds the first of as many. FSDP splits by rows."""
    first = next((pair for pair in pairs if pair.b.shape[0]), None)
    if first is None or (rows := _outputs(base, mapped, first)) <= first.b.shape[0]:
        return None
    parts = round(rows / first.b.shape[0])
    split = all(ceil(_outputs(base, mapped, pair) / parts) == pair.b.shape[0] for pair in pairs)
    return parts if split and all(ceil(pair.b.shape[1] / parts) == pair.a.shape[0] for pair in pairs) else None


def _outputs(base: Checkpoint, mapped: ResolvedAdapter, pair: LoraModule) -> int:
    if pair.name not in mapped.keys.matched and pair.name not in mapped.keys.tied:
        return 0
    shape = mapped.target(base, pair.name).shape
    return shape[0] if shape else 0


def _blank_rows(pairs: list[LoraModule], used: list[tuple[int, int]]) -> Iterator[Finding]:
    """Every B with half of its rows or more zero at its end or beginning; a B that is all zero was not trained.

    ``used``: of each B the rows that hold anything.
    """
    live = [(pair, pair.b.shape[0] / (end - begin)) for pair, (begin, end) in zip(pairs, used, strict=True) if end]
    blank = {pair.configured_as: times for pair, times in live if times >= _HALF_BLANK}
    if not blank:
        return
    parts = set(map(round, blank.values()))
    kinds = {module.rpartition(".")[2] for module in blank}
    certain = len(blank) == len(live) and len(parts) == 1 and len(kinds) >= _LEAST_KINDS
    say = error if certain else warning
    yield say(Code.SLICES_LOST, parts=max(parts), count=len(blank), total=len(pairs), names=[*blank])
