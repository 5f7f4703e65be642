"""Preflight answers at once: on an 8 B-shaped folder, without torch, and without falling over odd input."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from folders import (
    LLAMA,
    lora_config,
    make_lora,
    make_model,
    request,
    sparse_safetensors,
    write_json,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pickled_files import FORMS, sparse_pickle

from mergedesk.checkpoints.tokenizer_files import tokenizer_length
from mergedesk.domain.messages import finding_message
from mergedesk.pipelines.check import check

HIDDEN, INNER, LAYERS, VOCABULARY, KEY_VALUE = 4096, 14336, 32, 128_256, 1024
LINEAR = {
    "self_attn.q_proj": (HIDDEN, HIDDEN),
    "self_attn.k_proj": (KEY_VALUE, HIDDEN),
    "self_attn.v_proj": (KEY_VALUE, HIDDEN),
    "self_attn.o_proj": (HIDDEN, HIDDEN),
    "mlp.gate_proj": (INNER, HIDDEN),
    "mlp.up_proj": (INNER, HIDDEN),
    "mlp.down_proj": (HIDDEN, INNER),
}
PAIR = ("--base", "BASE", "--adapter", "ADAPTER")
IMPORTS = """
import sys
from mergedesk.cli.commands import app
for command in {commands!r}:
    try:
        app(command, standalone_mode=False)
    except SystemExit:
        pass
