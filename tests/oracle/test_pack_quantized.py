"""compressed-tensors' pack-quantized bases, against the library's own decompression and transformers' loading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from compressed_tensors.compressors.pack_quantized.base import PackedQuantizationCompressor
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from folders import assert_says, failed, read_json, the, write_json, write_tensors
from packed_bases import repack
from quantized import assert_same_as_model, merge, merge_by_peft
from tiny_models import DTYPES, make_adapter, make_base, same_bits, third_party_noise_off
from transformers import AutoConfig, AutoModelForCausalLM

from mergedesk.checkpoints.checkpoint import PackedTensor, read_checkpoint
from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.pipelines.check import check
from mergedesk.quantization.dequantize import load_unpacker, rounded
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import holds, packed_rows
from mergedesk.reports.equivalent_code import peft_script
from mergedesk.storage.open_files import open_files

SIZES = {"hidden_size": 64, "intermediate_size": 96, "num_key_value_heads": 4, "head_dim": 16}
NAME = "model.layer"
Stored = dict[str, torch.Tensor]


def scheme(**weights: Any) -> QuantizationScheme:
    return QuantizationScheme(targets=["Linear"], weights=QuantizationArgs(**weights))


def compress(weight: torch.Tensor, how: QuantizationScheme, dtype: torch.dtype) -> Stored:
    """By the library, with scales that suit, and zero points where they are asked for."""
    args, (rows, width) = how.weights, weight.shape
    assert args is not None
    strategy, bits = str(args.strategy), args.num_bits
    groups = width // (args.group_size or width) if strategy == "group" else 1
    spread = weight.float().view(rows, groups, -1) if strategy != "tensor" else weight.float().view(1, 1, -1)
    scale = (spread.abs().amax(-1) / (1 << (bits - 1)) + 1e-6).to(dtype)
    state = {"weight": weight.to(dtype), "weight_scale": scale.view(-1) if strategy == "tensor" else scale}
    if not args.symmetric:
        state["weight_zero_point"] = torch.randint(-(1 << (bits - 1)), 1 << (bits - 1), scale.shape, dtype=torch.int8)
        if strategy == "tensor":
            state["weight_zero_point"] = state["weight_zero_point"].view(-1)
    return dict(PackedQuantizationCompressor.compress(state, how))


def config(how: QuantizationScheme) -> dict[str, Any]:
    assert how.weights is not None
    weights = how.weights.model_dump()
    return {
        "quant_method": "compressed-tensors",
        "format": "pack-quantized",
        "quantization_status": "compressed",
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}},
        "ignore": ["lm_head"],
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


SCHEMES: Mapping[str, dict[str, Any]] = {
    "group": {"strategy": "group", "group_size": 32},
    "channel": {"strategy": "channel"},
    "tensor": {"strategy": "tensor"},
}


@pytest.mark.parametrize("scales", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("symmetric", [True, False], ids=["symmetric", "asymmetric"])
@pytest.mark.parametrize("strategy", SCHEMES)
@pytest.mark.parametrize("bits", [4, 8, 2, 3, 5])
def test_every_bit_is_the_library_s(bits: int, strategy: str, symmetric: bool, scales: str, tmp_path: Path) -> None:
    how = scheme(num_bits=bits, symmetric=symmetric, **SCHEMES[strategy])
    stored = compress(torch.randn(44, 96), how, DTYPES[scales])
    packed = read(save(tmp_path, stored, config(how)))
    theirs = PackedQuantizationCompressor.decompress(stored, how)["weight"]
    assert theirs.dtype == DTYPES[scales]
    assert same_bits(ours(packed), theirs.to(torch.bfloat16))
    assert holds(ours(packed), packed, packed_rows(packed)(0, packed.rows))


@pytest.mark.parametrize("width", [90, 97])
def test_rows_that_end_within_a_word(width: int, tmp_path: Path) -> None:
    how = scheme(num_bits=4, strategy="channel", symmetric=False)
    stored = compress(torch.randn(21, width), how, torch.float16)
    packed = read(save(tmp_path, stored, config(how), "float16"))
    assert packed.shape == (21, width)
    assert same_bits(ours(packed), PackedQuantizationCompressor.decompress(stored, how)["weight"])


def test_inputs_ordered_by_activation(tmp_path: Path) -> None:
    """The library has given the form up; by its description each input's scale is that of the group stated for it."""
    how = scheme(num_bits=4, symmetric=False, **SCHEMES["group"])
    stored, order = compress(torch.randn(44, 96), how, torch.bfloat16), torch.randperm(96) // 32
    codes, zeros = unpack(stored["weight_packed"], 96), unpack(stored["weight_zero_point"].t(), 44).t()
    expected = (codes - zeros[:, order]).float() * stored["weight_scale"].float()[:, order]
    packed = read(save(tmp_path, stored | {"weight_g_idx": order.int()}, config(how)))
    assert same_bits(ours(packed), expected.bfloat16())
    assert holds(expected.bfloat16(), packed, packed_rows(packed)(0, packed.rows))


