"""Findings on an adapter by itself: can its method be merged, is it whole, what does its config ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..checkpoints.adapter import Adapter
from ..findings import Code, Finding, error, info, warning
from .lora_config import configured_rank, scaling, unknown_fields
from .methods import cannot_merge, is_known
from .plan import Mapped

_LARGEST_ALPHA = 1e9


def method_findings(adapter: Adapter) -> Iterator[Finding]:
    """Whether PEFT can merge the adapter's method at all."""
    if cannot_merge(adapter.peft_type):
        yield error(Code.METHOD_NOT_MERGEABLE, method=adapter.peft_type)
    elif not is_known(adapter.peft_type):
        yield error(Code.METHOD_UNKNOWN, method=adapter.peft_type)


def content_findings(adapter: Adapter) -> Iterator[Finding]:
    """Tensors that a broken save left without values, and an adapter without any."""
    if not adapter.tensors:
        yield error(Code.NOTHING_TO_MERGE, adapter=adapter.folder.name)
    empty = [name for name, record in adapter.tensors.items() if record.elements == 0]
    if empty:
        yield error(Code.EMPTY_TENSORS, names=empty, count=len(empty))


def lora_config_findings(mapped: Mapped) -> Iterator[Finding]:
    """Fields from a newer PEFT, scaling of nothing, ranks that are not what the config says."""
    config = mapped.adapter.config
    if broken := broken_fields(config):
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=list(broken))
        return
    unknown = unknown_fields(config)
    if unknown.meaningful:
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=list(unknown.meaningful))
    if unknown.idle:
        yield info(Code.UNKNOWN_FIELDS_IGNORED, fields=list(unknown.idle))
    if "lora_alpha" not in config:
        yield warning(Code.SCALING_ABSENT)
    yield from _scaling_findings(mapped)
    yield from _rank_findings(mapped)
    if mapped.weight != 1.0 and mapped.contents.copies:
        yield error(Code.COPIES_CANNOT_BE_SCALED, names=list(mapped.contents.copies))


def broken_fields(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields of the scaling whose values are no numbers to calculate with."""
    stated = {name: config[name] for name in ("r", "lora_alpha") if name in config}
    for field in ("rank_pattern", "alpha_pattern"):
        patterns = config.get(field) or {}
        values = patterns if isinstance(patterns, dict) else {"": None}
        stated |= {f"{field}.{key}".rstrip("."): value for key, value in values.items()}
    return tuple(name for name, value in stated.items() if not _usable(value, name.startswith("r")))


def _usable(value: object, is_rank: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if is_rank:
        return isinstance(value, int) and value > 0
    return abs(value) <= _LARGEST_ALPHA


def _scaling_findings(mapped: Mapped) -> Iterator[Finding]:
    config, pairs = mapped.adapter.config, mapped.contents.lora
    still = [pair.module for pair in pairs if pair.rank and scaling(config, pair.module, pair.rank) == 0]
    if still or (pairs and mapped.weight == 0):
        nothing_left = mapped.weight == 0 or (len(still) == len(pairs) and not mapped.contents.copies)
        yield (error if nothing_left else warning)(Code.SCALING_ZERO, modules=still, count=len(still))


def _rank_findings(mapped: Mapped) -> Iterator[Finding]:
    config = mapped.adapter.config
    for pair in mapped.contents.lora:
        stated = configured_rank(config, pair.module, pair.rank)
        if pair.rank and stated != pair.rank:
            yield error(Code.RANK_DIFFERS, module=pair.module, stated=stated, stored=pair.rank)
            return
