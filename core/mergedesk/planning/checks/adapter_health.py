"""Findings on an adapter by itself: can its method be merged, is it whole, what does its config ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...checkpoints.adapter import Adapter
from ...checkpoints.adapter_keys import LoraModule
from ...domain.findings import Code, Finding, any_error, error, info, warning
from ...domain.folder_names import spoken_name
from ...methods.lora.config import configured_rank, idle_patterns, lost_initialisation, routed_variant, scaling
from ...methods.peft_methods import cannot_merge, is_known, unknown_fields
from ..resolved_adapter import ResolvedAdapter
from .fit import Fit
from .untrained import UsedRows, value_findings

# Whose rank patterns say of each singular value whether it was left.
_LISTS_RANKS = "ADALORA"
_LARGEST_ALPHA = 1e9


def adapter_findings(adapter: Adapter, used: UsedRows | None = None) -> list[Finding]:
    """Everything that an adapter of any method tells by itself; its values are looked at only if the rest is well.

    ``used`` as for ``value_findings``.
    """
    findings = list(method_findings(adapter))
    if not findings:
        findings += [*content_findings(adapter), *field_findings(adapter)]
    if not any_error(findings):
        findings += value_findings(adapter, used)
    return findings


def method_findings(adapter: Adapter) -> Iterator[Finding]:
    """Whether PEFT can merge the adapter's method at all."""
    if cannot_merge(adapter.peft_type):
        yield error(Code.METHOD_NOT_MERGEABLE, method=adapter.peft_type)
    elif not is_known(adapter.peft_type):
        yield error(Code.METHOD_UNKNOWN, method=adapter.peft_type)
    elif adapter.peft_type == "LORA":
        yield from _variant_findings(adapter.config)


def _variant_findings(config: Mapping[str, Any]) -> Iterator[Finding]:
    """Variants of LoRA that PEFT does not merge, or merges into something else than was trained."""
    if variant := routed_variant(config):
        yield error(Code.METHOD_NOT_MERGEABLE, method=variant)
    if initialisation := lost_initialisation(config):
        yield error(Code.INITIALISATION_LOST, initialisation=initialisation)
    if config.get("layer_replication"):
        yield error(Code.LAYERS_REPLICATED)


def content_findings(adapter: Adapter) -> Iterator[Finding]:
    """Tensors that a broken save left without values, and an adapter without any."""
    if not adapter.tensors:
        yield error(Code.NOTHING_TO_MERGE, adapter=spoken_name(adapter.folder))
    empty = [name for name, record in adapter.tensors.items() if 0 in record.shape]
    if empty:
        yield error(Code.EMPTY_TENSORS, names=empty, count=len(empty))


def field_findings(adapter: Adapter) -> Iterator[Finding]:
    """Fields that PEFT's config for the method does not have, as a newer PEFT or another trainer writes them."""
    unknown = unknown_fields(adapter.config, adapter.peft_type)
    if unknown.meaningful:
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=list(unknown.meaningful))
    if unknown.idle:
        yield info(Code.UNKNOWN_FIELDS_IGNORED, fields=list(unknown.idle))


def lora_config_findings(fit: Fit) -> Iterator[Finding]:
    """Scaling of nothing or by other rules, ranks that are not what the config says."""
    mapped = fit.mapped
    config = mapped.adapter.config
    if broken := broken_fields(config):
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=list(broken))
        return
    yield from _scaling_findings(mapped)
    yield from _rank_findings(config, mapped.contents.lora)
    if idle := idle_patterns(config, (name for pair in mapped.contents.lora for name in _known_as(pair))):
        yield warning(Code.PATTERN_UNMATCHED, names=list(idle), count=len(idle))


def _known_as(pair: LoraModule) -> tuple[str, ...]:
    """What patterns may mean it by: of a parameter that is targeted itself, also the module that it is in."""
    return (pair.module, pair.name) if pair.experts else (pair.module,)


