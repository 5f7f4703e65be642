"""Findings on several adapters together: what has no meaning, what is not defined, what one of them decides."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint, StoredTensor
from ...checkpoints.tokenizer_files import TOKENIZER, chat_template
from ...domain.findings import Code, Finding, all_about, error, info, warning
from ...domain.folder_names import spoken_name
from ...domain.requests import Combination, CombinationMethod
from ...methods.combined import combined_ranks
from ...storage.safetensors_header import TensorRecord
from ..changes import Change, collect_changes
from ..resolved_adapter import ResolvedAdapter
from ..tied_embeddings import find_tie, same_values
from .base_adapter_match import is_one_of, recorded_base


def list_findings(adapters: Sequence[Adapter], combination: Combination) -> Iterator[Finding]:
    """What can be said of a list of adapters before it is known how each fits the base."""
    if combination.prunes and not 0 < combination.density <= 1:
        yield error(Code.DENSITY_OUT_OF_RANGE, density=combination.density)
    if len(adapters) == 1 and combination.method is not CombinationMethod.CAT:
        yield info(Code.COMBINATION_IDLE, method=combination.method.value)
    if len(adapters) > 1:
        yield from _undefined(adapters, combination)
        yield from _repeated(adapters)
        yield from _trained_on_others(adapters)
        yield from _tokenizers(adapters)


def _undefined(adapters: Sequence[Adapter], combination: Combination) -> Iterator[Finding]:
    """All methods but ``cat`` are PEFT's for plain low-rank factors, and leave everything else out without a word."""
    if combination.method is CombinationMethod.CAT:
        return
    reasons = [reason for adapter in adapters for reason in _beyond_factors(adapter)]
    if reasons:
        yield error(Code.COMBINATION_UNDEFINED, method=combination.method.value, reasons=list(dict.fromkeys(reasons)))


def _beyond_factors(adapter: Adapter) -> Iterator[str]:
    if adapter.peft_type != "LORA":
        yield adapter.peft_type
    fields = ("target_parameters", "layer_replication", "use_bdlora", "use_dora", "lora_bias")
    yield from (field for field in fields if adapter.config.get(field))


def _repeated(adapters: Sequence[Adapter]) -> Iterator[Finding]:
    for adapter, other in combinations(adapters, 2):
        try:
            same = filecmp.cmp(adapter.weights_file, other.weights_file, shallow=False)
        except OSError:  # the merge will say that it cannot be read
            continue
        if same:
            names = {"adapter": spoken_name(adapter.folder), "other": spoken_name(other.folder)}
            yield from all_about(other.chosen, [error(Code.SAME_ADAPTER_TWICE, **names)])


def _trained_on_others(adapters: Sequence[Adapter]) -> Iterator[Finding]:
    named = {spoken_name(adapter.folder): recorded_base(adapter) for adapter in adapters}
    named = {adapter: base for adapter, base in named.items() if not is_one_of(base, adapters)}
    if len({name.lower() for name in named.values() if name}) > 1:
        yield warning(Code.BASES_DIFFER, names=[f"{adapter} ({base})" for adapter, base in named.items() if base])


