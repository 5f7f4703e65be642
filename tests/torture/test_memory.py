"""Memory stays flat: a base many times the limit streams through it."""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tiny_models import WEIGHTS

LAYERS, SIDE = 6, 5000
LIMIT = 64 << 20
MEASURED = """
import sys
from pathlib import Path
from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.engines.streaming import stream
from mergedesk.output.shards import create_shards
from mergedesk.planning.layout import make_layout
from mergedesk.planning.plan import make_plan
from mergedesk.planning.resolved_adapter import map_adapter
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Precision

def merge(base, adapter, output):
    checkpoint = read_checkpoint(base)
    plan = make_plan(checkpoint, [map_adapter(checkpoint, read_adapter(adapter))], Precision.AUTO)
    layout = make_layout(plan, checkpoint)
    output.mkdir()
    with create_shards(output, layout) as outputs:
        stream(layout, outputs, lambda count, name: None, CancelToken())

def kilobytes(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))

base, adapter, small, its_adapter, output = map(Path, sys.argv[1:])
merge(small, its_adapter, output / "warm")
Path("/proc/self/clear_refs").write_text("5")
before = kilobytes("VmRSS:")
merge(base, adapter, output / "ours")
print(1024 * (kilobytes("VmHWM:") - before))
"""


def write_base(folder: Path, layers: range, module: str) -> Path:
    """A sparse file of zeros: its header says bfloat16, no weight is ever written."""
    folder.mkdir()
    size = SIDE * SIDE * 2
    entries = {
        f"layers.{layer}.{name}.weight": {"dtype": "BF16", "shape": [SIDE, SIDE]}
        for layer in layers
        for name in ([module] if layer else [module, "other"])
    }
    for number, entry in enumerate(entries.values()):
        entry["data_offsets"] = [number * size, (number + 1) * size]
    header = json.dumps(entries).encode()
    with (folder / WEIGHTS).open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + len(entries) * size)
    (folder / "config.json").write_text(json.dumps({"model_type": "odd", "architectures": ["Odd"]}), encoding="utf-8")
    return folder


def write_adapter(folder: Path, layers: range, module: str, **options: bool) -> Path:
    folder.mkdir()
    shapes = {"lora_A.weight": (16, SIDE), "lora_B.weight": (SIDE, 16)}
    if options.get("use_dora"):
        shapes["lora_magnitude_vector"] = (SIDE,)
    factors = {
        f"base_model.model.layers.{layer}.{module}.{part}": torch.randn(shape)
        for layer in layers
        for part, shape in shapes.items()
    }
    save_file(factors, folder / "adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": 16, "lora_alpha": 32, "target_modules": [module], **options}
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads Linux's own account of memory")
@pytest.mark.parametrize(
    ("module", "options"),
    [
        pytest.param("proj", {}, id="lora"),
        pytest.param("proj", {"use_dora": True}, id="dora"),
        pytest.param("c_proj", {"use_dora": True, "fan_in_fan_out": True}, id="dora_down_columns"),
    ],
)
def test_memory_does_not_grow_with_the_base(module: str, options: dict[str, bool], tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", range(LAYERS), module)
    adapter = write_adapter(tmp_path / "adapter", range(LAYERS), module, **options)
    assert (base / WEIGHTS).stat().st_size > 5 * LIMIT
    small = write_base(tmp_path / "small", range(1), module)
    its_adapter = write_adapter(tmp_path / "little", range(1), module, **options)
    assert grown((base, adapter, small, its_adapter), tmp_path) < LIMIT


def grown(folders: tuple[Path, ...], tmp_path: Path) -> int:
    """Bytes by which memory grows from a small base, already merged, to a large one."""
    core = Path(__file__).parents[2] / "core"
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, (*folders, tmp_path))],
        env={**os.environ, "PYTHONPATH": str(core)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(run.stdout)


def least_grown(folders: tuple[Path, ...], tmp_path: Path, attempts: int = 3) -> int:
    """The least of a few measurements, of which no more are made than it takes: what threads hold at once varies."""
    least = math.inf
    for attempt in range(attempts):
        output = tmp_path / f"attempt-{attempt}"
        output.mkdir()
        least = min(least, grown(folders, output))
        if least < LIMIT:
            break
    return int(least)


def write_experts(folder: Path, experts: int, stacked: bool) -> tuple[Path, Path]:
    """A base of as many experts, one tensor or a tensor each, and an adapter on the parameter that they make."""
    shapes = {"experts.gate_up_proj": (experts, 1000, 3000)} if stacked else {}
    for expert in () if stacked else range(experts):
        shapes |= {f"experts.{expert}.{half}_proj.weight": (500, 3000) for half in ("gate", "up")}
    (folder / "base").mkdir(parents=True)
    header, end = {}, 0
    for name, shape in shapes.items():
        begin, end = end, end + 2 * math.prod(shape)
        header[f"model.layers.0.mlp.{name}"] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with (folder / "base" / WEIGHTS).open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    config: dict[str, Any] = {"model_type": "qwen3_moe", "architectures": ["Qwen3MoeForCausalLM"]}
    (folder / "base" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "adapter").mkdir()
    module = "base_model.model.model.layers.0.mlp.experts"
    factors = {"lora_A.weight": torch.randn(experts * 8, 3000), "lora_B.weight": torch.randn(1000, experts * 8)}
    save_file({f"{module}.{part}": one for part, one in factors.items()}, folder / "adapter/adapter_model.safetensors")
    config = {"peft_type": "LORA", "r": 8, "target_parameters": ["experts.gate_up_proj"], "peft_version": "0.21.2"}
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder / "base", folder / "adapter"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads Linux's own account of memory")
@pytest.mark.parametrize("stacked", [False, True])
def test_memory_does_not_grow_with_the_experts(stacked: bool, tmp_path: Path) -> None:
    large, small = write_experts(tmp_path / "large", 64, stacked), write_experts(tmp_path / "little", 2, stacked)
    assert (large[0] / WEIGHTS).stat().st_size > 5 * LIMIT
    assert least_grown((*large, *small), tmp_path) < LIMIT


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can forget an earlier peak")
def test_the_peak_is_the_jobs_own() -> None:
    """Memory that was given back before a job must not count as the job's."""
    code = (
        "from mergedesk.runtime.memory import forget_earlier_peak, peak_rss_bytes\n"
        "block = bytearray(200_000_000); before = peak_rss_bytes(); del block\n"
        "forget_earlier_peak(); print(before, peak_rss_bytes())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert before > 200_000_000
    assert after < 100_000_000
