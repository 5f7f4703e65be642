"""transformers' class for a model folder. Code that a folder brings along is never run."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCALLY: Mapping[str, Any] = {"local_files_only": True, "trust_remote_code": False}
"""How anything is loaded: from folders on this computer, without code that they bring along."""
_KINDS = (
    "", "FOR_CAUSAL_LM_", "FOR_SEQ_TO_SEQ_CAUSAL_LM_", "FOR_MASKED_LM_", "FOR_IMAGE_TEXT_TO_TEXT_",
    "FOR_SPEECH_SEQ_2_SEQ_", "FOR_SEQUENCE_CLASSIFICATION_", "FOR_TOKEN_CLASSIFICATION_", "FOR_QUESTION_ANSWERING_",
    "FOR_IMAGE_CLASSIFICATION_",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What the class says about dtypes: patterns of tensors it keeps at float32 in (float16, bfloat16) models."""

    name: str
    float32_in_float16: tuple[str, ...]
    float32_in_bfloat16: tuple[str, ...]


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries' own progress bars, warnings and log lines from the person; put everything back after."""
    from transformers.utils import logging as transformers_logging

    level = transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.CRITICAL)
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(level)
        if bars:
            transformers_logging.enable_progress_bar()


def let_go(model: Any) -> None:
    """Free a model's weights, and so the files they are mapped from, without waiting for the garbage collector.

    A model is full of cycles; a collection would find them, but stops every thread for as long as it takes.
    """
    import torch

    with torch.no_grad():
        for tensor in (*model.parameters(), *model.buffers()):
            tensor.data = torch.empty(0, dtype=tensor.dtype, device=tensor.device)


def find_class(config: Mapping[str, Any]) -> Any | None:
    """The transformers class that ``architectures`` names first; None where transformers has none of that name."""
    import transformers

    names = config.get("architectures") or []
    name = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    model_class = getattr(transformers, name, None) if name.isidentifier() else None
    return model_class if isinstance(model_class, type) and hasattr(model_class, "from_pretrained") else None


def classes_of(model_type: str) -> list[str]:
    """The classes of a type of model, the one without a head first, then those that most models are of."""
    from transformers.models.auto import modeling_auto

    names = [getattr(modeling_auto, f"MODEL_{kind}MAPPING_NAMES", {}).get(model_type) for kind in _KINDS]
    return list(dict.fromkeys(name for name in names if isinstance(name, str)))


def meta_model(folder: Path, config: Mapping[str, Any]) -> Any | None:
    """The class built without weights; None where transformers does not have it or cannot build it."""
    model_class = find_class(config)
    if model_class is None:
        return None
    import torch
    from transformers import AutoConfig

    try:
        with quiet(), torch.device("meta"):
            return model_class(AutoConfig.from_pretrained(folder, **LOCALLY))
    except Exception:  # a config that this class cannot be built from is told by the reload check
        return None


def class_facts(folder: Path, config: Mapping[str, Any]) -> ClassFacts | None:
    """What the class says of itself; None where it cannot be built."""
    model = meta_model(folder, config)
    if model is None:
        return None
    strict = tuple(model._keep_in_fp32_modules_strict or ())
    return ClassFacts(type(model).__name__, (*(model._keep_in_fp32_modules or ()), *strict), strict)
