"""FP8, MXFP4, GPTQ and AWQ bases, against transformers or against packings written by their descriptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, failed, read_json, the, write_json, write_tensors
from packed_bases import SIZES, Pack, Stored, float8_blocks, make_gpt_oss, pack_float8, repack
from quantized import assert_same_as_model, merge, merge_by_peft
from safetensors.torch import load_file
from tiny_models import DTYPES, load, make_adapter, make_base
from transformers import AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.pipelines.check import check
from mergedesk.quantization.dequantize import load_unpacker
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.storage.open_files import open_files


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A 16-bit Llama whose sizes suit every packing, and an adapter for it."""
    made: dict[str, Path] = {}

    def get(dtype: str) -> Path:
        if dtype not in made:
            folder = made[dtype] = tmp_path_factory.mktemp(f"plain-{dtype}")
            make_base("llama", folder / "base", dtype, **SIZES)
            make_adapter(
                "llama", folder / "base", folder / "adapter", target_modules=["q_proj", "gate_proj", "down_proj"]
            )
        return made[dtype]

    return get


def assert_merged(report: MergeReport, output: Path, model: Any) -> None:
    """The merge went through, every check held, and every tensor is the model's."""
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert [one for one in report.checks if one.status is CheckStatus.WARN] == []
    assert_same_as_model(output, model)
    assert "quantization_config" not in read_json(output / "config.json")


# FP8: the reference is transformers, which dequantises where there is no GPU


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_float8_with_block_scales(dtype: str, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain(dtype)
    pack_float8(folder / "base", tmp_path / "packed")
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "packed", dtype=DTYPES[dtype])
    assert model.model.layers[0].mlp.up_proj.weight.dtype == DTYPES[dtype]
    assert_merged(report, tmp_path / "ours", merge_by_peft(model, folder / "adapter"))


