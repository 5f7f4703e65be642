"""Headers changed at random: what safetensors refuses is refused, what it takes is taken, and alike."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from mutations import SEEDS, Kind, content, draw_many
from rounds import in_memory
from safetensors import SafetensorError, safe_open

from mergedesk.domain.findings import UserError
from mergedesk.storage.safetensors_header import MAX_HEADER_BYTES, read_header

VALID = {
    "__metadata__": {"format": "pt", "made": "by hand"},
    "model.embed-0.weight": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]},
    "b": {"dtype": "F32", "shape": [1], "data_offsets": [12, 16]},
    "c": {"dtype": "F4", "shape": [2, 2], "data_offsets": [16, 18]},
    "d": {"dtype": "U8", "shape": [0, 5], "data_offsets": [18, 18]},
    "e": {"dtype": "I64", "shape": [], "data_offsets": [18, 26]},
}
DATA = 26


def theirs(file: Path) -> dict[str, tuple[str, tuple[int, ...]]] | None:
    """What safetensors reads there; None where it refuses."""
    try:
        with safe_open(file, "np") as opened:
            parts = {name: opened.get_slice(name) for name in opened.keys()}  # noqa: SIM118
            return {name: (part.get_dtype(), tuple(part.get_shape())) for name, part in parts.items()}
    except SafetensorError:
        return None


def ours(file: Path) -> dict[str, tuple[str, tuple[int, ...]]] | None:
    try:
        return {name: (one.dtype, one.shape) for name, one in read_header(file).tensors.items()}
    except UserError:
        return None


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_headers(seed: str, tmp_path: Path, tally: Any) -> None:
    home = in_memory(tmp_path)
    file = home / "model.safetensors"

    def judge(raw: bytes) -> None:
        assert len(raw) < MAX_HEADER_BYTES
        file.write_bytes(struct.pack("<Q", len(raw)) + raw + bytes(DATA))
        assert ours(file) == theirs(file)

    draw_many(
        Kind("headers mutated, as safetensors reads them", 0.6, all_seconds=80),
        seed,
        lambda chance: content(chance, VALID),
        judge,
        tally,
    )
