"""How large a plain model will be in each packed form, from its headers alone."""

from __future__ import annotations

from pathlib import Path

from ..checkpoints.checkpoint import Checkpoint
from ..domain.packed_export import PackedForecast
from ..export.packed.plan import as_it_is, plan_packing
from ..export.packed.scheme import SCHEMES
from ..inspection.inspect_folder import read_folder
from ..planning.checks.output_folder import free_bytes
from ..planning.known_classes import linear_weights_of_table
from ..planning.layout import make_layout


def foretell_packed(folder: Path, place: Path) -> PackedForecast:
    """Sizes by scheme, none where only the class itself could tell what is linear in it; and the room in ``place``.

    Imports no torch.
    """
    checkpoint = read_folder(folder).checkpoint
    linear = linear_weights_of_table(checkpoint) if checkpoint is not None else None
    if checkpoint is None or linear is None:
        return PackedForecast(folder, {}, free_bytes(place))
    sizes = {form: _bytes(checkpoint, frozenset(linear), form) for form in SCHEMES}
    return PackedForecast(folder, sizes, free_bytes(place))


def _bytes(checkpoint: Checkpoint, linear: frozenset[str], form: str) -> int:
    plan = plan_packing(as_it_is(checkpoint), linear, SCHEMES[form])
    return make_layout(plan.plan, checkpoint).nbytes
