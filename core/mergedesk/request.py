"""What a person asks for: one merge, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Precision(StrEnum):
    """The output's floating-point type; ``auto`` keeps each tensor's own."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class Engine(StrEnum):
    """How weights are merged; ``auto`` streams whatever the plan can express."""

    AUTO = "auto"
    STREAMING = "streaming"
    PEFT = "peft"


@dataclass(frozen=True, slots=True)
class AdapterChoice:
    """An adapter folder and the strength it is merged with (1.0 as it was trained)."""

    folder: Path
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """Everything a merge needs to know; picklable. ``max_shard_size`` is in bytes, None keeps the base's files."""

    base: Path
    adapters: tuple[AdapterChoice, ...]
    output: Path | None = None
    precision: Precision = Precision.AUTO
    engine: Engine = Engine.AUTO
    max_shard_size: int | None = None
    overwrite: bool = False
