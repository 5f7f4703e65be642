"""hqq, optimum-quanto and torchao: what they stored for small weights, and what they themselves turned it back into.

``tests/tools/export_packed.py`` asked these libraries; the files' headers say in which version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, the, write_json, write_tensors
from safetensors import safe_open
from tiny_models import same_bits

from mergedesk.checkpoints.checkpoint import PackedTensor, read_checkpoint
from mergedesk.domain.findings import Code, Severity
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.quantization.dequantize import load_unpacker, rounded
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import holds, packed_rows
from mergedesk.storage.open_files import open_files

Stored = dict[str, torch.Tensor]
FOLDER = Path(__file__).with_name("packed")
METHODS = {"hqq": "hqq", "optimum-quanto": "quanto", "torchao": "torchao"}
MODULE = "model.layers.0.mlp.up_proj"


@cache
def library(name: str) -> tuple[Stored, Mapping[str, dict[str, str]]]:
    with safe_open(FOLDER / f"{name}.safetensors", "pt") as opened:
        said: Mapping[str, dict[str, str]] = json.loads(opened.metadata()["cases"])
        names: list[str] = opened.keys()
        return {tensor: opened.get_tensor(tensor) for tensor in names}, said


def cases() -> Iterator[tuple[str, str]]:
    for name in METHODS:
        yield from ((name, case) for case in library(name)[1])


def case_of(name: str, case: str) -> tuple[Stored, torch.Tensor, dict[str, str]]:
    """What is stored for ``MODULE``, what the library made of it, and what the header says."""
    tensors, said = library(name)
    stored = {
        tensor.removeprefix(f"{case}/"): value for tensor, value in tensors.items() if tensor.startswith(f"{case}/")
    }
    plain = stored.pop("plain")
    return (
        {tensor.replace("layer", MODULE, 1): value for tensor, value in stored.items()},
        plain,
        {key.replace("layer", MODULE, 1): text for key, text in said[case].items()},
    )


def save(folder: Path, stored: Stored, plain: torch.Tensor, said: dict[str, str], method: str) -> Path:
    write_tensors(folder / "model.safetensors", stored, said)
    dtype = str(plain.dtype).removeprefix("torch.")
    sizes = {"hidden_size": plain.shape[1], "intermediate_size": plain.shape[0]}
    config: dict[str, Any] = {"model_type": "llama", "dtype": dtype, **sizes}
    write_json(folder / "config.json", {**config, "quantization_config": {"quant_method": method}})
    return folder


def ours(packed: PackedTensor) -> torch.Tensor:
    """Unpacked in two unequal parts."""
    cut = packed.rows // 3
    with open_files() as files:
        low, high = load_unpacker(packed, 0, cut, files), load_unpacker(packed, cut, packed.rows, files)
        return rounded(packed, torch.cat([low.values(0, cut), high.values(cut, packed.rows)]))


@pytest.mark.parametrize(("name", "case"), [*cases()])
def test_every_bit_is_the_library_s(name: str, case: str, tmp_path: Path) -> None:
    stored, plain, said = case_of(name, case)
    folder = save(tmp_path, stored, plain, said, METHODS[name])
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    assert (packed.packing, packed.name, packed.shape) == (METHODS[name], f"{MODULE}.weight", tuple(plain.shape))
    sixteen = plain.to(torch.bfloat16) if plain.dtype == torch.float32 else plain
    assert same_bits(ours(packed), sixteen)
    assert holds(ours(packed), packed, packed_rows(packed)(0, packed.rows))
    assert inspect_folder(folder).parameters == plain.numel()


BROKEN = [
    ("hqq", "4 bits, axis 1, bfloat16", "scale", None),
    ("hqq", "4 bits, axis 1, bfloat16", "scale", torch.ones(7, 1, dtype=torch.bfloat16)),
    ("hqq", "4 bits, axis 1, bfloat16", "zero", torch.ones(32, 1)),
    ("hqq", "4 bits, axis 1, bfloat16", "shape", torch.tensor([17, 128])),
    ("hqq", "4 bits, axis 1, bfloat16", "group_size", torch.tensor(48, dtype=torch.int32)),
    ("hqq", "4 bits, axis 1, bfloat16", "packing", None),
    ("optimum-quanto", "qint4, 256 inputs, bfloat16", "weight._shift", None),
    ("optimum-quanto", "qint4, 256 inputs, bfloat16", "weight._scale", torch.ones(3, 1, dtype=torch.bfloat16)),
    ("optimum-quanto", "qint8, 256 inputs, bfloat16", "weight._scale", None),
    ("optimum-quanto", "qint8, 256 inputs, bfloat16", "weight._scale", torch.ones(7, 1)),
    ("torchao", "int8, bfloat16", "_weight_scale", None),
    ("torchao", "int8, bfloat16", "_weight_scale", torch.ones(7, 1)),
    ("torchao", "int4 in groups, bfloat16", "_weight_zero_point", torch.zeros(16, 1, dtype=torch.int8)),
    ("torchao", "int4 in groups, bfloat16", "_weight_scale", torch.ones(16, 8, dtype=torch.bfloat16)),
]


@pytest.mark.parametrize(("name", "case", "part", "value"), BROKEN)
def test_parts_that_do_not_go_together_are_refused(
    name: str, case: str, part: str, value: torch.Tensor | None, tmp_path: Path
) -> None:
    stored, plain, said = case_of(name, case)
    stored.pop(f"{MODULE}.{part}")
    stored |= {} if value is None else {f"{MODULE}.{part}": value}
    found = inspect_folder(save(tmp_path, stored, plain, said, METHODS[name])).findings
    assert_says(the(found, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, METHODS[name], MODULE)


def test_torchao_without_what_its_header_says_is_refused(tmp_path: Path) -> None:
    stored, plain, _ = case_of("torchao", "int8, bfloat16")
    the(inspect_folder(save(tmp_path, stored, plain, {}, "torchao")).findings, Code.QUANTIZED_UNMERGEABLE)


def test_grouped_weights_of_a_config_that_tells_no_width_are_refused(tmp_path: Path) -> None:
    stored, plain, said = case_of("optimum-quanto", "qint4, 256 inputs, bfloat16")
    folder = save(tmp_path, stored, plain, said, "quanto")
    write_json(folder / "config.json", {"model_type": "llama", "quantization_config": {"quant_method": "quanto"}})
    the(inspect_folder(folder).findings, Code.QUANTIZED_UNMERGEABLE)


# What has no library for a CPU: by its published description, packed by hand


def test_torchao_int4_by_its_formula(tmp_path: Path) -> None:
    """Two codes with sign in a byte, the lower first; code · scale + offset of a group."""
    codes, scale, offset = torch.randint(-8, 8, (16, 64)), torch.rand(2, 16).bfloat16(), torch.randn(2, 16).bfloat16()
    stored = {
        "_weight_qdata": ((codes[:, ::2] & 15) | ((codes[:, 1::2] & 15) << 4)).to(torch.uint8).view(torch.int8),
        "_weight_scale": scale,
        "_weight_zero_point": offset,
    }
    kind = {"_type": "Int4Tensor", "_data": {"block_size": [1, 32], "shape": [16, 64]}}
    said = {f"{MODULE}.weight": json.dumps({**kind, "_tensor_data_names": ["qdata", "scale", "zero_point"]})}
    of_each = [one.float().t().repeat_interleave(32, 1) for one in (scale, offset)]
    plain = (codes.float() * of_each[0] + of_each[1]).bfloat16()
    folder = save(tmp_path, {f"{MODULE}.{part}": value for part, value in stored.items()}, plain, said, "torchao")
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    assert same_bits(ours(packed), plain)
    assert holds(plain, packed, packed_rows(packed)(0, packed.rows))


def eetq_bytes(codes: torch.Tensor) -> torch.Tensor:
    """(inputs, outputs) codes, step by step in the order that FasterTransformer's kernels want them."""
    inputs, outputs = codes.shape
    order = [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15]
    swapped = codes.view(-1, 16, outputs)[:, order].reshape(inputs, outputs)
    columns = swapped.t().contiguous()
    laid = [columns[pair + side, start : start + 64]
            for pair in range(0, outputs, 2) for start in range(0, inputs, 64) for side in (0, 1)]  # fmt: skip
    unsigned = torch.cat(laid) + 128
    return unsigned.view(-1, 4)[:, [0, 2, 1, 3]].reshape(inputs, outputs).to(torch.uint8).view(torch.int8)


