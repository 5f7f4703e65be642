"""What only transformers and PEFT themselves can say of a merge: asked before it, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..domain.findings import Code, Finding, UserError
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest, Engine, Precision
from ..planning.engine_choice import needs_plain_copy
from ..planning.known_classes import is_plainly_whole
from ..planning.preflight import Ready, prepare
from .doubts import is_apart, of_companions

# What PEFT says of a pair that it does not merge; any other trouble is not the pair's.
REFUSALS = frozenset(
    {Code.PEFT_FAILED, Code.KEYS_UNMATCHED, Code.CUSTOM_CODE_NEEDS_STREAMING, Code.CONVOLUTION_GROUPED}
)


def class_findings(ready: Ready) -> list[Finding]:
    """What the base's class says of its weights, and whether the result will have a tokenizer."""
    return [*_of_class(ready), *of_companions(ready)]


def _of_class(ready: Ready) -> Iterator[Finding]:
    if is_apart(ready) or is_plainly_whole(ready.base):
        return iter(())
    from ..verification.class_weights import class_weight_findings

    return class_weight_findings(ready.base, ready.head.tensors if ready.head else ())


def libraries_say(request: CheckRequest) -> list[Finding]:
    """What a dry run of folders that seem ready finds."""
    prepared = prepare(request)
    if not isinstance(prepared, Ready):
        return []
    if prepared.base.stays_packed:
        from .packing_forecast import packing_findings

        return packing_findings(request, prepared)
    return list(dry_run(prepared))


def dry_run(ready: Ready) -> Iterator[Finding]:
    """What the class says of the base, and whether PEFT takes the adapter where it is PEFT that merges."""
    yield from _of_class(ready)
    if ready.engine is Engine.PEFT and not needs_plain_copy(ready.base):
        try:
            _merge_one_of_each(ready)
        except UserError as trouble:
            if trouble.code in REFUSALS:
                yield trouble.finding()


def _merge_one_of_each(ready: Ready) -> None:
    """Attach the adapter, and let PEFT merge a layer of every kind. Raises UserError."""
    from ..engines.peft.attach import attach
    from ..engines.peft.layers import merged_values, plan_for
    from ..engines.peft.survey import survey
    from ..runtime.transformers_class import let_go

    [mapped] = ready.mapped
    model = attach(ready.base, mapped.adapter)
    try:
        found = survey(model, ready.base, mapped.adapter)
        kinds = {_kind(layer): layer for layer in found.layers or ()}
        planned = {one.name: one for one in plan_for(found, ready.base, Precision.AUTO, ()).tensors}
        for _ in merged_values(list(kinds.values()), planned, CancelToken()):
            pass
    finally:
        let_go(model)


def _kind(layer: Any) -> tuple[object, ...]:
    base = layer.tuners[0].get_base_layer()
    shapes = tuple(tuple(parameter.shape) for parameter in base.parameters())
    return (type(base), shapes, getattr(base, "groups", 1), *map(type, layer.tuners))
