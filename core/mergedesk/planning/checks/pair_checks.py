"""Every check of base and adapters together; a check that another one's errors would mislead comes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Finding, all_about, any_error
from ...domain.requests import Combination
from ...methods.registry import is_streamed
from ..resolved_adapter import ResolvedAdapter, names_modules, speaks_plain_lora
from ..vocabulary_resize import Resize
from .adapter_health import adapter_findings, lora_config_findings, magnitude_findings
from .base_adapter_match import base_findings, repeat_findings
from .combination import combination_findings, list_findings
from .companion_checks import companion_findings
from .fit import Fit
from .generation_config_checks import generation_findings
from .shape_checks import (
    dtype_findings,
    foreign_findings,
    key_findings,
    shape_findings,
    tokenizer_findings,
    tuned_findings,
)
from .untrained import UsedRows, slice_findings

FitCheck = Callable[[Fit], Iterable[Finding]]
# All checks of a stage are made; after a stage with errors, no later one is.
Stages = Sequence[Sequence[FitCheck]]
_PLAIN_LORA: Stages = (
    (slice_findings,),
    (lora_config_findings, magnitude_findings),
    (key_findings, shape_findings, dtype_findings),
    (lambda fit: tuned_findings(fit) if fit.mapped.contents.tuned else (),),
)
_OTHER_STREAMED: Stages = ((key_findings,), (tuned_findings, shape_findings, dtype_findings))
_FOREIGN: Stages = ((foreign_findings,),)


def pair_findings(
    base: Checkpoint,
    mapped: Sequence[ResolvedAdapter],
    combination: Combination,
    *,
    packed: bool = False,
    resize: Resize | None = None,
) -> list[Finding]:
    """What base and adapters are to each other.

    ``packed``: the base is quantised, so that neither its names nor its shapes are those of the modules.
    """
    adapters = [resolved.adapter for resolved in mapped]
    findings = [*generation_findings(base), *companion_findings(base, adapters)]
    for resolved in mapped:
        findings += all_about(resolved.adapter.chosen, _of_one(base, resolved, adapters, resize, packed, findings))
    findings += [*repeat_findings(base, adapters), *list_findings(adapters, combination)]
    if not packed and not any_error(findings) and all(names_modules(resolved.adapter) for resolved in mapped):
        findings += combination_findings(base, mapped, combination)
    return findings


def _of_one(
    base: Checkpoint,
    resolved: ResolvedAdapter,
    adapters: Sequence[Adapter],
    resize: Resize | None,
    packed: bool,
    earlier: Sequence[Finding],
) -> list[Finding]:
    """What one adapter is to the base. After an ``earlier`` error it is not asked how it fits."""
    used: UsedRows = {}
    fit = Fit(base, resolved, resize, used)
    said = [*adapter_findings(resolved.adapter, used), *base_findings(base, resolved.adapter, adapters)]
    if not packed and not any_error((*earlier, *said)):
        said += _walk(_stages(resolved), fit)
    return [*said, *tokenizer_findings(fit)]


def _stages(resolved: ResolvedAdapter) -> Stages:
    if is_streamed(resolved.adapter.peft_type):
        return _OTHER_STREAMED
    return _PLAIN_LORA if speaks_plain_lora(resolved.adapter) else _FOREIGN


def _walk(stages: Stages, fit: Fit) -> list[Finding]:
    findings: list[Finding] = []
    for stage in stages:
        if not any_error(findings):
            findings += [finding for check in stage for finding in check(fit)]
    return findings
