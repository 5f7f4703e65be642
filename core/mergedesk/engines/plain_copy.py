"""A quantised base as a plain 16-bit folder, for what only works on one: PEFT's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from msgspec import structs

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, read_checkpoint
from ..checkpoints.files import WEIGHTS_INDEX
from ..domain.progress import CancelToken
from ..domain.requests import Precision
from ..output.companions import ConfigChanges, companion_files, write_companions, write_config, write_text
from ..output.shards import create_shards
from ..planning.layout import Layout, index_text, make_layout
from ..planning.plan import Action, PlannedTensor, make_plan
from .streaming import Advance, TileWatch, stream

JudgeOf = Callable[[Layout], AbstractContextManager[TileWatch | None]]


def write_plain_copy(
    base: Checkpoint,
    folder: Path,
    advance: Advance,
    cancel: CancelToken,
    judge_of: JudgeOf = lambda _: nullcontext(),
) -> Checkpoint:
    """Write the dequantised base, companions and all, into ``folder``; gives back what now lies there.

    ``judge_of`` gives who looks at each tile. Raises Cancelled, UserError as ``stream`` does.
    """
    folder.mkdir(parents=True)
    layout = make_layout(make_plan(base, [], Precision.AUTO), base)
    with create_shards(folder, layout) as outputs, judge_of(layout) as judge:
        stream(layout, outputs, advance, cancel, judge=judge)
    if layout.index is not None:
        write_text(folder / WEIGHTS_INDEX, index_text(layout))
    write_companions(companion_files(base.folder, []), folder)
    write_config(base.folder, folder, ConfigChanges(drop_quantization=True))
    return read_checkpoint(folder)


def as_from_packed(planned: Iterable[PlannedTensor], base: Checkpoint, plain: Checkpoint) -> tuple[PlannedTensor, ...]:
    """What was planned from the plain copy, traced back to the quantised base, which stays when the copy goes."""
    return tuple(_traced(tensor, base, plain) for tensor in planned)


def _traced(tensor: PlannedTensor, base: Checkpoint, plain: Checkpoint) -> PlannedTensor:
    origin = base.tensors[tensor.base.name]
    copied = plain.tensors.get(tensor.source.name) is tensor.source
    action = Action.CAST if isinstance(origin, PackedTensor) and tensor.action is Action.COPY else tensor.action
    return structs.replace(tensor, base=origin, source=origin if copied else tensor.source, action=action)
