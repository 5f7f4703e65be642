"""Shared fixtures: each tiny base is made once a session."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import torch
from tiny_models import MakeBase, make_base
from transformers.utils import logging


@pytest.fixture(scope="session", autouse=True)
def _quiet_loading() -> None:
    import transformers.modeling_utils  # noqa: F401 (a merge would start a process that does, each of them anew)

    torch.set_num_threads(1)  # tiny models: threads only wait for each other
    logging.disable_progress_bar()
    logging.set_verbosity_error()


@pytest.fixture(scope="session", autouse=True)
def _bitsandbytes_by_its_own_reference() -> Iterator[None]:
    """Its AVX-512 kernel gives wrong values where rows end within a block (0.50.2), so its plain one is the oracle."""
    import bitsandbytes
    from bitsandbytes.backends.default.ops import _dequantize_4bit_compute
    from bitsandbytes.backends.utils import _get_4bit_code

    assert bitsandbytes.__version__

    def plain(
        codes: torch.Tensor, absmax: torch.Tensor, block: int, kind: str, shape: Sequence[int], dtype: torch.dtype
    ) -> torch.Tensor:
        book = _get_4bit_code(kind, codes.device)
        return _dequantize_4bit_compute(codes.view(torch.uint8).reshape(-1), absmax, book, block, shape, dtype)

    library = torch.library.Library("bitsandbytes", "IMPL")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library.impl("dequantize_4bit", plain, "CPU", allow_override=True)
    yield
    library._destroy()


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
