"""Rows packed again, against the formats' own libraries and, where there is none for the CPU, published formulas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from folders import write_json, write_tensors
from packed_samples import SAMPLES, header_of, sample
from repacked import SCHEMES, Stored, by_library, config
from tiny_models import DTYPES, same_bits
from transformers.integrations.finegrained_fp8 import Fp8Quantize

from mergedesk.checkpoints.checkpoint import PackedTensor, read_checkpoint
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.packing_format import Repacks
from mergedesk.quantization.reference import packed_rows
from mergedesk.quantization.registry import FORMATS
from mergedesk.quantization.repack import Repacked, WholeRange, packer
from mergedesk.storage.open_files import open_files
from mergedesk.storage.safetensors_header import TensorRecord

NAME = "model.layers.0.mlp.up_proj"
ROWS, WIDTH = 48, 192


def save(folder: Path, stored: Stored, stated: Mapping[str, Any]) -> PackedTensor:
    write_tensors(folder / "model.safetensors", {f"{NAME}.{suffix}": part for suffix, part in stored.items()})
    write_json(
        folder / "config.json", {"model_type": "llama", "dtype": "bfloat16", "quantization_config": dict(stated)}
    )
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    return packed


def stated(packed: PackedTensor) -> Repacks:
    found = FORMATS[packed.packing].repacks(packed)
    assert found is not None
    return found


def limits_of(packed: PackedTensor, values: torch.Tensor) -> WholeRange | None:
    """What the whole weight's numbers are worked out of, where it has any."""
    if not stated(packed).overall:
        return None
    low, high = values.aminmax()
    record, overall = packed.parts.get("overall"), None
    if record is not None:
        overall = torch.frombuffer(bytearray(record.file.read_bytes()[record.offset :][:4]), dtype=torch.float32)
    return WholeRange(float(low), float(high), overall)


