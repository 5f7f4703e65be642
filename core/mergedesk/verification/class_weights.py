"""Whether a base holds every weight that its class has: what it lacks, transformers fills with random numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.config_counts import is_modest
from ..domain.findings import Code, Finding, error, info, warning
from ..planning.task_heads import is_task_head
from ..planning.transformers_conversion import conversion_for, index_parameters
from ..quantization.detect import packed_in
from ..runtime.transformers_class import classes_of, find_class, meta_model
from .staged.model_load import Loaded, load_model


def class_weight_findings(base: Checkpoint, brought: Container[str] = ()) -> Iterator[Finding]:
    """Refuse a base that lacks weights; a head over a task's labels, which every training draws anew, is only told.

    A config that names no class, or an unknown one, is read as its ``model_type`` says, or it is told that nothing was
    looked at. ``brought`` are parameters that the adapter has. Names alone clear most bases; of the others transformers
    is asked, which knows all exceptions, but not what packed weights are once they are plain.
    """
    if base.stays_packed or any(packed_in(base)):
        return
    if find_class(base.config) is None and not base.config.get("auto_map"):
        named = _as_its_type_says(base)
        if named is None:
            yield info(Code.CLASS_NOT_TOLD)
            return
        base = named
    if is_modest(base.config, base.tensors) and not _may_lack(base):
        return
    found = load_model(base, lambda: None, shapes_only=True)
    if not isinstance(found, Loaded):
        return
    lacking = [name for name in found.lacking if name not in brought]
    heads = [name for name in lacking if is_task_head(name, found.class_name)]
    if wrong := [name for name in lacking if name not in heads]:
        yield error(Code.WEIGHTS_ABSENT, names=wrong, count=len(wrong), name=found.class_name)
    elif heads:
        yield warning(Code.HEAD_DRAWN, names=heads, count=len(heads), name=found.class_name)


def _as_its_type_says(base: Checkpoint) -> Checkpoint | None:
    """The base as of the class of its ``model_type`` that it holds most of; None where that is not even the half."""
    if not is_modest(base.config, base.tensors):
        return None
    named = [replace(base, config={**base.config, "architectures": [name]}) for name in classes_of(base.model_type)]
    told = ((_which_are_held(one), one) for one in named)
    held = [(sum(said), -len(said), one) for said, one in told if 2 * sum(said) > len(said)]
    return max(held, key=lambda counts: counts[:2])[2] if held else None


def _may_lack(base: Checkpoint) -> bool:
    """Whether some parameter of the class has no stored tensor of its shape under any name that is known here."""
    return not all(_which_are_held(base))


def _which_are_held(base: Checkpoint) -> list[bool]:
    """Of each parameter of the class, whether it is stored; empty where the class cannot be built."""
    model = meta_model(base.folder, base.config)
    if model is None:
        return []
    conversion = conversion_for(base.config, base.tensors)
    index = index_parameters(conversion, base.tensors)
    shapes: dict[str, tuple[int, ...] | None] = {
        **dict.fromkeys(index.scattered),
        **{name: placement.shape for name, placement in index.placed.items()},
        **{name: base.tensors[stored].shape for name, stored in index.whole.items()},
    }
    prefix = model.base_model_prefix  # a class without a head is taken out of one with
    return [
        _is_held(name, tensor, shapes, (f"{prefix}.{name}", *conversion.spellings(name)))
        for name, tensor in model.named_parameters()
    ]


def _is_held(name: str, tensor: Any, shapes: dict[str, tuple[int, ...] | None], spellings: Iterable[str]) -> bool:
    known = [shapes[spelling] for spelling in (name, *spellings) if spelling in shapes]
    return bool(known) and known[0] in (None, tuple(tensor.shape))
