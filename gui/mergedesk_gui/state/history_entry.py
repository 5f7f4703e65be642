"""Merges that were finished with this window: when, from what, and with which settings."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, Engine, MajoritySign, Precision

from .consents import Consent
from .form import MOST_SEED, MOST_STRENGTH, Form, shard_bytes

_MOST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One merge that was published, and when (with a time zone).

    Of its choices the output is not kept, since it now holds a model, nor is the leave to replace one.
    """

    when: datetime
    output: Path
    choices: Form


def to_text(past: HistoryEntry) -> str:
    """The merge as one line of JSON."""
    choices = past.choices
    content = {
        "when": past.when.isoformat(timespec="seconds"),
        "output": str(past.output),
        "base": str(choices.base),
        "adapters": [[str(one.folder), one.weight] for one in choices.adapters],
        "precision": choices.precision.value,
        "engine": choices.engine.value,
        "shard_size": choices.shard_size,
        "combination": asdict(choices.combination),
        "consents": sorted(choices.consents),
    }
    return json.dumps(content)


def from_text(text: str) -> HistoryEntry | None:
    """What ``to_text`` wrote; None for anything else."""
    try:
        content: dict[str, Any] = json.loads(text)
        when = datetime.fromisoformat(content["when"])
        return HistoryEntry(when, _folder(content["output"]), _choices(content)) if when.tzinfo else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def _choices(content: dict[str, Any]) -> Form:
    shard_size = content["shard_size"]
    return Form(
        base=_folder(content["base"]),
        adapters=tuple(
            AdapterChoice(_folder(folder), _number(weight, -MOST_STRENGTH, MOST_STRENGTH))
            for folder, weight in content["adapters"]
        ),
        precision=Precision(content["precision"]),
        engine=Engine(content["engine"]),
        shard_size=shard_size if shard_bytes(shard_size) else "",
        combination=_combination(content["combination"]),
        consents=frozenset(Consent(one) for one in content.get("consents", ())),
    )


def _combination(content: dict[str, Any]) -> Combination:
    return Combination(
        CombinationMethod(content["method"]),
        _number(content["density"], 1e-9, 1.0),
        MajoritySign(content["majority_sign"]),
        int(_number(content["seed"], 0, MOST_SEED)),
    )


def _folder(value: object) -> Path:
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_TEXT or "\0" in value:
        raise ValueError(value)
    return Path(value)


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(value)
    if not least <= value <= most:
        raise ValueError(value)
    return float(value)