def _tokenizers(adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """Files of a later adapter take the place of an earlier one's (``output.companions``)."""
    brought = [adapter for adapter in adapters if not adapter.inner and (adapter.folder / TOKENIZER).is_file()]
    if len(brought) > 1 and any(_tokenizes_otherwise(adapter, brought[-1]) for adapter in brought[:-1]):
        last = brought[-1]
        said = warning(Code.TOKENIZERS_DIFFER, adapter=spoken_name(last.folder))
        yield from all_about(last.chosen, [said])


def _tokenizes_otherwise(adapter: Adapter, other: Adapter) -> bool:
    try:
        same = filecmp.cmp(adapter.folder / TOKENIZER, other.folder / TOKENIZER, shallow=False)
    except OSError:
        return True
    return not same or chat_template(adapter.folder) != chat_template(other.folder)


def combination_findings(
    base: Checkpoint, mapped: Sequence[ResolvedAdapter], combination: Combination
) -> Iterator[Finding]:
    """Combinations that have no meaning on this base; call only when each adapter fits by itself."""
    for resolved in mapped:
        yield from _scaled_copies(base, resolved)
    if len(mapped) > 1:
        changes = collect_changes(base, mapped, combination)
        yield from _conflicting_copies(base, mapped)
        yield from _shared_by_dora(mapped)
        yield from _unequal_ranks(changes, combination)
        yield from _torn_tie(base, mapped, changes)


def _scaled_copies(base: Checkpoint, resolved: ResolvedAdapter) -> Iterator[Finding]:
    """PEFT also saves an embedding's own weights along: a copy of the base's changes nothing at any strength."""
    if resolved.weight == 1.0:
        return
    copies = resolved.contents.copies.items()
    names = [name for name, record in copies if not same_values(record, resolved.target(base, name))]
    if names:
        yield from all_about(resolved.adapter.chosen, [error(Code.COPIES_CANNOT_BE_SCALED, names=names)])


def _conflicting_copies(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> Iterator[Finding]:
    """A full copy goes with another adapter's change only where it is the base's own, or both bring the same one."""
    held: dict[str, list[TensorRecord | None]] = {}
    own: dict[str, StoredTensor] = {}
    for resolved in mapped:
        for parameter in resolved.parameters:
            name = resolved.stored_name(parameter)
            held.setdefault(name, []).append(resolved.contents.copies.get(parameter))
            if parameter in resolved.contents.copies:
                own[name] = resolved.target(base, parameter)
    names = [name for name, target in own.items() if len(held[name]) > 1 and _conflict(held[name], target)]
    if names:
        yield error(Code.CONFLICTING_REPLACEMENTS, names=names)


def _conflict(copies: Sequence[TensorRecord | None], own: StoredTensor) -> bool:
    others = [copy for copy in copies if copy is not None and not same_values(copy, own)]
    return bool(others) and not all(copy is not None and same_values(copy, others[0]) for copy in copies)


def _shared_by_dora(mapped: Sequence[ResolvedAdapter]) -> Iterator[Finding]:
    """DoRA scales the sum of base and delta (Liu et al. 2024), so that it matters what was added before."""
    changed = [set(map(resolved.stored_name, resolved.parameters)) for resolved in mapped]
    dora = [bool(resolved.adapter.config.get("use_dora")) for resolved in mapped]
    shared = [changed[i] & changed[j] for i, j in combinations(range(len(mapped)), 2) if dora[i] or dora[j]]
    names = sorted(set().union(*shared))
    if names:
        yield error(Code.DORA_SHARES_MODULE, names=[name.removesuffix(".weight") for name in names])


def _unequal_ranks(changes: Mapping[str, Change], combination: Combination) -> Iterator[Finding]:
    if combination.method is CombinationMethod.CAT:
        return
    combined = [(name, ranks) for name, change in changes.items() for ranks in combined_ranks(change.updates)]
    names = [name.removesuffix(".weight") for name, ranks in combined if len(ranks) > 1]
    if names:
        ranks = sorted(set().union(*(ranks for _, ranks in combined)))
        yield error(Code.COMBINATION_RANKS_DIFFER, method=combination.method.value, ranks=ranks, names=names)


def _torn_tie(base: Checkpoint, mapped: Sequence[ResolvedAdapter], changes: Mapping[str, Change]) -> Iterator[Finding]:
    """Where one adapter keeps a tie that another, changing one side only, would tear."""
    tie = find_tie(base)
    if tie is None or tie.embeddings not in changes or tie.head not in changes:
        return
    both = {tie.embeddings, tie.head}
    sides = (both.intersection(map(resolved.stored_name, resolved.parameters)) for resolved in mapped)
    ensured = any(resolved.adapter.config.get("ensure_weight_tying") for resolved in mapped)
    if ensured and any(len(side) == 1 for side in sides):
        yield error(Code.SHARED_EMBEDDING_UNCLEAR, names=[tie.embeddings, tie.head])
