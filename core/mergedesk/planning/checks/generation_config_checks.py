"""Findings on the base's generation_config.json, which transformers refuses to save where its fields contradict.

The result carries the file as it is. The rules are those of transformers' ``GenerationConfig.validate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import GENERATION_CONFIG, read_json
from ...domain.findings import Code, Finding, UserError, warning

# Fields of use only while sampling, or only with several beams, and the values that ask for nothing.
_SAMPLING: Mapping[str, Any] = {
    "temperature": 1.0, "top_p": 1.0, "min_p": None, "top_h": None, "typical_p": 1.0, "top_k": 50,
    "epsilon_cutoff": 0.0, "eta_cutoff": 0.0,
}  # fmt: skip
_BEAMS: Mapping[str, Any] = {"early_stopping": False, "length_penalty": 1.0}


def generation_findings(base: Checkpoint) -> Iterator[Finding]:
    """Fields that contradict each other, each with what they contradict."""
    try:
        config = read_json(base.folder / GENERATION_CONFIG)
    except UserError:  # none, or one that no loader reads either
        return
    samples, one_beam = config.get("do_sample") is True, config.get("num_beams") in (None, 1)
    idle = [] if samples else _set(config, _SAMPLING)
    count = config.get("num_return_sequences")
    if not samples and one_beam and isinstance(count, int) and count > 1:
        idle.append("num_return_sequences")
    if idle:
        yield warning(Code.GENERATION_CONFIG_ODD, fields=idle, switch="do_sample")
    if one_beam and (idle := _set(config, _BEAMS)):
        yield warning(Code.GENERATION_CONFIG_ODD, fields=idle, switch="num_beams")


def _set(config: Mapping[str, Any], neutral: Mapping[str, Any]) -> list[str]:
    return [name for name, value in neutral.items() if config.get(name) not in (None, value)]
