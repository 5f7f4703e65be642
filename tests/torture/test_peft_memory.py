"""The peft engine leaves the base in its file: its own memory holds a few copies of one layer, never the model."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import LoHaConfig, PeftConfig, get_peft_model
from tiny_models import WEIGHTS, randomise_trainable, third_party_noise_off
from transformers import LlamaConfig, LlamaForCausalLM

LAYERS, SIDE = 24, 1024
LIMIT = 128 << 20
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
MEASURED = """
import sys, threading, time
from pathlib import Path
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest
from mergedesk.pipelines.merge import merge

def run(base, adapter, output):
    request = MergeRequest(Path(base), (AdapterChoice(Path(adapter)),), Path(output), engine=Engine.PEFT)
    report = merge(request, lambda progress: None, CancelToken())
    assert report.status == "merged", report.findings

def anonymous():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))

base, adapter, small, its_adapter, output = sys.argv[1:]
run(small, its_adapter, output + "/warm")
before, peak, done = anonymous(), 0, threading.Event()

def watch():
    global peak
    while not done.wait(0.002):
        peak = max(peak, anonymous())

watcher = threading.Thread(target=watch)
watcher.start()
run(base, adapter, output + "/ours")
done.set()
watcher.join()
print(1024 * (peak - before))
"""


def config(layers: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=64, hidden_size=SIDE, intermediate_size=2 * SIDE, num_hidden_layers=layers, num_attention_heads=8,
        num_key_value_heads=8, tie_word_embeddings=False,
    )  # fmt: skip


def write_base(folder: Path, layers: int) -> LlamaForCausalLM:
    """A sparse file of zeros under a true header; returns the model without its weights."""
    folder.mkdir()
    with torch.device("meta"):
        model = LlamaForCausalLM(config(layers)).bfloat16()
    header, begin = {}, 0
    for name, tensor in model.state_dict().items():
        header[name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [begin, begin + tensor.nbytes]}
        begin += tensor.nbytes
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    with (folder / WEIGHTS).open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + begin)
    stated = {**model.config.to_dict(), "architectures": ["LlamaForCausalLM"], "dtype": "bfloat16"}
    (folder / "config.json").write_text(json.dumps(stated), encoding="utf-8")
    return model


def write_adapter(folder: Path, model: LlamaForCausalLM, made: PeftConfig) -> Path:
    """Random factors for a model that has no weights."""
    with third_party_noise_off():
        wrapped = get_peft_model(model, made)
    for parameter_name, parameter in list(wrapped.named_parameters()):
        if parameter.requires_grad:
            parent, _, own = parameter_name.rpartition(".")
            setattr(wrapped.get_submodule(parent), own, torch.nn.Parameter(torch.ones(parameter.shape)))
    randomise_trainable(wrapped)
    wrapped.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own account of memory")
def test_no_copy_of_the_model(tmp_path: Path) -> None:
    base, small = tmp_path / "base", tmp_path / "small"
    made = LoHaConfig(r=2, target_modules=TARGETS, task_type="CAUSAL_LM")
    adapters = [
        write_adapter(tmp_path / f"on-{folder.name}", write_base(folder, layers), made)
        for folder, layers in ((base, LAYERS), (small, 1))
    ]
    assert (base / WEIGHTS).stat().st_size > 3.5 * LIMIT
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(base), str(adapters[0]), str(small), str(adapters[1]), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "core"), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) < LIMIT
