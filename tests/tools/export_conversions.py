"""Write what transformers knows about checkpoint names into the table that planning reads without importing it.

``python tests/tools/export_conversions.py`` renews core/mergedesk/planning/transformers_conversion.json (a few
minutes: every class that has rules, or parts with rules, is built once without weights). A test compares the table
with transformers.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
import transformers
from peft.utils import transformers_weight_conversion as peft_conversion
from transformers import PreTrainedModel
from transformers.conversion_mapping import _build_checkpoint_conversion_mapping
from transformers.core_model_loading import (
    GroupWeightRename,
    Inkling2IndexOffsetWeightRename,
    WeightConverter,
    WeightTransform,
)
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import (
    CONFIG_MAPPING,
    CONFIG_MAPPING_NAMES,
    model_type_to_module_name,
)

TABLE = Path(__file__).parents[2] / "core/mergedesk/planning/transformers_conversion.json"
_TRANSPOSED = "is_transposed=True"
_LAYER_COUNTS = ("num_hidden_layers", "n_layer", "num_layers", "encoder_layers", "decoder_layers", "depth")


def rules() -> dict[str, list[dict[str, Any]]]:
    """Every list of rules, by model type or class name, in transformers' order."""
    return {key: [_rule(one) for one in found] for key, found in _build_checkpoint_conversion_mapping().items()}


def _rule(transform: WeightTransform) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "match": transform.compiled_sources.pattern,
        "sources": len(transform.source_patterns),
        "targets": list(transform.target_patterns),
    }
    if isinstance(transform, GroupWeightRename):
        rule["guarded"] = True
    if isinstance(transform, Inkling2IndexOffsetWeightRename):
        rule["offset"] = transform.offset
    if isinstance(transform, WeightConverter):
        rule["operations"] = [_operation(one) for one in transform.operations]
    return rule


def _operation(operation: Any) -> list[Any]:
    """Its name and what it was made with, in the order it was given; fields left at nothing are dropped."""
    return [
        type(operation).__name__,
        *(value for value in vars(operation).values() if value is not None and value is not False),
    ]


def class_names() -> dict[str, str]:
    """All classes of the auto mappings: class name → model type."""
    found: dict[str, str] = {}
    for mapping in (getattr(modeling_auto, name) for name in sorted(vars(modeling_auto)) if _is_model_mapping(name)):
        for model_type, names in mapping.items():
            for name in names if isinstance(names, (tuple, list)) else (names,):
                if name and model_type in CONFIG_MAPPING:
                    found.setdefault(name, model_type)
    return found


def _is_model_mapping(name: str) -> bool:
    return name.startswith("MODEL") and name.endswith("_NAMES")


def base_classes() -> dict[str, str]:
    """The class without a head of every model type that has one."""
    names = modeling_auto.MODEL_MAPPING_NAMES
    return {kind: name if isinstance(name, str) else name[0] for kind, name in sorted(names.items())}


def describe(name: str, model_type: str) -> dict[str, Any]:
    """A class's prefix and its parts that are models of their own: path, config, class, model type.

    Of a class that cannot be built without packages or fields of its own, only the model without its head is a part.
    """
    model = _build(name, model_type)
    if model is None:
        prefix, base = _prefix(name), base_classes().get(model_type)
        return {"prefix": prefix, "parts": [["", "", name, model_type], [prefix, "", base, model_type]]}
    parts = [
        [path, _config_path(model.config, module.config), type(module).__name__, module.config.model_type]
        for path, module in model.named_modules()
        if isinstance(module, PreTrainedModel)
    ]
    return {"prefix": model.base_model_prefix, "parts": parts}


def _prefix(name: str) -> str:
    try:
        return str(getattr(transformers, name).base_model_prefix)
    except ImportError:  # what stands in for a class whose packages are not there
        return ""


def types_with_transposed_experts() -> list[str]:
    """Model types whose experts are stored (experts, inputs, outputs): PEFT asks the class's ``is_transposed``."""
    folder = Path(transformers.__file__).parent / "models"
    families = {file.parent.name for file in folder.glob("*/modeling_*.py") if _TRANSPOSED in file.read_text("utf-8")}
    return sorted(kind for kind in CONFIG_MAPPING_NAMES if model_type_to_module_name(kind) in families)


