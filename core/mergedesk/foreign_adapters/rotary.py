"""Queries and keys of adapters trained on Meta's layout, brought to the one that transformers has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import TensorRecord
from .views import as_halves

_HEADS = {"q_proj": "num_attention_heads", "k_proj": "num_key_value_heads"}
_OUTPUTS = (".lora_B.weight", ".lora_magnitude_vector")


def with_halves(adapter: Adapter, base: Checkpoint, paired: Collection[str], halved: Collection[str]) -> Adapter:
    """The adapter with the rows of its queries and keys in the order of the base's.

    ``paired``: model types whose adapters have the two of a rotated pair side by side; ``halved``: those that have them
    as transformers does. Raises UserError(foreign_base_unknown) for others, and where the heads are not stated.
    """
    if base.model_type in halved:
        return adapter
    if base.model_type not in paired:
        known = sorted({*paired, *halved})
        raise UserError(Code.FOREIGN_BASE_UNKNOWN, tool=adapter.origin, model_type=base.model_type, known=known)
    tensors = {name: _turned(name, record, adapter.origin, base) for name, record in adapter.tensors.items()}
    return replace(adapter, tensors=tensors)


def _turned(name: str, record: TensorRecord, origin: str, base: Checkpoint) -> TensorRecord:
    part = next((part for part in _OUTPUTS if name.endswith(part)), None)
    leaf = name.removesuffix(part or "").rpartition(".")[2]
    if part is None or leaf not in _HEADS:
        return record
    heads = _heads(base, _HEADS[leaf])
    if not heads or record.shape[0] % (2 * heads):
        raise UserError(Code.FOREIGN_HEADS_UNKNOWN, tool=origin, name=_HEADS[leaf])
    return as_halves(record, heads)


def _heads(base: Checkpoint, field: str) -> int:
    stated = base.config.get(field, base.config.get(_HEADS["q_proj"]))
    return stated if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0 else 0