def test_eetq_by_its_layout(tmp_path: Path) -> None:
    codes, scales = torch.randint(-128, 128, (128, 24)), torch.rand(24).half()
    stored = {f"{MODULE}.weight": eetq_bytes(codes), f"{MODULE}.weight_scales": scales}
    plain = (codes.float() * scales.float()).half().t().contiguous()
    [packed] = packed_in(unpacked(read_checkpoint(save(tmp_path, stored, plain, {}, "eetq"))))
    assert (packed.packing, packed.shape) == ("eetq", (24, 128))
    assert same_bits(ours(packed), plain)
    assert holds(plain, packed, packed_rows(packed)(0, packed.rows))


@pytest.mark.parametrize(("inputs", "scales"), [(96, 24), (128, 23)])
def test_eetq_of_other_shapes_is_refused(inputs: int, scales: int, tmp_path: Path) -> None:
    stored = {
        f"{MODULE}.weight": torch.ones(inputs, 24, dtype=torch.int8),
        f"{MODULE}.weight_scales": torch.ones(scales),
    }
    folder = save(tmp_path, stored, torch.ones(24, inputs), {}, "eetq")
    assert_says(the(inspect_folder(folder).findings, Code.QUANTIZED_UNMERGEABLE), Severity.ERROR, "eetq", MODULE)
