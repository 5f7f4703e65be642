"""What a person asks for when a model is to be packed for servers, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from .findings import Check, Finding
from .json_objects import as_json, json_object, six_digits
from .merge_report import OutputFile


class ExportStatus(StrEnum):
    """How an export ended."""

    EXPORTED = "exported"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which plain model is to be packed how, and where to. ``form``: a key of ``export.packed.scheme.SCHEMES``."""

    model: Path
    output: Path
    form: str
    overwrite: bool = False
    follow_links: bool = False


@dataclass(frozen=True, slots=True)
class PackedModule:
    """One packed weight. ``loss``: the share of its size that rounding took; ``kept``: of an adapter's change in it."""

    name: str
    loss: float
    kept: float | None = None


@dataclass(frozen=True, slots=True)
class PackedExport:
    """One finished export. ``form`` is what was asked for; ``left`` are matrices that stayed as they were."""

    status: ExportStatus
    output: Path
    form: str
    findings: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    files: tuple[OutputFile, ...] = ()
    modules: tuple[PackedModule, ...] = ()
    left: tuple[str, ...] = ()
    loss: float | None = None
    seconds: float = 0.0
    peak_rss_beyond_imports_bytes: int = 0

    @property
    def total_bytes(self) -> int:
        """Size of all files of the result."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class PackedForecast:
    """How large a model will be in each form, where that is known, and how much room there is beside it."""

    folder: Path
    bytes_by_form: Mapping[str, int]
    free_bytes: int | None = None


def export_json(report: PackedExport) -> dict[str, Any]:
    """The whole report as the contract's object."""
    said: dict[str, Any] = six_digits(as_json(report))
    return {**said, **json_object(report, "total_bytes")}