def _build(name: str, model_type: str) -> Any:
    for small in (True, False):
        try:
            model_class = getattr(transformers, name)
            config = (model_class.config_class or CONFIG_MAPPING[model_type])()
            if small:
                _make_shallow(config)
            with torch.device("meta"):
                return model_class(config)
        except Exception as trouble:  # a class that needs another package, or a config that cannot be shallow
            reason = trouble
    print(f"left out: {name}: {reason!r}"[:160], file=sys.stderr)
    return None


def _make_shallow(config: Any) -> None:
    for one in (config, *(getattr(config, part, None) for part in config.sub_configs)):
        for field in _LAYER_COUNTS if one is not None else ():
            if isinstance(getattr(one, field, None), int):
                setattr(one, field, min(2, getattr(one, field)))


def _config_path(root: Any, config: Any) -> str:
    """Which of the config's parts a part was built from, dotted; empty for the whole config."""
    return next((path for path, one in _configs(root) if one is config), "")


def _configs(config: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, config
    for part in config.sub_configs:
        inner = getattr(config, part, None)
        if inner is not None and inner is not config:
            yield from _configs(inner, f"{path}.{part}".lstrip("."))


def types_with_parameter_routers() -> list[str]:
    """Model types for which PEFT turns an earlier adapter's ``gate`` layer into the parameter ``gate.weight``."""
    patterns, families = peft_conversion._MODEL_TO_CONVERSION_PATTERN, peft_conversion._MOE_TARGET_MODULE_MAPPING
    return sorted(kind for kind, pattern in patterns.items() if "gate" in families.get(pattern, {}))


_TASKS = {
    "SEQ_CLS": ("SEQUENCE_CLASSIFICATION",),
    "TOKEN_CLS": ("TOKEN_CLASSIFICATION",),
    "QUESTION_ANS": ("QUESTION_ANSWERING",),
    "": ("IMAGE_CLASSIFICATION", "AUDIO_CLASSIFICATION"),
}


def tasks() -> dict[str, dict[str, str]]:
    """The class of each model type for a PEFT task; for none, the one that tells pictures or sounds apart."""
    found: dict[str, dict[str, str]] = {}
    for task, names in _TASKS.items():
        mappings = [getattr(modeling_auto, f"MODEL_FOR_{name}_MAPPING_NAMES") for name in names]
        merged = {kind: one for mapping in mappings for kind, one in mapping.items()}
        found[task] = {kind: one if isinstance(one, str) else one[0] for kind, one in sorted(merged.items())}
    return found


def bodies() -> dict[str, str]:
    """The prefix of the model without a head, for every model type that has a class for one of the tasks."""
    classes = {kind: name for found in tasks().values() for kind, name in found.items()}
    return {kind: prefix for kind, name in sorted(classes.items()) if (prefix := _prefix(name))}


def with_rules(known: Mapping[str, Any], bases: Mapping[str, str], name: str, model_type: str) -> bool:
    """Whether a class may have rules, of its own or of a part."""
    composite = bool(CONFIG_MAPPING[model_type].sub_configs)
    return composite or not known.keys().isdisjoint({name, model_type, bases.get(model_type, "")})


def build_table() -> dict[str, Any]:
    """The whole table."""
    known, bases = rules(), base_classes()
    candidates = {name: kind for name, kind in class_names().items() if with_rules(known, bases, name, kind)}
    architectures: dict[str, Any] = {}
    for number, (name, model_type) in enumerate(sorted(candidates.items())):
        if number % 25 == 0:
            print(f"{number}/{len(candidates)}", file=sys.stderr)
        architectures[name] = describe(name, model_type)
    return {
        "transformers": transformers.__version__,
        "transposed_experts": types_with_transposed_experts(),
        "parameter_routers": types_with_parameter_routers(),
        "tasks": tasks(),
        "bodies": bodies(),
        "bases": bases,
        "rules": known,
        "architectures": architectures,
    }


def as_text(table: Mapping[str, Any]) -> str:
    """JSON with one line for each entry, so that a renewal shows what changed."""
    sections = []
    for section, content in table.items():
        if isinstance(content, dict):
            lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(content.items()))
            sections.append(f" {json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n }")
        else:
            sections.append(f" {json.dumps(section)}: {json.dumps(content)}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    transformers.logging.set_verbosity(50)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        TABLE.write_text(as_text(build_table()), encoding="utf-8", newline="\n")
