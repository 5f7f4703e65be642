"""The architectures that other tools say they take: ``architectures.json``, which says of what and when each list is.

``tests/tools/read_architectures.py`` renews it from the tools' sources.

The lists are of one version each; a name that is not there may be in a newer one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .codes import Tool

# Of causal models, vLLM makes a classifier's class itself: the same name, with this ending.
CLASSIFIER = "ForSequenceClassification"
_CAUSAL = ("ForCausalLM", "LMHeadModel")


@dataclass(frozen=True, slots=True)
class ArchitectureList:
    """A tool's ``architectures``, as its own ``source`` file names them: it is of ``date``, or was read then."""

    source: str
    date: str
    names: frozenset[str]


@cache
def architecture_lists() -> Mapping[Tool, ArchitectureList]:
    """Every list there is."""
    read = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return {
        Tool(tool): ArchitectureList(stated["source"], stated["date"], frozenset(stated["architectures"]))
        for tool, stated in read["lists"].items()
    }


def takes(tool: Tool, architecture: str) -> bool:
    """Whether a tool's list has ``architecture``."""
    listed = architecture_lists()[tool].names
    if architecture in listed:
        return True
    stem = architecture.removesuffix(CLASSIFIER)
    return tool is Tool.VLLM and stem != architecture and any(stem + ending in listed for ending in _CAUSAL)
