"""A packed base of which adapters change only what is stored plain: its packed weights stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import AllBut, Checkpoint, StoredTensor
from ..domain.requests import AdapterChoice, CheckRequest, Engine, Precision
from ..foreign_adapters.registry import settled
from ..inspection.inspect_folder import FolderContents
from ..quantization.detect import looks_packed, seen_unpacked
from ..storage.safetensors_header import TensorRecord
from .adapter_repair import repair
from .beside_weights import fold_beside
from .engine_choice import why_not_streaming
from .resolved_adapter import ResolvedAdapter, map_adapter
from .vocabulary_resize import find_resize

# What modules have whatever their weights are packed in.
_PLAIN_LEAVES = (".weight", ".bias")
# What headers say of no tensor.
_TOLD_EVERYWHERE = {"format"}


def kept_in_place(base: FolderContents, adapters: Sequence[FolderContents], request: CheckRequest) -> Checkpoint | None:
    """The base with what is packed in it to be copied as it is; None where a targeted tensor is packed.

    What needs other engines, precisions or vocabularies than the base has, needs plain weights everywhere.
    """
    whole = [folder.adapter for folder in adapters if folder.adapter is not None]
    stored, asked = base.checkpoint, request.precision is Precision.AUTO and request.engine is not Engine.PEFT
    if stored is None or not asked or not whole or len(whole) < len(adapters):
        return None
    if request.max_shard_size and any(header.metadata.keys() - _TOLD_EVERYWHERE for header in stored.headers):
        return None  # what a file's header says of its tensors would be lost with the file
    seen, broken = (base.dequantized, []) if base.dequantized else seen_unpacked(stored)
    mapped = list(map_adapters(seen, whole, request.adapters))
    if why_not_streaming(mapped) or any(resolved.unmatched_modules for resolved in mapped):
        return None
    targets = {name for resolved in mapped for name in _targets(resolved)}
    if not targets.isdisjoint(broken) or not _all_plain(targets, seen.tensors) or find_resize(seen, mapped) is not None:
        return None
    return _keeping_packed(stored, seen, broken)


def _keeping_packed(base: Checkpoint, seen: Checkpoint, broken: Sequence[str]) -> Checkpoint:
    """A base as it is stored; ``seen`` is the same as far as it can be unpacked, which ``broken`` weights cannot."""
    modules = {name.rpartition(".")[0] for name in broken}
    unreadable = frozenset(broken)

    def is_plain(name: str, record: StoredTensor) -> bool:
        if name in unreadable or seen.tensors.get(name) is not record or looks_packed(record):
            return False
        return name.rpartition(".")[0] not in modules or name.endswith(_PLAIN_LEAVES)

    plain = frozenset(name for name, record in base.tensors.items() if is_plain(name, record))
    return replace(base, kept_packed=AllBut(base.tensors, plain))


def map_adapters(
    base: Checkpoint, adapters: Iterable[Adapter], choices: Iterable[AdapterChoice]
) -> Iterator[ResolvedAdapter]:
    """Adapters laid over a base that is seen unpacked, as preflight does it."""
    for adapter, choice in zip(adapters, choices, strict=True):
        native = fold_beside(settled(adapter, base)[0], base)[0]
        yield map_adapter(base, repair(native, base)[0], choice.weight)


def _targets(resolved: ResolvedAdapter) -> Iterator[str]:
    """The stored tensors that an adapter changes."""
    keys = resolved.keys
    yield from (*keys.matched.values(), *keys.tied.values())
    yield from (block.tensor for placement in keys.placed.values() for block in placement.blocks)


def _all_plain(names: Iterable[str], tensors: Mapping[str, StoredTensor]) -> bool:
    records = [tensors.get(name) for name in names]
    return bool(records) and all(
        isinstance(record, TensorRecord) and record.is_floating and not looks_packed(record) for record in records
    )
