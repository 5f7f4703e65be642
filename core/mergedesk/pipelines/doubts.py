"""What headers leave open of a merge that seems ready, and what they tell of the result; no library is imported."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.findings import Finding
from ..domain.requests import Engine, Precision
from ..planning.checks.companion_checks import tokenizer_findings
from ..planning.known_classes import is_plainly_whole
from ..planning.preflight import Ready


def is_in_doubt(ready: Ready) -> bool:
    """Whether headers alone do not tell what ``dry_run`` would."""
    if ready.base.stays_packed:
        return bool(ready.base.stored)
    return ready.engine is Engine.PEFT or not (is_apart(ready) or is_plainly_whole(ready.base))


def needs_transformers(ready: Ready, precision: Precision) -> bool:
    """Whether this process needs the model's class, for anything before the result is loaded."""
    by_class = precision in (Precision.FLOAT16, Precision.BFLOAT16)
    return by_class or ready.engine is Engine.PEFT or not is_plainly_whole(ready.base)


def is_apart(ready: Ready) -> bool:
    """Whether the base holds an adapter: what lies in its folder is no model of the class then."""
    return any(resolved.adapter.inner for resolved in ready.mapped)


def of_companions(ready: Ready) -> Iterator[Finding]:
    """Whether the result will have a tokenizer."""
    return tokenizer_findings(ready.base, [resolved.adapter for resolved in ready.mapped])
