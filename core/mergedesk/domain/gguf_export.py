"""What a person asks for when a model is to leave for another program, and what became of it, as data and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .findings import Check, CheckStatus, Data, Finding
from .json_objects import json_object
from .packed_export import ExportStatus

_TOLD_FROM = 20  # llama.cpp's code takes seconds before it writes, which say nothing of its speed


class GgufForm(StrEnum):
    """For what it is written."""

    GGUF = "gguf"
    GGUF_LORA = "gguf-lora"


class ExportStage(StrEnum):
    """The steps of an export, in their order."""

    CHECK = "check"
    DEQUANTIZE = "dequantize"
    CONVERT = "convert"
    QUANTIZE = "quantize"
    PROVE = "prove"
    ANSWER = "answer"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """One reading. Bytes written are counted, those to come foretold; ``total_bytes`` is 0 where none are moved.

    ``detail``: the type that is being made. ``seconds`` count from the start of the stage.
    """

    stage: ExportStage
    done_bytes: int = 0
    total_bytes: int = 0
    seconds: float = 0.0
    detail: str = ""

    @property
    def fraction(self) -> float | None:
        """Share of the stage that is done, 0 to 1; None where nothing can be counted."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def left(self) -> float | None:
        """Seconds left in this stage at its speed so far; None while that is unknown, as before anything is written."""
        if not self.done_bytes or self.done_bytes * _TOLD_FROM < self.total_bytes or self.seconds <= 0:
            return None
        return max(0.0, (self.total_bytes - self.done_bytes) * self.seconds / self.done_bytes)


ExportListener = Callable[[ExportProgress], None]
# By whether a file is the model.
_TOLD = {True: "proved", False: "refuted", None: ""}
_VERDICTS = {True: "match", False: "mismatch", None: None}


@dataclass(frozen=True, slots=True)
class GgufRequest:
    """``output``: a file that ends in ``.gguf``, or a folder for one file of each type.

    ``base``: the base model's folder, where ``source`` is an adapter. ``prompt``: what llama.cpp and the model are
    asked; without ``answer`` neither is.
    """

    source: Path
    output: Path
    to: GgufForm = GgufForm.GGUF
    types: tuple[str, ...] = ()
    base: Path | None = None
    overwrite: bool = False
    prompt: str = ""
    answer: bool = True
    follow_links: bool = False

    @property
    def is_one_file(self) -> bool:
        """Whether ``output`` is a file itself."""
        return self.output.suffix.lower() == ".gguf"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file that was made. ``loss``: ‖error‖ ÷ ‖weights‖; ``reply``: what llama.cpp answered from it."""

    name: str
    type: str
    bytes: int = 0
    checks: tuple[Check, ...] = ()
    loss: float | None = None
    reply: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether no check of it failed."""
        return all(check.status is not CheckStatus.FAIL for check in self.checks)


@dataclass(frozen=True, slots=True)
class ExportForecast:
    """What an export will take: the files' bytes, the bytes needed while it runs, and seconds, roughly."""

    bytes: int
    needed_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GgufReport:
    """A finished export. ``reply``: what the model itself answered to ``prompt``."""

    status: ExportStatus
    output: Path
    to: GgufForm = GgufForm.GGUF
    files: tuple[ExportedFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    forecast: ExportForecast | None = None
    prompt: str = ""
    reply: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def total_bytes(self) -> int:
        """Size of all files."""
        return sum(file.bytes for file in self.files)

    @property
    def is_proved(self) -> bool:
        """Whether no check of any file failed."""
        return all(file.is_proved for file in self.files)


def gguf_json(report: GgufReport) -> dict[str, Data]:
    """What ``export --json`` prints; of several files ``type`` is the first one's, ``checks`` are of all."""
    return json_object(
        report,
        *("status", "output", "to", "type", "bytes", "files", "checks", "findings", "forecast", "prompt", "reply"),
        *("versions", "seconds"),
        type=report.files[0].type if report.files else None,
        bytes=report.total_bytes,
        checks=[check for file in report.files for check in file.checks],
        seconds=round(report.seconds, 3),
    )


@dataclass(frozen=True, slots=True)
class VerifyGgufRequest:
    """Whether ``file`` is the model in ``folder``; ``prompt`` and ``answer`` as for an export."""

    file: Path
    folder: Path
    prompt: str = ""
    answer: bool = True


@dataclass(frozen=True, slots=True)
class GgufVerdict:
    """A finished proof of a file, whatever made it. ``status`` is EXPORTED where there is a verdict."""

    status: ExportStatus
    file: Path
    proof: ExportedFile | None = None
    findings: tuple[Finding, ...] = ()
    prompt: str = ""
    reply: str = ""
    seconds: float = 0.0

    @property
    def matches(self) -> bool | None:
        """Whether nothing speaks against it; None where it could not be told."""
        return self.proof.is_proved if self.proof and self.status is ExportStatus.EXPORTED else None


def gguf_verdict_json(verdict: GgufVerdict) -> dict[str, Data]:
    """What ``verify-export --json`` prints."""
    proof = verdict.proof
    return json_object(
        verdict,
        *("status", "verdict", "file", "type", "loss", "checks", "findings", "prompt", "reply", "answer", "seconds"),
        status=_TOLD[verdict.matches] or verdict.status,
        verdict=_VERDICTS[verdict.matches],
        type=proof.type if proof else None,
        loss=proof.loss if proof else None,
        checks=proof.checks if proof else (),
        answer=proof.reply if proof else "",
        seconds=round(verdict.seconds, 3),
    )
