"""What keeps packed weights from being read is told in a sentence: what is missing, cut off, converted or no number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, codes, the, write_json, write_tensors
from packed_samples import MODULE, SAMPLES, WIDTH, Stored, header_of, sample

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code, Finding, Severity, UserError
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.quantization.dequantize import load_unpacker
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.storage.open_files import open_files

EVERY_FORMAT = pytest.mark.parametrize("name", SAMPLES)
SCALES = ("absmax", "SCB", "scale_inv", "scales", "scale", "_scale")


def save(folder: Path, stored: Stored, config: dict[str, Any]) -> Path:
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    plain = {"model_type": "llama", "dtype": "bfloat16", "hidden_size": WIDTH}
    write_json(folder / "config.json", {**plain, **({"quantization_config": config} if config else {})})
    return folder


def told(folder: Path) -> tuple[Finding, ...]:
    findings = inspect_folder(folder).findings
    assert_says(the(findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, MODULE)
    return findings


def scales_of(stored: Stored) -> str:
    return next(name for name in stored if name.endswith(SCALES) and "global" not in name)


# Without its scales a weight of these is told by nothing but its config.
MARKED_BY_SCALES = {"bitsandbytes_int8", "int_quantized", "eetq", "mxfp4", "float8"}


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - MARKED_BY_SCALES))
def test_scales_that_are_missing(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    lost = scales_of(stored)
    del stored[lost]
    assert_says(the(told(save(tmp_path, stored, config)), Code.PACKED_PART_MISSING), Severity.INFO, lost)


@pytest.mark.parametrize("name", sorted(MARKED_BY_SCALES - {"float8"}))
def test_codes_that_nothing_scales_are_no_plain_weights(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    del stored[scales_of(stored)]
    told(save(tmp_path, stored, config))


def shortened(part: torch.Tensor) -> torch.Tensor:
    return part[:-1].clone() if part.dim() and part.shape[0] > 1 else torch.ones(5).to(part.dtype)


@EVERY_FORMAT
def test_scales_that_are_cut_off_or_of_another_group_size(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    cut = scales_of(stored)
    stored[cut] = shortened(stored[cut])
    assert Code.PACKED_SHAPES_DIFFER in codes(told(save(tmp_path, stored, config)))


@EVERY_FORMAT
def test_files_that_are_cut_off(name: str, tmp_path: Path) -> None:
    weights = save(tmp_path, *sample(name)) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-24])
    findings = inspect_folder(tmp_path).findings
    assert_says(the(findings, Code.FILE_TRUNCATED), Severity.ERROR, "model.safetensors")


# Rows of these have scales in common with others, so that some fewer are a weight of their own.
FEWER_ROWS_ARE_A_WEIGHT = {"float8", "modelopt_fp8"}


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - FEWER_ROWS_ARE_A_WEIGHT))
def test_codes_that_are_cut_off(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    codes = next(iter(stored))
    stored[codes] = stored[codes][:-1].clone()
    assert_says(the(told(save(tmp_path, stored, config)), Code.PACKED_SHAPES_DIFFER), Severity.INFO, MODULE)


def groups_of(size: int) -> dict[str, Any]:
    weights = {"num_bits": 8, "type": "float", "strategy": "group", "group_size": size}
    return {"config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}}}


# What each format's sample has, stated as its config states it; the other ones say it beside the weights.
GROUPS: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
    "gptq": (32, lambda size: {"group_size": size}),
    "awq": (32, lambda size: {"group_size": size}),
    "pack_quantized": (32, groups_of),
    "int_quantized": (32, groups_of),
    "mxfp4_pack_quantized": (32, groups_of),
    "nvfp4_pack_quantized": (16, groups_of),
    "float8": (32, lambda size: {"weight_block_size": [8, size]}),
}


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_size_that_the_config_states_otherwise(name: str, tmp_path: Path) -> None:
    (stored, config), (size, stating) = sample(name), GROUPS[name]
    stored = {part: tensor for part, tensor in stored.items() if not part.endswith("g_idx")}
    right = save(tmp_path / "right", stored, {**config, **stating(size)})
    assert [packed.packing for packed in packed_in(unpacked(read_checkpoint(right)))] == [name]
    wrong = save(tmp_path / "wrong", stored, {**config, **stating(2 * size)})
    assert_says(the(told(wrong), Code.PACKED_SHAPES_DIFFER), Severity.INFO, MODULE)


@EVERY_FORMAT
def test_scales_that_were_converted(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    converted = scales_of(stored)
    stored[converted] = stored[converted].float().to(torch.int32)
    assert_says(the(told(save(tmp_path, stored, config)), Code.PACKED_DTYPES_DIFFER), Severity.INFO, MODULE)


def spoiled(stored: Stored, name: str) -> None:
    if stored[name].is_floating_point():
        stored[name].view(-1)[0] = float("nan")


@EVERY_FORMAT
def test_scales_that_are_no_numbers(name: str, tmp_path: Path) -> None:
    stored, config = sample(name)
    broken = scales_of(stored) if stored[scales_of(stored)].is_floating_point() else ""
    broken = broken or next((part for part in stored if part.endswith("nested_absmax")), "")
    if not broken:
        assert name in ("mxfp4", "mxfp4_pack_quantized")  # powers of two are always numbers
        return
    spoiled(stored, broken)
    [packed] = packed_in(unpacked(read_checkpoint(save(tmp_path, stored, config))))
    with open_files() as files, pytest.raises(UserError) as refused:
        load_unpacker(packed, 0, packed.rows, files)
    assert_says(refused.value.finding(), Severity.ERROR, broken)


Make = Callable[[], Stored]
FOREIGN: dict[str, Make] = {
    "aqlm": lambda: {"codes": torch.zeros(24, 12, 2, dtype=torch.int8), "codebooks": torch.randn(2, 256, 1, 8)},
    "spqr": lambda: {"dense_weights": torch.zeros(24, 12, dtype=torch.int64)},
    "vptq": lambda: {"indices": torch.zeros(1, 24, 12, dtype=torch.int32), "centroids": torch.randn(1, 256, 8)},
    "higgs": lambda: {"weight": torch.zeros(24, 12, dtype=torch.uint8), "tables": torch.randn(16, 2)},
    "quip": lambda: {"Qidxs": torch.zeros(24, 12, dtype=torch.int64), "SU": torch.ones(96), "SV": torch.ones(24)},
    "exl2": lambda: {
        "q_weight": torch.zeros(12, 24, dtype=torch.int32),
        "q_invperm": torch.zeros(96, dtype=torch.int16),
    },
    "exl3": lambda: {"trellis": torch.zeros(6, 2, 64, dtype=torch.int16), "suh": torch.ones(96).half()},
    "bitnet": lambda: {"weight": torch.zeros(6, 96, dtype=torch.uint8), "weight_scale": torch.ones(1)},
}


@pytest.mark.parametrize("stated", [True, False], ids=["by its config", "by its tensors"])
@pytest.mark.parametrize("name", FOREIGN)
def test_what_cannot_be_turned_back_is_named_for_what_it_is(name: str, stated: bool, tmp_path: Path) -> None:
    stored = {f"{MODULE}.{part}": tensor for part, tensor in FOREIGN[name]().items()}
    folder = save(tmp_path, stored, {"quant_method": name} if stated else {})
    if not stated and name == "bitnet":
        name = "packed"  # bytes beside a scale, as any format may have them
    assert_says(the(told(folder), Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, name, MODULE)


def test_weights_that_a_model_rotates_as_it_runs_are_not_turned_back(tmp_path: Path) -> None:
    stored, config = sample("int_quantized")
    rotated = {**config, "transform_config": {"config_groups": {"u": {"type": "hadamard", "apply": []}}}}
    said = the(inspect_folder(save(tmp_path, stored, rotated)).findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(said, Severity.ERROR, "transform_config")
