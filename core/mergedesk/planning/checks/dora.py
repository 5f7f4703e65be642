"""Findings on DoRA: its magnitudes are all there, and used."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.findings import Code, Finding, error
from .fit import Fit


def magnitude_findings(fit: Fit) -> Iterator[Finding]:
    """Refuse where magnitudes and config disagree: without its magnitude a layer is scaled wrongly."""
    pairs = fit.mapped.contents.lora
    if fit.mapped.adapter.config.get("use_dora"):
        missing = [pair.module for pair in pairs if pair.magnitude is None]
        if missing:
            yield error(Code.MAGNITUDE_MISSING, names=missing, count=len(missing))
    elif unused := [pair.module for pair in pairs if pair.magnitude is not None]:
        yield error(Code.MAGNITUDE_UNUSED, names=unused)