def unpack(words: torch.Tensor, count: int) -> torch.Tensor:
    """Four-bit codes, number by number."""
    rows = [[(word >> (4 * place)) & 15 for word in row for place in range(8)][:count] for row in words.tolist()]
    return torch.tensor(rows)


@pytest.mark.parametrize(("stated", "label"), [([4], "compressed-tensors 4-bit"), ([4, 8], "compressed-tensors")])
def test_how_it_is_told(stated: list[int], label: str, tmp_path: Path) -> None:
    how = scheme(num_bits=4, **SCHEMES["group"])
    said = config(how)
    said["config_groups"] = {f"group_{bits}": {"weights": {"num_bits": bits, "type": "int"}} for bits in stated}
    save(tmp_path, compress(torch.randn(44, 96), how, torch.bfloat16), said)
    found = inspect_folder(tmp_path)
    assert (found.quantization, found.parameters) == (label, 44 * 96)


@pytest.mark.parametrize("part", ["weight_scale", "weight_shape"])
def test_a_part_that_is_missing_is_named(part: str, tmp_path: Path) -> None:
    how = scheme(num_bits=4, **SCHEMES["group"])
    stored = compress(torch.randn(44, 96), how, torch.bfloat16)
    del stored[part]
    assert_says(
        the(inspect_folder(save(tmp_path, stored, config(how))).findings, Code.QUANTIZED_UNMERGEABLE),
        Severity.ERROR,
        "compressed-tensors 4-bit",
        NAME,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"weight_shape": torch.tensor([44, 200])},
        {"weight_shape": torch.tensor([43, 96])},
        {"weight_scale": torch.ones(44, 5)},
        {"weight_scale": torch.ones(43, 3)},
        {"weight_scale": torch.ones(44, 3, dtype=torch.int32)},
        {"weight_zero_point": torch.zeros(1, 3, dtype=torch.int32)},
        {"weight_g_idx": torch.zeros(95, dtype=torch.int32)},
    ],
    ids=str,
)
def test_parts_that_do_not_go_together_are_refused(changes: Stored, tmp_path: Path) -> None:
    how = scheme(num_bits=4, symmetric=False, **SCHEMES["group"])
    save(tmp_path, compress(torch.randn(44, 96), how, torch.bfloat16) | changes, config(how))
    the(inspect_folder(tmp_path).findings, Code.QUANTIZED_UNMERGEABLE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama, an adapter for it, and the Llama packed in INT4 groups."""
    folder = tmp_path_factory.mktemp("packed")
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "adapter")
    how = scheme(num_bits=4, symmetric=False, **SCHEMES["group"])

    def pack(weight: torch.Tensor) -> tuple[Stored, torch.Tensor]:
        return compress(weight, how, torch.bfloat16), weight

    repack(folder / "base", folder / "packed", pack, config(how))
    return folder


def test_merge_is_that_of_peft_into_what_transformers_dequantizes(home: Path, tmp_path: Path) -> None:
    report = merge(home / "packed", home / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert [one for one in report.checks if one.status is CheckStatus.WARN] == []
    told = AutoConfig.from_pretrained(home / "packed")
    told.quantization_config["dequantize"] = True
    with third_party_noise_off():
        model = AutoModelForCausalLM.from_pretrained(home / "packed", config=told, dtype="auto")
    assert model.model.layers[0].mlp.up_proj.weight.dtype == torch.bfloat16
    assert_same_as_model(tmp_path / "ours", merge_by_peft(model, home / "adapter"))
    assert "quantization_config" not in read_json(tmp_path / "ours" / "config.json")


def test_script_gives_the_same_tensors(home: Path, tmp_path: Path) -> None:
    merge(home / "packed", home / "adapter", tmp_path / "ours")
    asked = MergeRequest(home / "packed", (AdapterChoice(home / "adapter"),), tmp_path / "theirs", dequantize=True)
    assert not check(asked).refused
    lines = peft_script(asked).splitlines()
    with third_party_noise_off():
        exec(compile("\n".join(line for line in lines if "AutoTokenizer.from" not in line), "script", "exec"), {})
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path / "theirs", dtype="auto")
    assert_same_as_model(tmp_path / "ours", theirs)
