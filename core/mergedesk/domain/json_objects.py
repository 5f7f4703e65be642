"""The program's data as the JSON objects of its contract: what ``--json`` prints, and what a report's file holds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from .findings import Check, Data, Finding
from .messages import check_message, finding_message


def as_json(value: Any) -> Any:
    """``value`` with its dataclasses as objects of their fields; findings and checks hold their sentence too."""
    if isinstance(value, Finding):
        return json_object(value, "code", "severity", "message", "data", message=finding_message(value))
    if isinstance(value, Check):
        return json_object(value, "code", "status", "message", "data", message=check_message(value))
    if is_dataclass(value):
        return json_object(value, *(field.name for field in fields(value)))
    if isinstance(value, Mapping):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(inner) for inner in value]
    return str(value) if isinstance(value, (str, Path)) else value


def json_object(value: object, *names: str, **instead: Any) -> dict[str, Any]:
    """What ``value`` has under ``names``, in their order; ``instead`` is what is told under a name in its place."""
    return {name: as_json(instead[name] if name in instead else getattr(value, name)) for name in names}


def six_digits(value: Any) -> Any:
    """JSON with its fractions to six digits; null for what is not finite."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: six_digits(inner) for key, inner in value.items()}
    return [six_digits(inner) for inner in value] if isinstance(value, list) else value


def json_text(content: Mapping[str, Data], indent: int | None = None, encoding: str = "utf-8") -> str:
    """JSON that ``encoding`` can hold, its letters escaped only where they must be."""
    text = json.dumps(content, indent=indent, ensure_ascii=False)
    try:
        text.encode(encoding)
    except UnicodeError:  # a path that is no Unicode, or a console that is not
        return json.dumps(content, indent=indent)
    return text
