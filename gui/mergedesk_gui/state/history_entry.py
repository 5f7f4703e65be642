"""Merges as earlier versions kept them among the settings: when, from what, and with which choices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .form import Form
from .stored_form import is_absolute, is_sensible


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One merge that was published, and when (with a time zone).

    Of its choices the output is not kept, since it now holds a model, nor is the leave to replace one.
    """

    when: datetime
    output: Path
    choices: Form


def from_text(text: str) -> HistoryEntry | None:
    """A merge of one line of JSON, as one of the earlier versions wrote it; None for anything else."""
    from mergedesk.runtime import codec

    try:
        content = json.loads(text)
        past = codec.from_plain(content if "choices" in content else _of_first_version(content), HistoryEntry)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    is_right = past.when.tzinfo is not None and is_absolute(past.output) and is_sensible(past.choices)
    return past if is_right and past.choices.base is not None else None


def _of_first_version(content: dict[str, Any]) -> dict[str, Any]:
    """The choices once stood beside the time and the output, and an adapter was a pair."""
    adapters = [{"folder": folder, "weight": weight} for folder, weight in content["adapters"]]
    return {**content, "choices": {**content, "adapters": adapters, "output": None}}
