"""Really loading what was packed, as transformers does with compressed-tensors; or why that is not tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from ..checkpoints.checkpoint import Checkpoint, read_checkpoint
from ..domain.findings import SkipReason
from ..export.packed.plan import PackedPlan
from ..planning.transformers_conversion import conversion_for, stacked_names
from ..storage.plain_name import plain_name
from ..verification.staged.load_beside import loading_beside
from ..verification.staged.model_load import Loaded, NotLoaded

_LIBRARY = "compressed_tensors"
Load = Callable[[Checkpoint, Callable[[], None]], Loaded | NotLoaded]


@contextmanager
def loading_packed(plan: PackedPlan, model: Checkpoint) -> Iterator[Load]:
    """What loads the result of packing ``model``; its libraries are imported elsewhere while the block goes on."""
    if find_spec(_LIBRARY) is None:
        yield lambda _written, _check: NotLoaded(SkipReason.NO_COMPRESSED_TENSORS)
        return
    with loading_beside() as beside:

        def load(written: Checkpoint, check: Callable[[], None]) -> Loaded | NotLoaded:
            if _stacks(plan, model):
                return NotLoaded(SkipReason.EXPERTS_STACKED)
            with plain_name(written.folder) as folder:
                return beside.load(read_checkpoint(folder), check)

        yield load


def _stacks(plan: PackedPlan, model: Checkpoint) -> bool:
    """Whether the class puts weights together that are packed one by one."""
    stacked = stacked_names(conversion_for(model.config, model.tensors), model.tensors)
    return not plan.packed.keys().isdisjoint(name.removesuffix(".weight") for name in stacked)