def ours(packed: PackedTensor, values: torch.Tensor) -> dict[str, bytes]:
    """Packed in two unequal parts, put together as files have them."""
    how, limits = stated(packed), limits_of(packed, values)
    cut = max(1, packed.rows // 3 // how.unit) * how.unit
    halves = [packer(packed.packing)(packed, part, limits).parts for part in (values[:cut], values[cut:])]
    assert {role: halves[0][role].nbytes * how.unit for role in how.by_rows} == {
        role: cut * size for role, size in how.by_rows.items()
    }
    joined = {role: raw(halves[0][role]) + raw(halves[1][role]) for role in how.by_rows}
    return joined | {role: raw(halves[0][role]) for role in how.overall}


def raw(tensor: torch.Tensor) -> bytes:
    return tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes()


def assert_same(packed: PackedTensor, values: torch.Tensor, theirs: Stored) -> None:
    found = ours(packed, values)
    for role, part in packed.parts.items():
        expected = raw(theirs[part.name.rpartition(".")[2]])
        assert (found[role] if role in found else stored_bytes(part)) == expected, role


def stored_bytes(record: TensorRecord) -> bytes:
    return record.file.read_bytes()[record.offset :][: record.nbytes]


@pytest.mark.parametrize("scales", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("name", SCHEMES)
def test_every_bit_is_the_library_s(name: str, scales: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    packed = save(tmp_path, by_library(name, torch.randn(ROWS, WIDTH), DTYPES[scales]), config(name))
    values = torch.randn(ROWS, WIDTH) * torch.rand(ROWS, 1) * 3
    values[5, :64] = 0.0
    kept = None
    if "overall" in packed.parts:
        values *= 0.2  # its own largest value fits the base's overall scale
        kept = torch.frombuffer(bytearray(stored_bytes(packed.parts["overall"])), dtype=torch.float32)
    assert_same(packed, values, by_library(name, values, DTYPES[scales], kept))


def test_an_overall_scale_that_no_longer_suits_is_worked_out_anew(tmp_path: Path) -> None:
    torch.manual_seed(1)
    packed = save(tmp_path, by_library("nvfp4", torch.randn(ROWS, WIDTH), torch.float32), config("nvfp4"))
    values = torch.randn(ROWS, WIDTH) * 5
    assert_same(packed, values, by_library("nvfp4", values, torch.float32))


def test_inputs_ordered_by_activation_keep_their_groups(tmp_path: Path) -> None:
    """The library has given the form up: by its description each group is the inputs that state it."""
    torch.manual_seed(1)
    order = torch.randperm(WIDTH) // 32
    plain = by_library("int4 group asymmetric", torch.randn(ROWS, WIDTH), torch.bfloat16)
    packed = save(tmp_path, plain | {"weight_g_idx": order.int()}, config("int4 group asymmetric"))
    values, places = torch.randn(ROWS, WIDTH), order.argsort(stable=True)
    found = packer("pack_quantized")(packed, values, None)
    expected = by_library("int4 group asymmetric", values[:, places].contiguous(), torch.bfloat16)
    assert same_bits(found.parts["scales"], expected["weight_scale"])
    assert same_bits(found.parts["zeros"], expected["weight_zero_point"])
    ordered = packer("pack_quantized")(
        save(tmp_path / "plain", expected, config("int4 group asymmetric")), values[:, places].contiguous(), None
    )
    assert torch.equal(found.values[:, places], ordered.values)


@pytest.mark.parametrize("form", ["float", "ue8m0"])
def test_fine_grained_blocks_are_those_of_transformers(form: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    stated = {"quant_method": "fp8", "weight_block_size": [16, 32], "scale_fmt": form}
    library = Fp8Quantize(
        SimpleNamespace(quantization_config=SimpleNamespace(weight_block_size=[16, 32], scale_fmt=form))
    )

    def theirs(values: torch.Tensor) -> Stored:
        made = library.convert({"x.weight": values})
        return {name.removeprefix("x."): part for name, part in made.items()}

    packed = save(tmp_path, theirs(torch.randn(ROWS, WIDTH)), stated)
    assert packed.packing == "float8"
    values = torch.randn(ROWS, WIDTH)
    values[:16, :32] = 0.0
    assert_same(packed, values, theirs(values))


def test_model_optimizer_s_eight_bits_by_its_formula(tmp_path: Path) -> None:
    """amax / 448 for all of a weight."""
    torch.manual_seed(1)
    config = {"quant_method": "modelopt", "quant_algo": "FP8"}
    first = {"weight": torch.randn(ROWS, WIDTH).to(torch.float8_e4m3fn), "weight_scale": torch.tensor(0.003)}
    packed, values = save(tmp_path, first, config), torch.randn(ROWS, WIDTH)
    scale = values.abs().max() / 448
    assert_same(
        packed, values, {"weight": (values / scale).clamp(-448, 448).to(torch.float8_e4m3fn), "weight_scale": scale}
    )


@pytest.mark.parametrize("size", [0.5, 5.0])
def test_model_optimizer_s_four_bits_by_its_formula(size: float, tmp_path: Path) -> None:
    """Groups' scales are amax / 6 / overall; the overall one amax / (6 * 448), where it is made anew."""
    torch.manual_seed(1)
    config = {"quant_method": "modelopt", "quant_algo": "NVFP4"}
    first = {
        "weight": torch.randint(0, 256, (ROWS, WIDTH // 2), dtype=torch.uint8),
        "weight_scale": torch.ones(ROWS, WIDTH // 16).to(torch.float8_e4m3fn),
        "weight_scale_2": torch.tensor(2.0 / (6 * 448)),
    }
    packed, values = save(tmp_path, first, config), torch.randn(ROWS, WIDTH).clamp(-3, 3) / 3 * size
    overall = first["weight_scale_2"] if size < 2 else values.abs().max() / (6 * 448)
    groups = values.view(ROWS, -1, 16)
    scales = (groups.abs().amax(-1) / 6 / overall).clamp(2**-9, 448).to(torch.float8_e4m3fn)
    book = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6])
    scaled = groups / (scales.float() * overall).unsqueeze(-1)
    codes = (scaled.abs().unsqueeze(-1) - book).abs().argmin(-1) + 8 * (scaled < 0)
    pairs = codes.view(ROWS, -1, 2).to(torch.uint8)
    theirs = {"weight": pairs[..., 0] | (pairs[..., 1] << 4), "weight_scale": scales, "weight_scale_2": overall}
    assert_same(packed, values, theirs)


KEPT = [name for name in SAMPLES if FORMATS[name].cells]


def kept_sample(name: str, folder: Path) -> PackedTensor:
    stored, config = sample(name)
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    plain = {"model_type": "llama", "dtype": "bfloat16", "hidden_size": WIDTH}
    write_json(folder / "config.json", {**plain, "quantization_config": config})
    [packed] = packed_in(unpacked(read_checkpoint(folder)))
    return packed


def rewritten(packed: PackedTensor, found: Repacked, folder: Path) -> PackedTensor:
    """A packed weight with other parts, in a copy of its file."""
    content = bytearray(packed.file.read_bytes())
    for role, tensor in found.parts.items():
        part = packed.parts[role]
        content[part.offset : part.offset + part.nbytes] = raw(tensor)
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_bytes((packed.file.parent / "config.json").read_bytes())
    [again] = packed_in(unpacked(read_checkpoint(folder)))
    return again


@pytest.mark.parametrize("name", KEPT)
def test_what_is_read_again_is_what_was_packed_and_the_nearest_there_is(name: str, tmp_path: Path) -> None:
    """By the independent reference: its values, and cells in which the plain ones lie."""
    packed = kept_sample(name, tmp_path / "base")
    values = torch.randn(packed.rows, packed.width) * 0.1
    found = packer(name)(packed, values, limits_of(packed, values))
    again = rewritten(packed, found, tmp_path / "again")
    exact = packed_rows(again)(0, packed.rows)
    np.testing.assert_allclose(found.values.double().numpy(), exact, rtol=1e-6)
    cells = FORMATS[name].cells
    assert cells is not None
    with open_files() as files:
        worth, low, high = cells(again, files)(0, packed.rows)
    np.testing.assert_allclose(worth, exact, rtol=1e-12)
    plain, slack = values.double().numpy(), 1e-6 * np.abs(exact)
    assert ((low - slack <= plain) & (plain <= high + slack)).all()
    assert ((low <= exact) & (exact <= high)).all()
    moved = plain + np.where(np.isfinite(high - low), 1.01 * (high - low), 0)
    assert ((moved > high + slack) | ~np.isfinite(high - low)).all()


def test_what_says_that_it_is_kept_has_all_that_this_needs() -> None:
    folder = Path(__file__).parents[2] / "core" / "mergedesk" / "quantization"
    assert {entry.parent.name for entry in folder.glob("*/repack.py")} == set(KEPT)


@pytest.mark.filterwarnings("ignore")
def test_rows_of_eight_bits_are_bitsandbytes_own(tmp_path: Path) -> None:
    from bitsandbytes.functional import int8_vectorwise_quant

    packed = kept_sample("bitsandbytes_int8", tmp_path / "base")
    values = (torch.randn(packed.rows, packed.width) * 0.1).half().float()
    values[3] = 0
    codes, scales, _ = int8_vectorwise_quant(values.half())
    found = packer("bitsandbytes_int8")(packed, values, None)
    kept = torch.arange(packed.rows) != 3  # where the library divides by nothing
    torch.testing.assert_close(found.parts["scales"].view(-1)[kept], scales.view(-1)[kept], rtol=0, atol=0)
    exact = values.double() * 127 / scales.view(-1, 1).double()
    tied = ((exact % 1 - 0.5).abs() < 0.07) & kept.view(-1, 1)  # the library multiplies in sixteen bits
    different = (found.parts["codes"] != codes) & kept.view(-1, 1)
    assert not (different & ~tied).any()
    assert (different.sum() / different.numel()) < 0.05
    assert not found.parts["codes"][3].any()
    assert not found.values[3].any()


def test_stacked_experts_of_mxfp4_are_packed_as_the_library_packs_each(tmp_path: Path) -> None:
    packed = kept_sample("mxfp4", tmp_path / "base")
    experts, inputs, outputs = packed.shape
    values = torch.randn(experts, inputs, outputs) * 0.1
    found = packer("mxfp4")(packed, values.view(-1, outputs), None)
    assert found.parts["codes"].numel() == packed.parts["codes"].nbytes
    assert stated(packed).unit == inputs
    theirs = [by_library("mxfp4", expert.t().contiguous(), torch.bfloat16) for expert in values]
    assert raw(found.parts["codes"]) == b"".join(raw(parts["weight_packed"]) for parts in theirs)
    assert raw(found.parts["scales"]) == b"".join(raw(parts["weight_scale"]) for parts in theirs)
