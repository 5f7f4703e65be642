"""Model Optimizer's formats, which have no library that installs beside ours: by their published formulas.

Values are packed by hand, and worked out number by number from what NVIDIA describes: code · scale for FP8, and
code · scale of sixteen · scale of the tensor for NVFP4, both in float32.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from folders import assert_says, the, write_json, write_tensors
from packed_samples import MODULE, NAME, ROWS, WIDTH, Stored, sample
from tiny_models import same_bits

from mergedesk.checkpoints.checkpoint import PackedTensor, read_checkpoint
from mergedesk.domain.findings import Code, Severity
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.quantization.dequantize import load_unpacker, rounded
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.storage.open_files import open_files

HALVES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


def save(folder: Path, stored: Stored, config: dict[str, object] | None) -> Path:
    write_tensors(folder / "model.safetensors", stored)
    stated = {"quantization_config": config} if config else {}
    write_json(folder / "config.json", {"model_type": "llama", "dtype": "bfloat16", **stated})
    return folder


def ours(folder: Path) -> tuple[PackedTensor, torch.Tensor]:
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    with open_files() as files:
        return packed, rounded(packed, load_unpacker(packed, 0, packed.rows, files).values(0, packed.rows))


@pytest.mark.parametrize("named", [True, False], ids=["config.json", "hf_quant_config.json"])
@pytest.mark.parametrize("shape", [(), (ROWS, 1), (3, 1, 3, 1)], ids=["tensor", "row", "block"])
def test_fp8_by_its_formula(shape: tuple[int, ...], named: bool, tmp_path: Path) -> None:
    stored, config = sample("modelopt_fp8")
    scale = stored[f"{NAME}_scale"] = torch.rand(shape) + 0.5
    stored[f"{MODULE}.input_scale"] = torch.tensor(1.0)
    stored["model.layer.k_scale"] = torch.tensor(1.0)
    packed, values = ours(save(tmp_path, stored, config if named else None))
    assert packed.packing == ("modelopt_fp8" if named else "float8")
    grid = scale.reshape(3, 3).repeat_interleave(8, 0).repeat_interleave(WIDTH // 3, 1) if len(shape) == 4 else scale
    assert same_bits(values, (stored[NAME].float() * grid).bfloat16())


def test_nvfp4_by_its_formula(tmp_path: Path) -> None:
    stored, config = sample("modelopt_nvfp4")
    packed, values = ours(save(tmp_path, stored | {f"{MODULE}.input_scale": torch.tensor(1.0)}, config))
    assert packed.packing == "modelopt_nvfp4"
    scales = stored[f"{NAME}_scale"].float() * stored[f"{NAME}_scale_2"]
    expected = torch.empty(ROWS, WIDTH)
    for row in range(ROWS):
        for column in range(WIDTH):
            code = int(stored[NAME][row, column // 2]) >> (4 * (column % 2)) & 15
            expected[row, column] = HALVES[code & 7] * (-1 if code > 7 else 1) * scales[row, column // 16]
    assert same_bits(values, expected.bfloat16())


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("modelopt_fp8", {"_scale": None}),
        ("modelopt_fp8", {"_scale": torch.ones(5)}),
        ("modelopt_fp8", {"_scale": torch.ones((), dtype=torch.int32)}),
        ("modelopt_nvfp4", {"_scale": None}),
        ("modelopt_nvfp4", {"_scale": torch.ones(ROWS, WIDTH // 32).to(torch.float8_e4m3fn)}),
        ("modelopt_nvfp4", {"_scale": torch.ones(ROWS, WIDTH // 16)}),
        ("modelopt_nvfp4", {"_scale_2": None}),
        ("modelopt_nvfp4", {"_scale_2": torch.ones(ROWS)}),
    ],
    ids=str,
)
def test_parts_that_do_not_go_together_are_refused(
    name: str, changes: dict[str, torch.Tensor | None], tmp_path: Path
) -> None:
    stored, config = sample(name)
    for suffix, part in changes.items():
        stored.pop(f"{NAME}{suffix}")
        if part is not None:
            stored[f"{NAME}{suffix}"] = part
    said = the(inspect_folder(save(tmp_path, stored, config)).findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(said, Severity.ERROR, "modelopt", MODULE)


@pytest.mark.parametrize("dtype", [torch.float8_e8m0fnu, torch.uint8])
def test_fp8_with_powers_of_two_by_its_formula(dtype: torch.dtype, tmp_path: Path) -> None:
    """As DeepSeek V4 has them: blocks of 128 x 128, of which the last are not whole, with exponents for scales."""
    codes, exponents = torch.randn(200, 300).to(torch.float8_e4m3fn), torch.randint(110, 140, (2, 3), dtype=torch.uint8)
    config: dict[str, object] = {"quant_method": "fp8", "weight_block_size": [128, 128], "scale_fmt": "ue8m0"}
    packed, values = ours(save(tmp_path, {NAME: codes, f"{MODULE}.scale": exponents.view(dtype)}, config))
    grid = torch.exp2(exponents.float() - 127).repeat_interleave(128, 0)[:200].repeat_interleave(128, 1)[:, :300]
    assert packed.packing == "float8"
    assert same_bits(values, (codes.float() * grid).bfloat16())
