"""From a quantised checkpoint's stored tensors to the weights they stand for. Only small states are read, no weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.packed_tensor import PackedTensor, StoredTensor
from ..domain.errors import UserError
from ..domain.findings import Code
from ..storage.safetensors_header import TensorRecord
from .detect import looks_packed
from .packing_format import Records, Unreadable
from .registry import FORMATS

# Left over from running quantised: scales for activations and caches, which plain weights have no use for.
_RUN_TIME_ONLY = (".input_scale", ".activation_scale", ".k_scale", ".v_scale", ".q_scale", ".input_scale_ub")


def unpacked(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint with every packed weight as one PackedTensor, in the place of its parts.

    Raises UserError(quantised_unmergeable), naming the modules, where a packing cannot be read.
    """
    records = {name: one for name, one in checkpoint.tensors.items() if isinstance(one, TensorRecord)}
    tensors: dict[str, StoredTensor] = {}
    used: set[str] = set()
    broken: list[str] = []
    for name in records:
        try:
            packed = _find(name, records, checkpoint)
        except (Unreadable, ValueError, KeyError, TypeError):
            broken.append(name)
            continue
        if packed is not None:
            tensors[packed.name] = packed
            used |= {part.name for part in packed.parts.values()}
    for name, record in records.items():
        if name not in used and not _is_run_time_only(name, tensors):
            tensors[name] = record
    broken += [name for name, one in tensors.items() if isinstance(one, TensorRecord) and looks_packed(one)]
    if broken:
        modules = list(dict.fromkeys(name.rpartition(".")[0] or name for name in broken))
        raise UserError(Code.QUANTIZED_UNMERGEABLE, method="", names=modules, count=len(modules), original=None)
    return replace(checkpoint, tensors=_in_order(tensors, records))


def _in_order(tensors: Mapping[str, StoredTensor], records: Records) -> dict[str, StoredTensor]:
    """In the order of the packed values in their files."""
    places = {name: place for place, name in enumerate(records)}

    def place(one: StoredTensor) -> int:
        return places[one.parts["codes"].name if isinstance(one, PackedTensor) else one.name]

    return {one.name: one for one in sorted(tensors.values(), key=place)}


def _is_run_time_only(name: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Whether a tensor only serves a quantised weight of the same module while it runs."""
    module = name.rpartition(".")[0]
    return name.endswith(_RUN_TIME_ONLY) and (
        isinstance(tensors.get(f"{module}.weight"), PackedTensor) or name.endswith((".k_scale", ".v_scale", ".q_scale"))
    )


def _find(name: str, records: Records, checkpoint: Checkpoint) -> PackedTensor | None:
    """The packed weight whose main part is ``name``, if it is one's."""
    found = (known.find(name, records, checkpoint) for known in FORMATS.values())
    return next((packed for packed in found if packed is not None), None)


def packed_in(checkpoint: Checkpoint) -> Iterator[PackedTensor]:
    """The packed weights of an unpacked checkpoint."""
    return (tensor for tensor in checkpoint.tensors.values() if isinstance(tensor, PackedTensor))
