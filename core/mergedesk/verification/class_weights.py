"""Whether a base holds every weight that its class has: what it lacks, transformers fills with random numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.config_counts import is_modest
from ..domain.findings import Code, Finding, error, warning
from ..planning.task_heads import is_task_head
from ..planning.transformers_conversion import conversion_for, index_parameters
from ..quantization.detect import packed_in
from ..runtime.transformers_class import meta_model
from .staged.model_load import Loaded, load_model


def class_weight_findings(base: Checkpoint, brought: Container[str] = ()) -> Iterator[Finding]:
    """Refuse a base that lacks weights; a head over a task's labels, which every training draws anew, is only told.

    ``brought`` are parameters that the adapter has. Names alone clear most bases; of the others transformers is asked,
    which knows all exceptions, but not what packed weights are once they are plain.
    """
    if base.kept_packed or any(packed_in(base)) or (is_modest(base.config, base.tensors) and not _may_lack(base)):
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


def _may_lack(base: Checkpoint) -> bool:
    """Whether some parameter of the class has no stored tensor of its shape under any name that is known here."""
    model = meta_model(base.folder, base.config)
    if model is None:
        return False
    conversion = conversion_for(base.config, base.tensors)
    index = index_parameters(conversion, base.tensors)
    shapes: dict[str, tuple[int, ...] | None] = {
        **dict.fromkeys(index.scattered),
        **{name: placement.shape for name, placement in index.placed.items()},
        **{name: base.tensors[stored].shape for name, stored in index.whole.items()},
    }
    return any(
        not _is_held(name, tensor, shapes, conversion.spellings(name)) for name, tensor in model.named_parameters()
    )


def _is_held(name: str, tensor: Any, shapes: dict[str, tuple[int, ...] | None], spellings: Iterable[str]) -> bool:
    known = [shapes[spelling] for spelling in (name, *spellings) if spelling in shapes]
    return bool(known) and known[0] in (None, tuple(tensor.shape))
