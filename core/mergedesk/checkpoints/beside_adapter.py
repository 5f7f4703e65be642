"""Weight files in an adapter's folder beside its own: what a trainer saved apart because it is no adapter's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .adapter import Adapter
from .files import ADAPTER_CONFIG, ADAPTER_WEIGHTS, PICKLED_ADAPTER

_WEIGHTS = frozenset({".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".npz", ".npy"})
# What training resumes from: optimizers, schedulers, random states, arguments, and DeepSpeed's and FSDP's own folders.
_TRAINING_STATE = re.compile(
    r"(optimizer|optim|scheduler|scaler|sampler|rng_state|random_states?|training_args|trainer_state|global_step|"
    r"custom_checkpoint|zero_pp_rank|bf16_zero|mp_rank|pytorch_model_fsdp|early_stopping)(?![a-z])|.*_optim_states\.pt$",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"checkpoint-|runs$|\.")
_DEPTH = 3
_MOST_ENTRIES = 10_000


def files_beside(adapter: Adapter) -> tuple[Path, ...]:
    """Every such file, within subfolders too; not training state, earlier checkpoints, or other adapters.

    Other tools than PEFT save what they train in one file, and earlier states of it beside that.
    """
    if adapter.origin:
        return ()
    own = {folder / name for folder in adapter.folders for name in (ADAPTER_WEIGHTS, PICKLED_ADAPTER)}
    found = (file for folder in adapter.folders for file in _within(folder, _DEPTH))
    return tuple(sorted({file for file in found if file not in own and file != adapter.weights_file}))


def _within(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = [entry for entry, _ in zip(sorted(folder.iterdir()), range(_MOST_ENTRIES), strict=False)]
    except OSError:
        return
    for entry in entries:
        if _TRAINING_STATE.match(entry.name) or entry.name.startswith("."):
            continue
        if entry.is_dir():
            other = _EARLIER.match(entry.name) or (entry / ADAPTER_CONFIG).exists() or entry.is_symlink()
            yield from () if other or not depth else _within(entry, depth - 1)
        elif entry.suffix.lower() in _WEIGHTS and (entry.is_file() or _leads_nowhere(entry)):
            yield entry


def _leads_nowhere(entry: Path) -> bool:
    return entry.is_symlink() and not entry.exists()
