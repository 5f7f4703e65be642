"""What became of an adapter that was to be written in PEFT's form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from .findings import Finding
from .json_objects import as_json


class ConversionStatus(StrEnum):
    """How a conversion ended."""

    CONVERTED = "converted"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ConversionReport:
    """What was written. ``origin`` is the tool that wrote the adapter, empty where that was PEFT."""

    status: ConversionStatus
    output: Path
    findings: tuple[Finding, ...] = ()
    origin: str = ""
    r: int | None = None
    lora_alpha: float | None = None
    tensors: int = 0
    bytes: int = 0
    seconds: float = 0.0


def conversion_json(report: ConversionReport) -> dict[str, Any]:
    """The whole report as the contract's object."""
    return {**as_json(report), "seconds": round(report.seconds, 3)}
