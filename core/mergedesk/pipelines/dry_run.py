"""What only transformers and PEFT themselves can say of a merge: asked before it, and nothing is written.

``python -m mergedesk.pipelines.dry_run`` answers a check from a process of its own, which may be ended.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

from ..domain.findings import Code, Finding, UserError
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest, Engine, Precision
from ..planning.checks.companion_checks import tokenizer_findings
from ..planning.engine_choice import needs_plain_copy
from ..planning.preflight import Ready, prepare
from ..runtime.codec import from_text, to_text

# What PEFT says of a pair that it does not merge; any other trouble is not the pair's.
REFUSALS = frozenset(
    {Code.PEFT_FAILED, Code.KEYS_UNMATCHED, Code.CUSTOM_CODE_NEEDS_STREAMING, Code.CONVOLUTION_GROUPED}
)


def class_findings(ready: Ready) -> list[Finding]:
    """What the base's class says of its weights, and whether the result will have a tokenizer."""
    from ..verification.class_weights import class_weight_findings

    adapters = [resolved.adapter for resolved in ready.mapped]
    brought = ready.head.tensors if ready.head else ()
    return [*class_weight_findings(ready.base, brought), *tokenizer_findings(ready.base, adapters)]


def dry_run(ready: Ready) -> Iterator[Finding]:
    """The same, and whether PEFT takes the adapter where it is PEFT that merges."""
    yield from class_findings(ready)
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


def main() -> None:
    """Read a request, warm up, say so, and say what was found: a line of JSON each."""
    from .warm_up import warm_up

    request = from_text(sys.stdin.buffer.read(), CheckRequest)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)  # whatever libraries print is no answer
        warm_up()
        print(file=answer, flush=True)
        prepared = prepare(request)
        print(to_text(list(dry_run(prepared)) if isinstance(prepared, Ready) else []), file=answer, flush=True)


if __name__ == "__main__":
    main()
