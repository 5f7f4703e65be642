"""What happened in a merge, as data; one model for JSON, the window and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .findings import Check, Code, Data, Finding
from .json_objects import json_object, json_text
from .messages import engine_reason
from .requests import NEAREST, SUM, Combination, RoundingChoice
from .weight_delta import WeightDelta, effect_json


class MergeStatus(StrEnum):
    """How a job ended."""

    MERGED = "merged"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of the result; ``name`` is relative to the output folder."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class TensorCounts:
    """How many output tensors were merged, replaced by the adapter's copy, copied or only cast."""

    total: int = 0
    merged: int = 0
    replaced: int = 0
    copied: int = 0
    cast: int = 0


@dataclass(frozen=True, slots=True)
class ModuleCounts:
    """How many modules the adapter holds weights for, and how many were found in the base."""

    targeted: int = 0
    matched: int = 0


@dataclass(frozen=True, slots=True)
class AdapterIdentity:
    """Which adapter went in: enough to notice the same one again. ``name`` is the folder's name."""

    name: str
    sha256: str
    weight: float
    peft_type: str


@dataclass(frozen=True, slots=True)
class BaseFile:
    """One weight file of the base. ``header_sha256`` is of a safetensors file's JSON header, None for pickled weights.

    The header names every tensor with its type, shape and place; it tells the layout and not the values.
    """

    name: str
    bytes: int
    header_sha256: str | None


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """What base and merged model said to one question."""

    question: str
    base: str
    merged: str


@dataclass(frozen=True, slots=True)
class MergeReport:
    """One finished job. ``seconds`` run from job start to publication.

    ``peak_rss_bytes`` is the process's, ``peak_rss_beyond_imports_bytes`` what of it came with the job.
    """

    status: MergeStatus
    output: Path
    engine: str | None = None
    engine_reason: Code | None = None
    precision: str = "auto"
    combination: Combination = SUM
    rounding: RoundingChoice = NEAREST
    adapter_class: str | None = None
    merged_class: str | None = None
    files: tuple[OutputFile, ...] = ()
    tensors: TensorCounts = TensorCounts()
    modules: ModuleCounts = ModuleCounts()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    base_name: str = ""
    base_files: tuple[BaseFile, ...] = ()
    adapters: tuple[AdapterIdentity, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    peak_rss_bytes: int = 0
    peak_rss_beyond_imports_bytes: int = 0
    inherited_adapters: tuple[AdapterIdentity, ...] = ()
    effect: WeightDelta | None = None
    answers: tuple[QuestionAnswered, ...] = ()
    options: Mapping[str, Data] = field(default_factory=dict)
    """What else was asked for, under the names of the request's fields."""
    finished: str = ""
    """When the result was verified, or the job ended: ISO 8601, in UTC."""
    stage_seconds: Mapping[str, float] = field(default_factory=dict)
    """How long each stage took that was begun, as far as ``seconds`` count."""

    @property
    def total_bytes(self) -> int:
        """Size of all files of the result."""
        return sum(file.bytes for file in self.files)


def combination_json(combination: Combination) -> dict[str, Data]:
    """How adapters were combined; what the method pays no heed to is null."""
    return json_object(
        combination,
        *("method", "density", "majority_sign", "seed"),
        density=combination.density if combination.prunes else None,
        majority_sign=combination.majority_sign if combination.elects else None,
        seed=combination.seed if combination.draws else None,
    )


def rounding_json(rounding: RoundingChoice) -> dict[str, Data]:
    """How merged weights were rounded to 16 bits; no seed where none counts."""
    return json_object(rounding, "mode", "seed", seed=rounding.seed if rounding.draws else None)


_KEYS = (
    "status", "output", "engine", "engine_reason", "precision", "rounding", "combination", "options", "classes",
    "files", "total_bytes", "tensors", "modules", "modules_effect", "checks", "findings", "answers", "base",
    "base_files", "adapters", "inherited_adapters", "versions", "finished", "seconds", "peak_rss_bytes",
    "peak_rss_beyond_imports_bytes", "stage_seconds",
)  # fmt: skip


def report_json(report: MergeReport) -> dict[str, Data]:
    """The whole report as the contract's object, ready for ``json.dumps``."""
    return json_object(
        report,
        *_KEYS,
        engine_reason=engine_reason(report.engine_reason) or None,
        rounding=rounding_json(report.rounding),
        combination=combination_json(report.combination),
        classes={"adapter": report.adapter_class, "merged": report.merged_class},
        modules_effect=effect_json(report.effect) if report.effect else None,
        base=report.base_name,
        finished=report.finished or None,
        seconds=round(report.seconds, 3),
        stage_seconds={stage: round(seconds, 3) for stage, seconds in report.stage_seconds.items()},
    )


def report_text(report: MergeReport) -> str:
    """The whole report as the JSON file that lies in the output folder."""
    return json_text(report_json(report), indent=2) + "\n"
