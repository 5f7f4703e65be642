"""What a folder turned out to be, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .findings import Finding


class FolderKind(StrEnum):
    """What a folder turned out to be."""

    MODEL = "model"
    ADAPTER = "adapter"
    TRAINING_RUN = "training_run"
    GGUF = "gguf"
    QUANTIZED_MODEL = "quantised_model"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """What ``inspect`` shows. Sizes are in bytes; fields that do not apply to the kind are None or empty.

    ``adapter_folder`` is where the one adapter lies that ``path`` holds in a subfolder.
    """

    path: Path
    kind: FolderKind
    class_name: str | None = None
    model_type: str | None = None
    parameters: int | None = None
    dtype: str | None = None
    bytes: int = 0
    shards: int = 0
    quantization: str | None = None
    peft_type: str | None = None
    r: int | None = None
    lora_alpha: float | None = None
    target_modules: tuple[str, ...] = ()
    module_count: int = 0
    base_model_name_or_path: str | None = None
    checkpoint_folders: tuple[Path, ...] = ()
    adapter_folder: Path | None = None
    findings: tuple[Finding, ...] = ()
