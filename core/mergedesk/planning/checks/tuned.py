"""Findings on the modules of methods that store parts of their own: usable config, shapes that are the base's."""

from __future__ import annotations

from collections.abc import Iterator

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, Finding, error
from ...methods.lora.config import configured_rank
from ..changes import streamed_modules
from ..resolved_adapter import ResolvedAdapter
from .adapter_health import broken_fields
from .fit import Fit


def tuned_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse what does not fit; call only where every module was found in the base."""
    base, mapped = fit.base, fit.mapped
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
    for target, method in streamed_modules(base, mapped):
        update = method.update(target)
        if not update.fits(target.shape):
            yield target.module, target.shape, update.given_shape


def _ranks(base: Checkpoint, mapped: ResolvedAdapter) -> Iterator[Finding]:
    stored = {target.module: method.update(target).rank for target, method in streamed_modules(base, mapped)}
    ranks = {name: (rank, configured_rank(mapped.adapter.config, name, rank)) for name, rank in stored.items() if rank}
    others = [(name, *pair) for name, pair in ranks.items() if pair[0] != pair[1]]
    if others:
        name, rank, stated = others[0]
        yield error(Code.RANK_DIFFERS, module=name, stated=stated, stored=rank, count=len(others))