@pytest.mark.parametrize("form", ["rows", "tensor", "exponents", "ragged", "none"])
def test_float8_with_other_scales(form: str, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")
    stored = repack(folder / "base", tmp_path / "packed", lambda weight: float8_form(form, weight), FLOAT8_CONFIG[form])
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    model = load("llama", folder / "base", "bfloat16")
    model.load_state_dict(stored)
    assert_merged(report, tmp_path / "ours", merge_by_peft(model, folder / "adapter"))


FLOAT8_CONFIG: Mapping[str, Mapping[str, Any]] = {
    "rows": {"quant_method": "fbgemm_fp8"},
    "tensor": {"quant_method": "compressed-tensors", "format": "float-quantized"},
    "exponents": {"quant_method": "fp8", "weight_block_size": [1, 32]},
    "ragged": {"quant_method": "fp8", "weight_block_size": [40, 40]},
    "none": {},
}


def float8_form(form: str, weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
    """One weight with scales of that form, and the weight it stands for, by plain arithmetic on whole tensors."""
    rows, columns = weight.shape
    if form == "none":
        codes = weight.to(torch.float8_e5m2)
        return {"weight": codes}, codes.to(weight.dtype)
    if form == "rows":
        codes, scales = float8_blocks(weight, 1, columns)
        return {"weight": codes, "weight_scale": scales}, (codes.float() * scales).to(weight.dtype)
    if form == "tensor":
        codes, scales = float8_blocks(weight, rows, columns)
        kept = {"weight": codes, "weight_scale": scales.view(1), "input_scale": torch.ones(1)}
        return kept, (codes.float() * scales).to(weight.dtype)
    if form == "exponents":
        codes = (weight.float() * 64).to(torch.float8_e4m3fn)
        stored = torch.full((rows, columns // 32), 127 - 6, dtype=torch.uint8)
        return {"weight": codes, "weight_scale_inv": stored}, (codes.float() / 64).to(weight.dtype)
    scales = torch.rand(-(-rows // 40), -(-columns // 40)) + 0.5
    spread = scales.repeat_interleave(40, 0)[:rows].repeat_interleave(40, 1)[:, :columns]
    codes = weight.to(torch.float8_e4m3fn)
    return {"weight": codes, "weight_scale_inv": scales}, (codes.float() * spread).to(weight.dtype)


# MXFP4: the reference is transformers


GPT_OSS_TARGETS: Mapping[str, Mapping[str, Any]] = {
    "attention": {"target_modules": ["q_proj", "o_proj"]},
    "experts": {"target_modules": [], "target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]},
}


@pytest.mark.parametrize("targets", GPT_OSS_TARGETS)
def test_gpt_oss(targets: str, tmp_path: Path) -> None:
    make_gpt_oss(tmp_path / "base", tmp_path / "packed")
    adapter = make_adapter("llama", tmp_path / "base", tmp_path / "adapter", **GPT_OSS_TARGETS[targets])
    report = merge(tmp_path / "packed", adapter, tmp_path / "ours")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "packed", dtype="auto")
    assert model.model.layers[0].mlp.experts.gate_up_proj.dtype == torch.bfloat16
    assert_merged(report, tmp_path / "ours", merge_by_peft(model, adapter))


# GPTQ and AWQ: their libraries need a compiler or a GPU; the packings below follow the published descriptions, number
# by number, and share nothing with the reader


def stream(values: list[int], bits: int) -> list[int]:
    """Numbers of ``bits`` each, one after the other, as signed words of 32 bits."""
    whole = sum(value << (place * bits) for place, value in enumerate(values))
    words = [(whole >> (32 * place)) & 0xFFFFFFFF for place in range(len(values) * bits // 32)]
    return [word - (1 << 32) if word >> 31 else word for word in words]


def gptq(bits: int, form: str, ordered: bool) -> Pack:
    """AutoGPTQ's layout: words along inputs, zero points less one in the first form of the format."""

    def pack(weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
        outputs, inputs = weight.shape
        groups = torch.arange(inputs) // 32
        if ordered:
            groups = groups[torch.randperm(inputs)]
        codes = torch.randint(0, 1 << bits, (inputs, outputs))
        zeros = torch.randint(0, 1 << bits, (inputs // 32, outputs))
        scales = (torch.rand(inputs // 32, outputs) * 0.02).to(weight.dtype)
        plain = (codes - zeros[groups]).float() * scales.float()[groups]
        kept = zeros if form == "gptq_v2" else (zeros - 1) % (1 << bits)
        parts = {
            "qweight": torch.tensor([stream(column, bits) for column in codes.t().tolist()], dtype=torch.int32).t(),
            "qzeros": torch.tensor([stream(row, bits) for row in kept.tolist()], dtype=torch.int32),
            "scales": scales,
            "g_idx": groups.int(),
        }
        return {name: part.contiguous() for name, part in parts.items()}, plain.t().to(weight.dtype).contiguous()

    return pack


def awq(weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
    """AutoAWQ's gemm layout: words along outputs, in the order 0 2 4 6 1 3 5 7."""
    outputs, inputs = weight.shape
    codes, zeros = torch.randint(0, 16, (inputs, outputs)), torch.randint(0, 16, (inputs // 32, outputs))
    scales = (torch.rand(inputs // 32, outputs) * 0.02).to(weight.dtype)
    groups = torch.arange(inputs) // 32

    def words(row: list[int]) -> list[int]:
        eights = (row[start : start + 8] for start in range(0, len(row), 8))
        return [word for eight in eights for word in stream([eight[place] for place in (0, 2, 4, 6, 1, 3, 5, 7)], 4)]

    parts = {
        "qweight": torch.tensor([words(row) for row in codes.tolist()], dtype=torch.int32),
        "qzeros": torch.tensor([words(row) for row in zeros.tolist()], dtype=torch.int32),
        "scales": scales,
    }
    plain = (codes - zeros[groups]).float() * scales.float()[groups]
    return parts, plain.t().to(weight.dtype).contiguous()


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize(("form", "ordered"), [("gptq", True), ("gptq_v2", False)])
def test_gptq(bits: int, form: str, ordered: bool, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("float16")
    config = {"quant_method": "gptq", "bits": bits, "group_size": 32, "desc_act": ordered, "checkpoint_format": form}
    stored = repack(folder / "base", tmp_path / "packed", gptq(bits, form, ordered), config)
    (tmp_path / "packed" / "quantize_config.json").write_text(json.dumps(config), encoding="utf-8")
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    model = load("llama", folder / "base", "float16")
    model.load_state_dict(stored)
    assert_merged(report, tmp_path / "ours", merge_by_peft(model, folder / "adapter"))
    assert not (tmp_path / "ours" / "quantize_config.json").exists()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_awq(dtype: str, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain(dtype)
    config = {"quant_method": "awq", "bits": 4, "group_size": 32, "version": "gemm", "zero_point": True}
    stored = repack(folder / "base", tmp_path / "packed", awq, config)
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    model = load("llama", folder / "base", dtype)
    model.load_state_dict(stored)
    assert_merged(report, tmp_path / "ours", merge_by_peft(model, folder / "adapter"))


# What cannot be read stays refused, consent or not


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("awq", {"version": "gemv"}),
        ("gptq", {"checkpoint_format": "marlin"}),
        ("auto-round", {}),
    ],
    ids=str,
)
def test_unknown_packings_are_refused(
    method: str, changes: dict[str, str], plain: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = plain("float16")
    pack = awq if method == "awq" else gptq(4, "gptq", False)
    repack(folder / "base", tmp_path / "packed", pack, {"quant_method": method, "bits": 4, **changes})
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, method, "layers.0.mlp.down_proj,")


@pytest.mark.parametrize("part", ["qzeros", "scales"])
def test_a_part_that_is_missing_is_named(part: str, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("float16")
    repack(folder / "base", tmp_path / "packed", awq, {"quant_method": "awq", "bits": 4, "version": "gemm"})
    stored = load_file(tmp_path / "packed" / "model.safetensors")
    del stored[f"model.layers.0.self_attn.q_proj.{part}"]
    write_tensors(tmp_path / "packed" / "model.safetensors", stored)
    request = CheckRequest(tmp_path / "packed", (AdapterChoice(folder / "adapter"),), dequantize=True)
    assert_says(
        the(check(request).findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, "model.layers.0.self_attn.q_proj"
    )


def test_float8_with_scales_of_an_unknown_name_is_refused(plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")

    def pack(weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
        codes, scales = float8_blocks(weight, 16, 32)
        return {"weight": codes, "secret_scale": scales}, weight

    repack(folder / "base", tmp_path / "packed", pack, {"quant_method": "fp8"})
    report = merge(tmp_path / "packed", folder / "adapter", tmp_path / "ours")
    assert_says(the(report.findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, "layers.0.mlp.down_proj,")


# The estimate of the errors: values spread evenly over their steps


def true_and_expected(folder: Path, stored: Stored, config: Mapping[str, Any], original: torch.Tensor) -> float:
    """The estimated size of the errors as a multiple of the true one; unpacked in two unequal parts."""
    write_tensors(folder / "model.safetensors", stored)
    write_json(
        folder / "config.json", {"model_type": "llama", "dtype": "bfloat16", "quantization_config": dict(config)}
    )
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    with open_files() as files:
        unpacker = load_unpacker(packed, 0, packed.rows, files)
    cut = packed.rows // 3
    values = torch.cat([unpacker.values(0, cut), unpacker.values(cut, packed.rows)])
    expected = unpacker.expected_error(0, cut) + unpacker.expected_error(cut, packed.rows)
    true = float((values.double() - original.double().view(values.shape)).square().sum())
    return float((expected / true) ** 0.5)


def test_estimate_for_float8(tmp_path: Path) -> None:
    original = torch.randn(128, 256)
    codes, scales = float8_blocks(original, 32, 64)
    stored = {"model.layer.weight": codes, "model.layer.weight_scale_inv": scales}
    assert true_and_expected(tmp_path, stored, {"quant_method": "fp8"}, original) == pytest.approx(1, rel=0.1)


def test_estimate_for_mxfp4(tmp_path: Path) -> None:
    original = torch.randn(2, 64, 96)  # experts, inputs, outputs
    groups = original.transpose(1, 2).reshape(2, 96, 2, 32)
    exponents = groups.abs().amax(-1, keepdim=True).log2().floor() - 2
    book = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])
    codes = ((groups / exponents.exp2()).unsqueeze(-1) - book).abs().argmin(-1)
    name = "model.experts.gate_up_proj"
    stored = {
        f"{name}_blocks": (codes[..., 0::2] | codes[..., 1::2] << 4).to(torch.uint8),
        f"{name}_scales": (exponents.squeeze(-1) + 127).to(torch.uint8),
    }
    assert true_and_expected(tmp_path, stored, {"quant_method": "mxfp4"}, original) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize(
    "pack", [gptq(4, "gptq_v2", True), gptq(3, "gptq_v2", False), awq], ids=["gptq", "gptq-3", "awq"]
)
def test_estimate_for_integers(pack: Pack, tmp_path: Path) -> None:
    parts, plain = pack(torch.empty(64, 96, dtype=torch.bfloat16))
    stored = {f"model.layer.{suffix}": part for suffix, part in parts.items()}
    groups = parts.get("g_idx", torch.arange(96) // 32).long()
    original = plain.double() + (torch.rand(64, 96) - 0.5) * parts["scales"][groups].t()
    config = {"quant_method": "awq" if pack is awq else "gptq", "group_size": 32, "checkpoint_format": "gptq_v2"}
    assert true_and_expected(tmp_path, stored, config, original) == pytest.approx(1, rel=0.1)
