"""Recognitions and preflights as the contract's JSON objects."""

from __future__ import annotations

from ..domain.findings import Data
from ..domain.folder_info import FolderInfo
from ..domain.merge_report import finding_json
from ..domain.messages import engine_reason
from ..planning.preflight import Preflight


def recognition_json(found: FolderInfo) -> dict[str, Data]:
    """What ``inspect --json`` prints."""
    return {
        "path": str(found.path),
        "kind": found.kind.value,
        "class": found.class_name,
        "model_type": found.model_type,
        "parameters": found.parameters,
        "dtype": found.dtype,
        "bytes": found.bytes,
        "shards": found.shards,
        "quantization": found.quantization,
        "peft_type": found.peft_type,
        "r": found.r,
        "lora_alpha": found.lora_alpha,
        "target_modules": list(found.target_modules),
        "base_model_name_or_path": found.base_model_name_or_path,
        "checkpoint_folders": [str(path) for path in found.checkpoint_folders],
        "findings": [finding_json(finding) for finding in found.findings],
    }


def preflight_json(preflight: Preflight) -> dict[str, Data]:
    """What ``check --json`` prints."""
    return {
        "refused": preflight.refused,
        "base": recognition_json(preflight.base),
        "adapters": [recognition_json(one) for one in preflight.adapters],
        "engine": preflight.engine.value if preflight.engine else None,
        "engine_reason": engine_reason(preflight.engine_reason) or None,
        "modules": {"targeted": preflight.modules.targeted, "matched": preflight.modules.matched},
        "predicted_bytes": preflight.predicted_bytes,
        "free_bytes": preflight.free_bytes,
        "findings": [finding_json(finding) for finding in preflight.findings],
    }
