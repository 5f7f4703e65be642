"""From a quantised checkpoint's stored tensors to the weights they stand for. Only small states are read, no weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, StoredTensor
from ..domain.findings import Code, UserError
from ..storage.safetensors_header import TensorRecord
from .detect import looks_packed
from .packing_format import Unreadable
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
            found = (known.find(name, records, checkpoint) for known in FORMATS.values())
            packed = next((one for one in found if one is not None), None)
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
    # In the order of the packed values in their files.
    stored = {one.parts["codes"].name if isinstance(one, PackedTensor) else one.name: one for one in tensors.values()}
    return replace(checkpoint, tensors={stored[name].name: stored[name] for name in records if name in stored})


def _is_run_time_only(name: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Whether a tensor only serves a quantised weight of the same module while it runs."""
    module = name.rpartition(".")[0]
    return name.endswith(_RUN_TIME_ONLY) and (
        isinstance(tensors.get(f"{module}.weight"), PackedTensor) or name.endswith((".k_scale", ".v_scale", ".q_scale"))
    )


def packed_in(checkpoint: Checkpoint) -> Iterator[PackedTensor]:
    """The packed weights of an unpacked checkpoint."""
    return (tensor for tensor in checkpoint.tensors.values() if isinstance(tensor, PackedTensor))
