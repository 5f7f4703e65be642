"""Recognitions and preflights as the contract's JSON objects."""

from __future__ import annotations

from ..domain.findings import Data
from ..domain.folder_info import FolderInfo
from ..domain.json_objects import json_object
from ..domain.messages import engine_reason
from ..planning.preflight import Preflight


def recognition_json(recognition: FolderInfo) -> dict[str, Data]:
    """What ``inspect --json`` prints."""
    return json_object(
        recognition,
        *("path", "kind", "class", "model_type", "parameters", "dtype", "bytes", "shards", "quantization", "peft_type"),
        *("r", "lora_alpha", "target_modules", "base_model_name_or_path", "checkpoint_folders", "findings"),
        **{"class": recognition.class_name},
    )


def preflight_json(preflight: Preflight) -> dict[str, Data]:
    """What ``check --json`` prints."""
    return json_object(
        preflight,
        *("refused", "base", "adapters", "engine", "engine_reason", "modules", "predicted_bytes", "free_bytes"),
        "findings",
        base=recognition_json(preflight.base),
        adapters=[recognition_json(adapter) for adapter in preflight.adapters],
        engine_reason=engine_reason(preflight.engine_reason) or None,
    )
