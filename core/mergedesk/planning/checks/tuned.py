"""Findings on the modules of IA3, LoHa and LoKr and on token rows: usable config, shapes that are the base's."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, Finding, error
from ...methods.lora.config import configured_rank
from ...methods.tuned_updates import TunedUpdate, is_streamable, stored_rank, tuned_fits
from ...methods.updates import RowsUpdate, ScaleUpdate
from ..changes import update_of_tuned
from ..resolved_adapter import ResolvedAdapter
from .adapter_health import broken_fields


def tuned_findings(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Finding]:
    """Refuse what does not fit; call only where every module was found in the base."""
    config = mapped.adapter.config
    if broken := broken_fields({**config, "lora_alpha": config.get("alpha", 1)}):
        yield error(Code.UNKNOWN_FIELDS_MEANINGFUL, fields=[name.replace("lora_alpha", "alpha") for name in broken])
        return
    misfits = list(_misfits(base, mapped))
    if misfits:
        module, ours, theirs = misfits[0]
        yield error(
            Code.SHAPE_MISMATCH, module=module, base_shape=list(ours), adapter_shape=list(theirs), count=len(misfits)
        )
    else:
        yield from _ranks(base, mapped)


def _misfits(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    for tuned in mapped.contents.tuned:
        if is_streamable(mapped.adapter.peft_type, tuned):
            update = update_of_tuned(base, mapped, tuned)
            shape = mapped.target(base, f"{tuned.module}.weight").shape
            if not tuned_fits(update, shape):
                own = _own_shape(update)
                yield tuned.module, (shape[0], math.prod(shape[1:])), own


def _own_shape(update: TunedUpdate) -> tuple[int, ...]:
    if isinstance(update, ScaleUpdate):
        return update.factors.shape
    return update.values.shape if isinstance(update, RowsUpdate) else update.shape


def _ranks(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Finding]:
    modules = (one for one in mapped.contents.tuned if is_streamable(mapped.adapter.peft_type, one))
    stored = {one.module: stored_rank(update_of_tuned(base, mapped, one)) for one in modules}
    ranks = {name: (rank, configured_rank(mapped.adapter.config, name, rank)) for name, rank in stored.items() if rank}
    others = [(name, *pair) for name, pair in ranks.items() if pair[0] != pair[1]]
    if others:
        name, rank, stated = others[0]
        yield error(Code.RANK_DIFFERS, module=name, stated=stated, stored=rank, count=len(others))
