"""compressed-tensors' formats of bytes and of small floats, against the library's own decompression and loading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from compressed_tensors.compressors.base import BaseCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from folders import assert_says, failed, read_json, the, write_json, write_tensors
from quantized import assert_same_as_model, merge, merge_by_peft
from tiny_models import DTYPES, load, make_adapter, make_base, same_bits, tensors, third_party_noise_off
from transformers import AutoConfig, AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import PackedTensor, read_checkpoint
from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.quantization.dequantize import load_unpacker, rounded
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import holds, packed_rows
from mergedesk.storage.open_files import open_files

Stored = dict[str, torch.Tensor]
NAME = "model.layers.0.mlp.up_proj"
ROWS, WIDTH = 48, 96
SIZES = {"hidden_size": 96, "intermediate_size": 192, "num_key_value_heads": 4, "head_dim": 24}
INT8: dict[str, Any] = {"num_bits": 8, "type": "int"}
FP8: dict[str, Any] = {"num_bits": 8, "type": "float"}
FP4: dict[str, Any] = {"num_bits": 4, "type": "float"}
TENSOR, CHANNEL = {"strategy": "tensor"}, {"strategy": "channel"}
GROUP, BLOCK = {"strategy": "group", "group_size": 32}, {"strategy": "block", "block_structure": [16, 32]}
# Format, what a scheme says of weights, and the packing that it is read as.
SCHEMES: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "int8 tensor": ("int-quantized", INT8 | TENSOR, "int_quantized"),
    "int8 channel": ("int-quantized", INT8 | CHANNEL, "int_quantized"),
    "int8 group": ("int-quantized", INT8 | GROUP, "int_quantized"),
    "int8 block": ("int-quantized", INT8 | BLOCK, "int_quantized"),
    "int8 channel asymmetric": ("int-quantized", INT8 | CHANNEL | {"symmetric": False}, "int_quantized"),
    "int8 group asymmetric": ("int-quantized", INT8 | GROUP | {"symmetric": False}, "int_quantized"),
    "fp8 tensor": ("float-quantized", FP8 | TENSOR, "float_quantized"),
    "fp8 channel": ("float-quantized", FP8 | CHANNEL, "float_quantized"),
    "fp8 group": ("float-quantized", FP8 | GROUP, "float_quantized"),
    "fp8 block": ("float-quantized", FP8 | BLOCK, "float_quantized"),
    "fp8 naive": ("naive-quantized", FP8 | CHANNEL, "float_quantized"),
    "mxfp8": ("mxfp8-quantized", FP8 | GROUP, "float_quantized"),
    "nvfp4": ("nvfp4-pack-quantized", FP4 | {"strategy": "tensor_group", "group_size": 16}, "nvfp4_pack_quantized"),
    "mxfp4": ("mxfp4-pack-quantized", FP4 | GROUP, "mxfp4_pack_quantized"),
}


def scheme(name: str) -> QuantizationScheme:
    return QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(**SCHEMES[name][1]))


def grid_shape(args: QuantizationArgs, rows: int, width: int) -> tuple[int, ...]:
    if args.strategy == "tensor":
        return (1,)
    if args.strategy == "block":
        tall, wide = args.block_structure or [1, 1]
        return -(-rows // tall), -(-width // wide)
    return rows, width // args.group_size if args.group_size else 1


def compress(name: str, weight: torch.Tensor, dtype: torch.dtype) -> Stored:
    """What the library stores, with scales that cover the weight's largest value."""
    form, how = SCHEMES[name][0], scheme(name)
    assert how.weights is not None
    shape = grid_shape(how.weights, *weight.shape)
    scale = (torch.rand(shape) + 0.5) * weight.abs().max().float() / (6 if "4" in name else 120)
    state = {"weight": weight.to(dtype), "weight_scale": scale.to(dtype)}
    if name.startswith("mx"):
        state["weight_scale"] = scale.log2().floor().exp2().to(dtype)
    if name == "nvfp4":
        state["weight_global_scale"] = torch.tensor([448 / float(scale.max())])
        state["weight_scale"] = (scale * state["weight_global_scale"]).to(torch.float8_e4m3fn).to(dtype)
    if not how.weights.symmetric:
        state["weight_zero_point"] = torch.randint(-128, 128, shape, dtype=torch.int8)
    return dict(BaseCompressor.get_value_from_registry(form).compress(state, how))


