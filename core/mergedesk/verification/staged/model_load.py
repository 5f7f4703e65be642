"""Really loading a folder as anyone would: transformers, no adapter, no folder code, weights left in their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...checkpoints.checkpoint import read_checkpoint
from ...domain.findings import SkipReason
from ...planning.transformers_conversion import conversion_for, stacked_names
from ...runtime.transformers_class import find_class, let_go, quiet
from .tokenizer import first_line


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load tells: class, row counts of its embeddings, and keys that did not go together."""

    class_name: str
    is_plain: bool
    embedding_rows: int | None
    leftover: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Why nothing came of it: there is no class to try, or what the load raised, in a line."""

    reason: SkipReason | None = None
    trouble: str = ""


def load_model(folder: Path, config: Mapping[str, Any]) -> Loaded | NotLoaded:
    """Load ``folder``, whose config that is."""
    model_class = find_class(config)
    if model_class is None:
        return NotLoaded(SkipReason.OWN_CODE if config.get("auto_map") else SkipReason.NO_CLASS)
    try:
        return _load(model_class, folder, config)
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        return NotLoaded(trouble=first_line(trouble))


def _load(model_class: Any, folder: Path, config: Mapping[str, Any]) -> Loaded:
    """Where the class puts stored tensors together, as with experts that are stored one by one, only shapes are loaded:
    the rest would be copies in memory.
    """
    from transformers import PreTrainedModel

    stored = read_checkpoint(folder).tensors
    puts_together = any(stacked_names(conversion_for(config, stored), stored))
    with quiet():
        model, leftover = model_class.from_pretrained(
            folder,
            dtype="auto",
            device_map="meta" if puts_together else None,
            local_files_only=True,
            output_loading_info=True,
            trust_remote_code=False,
        )
    name = type(model).__name__
    plain = isinstance(model, PreTrainedModel) and not hasattr(model, "peft_config")
    rows = _embedding_rows(model)
    keys = {kind: [str(key) for key in names] for kind, names in leftover.items() if names}
    let_go(model)
    return Loaded(name, plain, rows, keys)


def _embedding_rows(model: Any) -> int | None:
    try:
        weight = model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return None
    return int(weight.shape[0])
