"""Shared fixtures: each tiny base is made once a session."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import torch
from tiny_models import MakeBase, make_base
from transformers.utils import logging


@pytest.fixture(scope="session", autouse=True)
def _quiet_loading() -> None:
    torch.set_num_threads(1)  # tiny models: threads only wait for each other
    logging.disable_progress_bar()
    logging.set_verbosity_error()


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def base_of(tmp_path_factory: pytest.TempPathFactory) -> MakeBase:
    """``base_of(kind, dtype="float32", **config)``: a saved base, shared between tests and never written to."""
    made: dict[str, Path] = {}

    def get(kind: str, dtype: str = "float32", **changes: object) -> Path:
        key = repr((kind, dtype, sorted(changes.items())))
        if key not in made:
            made[key] = make_base(kind, tmp_path_factory.mktemp(f"{kind}-{dtype}"), dtype, **changes)  # type: ignore[arg-type]
        return made[key]

    return get
