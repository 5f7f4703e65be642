"""Where llama.cpp's converter is, and which model classes it knows: read from its sources, nothing of it is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FOLDER = "mergedesk_llama_cpp"
MODELS, ADAPTERS = "convert_hf_to_gguf.py", "convert_lora_to_gguf.py"
_LIST = "TEXT_MODEL_MAP"
# The text model within them is converted as the whole class, whatever its own config names.
_WHOLE = frozenset({
    "StepVLForConditionalGeneration", "Sarashina2VisionForCausalLM", "Exaone4_5_ForConditionalGeneration",
    "Step3p7ForConditionalGeneration", "KimiK3ForConditionalGeneration",
})  # fmt: skip


def converter() -> Path | None:
    """The converter's folder; None where this installation has none."""
    folders = (Path(entry) / FOLDER for entry in sys.path if entry)
    return next((folder for folder in folders if (folder / MODELS).is_file()), None)


def has_quantizer() -> bool:
    """Whether llama.cpp itself is installed, which quantises and answers."""
    return find_spec("cyllama") is not None


def known_classes() -> frozenset[str]:
    """The names of all model classes that the converter has an entry for; none where it is not there."""
    folder = converter()
    return _listed(folder / "conversion/__init__.py") if folder else frozenset()


@cache
def _listed(file: Path) -> frozenset[str]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == _LIST:
            return frozenset(ast.literal_eval(node.value)) if node.value else frozenset()
    return frozenset()


def class_to_convert(config: Mapping[str, Any]) -> str | None:
    """The class by which the converter takes a model: the text model's own, where a config has one within it."""
    whole, text = _first(config), config.get("text_config")
    inner = _first(text) if isinstance(text, Mapping) else None
    return whole if whole in _WHOLE or inner is None else inner


def _first(config: Mapping[str, Any]) -> str | None:
    named = config.get("architectures")
    return named[0] if isinstance(named, list) and named and isinstance(named[0], str) else None