def broken_fields(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields of the scaling whose values are no numbers to calculate with."""
    stated = {name: config[name] for name in ("r", "lora_alpha") if name in config}
    for field in ("rank_pattern", "alpha_pattern"):
        patterns = config.get(field) or {}
        values = patterns if isinstance(patterns, dict) else {"": None}
        stated |= {f"{field}.{key}".rstrip("."): value for key, value in values.items()}
    if config.get("peft_type") == _LISTS_RANKS:
        stated = {name: value for name, value in stated.items() if not isinstance(value, list)}
    return tuple(name for name, value in stated.items() if not _usable(value, name.startswith("r")))


def _usable(value: object, is_rank: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if is_rank:
        return isinstance(value, int) and value > 0
    return abs(value) <= _LARGEST_ALPHA


def _scaling_findings(mapped: ResolvedAdapter) -> Iterator[Finding]:
    config, pairs = mapped.adapter.config, mapped.contents.lora
    if "lora_alpha" not in config:
        yield warning(Code.SCALING_ABSENT)
    if config.get("use_rslora") and pairs and pairs[0].rank:
        yield info(Code.SCALING_RANK_STABILISED, scaling=scaling(config, pairs[0].configured_as, pairs[0].rank))
    still = _unscaled(config, pairs)
    if still or (pairs and mapped.weight == 0):
        nothing_left = mapped.weight == 0 or (len(still) == len(pairs) and not mapped.contents.copies)
        yield (error if nothing_left else warning)(Code.SCALING_ZERO, modules=still, count=len(still))


def _unscaled(config: Mapping[str, Any], pairs: Sequence[LoraModule]) -> list[str]:
    """Modules whose delta is multiplied by nothing."""
    ranks = {pair.rank for pair in pairs} - {0}
    if (
        not config.get("alpha_pattern")
        and not config.get("rank_pattern")
        and all(scaling(config, "", r) for r in ranks)
    ):
        return []
    return [pair.module for pair in pairs if pair.rank and scaling(config, pair.configured_as, pair.rank) == 0]


def _rank_findings(config: Mapping[str, Any], pairs: Sequence[LoraModule]) -> Iterator[Finding]:
    """The same of all layers, which only patterns tell apart."""
    ranks = {pair.rank for pair in pairs} - {0}
    if config.get("rank_pattern") or any(configured_rank(config, "", rank) != rank for rank in ranks):
        yield from rank_findings(config, ((pair.module, pair.configured_as, pair.rank) for pair in pairs))


def rank_findings(config: Mapping[str, Any], ranks: Iterable[tuple[str, str, int | None]]) -> Iterator[Finding]:
    """Refuse stored ranks that are not the config's. Of each: the module, what patterns know it as, the stored rank."""
    stated = [(module, configured_rank(config, name, rank), rank) for module, name, rank in ranks if rank]
    others = [(module, wanted, stored) for module, wanted, stored in stated if wanted != stored]
    if others:
        module, wanted, stored = others[0]
        yield error(Code.RANK_DIFFERS, module=module, stated=wanted, stored=stored, count=len(others))


def magnitude_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse where DoRA's magnitudes and the config disagree: without its magnitude a layer is scaled wrongly."""
    pairs = fit.mapped.contents.lora
    if fit.mapped.adapter.config.get("use_dora"):
        missing = [pair.module for pair in pairs if pair.magnitude is None]
        if missing:
            yield error(Code.MAGNITUDE_MISSING, names=missing, count=len(missing))
    elif unused := [pair.module for pair in pairs if pair.magnitude is not None]:
        yield error(Code.MAGNITUDE_UNUSED, names=unused)
    placed = fit.mapped.keys.placed
    if parts := [pair.module for pair in pairs if pair.magnitude is not None and pair.name in placed]:
        yield error(Code.MAGNITUDE_ON_PART, names=parts, count=len(parts))
