"""The least that a merge costs on this machine: W + scaling · B·A in tiles, rounded and written. Nothing is checked.

No plan, no adapter but plain LoRA, no proof, no report, no folder that appears only when it is whole: whoever merges
with torch and two threads does at least this, so its time is a floor, not a rival's.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import local
from typing import Any

import torch
from cases import Case
from prepared import Run
from safetensors.torch import load_file

_TILE_ELEMENTS, _WRITE_BYTES, _COPY_BYTES, _WORKERS = 1 << 20, 1 << 19, 2 << 20, 2


@dataclass(frozen=True)
class Files:
    """One file of weights and what becomes of it: descriptors, and the input mapped."""

    source: int
    target: int
    mapped: mmap.mmap


@dataclass(frozen=True)
class Pair:
    """A module's factors in float32, B times scaling."""

    left: torch.Tensor
    right: torch.Tensor


def bare(case: Case, output: Path) -> Run:
    """A merge by it of a base in bfloat16 that came from ``save_pretrained``."""

    torch.set_num_threads(1)

    def run() -> None:
        output.mkdir()
        [(adapter, _)] = case.adapters
        factors = _factors(adapter)
        works = [work for file in sorted(case.base.glob("*.safetensors")) for work in _works(file, output, factors)]
        with ThreadPoolExecutor(_WORKERS) as pool:
            list(pool.map(lambda work: work(), works))

    return run


def _factors(adapter: Path) -> dict[str, Pair]:
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    scaling = config["lora_alpha"] / config["r"]
    stored = load_file(adapter / "adapter_model.safetensors")
    modules = [name.removesuffix(".lora_A.weight") for name in stored if name.endswith(".lora_A.weight")]
    return {
        f"{module.removeprefix('base_model.model.')}.weight": Pair(
            stored[f"{module}.lora_B.weight"].float() * scaling, stored[f"{module}.lora_A.weight"].float()
        )
        for module in modules
    }


def _works(file: Path, output: Path, factors: dict[str, Pair]) -> Iterator[partial[None]]:
    source, target = os.open(file, os.O_RDONLY), os.open(output / file.name, os.O_RDWR | os.O_CREAT)
    files = Files(source, target, mmap.mmap(source, 0, prot=mmap.PROT_READ))
    start = 8 + int.from_bytes(files.mapped[:8], "little")
    header: dict[str, Any] = json.loads(files.mapped[8:start])
    os.truncate(target, len(files.mapped))
    os.pwrite(target, files.mapped[:start], 0)
    header.pop("__metadata__", None)
    held = local()
    for name, entry in header.items():
        begin, end = (start + offset for offset in entry["data_offsets"])
        if name not in factors:
            yield partial(_copy, files, begin, end)
            continue
        rows, columns = entry["shape"]
        step = max(1, _TILE_ELEMENTS // columns)
        for first in range(0, rows, step):
            yield partial(_merge, files, begin, columns, range(first, min(rows, first + step)), factors[name], held)


def _copy(files: Files, begin: int, end: int) -> None:
    while begin < end:
        begin += os.copy_file_range(files.source, files.target, min(_COPY_BYTES, end - begin), begin, begin)


def _merge(files: Files, begin: int, columns: int, rows: range, pair: Pair, held: local) -> None:
    offset, elements = begin + 2 * rows.start * columns, len(rows) * columns
    stored = torch.frombuffer(files.mapped, dtype=torch.bfloat16, count=elements, offset=offset)
    exact, rounded = (room[:elements] for room in _room(held))
    exact.copy_(stored).view(len(rows), columns).addmm_(pair.left[rows.start : rows.stop], pair.right)
    data = memoryview(rounded.copy_(exact).view(torch.uint8).numpy())
    for place in range(0, len(data), _WRITE_BYTES):
        os.pwrite(files.target, data[place : place + _WRITE_BYTES], offset + place)


def _room(held: local) -> tuple[torch.Tensor, torch.Tensor]:
    if not hasattr(held, "room"):
        held.room = torch.empty(_TILE_ELEMENTS), torch.empty(_TILE_ELEMENTS, dtype=torch.bfloat16)
    exact, rounded = held.room
    return exact, rounded
