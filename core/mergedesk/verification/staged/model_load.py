"""Really loading a folder as anyone would: transformers, no adapter, no folder code, weights left in their files."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...checkpoints.checkpoint import Checkpoint, read_checkpoint
from ...checkpoints.config_counts import load_limits
from ...checkpoints.files import GENERATION_CONFIG
from ...domain.findings import SkipReason
from ...planning.transformers_conversion import conversion_for, stacked_names
from ...runtime.bounded_call import LimitMet, bounded
from ...runtime.transformers_class import find_class, let_go, quiet
from .tokenizer import first_line


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load tells: class, row counts of its embeddings, and keys that did not go together."""

    class_name: str
    is_plain: bool
    embedding_rows: int | None
    leftover: Mapping[str, list[str]]

    @property
    def lacking(self) -> list[str]:
        """The class's parameters that were not found, or not in their shape, and hold random numbers."""
        return sorted({name for kind in ("missing_keys", "mismatched_keys") for name in self.leftover.get(kind, ())})


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Why nothing came of it: there is no class to try, or what the load raised, in a line.

    ``excused``: neither weights nor config are to blame, but a library that is missing or the generation config.
    """

    reason: SkipReason | None = None
    trouble: str = ""
    excused: bool = False


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """Either of them, as it comes from another process, and how long it took there, without imports."""

    loaded: Loaded | None = None
    failed: NotLoaded = NotLoaded()
    seconds: float = 0.0

    @property
    def told(self) -> Loaded | NotLoaded:
        """What the load told."""
        return self.loaded or self.failed


def load_model(checkpoint: Checkpoint, check: Callable[[], None], shapes_only: bool = False) -> Loaded | NotLoaded:
    """Load a checkpoint's folder; ``check`` may raise while that goes on elsewhere.

    ``shapes_only``: no values, and of whatever shapes they are.

    A config that speaks of more than is stored may make its class take all memory, or for ever. It is tried where that
    can be ended.
    """
    if (without := _without_class(checkpoint)) is not None:
        return without
    limits = load_limits(checkpoint)
    if limits is None:
        return _outcome(checkpoint, shapes_only).told
    try:
        return bounded(load_here, checkpoint.folder, shapes_only, limits=limits, check=check).told
    except LimitMet as met:
        return NotLoaded(trouble=met.reason)


def load_here(folder: Path, shapes_only: bool) -> LoadOutcome:
    """Load it in this process."""
    started = time.perf_counter()
    checkpoint = read_checkpoint(folder)
    without = _without_class(checkpoint)
    outcome = LoadOutcome(failed=without) if without else _outcome(checkpoint, shapes_only)
    return replace(outcome, seconds=time.perf_counter() - started)


def _without_class(checkpoint: Checkpoint) -> NotLoaded | None:
    """Why there is no class to try; None where there is one."""
    if find_class(checkpoint.config) is not None:
        return None
    return NotLoaded(SkipReason.OWN_CODE if checkpoint.config.get("auto_map") else SkipReason.NO_CLASS)


def _outcome(checkpoint: Checkpoint, shapes_only: bool) -> LoadOutcome:
    try:
        return LoadOutcome(_load(checkpoint, shapes_only))
    except Exception as trouble:  # whatever a load raises is the answer to whether it loads
        excused = isinstance(trouble, ImportError) or not _has_usable_generation_config(checkpoint.folder)
        return LoadOutcome(failed=NotLoaded(trouble=first_line(trouble), excused=excused))


def _has_usable_generation_config(folder: Path) -> bool:
    from transformers import GenerationConfig

    try:
        with quiet():
            return not (folder / GENERATION_CONFIG).is_file() or bool(GenerationConfig.from_pretrained(folder))
    except Exception:  # that it raises is the answer
        return False


def _load(checkpoint: Checkpoint, shapes_only: bool) -> Loaded:
    """Where the class puts stored tensors together, as with experts that are stored one by one, only shapes are loaded:
    the rest would be copies in memory.
    """
    from transformers import PreTrainedModel

    stored = checkpoint.tensors
    puts_together = any(stacked_names(conversion_for(checkpoint.config, stored), stored))
    model_class: Any = find_class(checkpoint.config)
    with quiet():
        model, leftover = model_class.from_pretrained(
            checkpoint.folder,
            dtype="auto",
            ignore_mismatched_sizes=shapes_only,
            device_map="meta" if shapes_only or puts_together else None,
            local_files_only=True,
            output_loading_info=True,
            trust_remote_code=False,
        )
    name = type(model).__name__
    plain = isinstance(model, PreTrainedModel) and not hasattr(model, "peft_config")
    rows = _embedding_rows(model)
    keys = {kind: [_name_of(key) for key in names] for kind, names in leftover.items() if names}
    let_go(model)
    return Loaded(name, plain, rows, keys)


def _name_of(key: object) -> str:
    """Of a parameter of another shape, both shapes stand beside its name."""
    return str(key[0] if isinstance(key, tuple) else key)


def _embedding_rows(model: Any) -> int | None:
    try:
        weight = model.get_input_embeddings().weight
    except (NotImplementedError, AttributeError):
        return None
    return int(weight.shape[0])