def decompress(name: str, stored: Stored) -> torch.Tensor:
    found = BaseCompressor.get_value_from_registry(SCHEMES[name][0]).decompress(dict(stored), scheme(name))
    weight: torch.Tensor = found["weight"]
    return weight


def config(*names: str, form: str = "") -> dict[str, Any]:
    groups = {}
    for number, name in enumerate(names):
        weights = scheme(name).weights
        assert weights is not None
        targets = ["Linear"] if len(names) == 1 else [f"re:.*{('mlp', 'self_attn')[number]}.*"]
        groups[f"group_{number}"] = {"targets": targets, "weights": weights.model_dump(), "format": SCHEMES[name][0]}
    return {
        "quant_method": "compressed-tensors",
        "format": form or SCHEMES[names[0]][0],
        "quantization_status": "compressed",
        "config_groups": groups,
        "ignore": ["lm_head", "re:.*layers.1.mlp.down.*"],
    }


def save(folder: Path, stored: Stored, stated: Mapping[str, Any], dtype: str = "bfloat16") -> Path:
    write_tensors(folder / "model.safetensors", {f"{NAME}.{suffix}": part for suffix, part in stored.items()})
    write_json(folder / "config.json", {"model_type": "llama", "dtype": dtype, "quantization_config": dict(stated)})
    return folder


def read(folder: Path) -> PackedTensor:
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    return packed