heavy = {{"torch", "transformers", "peft", "PySide6", "mergedesk_gui", "numpy", "rich"}} & set(sys.modules)
print(sorted(heavy), file=sys.stderr)
"""


def shapes_of_8b() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        shapes |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in LINEAR.items()}
        shapes |= {f"model.layers.{layer}.{name}.weight": (HIDDEN,) for name in ("input_layernorm", "post_norm")}
    return {**shapes, "model.norm.weight": (HIDDEN,), "lm_head.weight": (VOCABULARY, HIDDEN)}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``base`` of 8 B parameters in four files and ``adapter`` on all its linear layers; holes, no disk."""
    folder = tmp_path_factory.mktemp("large")
    base, shapes = folder / "base", shapes_of_8b()
    weight_map: dict[str, str] = {}
    names = list(shapes)
    for number in range(4):
        file = f"model-{number + 1:05d}-of-00004.safetensors"
        part = {name: shapes[name] for name in names[number * 73 : (number + 1) * 73]}
        sparse_safetensors(base / file, part)
        weight_map |= dict.fromkeys(part, file)
    write_json(base / "model.safetensors.index.json", {"metadata": {}, "weight_map": weight_map})
    sizes = {"hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "vocab_size": VOCABULARY}
    write_json(base / "config.json", {**LLAMA, **sizes})
    pairs: dict[str, tuple[int, ...]] = {}
    for layer in range(LAYERS):
        for name, (outputs, inputs) in LINEAR.items():
            module = f"base_model.model.model.layers.{layer}.{name}"
            pairs |= {f"{module}.lora_A.weight": (16, inputs), f"{module}.lora_B.weight": (outputs, 16)}
    sparse_safetensors(folder / "adapter" / "adapter_model.safetensors", pairs, "F32", 4, trained=True)
    targets = [name.rpartition(".")[2] for name in LINEAR]
    write_json(folder / "adapter" / "adapter_config.json", lora_config(r=16, target_modules=targets))
    for name in ("base", "adapter"):
        write_large_tokenizer(folder / name / "tokenizer.json")
    return folder


def write_large_tokenizer(file: Path) -> None:
    """A byte-pair tokenizer of 17 MB, laid out as the tokenizers library does."""
    added = [{"id": 128_000 + number, "content": f"<|reserved_{number}|>", "special": True} for number in range(256)]
    vocabulary = ",\n      ".join(f'"token-{number:06d}": {number}' for number in range(128_000))
    merges = ",\n      ".join(f'["to{number:06d}", "ken-{number:032d}"]' for number in range(222_000))
    file.write_text(
        f'{{\n  "version": "1.0",\n  "added_tokens": {json.dumps(added, indent=2)},\n  "normalizer": null,\n'
        f'  "model": {{\n    "type": "BPE",\n    "vocab": {{\n      {vocabulary}\n    }},\n'
        f'    "merges": [\n      {merges}\n    ]\n  }}\n}}\n',
        encoding="utf-8",
    )
    assert file.stat().st_size > 17_000_000


@pytest.mark.slow
@pytest.mark.alone
def test_8b_shaped_folder_is_checked_within_a_third_of_a_second(large: Path) -> None:
    assert len(shapes_of_8b()) == 291
    assert sum(file.stat().st_size for file in (large / "base").glob("*.safetensors")) > 16_000_000_000
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        found = check(request(large / "base", large / "adapter", large / "out"))
        taken.append(time.perf_counter() - began)
    assert {finding.code.value for finding in found.findings} <= {"disk_full"}
    assert (found.modules.targeted, found.modules.matched) == (224, 224)
    assert found.base.parameters is not None
    assert 8e9 < found.base.parameters < 8.1e9
    assert min(taken) < 0.3


@pytest.mark.alone
@pytest.mark.parametrize("form", FORMS, ids=["zip", "legacy"])
@pytest.mark.parametrize("shards", [1, 4])
def test_8b_shaped_pickles_are_checked_within_half_a_second(
    shards: int, form: bool, large: Path, tmp_path: Path
) -> None:
    base, shapes, weight_map = tmp_path / "base", shapes_of_8b(), {}
    names = list(shapes)
    for number in range(shards):
        file = f"pytorch_model-{number + 1:05d}-of-{shards:05d}.bin" if shards > 1 else "pytorch_model.bin"
        part = names[number * 291 // shards : (number + 1) * 291 // shards]
        sparse_pickle(base / file, {name: shapes[name] for name in part}, form)
        weight_map |= dict.fromkeys(part, file)
    if shards > 1:
        write_json(base / "pytorch_model.bin.index.json", {"metadata": {}, "weight_map": weight_map})
    shutil.copy(large / "base" / "config.json", base)
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        found = check(request(base, large / "adapter", large / "out"))
        taken.append(time.perf_counter() - began)
    assert {finding.code.value for finding in found.findings} <= {"disk_full", "pickled_weights"}
    assert found.base.parameters == sum(math.prod(shape) for shape in shapes.values())
    assert (found.base.shards, found.modules.matched) == (shards, 224)
    assert min(taken) < 0.5


@pytest.mark.slow
def test_length_of_a_large_tokenizer(large: Path) -> None:
    assert tokenizer_length(large / "base") == 128_256


@pytest.mark.alone
def test_other_methods_are_counted_in_time(large: Path, tmp_path: Path) -> None:
    modules = [f"base_model.model.model.layers.{layer}.{name}" for layer in range(LAYERS) for name in LINEAR]
    parts = {f"{module}.{part}": (16, 16) for module in modules for part in ("hada_w1_a", "hada_w1_b", "hada_w2_a")}
    sparse_safetensors(tmp_path / "adapter_model.safetensors", parts, "F32", 4, trained=True)
    write_json(tmp_path / "adapter_config.json", lora_config(peft_type="LOHA"))
    began = time.perf_counter()
    found = check(request(large / "base", tmp_path))
    assert time.perf_counter() - began < 0.6
    assert found.modules.matched == 224


@pytest.mark.slow
@pytest.mark.parametrize(
    ("commands", "needed", "said"),
    [
        ([["inspect", "BASE"], ["inspect", "ADAPTER", "--json"]], "[]", "LlamaForCausalLM"),
        # A sample of the weights tells what each precision keeps.
        ([["check", *PAIR], ["check", *PAIR, "--json"]], "['numpy']", "Ready to merge"),
        ([["check", *PAIR, "--output-format", "int8", "--output", "OUT"]], "['numpy']", "Ready to merge"),
    ],
    ids=["inspect", "check", "packed"],
)
def test_nothing_heavy_is_imported(commands: list[list[str]], needed: str, said: str, tmp_path: Path) -> None:
    folders = {"BASE": make_model(tmp_path / "base"), "ADAPTER": make_lora(tmp_path / "adapter")}
    folders["OUT"] = tmp_path / "out"
    real = [[str(folders.get(word, word)) for word in command] for command in commands]
    script = IMPORTS.format(commands=real)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == f"{needed}\n"
    assert said in done.stdout


JSON_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.lists(st.text(max_size=3))
)
FIELDS = st.sampled_from(
    [
        "r", "lora_alpha", "rank_pattern", "alpha_pattern", "target_modules", "exclude_modules", "layers_to_transform",
        "modules_to_save", "use_rslora", "use_dora", "init_lora_weights", "bias", "peft_type", "task_type",
        "base_model_name_or_path", "fan_in_fan_out", "target_parameters", "layer_replication", "unheard_of",
    ]
)  # fmt: skip
BASE_FIELDS = st.sampled_from(
    ["architectures", "tie_word_embeddings", "model_type", "_name_or_path", "quantization_config", "auto_map", "dtype"]
)
SHAPES = st.lists(st.integers(0, 40), max_size=3).map(tuple)
TENSOR_NAMES = st.sampled_from(
    [
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias",
        "base_model.model.model.embed_tokens.lora_embedding_A",
        "base_model.model.model.embed_tokens.lora_embedding_B",
        "base_model.model.lm_head.weight",
        "base_model.model.model.norm.weight",
        "lora_A.weight", "", ".", "x",
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    config=st.dictionaries(
        FIELDS, JSON_VALUES | st.dictionaries(st.text(max_size=3), JSON_VALUES, max_size=2), max_size=4
    ),
    base_config=st.dictionaries(BASE_FIELDS, JSON_VALUES, max_size=2),
    tensors=st.dictionaries(TENSOR_NAMES, SHAPES, max_size=4),
)
def test_odd_adapters_become_findings(
    config: dict[str, Any], base_config: dict[str, Any], tensors: dict[str, tuple[int, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("odd")
    base = make_model(folder / "base")
    write_json(base / "config.json", {**LLAMA, **base_config})
    sparse_safetensors(folder / "adapter" / "adapter_model.safetensors", tensors, "F32", 4)
    write_json(folder / "adapter" / "adapter_config.json", {**lora_config(), **config})
    found = check(request(base, folder / "adapter", folder / "out"))
    for finding in found.findings:
        assert "{" not in finding_message(finding).replace("{}", "")
