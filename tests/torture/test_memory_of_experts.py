"""A mixture of experts is merged and proved without its experts ever lying in memory together."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from tiny_models import third_party_noise_off
from transformers import MixtralConfig, MixtralForCausalLM

LIMIT = 96 << 20
MEASURED = """
import sys
from pathlib import Path
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge

def kilobytes(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))

def run(base, adapter, output):
    report = merge(MergeRequest(base, (AdapterChoice(adapter),), output), lambda _: None, CancelToken())
    assert report.status.value == "merged", report

base, adapter, small, its_adapter, output = map(Path, sys.argv[1:])
run(small, its_adapter, output / "warm")
Path("/proc/self/clear_refs").write_text("5")
before = kilobytes("VmRSS:")
run(base, adapter, output / "ours")
print(1024 * (kilobytes("VmHWM:") - before))
"""


def shape(intermediate: int) -> MixtralConfig:
    return MixtralConfig(
        vocab_size=64, hidden_size=512, intermediate_size=intermediate, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, num_local_experts=8, max_position_embeddings=64,
    )  # fmt: skip


def stored(config: MixtralConfig) -> Iterator[tuple[str, list[int]]]:
    """Names and shapes as checkpoints of this model have them."""
    hidden, inner, narrow = config.hidden_size, config.intermediate_size, config.hidden_size // 2
    yield "model.embed_tokens.weight", [config.vocab_size, hidden]
    yield "lm_head.weight", [config.vocab_size, hidden]
    yield "model.norm.weight", [hidden]
    for layer in range(config.num_hidden_layers):
        prefix = f"model.layers.{layer}"
        yield f"{prefix}.input_layernorm.weight", [hidden]
        yield f"{prefix}.post_attention_layernorm.weight", [hidden]
        for name, rows in (("q", hidden), ("k", narrow), ("v", narrow), ("o", hidden)):
            yield f"{prefix}.self_attn.{name}_proj.weight", [rows, hidden]
        yield f"{prefix}.block_sparse_moe.gate.weight", [config.num_local_experts, hidden]
        for expert in range(config.num_local_experts):
            for name, size in (("w1", [inner, hidden]), ("w2", [hidden, inner]), ("w3", [inner, hidden])):
                yield f"{prefix}.block_sparse_moe.experts.{expert}.{name}.weight", size


def write_base(folder: Path, config: MixtralConfig) -> Path:
    """A sparse file of zeros: its header says bfloat16, no weight is ever written."""
    folder.mkdir()
    config.architectures, config.dtype = ["MixtralForCausalLM"], "bfloat16"
    config.save_pretrained(folder)
    entries, end = {}, 0
    for name, size in stored(config):
        begin, end = end, end + 2 * torch.Size(size).numel()
        entries[name] = {"dtype": "BF16", "shape": size, "data_offsets": [begin, end]}
    header = json.dumps(entries).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + end)
    return folder


def write_adapter(folder: Path, config: MixtralConfig) -> Path:
    """On every expert."""
    with torch.device("meta"):
        model = MixtralForCausalLM(config)
    lora = LoraConfig(r=2, target_modules=["q_proj"], target_parameters=["experts.gate_up_proj", "experts.down_proj"])
    with third_party_noise_off():
        wrapped = get_peft_model(model, lora)
        for name, module in wrapped.named_modules():
            if name.endswith((".lora_A.default", ".lora_B.default")):
                module.to_empty(device="cpu")
                torch.nn.init.normal_(module.weight)
        wrapped.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads Linux's own account of memory")
def test_whole_job_stays_flat_on_experts(tmp_path: Path) -> None:
    large, small = shape(4096), shape(64)
    base, its_base = write_base(tmp_path / "base", large), write_base(tmp_path / "small", small)
    adapter, its_adapter = write_adapter(tmp_path / "adapter", large), write_adapter(tmp_path / "little", small)
    assert (base / "model.safetensors").stat().st_size > 2 * LIMIT
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, (base, adapter, its_base, its_adapter, tmp_path))],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "core")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < LIMIT