def ours(packed: PackedTensor) -> torch.Tensor:
    """Unpacked in two unequal parts."""
    cut = packed.rows // 3
    with open_files() as files:
        low, high = load_unpacker(packed, 0, cut, files), load_unpacker(packed, cut, packed.rows, files)
        return rounded(packed, torch.cat([low.values(0, cut), high.values(cut, packed.rows)]))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("scales", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("name", SCHEMES)
def test_every_bit_is_the_library_s(name: str, scales: str, dtype: str, tmp_path: Path) -> None:
    stored = compress(name, torch.randn(ROWS, WIDTH), DTYPES[scales])
    packed = read(save(tmp_path, stored, config(name), dtype))
    assert packed.packing == SCHEMES[name][2]
    assert same_bits(ours(packed), decompress(name, stored).to(DTYPES[dtype]))
    assert holds(ours(packed), packed, packed_rows(packed)(0, packed.rows))


def test_blocks_that_the_weight_does_not_fill(tmp_path: Path) -> None:
    stored = compress("fp8 block", torch.randn(40, 80), torch.bfloat16)
    stored["weight"] = stored["weight"].contiguous()
    packed = read(save(tmp_path, stored, config("fp8 block")))
    assert same_bits(ours(packed), decompress("fp8 block", stored))


SCALES, PACKED = "weight_scale", "weight_packed"
PARTS = (SCALES, PACKED, "weight", "weight_global_scale")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("int8 channel", {SCALES: torch.ones(ROWS - 1, 1)}),
        ("int8 channel", {SCALES: torch.ones(ROWS, 1, dtype=torch.int32)}),
        ("int8 group", {SCALES: torch.ones(ROWS, 5)}),
        ("int8 group asymmetric", {"weight_zero_point": torch.zeros(ROWS, 1, dtype=torch.int8)}),
        ("fp8 channel", {SCALES: None}),
        ("fp8 group", {SCALES: torch.ones(ROWS, 7)}),
        ("nvfp4", {SCALES: None}),
        ("nvfp4", {SCALES: torch.ones(ROWS, WIDTH // 32).to(torch.float8_e4m3fn)}),
        ("nvfp4", {"weight_global_scale": torch.ones(ROWS)}),
        ("nvfp4", {SCALES: torch.ones(ROWS, WIDTH // 16)}),
        ("mxfp4", {SCALES: None}),
        ("mxfp4", {SCALES: torch.ones(ROWS, WIDTH // 16, dtype=torch.uint8)}),
        ("mxfp4", {PACKED: torch.ones(ROWS - 8, WIDTH // 2, dtype=torch.uint8)}),
    ],
    ids=str,
)
def test_parts_that_do_not_go_together_are_refused(
    name: str, changes: dict[str, torch.Tensor | None], tmp_path: Path
) -> None:
    parts: dict[str, torch.Tensor | None] = {**compress(name, torch.randn(ROWS, WIDTH), torch.bfloat16), **changes}
    save(tmp_path, {role: part for role, part in parts.items() if part is not None}, config(name))
    said = the(inspect_folder(tmp_path).findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(said, Severity.ERROR, "compressed-tensors", NAME)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama and an adapter for all of it."""
    folder = tmp_path_factory.mktemp("plain")
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "adapter")
    return folder


def pack_llama(base: Path, folder: Path, names: tuple[str, ...], stated: Mapping[str, Any]) -> Path:
    """MLPs by the first of these, attention by the last; scales of caches beside them, one module as it was."""
    stored: Stored = {}
    for name, weight in tensors(base).items():
        module, leaf = name.rsplit(".", 1)
        if not module.endswith("_proj") or "layers.1.mlp.down" in module:
            stored[name] = weight
            continue
        parts = compress(names[-1 if "self_attn" in module else 0], weight, torch.bfloat16)
        stored |= {f"{module}.{suffix}": part for suffix, part in parts.items()}
        if module.endswith("k_proj"):
            stored[f"{module.rsplit('.', 1)[0]}.k_scale"] = torch.ones(1, dtype=torch.bfloat16)
            stored[f"{module}.input_global_scale"] = torch.ones(1)
        assert leaf == "weight"
    write_tensors(folder / "model.safetensors", stored)
    write_json(folder / "config.json", {**read_json(base / "config.json"), "quantization_config": dict(stated)})
    return folder


MERGED = ["int8 channel", "int8 group", "fp8 tensor", "fp8 channel", "fp8 block", "nvfp4", "mxfp4"]
MIXED = [("fp8 channel", "nvfp4"), ("int8 channel", "mxfp4")]


@pytest.mark.parametrize("name", MERGED)
def test_merge_is_that_of_peft_into_what_transformers_dequantizes(name: str, home: Path, tmp_path: Path) -> None:
    """One module is ignored, and scales of caches lie beside the others."""
    folder = pack_llama(home / "base", tmp_path / "packed", (name,), config(name))
    assert_merged(merge(folder, home / "adapter", tmp_path / "ours"))
    told = AutoConfig.from_pretrained(folder)
    told.quantization_config["dequantize"] = True
    with third_party_noise_off():
        model = AutoModelForCausalLM.from_pretrained(folder, config=told, dtype="auto")
    assert_same_as_model(tmp_path / "ours", merge_by_peft(model, home / "adapter"))
    assert "quantization_config" not in read_json(tmp_path / "ours" / "config.json")


def assert_merged(report: MergeReport) -> None:
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert [one for one in report.checks if one.status is CheckStatus.WARN] == []


@pytest.mark.parametrize("names", MIXED, ids=str)
def test_attention_and_mlp_in_different_formats(names: tuple[str, str], home: Path, tmp_path: Path) -> None:
    """transformers cannot load these without a GPU: the library turns back each module."""
    folder = pack_llama(home / "base", tmp_path / "packed", names, config(*names, form="mixed-precision"))
    assert_merged(merge(folder, home / "adapter", tmp_path / "ours"))
    stored, plain = tensors(folder), tensors(home / "base")
    for module in {name.rsplit(".", 1)[0] for name in stored if name.endswith("weight_scale")}:
        parts = {suffix: stored[f"{module}.{suffix}"] for suffix in PARTS if f"{module}.{suffix}" in stored}
        plain[f"{module}.weight"] = decompress(names[-1 if "self_attn" in module else 0], parts)
    write_tensors(tmp_path / "plain" / "model.safetensors", plain)
    write_json(tmp_path / "plain" / "config.json", read_json(home / "base" / "config.json"))
    model = load("llama", tmp_path / "plain", "bfloat16")
    assert_same_as_model(tmp_path / "ours", merge_by_peft(model, home / "adapter"))
