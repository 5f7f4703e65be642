"""Packed bases of which an adapter changes plain tensors only: these as PEFT merges them, all else the base's bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, codes, failed, read_json, the, write_json, write_tensors
from packed_samples import SAMPLES, header_of, sample
from quantized import merge, merge_by_peft
from tiny_models import load, make_adapter, make_base, same_bits, tensors

from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.requests import AdapterChoice, Engine, Precision, VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.pipelines import write_output
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.verify import verify
from mergedesk.pipelines.writing import Written
from mergedesk.storage.safetensors_header import read_header

SIZES = {"hidden_size": 192, "intermediate_size": 384, "num_key_value_heads": 4, "head_dim": 48}
ATTENTION = ["q_proj", "v_proj"]
# No format that is read here: its tensors are named as AQLM names them.
FOREIGN = {"codes": torch.randint(-128, 127, (24, 12, 2), dtype=torch.int8), "codebooks": torch.randn(2, 256, 1, 8)}
Made = Callable[[str], Path]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama, an adapter for its attention and one for all of it."""
    folder = tmp_path_factory.mktemp("plain")
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "attention", target_modules=ATTENTION)
    make_adapter("llama", folder / "base", folder / "all", target_modules=[*ATTENTION, "up_proj"])
    return folder


def with_packed_mlp(plain: Path, folder: Path, *names: str) -> Path:
    """The base with its MLPs packed, in turn by each of these formats; the rest as it is."""
    stored, config, turn = dict[str, torch.Tensor](), dict[str, Any](), 0
    for name, weight in tensors(plain / "base").items():
        module = name.removesuffix(".weight")
        if not module.endswith(("gate_proj", "up_proj", "down_proj")):
            stored[name] = weight
        elif names[turn % len(names)] == "aqlm":
            stored |= {f"{module}.{part}": tensor.clone() for part, tensor in FOREIGN.items()}
            config, turn = {"quant_method": "aqlm"}, turn + 1
        else:
            parts, config = sample(names[turn % len(names)], module, *weight.shape)
            stored, turn = stored | parts, turn + 1
    write_tensors(folder / "model.safetensors", stored, header_of(stored))
    write_json(folder / "config.json", {**read_json(plain / "base" / "config.json"), "quantization_config": config})
    write_json(folder / "quantize_config.json", {"as": "stored"})
    return folder


def proof(base: Path, adapter: Path, merged: Path, quick: bool = False) -> Verdict:
    return verify(VerifyRequest(base, (AdapterChoice(adapter),), merged, quick))


def reason(verdict: Verdict) -> Code:
    assert verdict.status is VerifyStatus.PROVED, verdict.findings
    assert verdict.reason is not None
    return verdict.reason.code


@pytest.mark.parametrize("names", [*((name,) for name in SAMPLES), ("float8", "bitsandbytes_4bit"), ("aqlm",)], ids=str)
def test_plain_tensors_are_merged_and_packed_ones_are_not_touched(
    names: tuple[str, ...], plain: Path, tmp_path: Path
) -> None:
    base = with_packed_mlp(plain, tmp_path / "base", *names)
    report = merge(base, plain / "attention", tmp_path / "ours", dequantize=False)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert_says(the(report.findings, Code.PACKED_KEPT), Severity.INFO)
    expected = tensors(base) | {
        name: tensor
        for name, tensor in merge_by_peft(load("llama", plain / "base", "bfloat16"), plain / "attention")
        .state_dict()
        .items()
        if name.split(".")[-2] in ATTENTION
    }
    found = tensors(tmp_path / "ours")
    assert found.keys() == expected.keys()
    assert [name for name in found if not same_bits(found[name], expected[name])] == []
    for name in ("config.json", "quantize_config.json"):
        assert (tmp_path / "ours" / name).read_bytes() == (base / name).read_bytes()
    [told] = [check for check in report.checks if check.code is CheckCode.PACKED_UNTOUCHED]
    assert (told.status, told.data["count"]) == (CheckStatus.PASS, sum(".mlp." in name for name in found))
    assert reason(proof(base, plain / "attention", tmp_path / "ours")) is Code.MERGE_PROVED


@pytest.fixture(scope="module")
def merged(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with MXFP4 in its MLPs, and what came of merging into its attention."""
    folder = tmp_path_factory.mktemp("merged")
    with_packed_mlp(plain, folder / "base", "gptq")
    merge(folder / "base", plain / "attention", folder / "ours", dequantize=False)
    return folder


def changed(merged: Path, folder: Path, end: str, change: Callable[[torch.Tensor], None]) -> Path:
    stored = tensors(merged / "ours")
    change(next(tensor for name, tensor in stored.items() if name.endswith(end)))
    write_tensors(folder / "model.safetensors", stored)
    write_json(folder / "config.json", read_json(merged / "ours" / "config.json"))
    return folder


def shift(tensor: torch.Tensor) -> None:
    tensor.view(-1).neg_().add_(1)


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("part", ["up_proj.qweight", "up_proj.scales", "q_proj.weight"])
def test_a_value_that_differs_is_a_mismatch(part: str, quick: bool, merged: Path, plain: Path, tmp_path: Path) -> None:
    folder = changed(merged, tmp_path, part, shift)
    verdict = proof(merged / "base", plain / "attention", folder, quick)
    assert reason(verdict) is not Code.MERGE_PROVED
    told = {check.code: check for check in verdict.checks}[CheckCode.PACKED_UNTOUCHED]
    assert (told.status is CheckStatus.FAIL) == ("q_proj" not in part)


def spoil_weights(folder: Path) -> None:
    stored = tensors(folder)
    shift(stored["model.layers.0.mlp.up_proj.scales"])
    write_tensors(folder / "model.safetensors", stored)


def spoil_config(folder: Path) -> None:
    stated = read_json(folder / "config.json")
    write_json(folder / "config.json", {**stated, "quantization_config": {"quant_method": "awq"}})


@pytest.mark.parametrize("spoil", [spoil_weights, spoil_config])
def test_a_result_whose_packed_weights_are_not_the_base_s_gets_no_name(
    spoil: Callable[[Path], None], merged: Path, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = write_output.write_output

    def write(job: MergeJob) -> Written:
        written = real(job)
        spoil(job.folder)
        return written

    monkeypatch.setattr(write_output, "write_output", write)
    report = merge(merged / "base", plain / "attention", tmp_path / "ours", dequantize=False)
    assert report.status is MergeStatus.FAILED
    assert "packed_untouched" in failed(report.checks)
    assert not (tmp_path / "ours").exists()


def test_a_config_that_says_otherwise_of_packed_weights_is_a_mismatch(
    merged: Path, plain: Path, tmp_path: Path
) -> None:
    folder = changed(merged, tmp_path, "q_proj.weight", lambda _: None)
    stated = read_json(folder / "config.json")
    stated["quantization_config"]["checkpoint_format"] = "gptq_v2"
    write_json(folder / "config.json", stated)
    assert reason(proof(merged / "base", plain / "attention", folder)) is Code.MERGE_COMPUTES_OTHERWISE


def test_a_dequantised_merge_of_the_same_base_is_proved_too(merged: Path, plain: Path, tmp_path: Path) -> None:
    report = merge(merged / "base", plain / "attention", tmp_path / "ours")
    assert Code.WILL_DEQUANTIZE in codes(report.findings)
    assert reason(proof(merged / "base", plain / "attention", tmp_path / "ours")) is Code.MERGE_PROVED


@pytest.mark.parametrize(
    ("adapter", "options"),
    [
        ("all", {}),
        ("attention", {"precision": Precision.FLOAT16}),
        ("attention", {"engine": Engine.PEFT}),
    ],
    ids=["packed weights are targeted", "another precision", "PEFT's own engine"],
)
def test_what_needs_plain_weights_still_asks(
    adapter: str, options: dict[str, Any], merged: Path, plain: Path, tmp_path: Path
) -> None:
    report = merge(merged / "base", plain / adapter, tmp_path / "ours", dequantize=False, **options)
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.QUANTIZED_BASE), Severity.ERROR, "gptq")


def test_what_headers_say_of_packed_tensors_is_not_lost_in_other_files(plain: Path, tmp_path: Path) -> None:
    """torchao's tensors are told by their file's header alone."""
    base = with_packed_mlp(plain, tmp_path / "base", "torchao")
    report = merge(base, plain / "attention", tmp_path / "new", dequantize=False, max_shard_size=100_000)
    the(report.findings, Code.QUANTIZED_BASE)
    merge(base, plain / "attention", tmp_path / "kept", dequantize=False)
    merge(base, plain / "attention", tmp_path / "plain")
    said = [read_header(tmp_path / name / "model.safetensors").metadata for name in ("base", "kept", "plain")]
    assert said[0] == said[1] != said[2] == {"format": "pt"}


def test_a_folder_left_packed_where_packed_weights_are_targeted_is_no_merge(merged: Path, plain: Path) -> None:
    assert reason(proof(merged / "base", plain / "all", merged / "ours")) is Code.MERGE_LEFT_PACKED


IGNORED, ELSEWHERE = "layers.1.mlp.down_proj", "layers.0.self_attn.o_proj"


def mixed(plain: Path, folder: Path) -> Path:
    """MLPs in integers of two widths, but for one that is ignored, o_proj of one layer in eight-bit floats, and scales
    of the cache and of activations.
    """
    stored = dict[str, torch.Tensor]()
    for name, weight in tensors(plain / "base").items():
        module = name.removesuffix(".weight")
        packing = packing_of(module)
        stored |= {name: weight} if packing is None else sample(packing, module, *weight.shape)[0]
        if module.endswith("k_proj"):
            stored |= {f"{module.rpartition('.')[0]}.{part}_scale": torch.rand(1) for part in "kv"}
        if packing == "float_quantized":
            stored[f"{module}.input_scale"] = torch.tensor(0.02)
    ignore = ["lm_head", f"re:.*{IGNORED}$", "re:.*(q|k|v)_proj$", "re:.*layers.1.*o_proj$"]
    config = {"quant_method": "compressed-tensors", "format": "mixed-precision", "ignore": ignore}
    write_tensors(folder / "model.safetensors", stored)
    write_json(folder / "config.json", {**read_json(plain / "base" / "config.json"), "quantization_config": config})
    return folder


def packing_of(module: str) -> str | None:
    if module.endswith(ELSEWHERE):
        return "float_quantized"
    if not module.endswith(("gate_proj", "up_proj", "down_proj")) or module.endswith(IGNORED):
        return None
    return "int_quantized" if module.endswith("down_proj") else "pack_quantized"


@pytest.mark.parametrize("targets", [ATTENTION, ["q_proj", "down_proj"]], ids=str)
def test_modules_that_are_ignored_and_scales_of_caches(targets: list[str], plain: Path, tmp_path: Path) -> None:
    """The adapter changes what is plain: also the one MLP that is ignored, whose like is packed in another layer."""
    layers = {"layers_to_transform": [1]} if "down_proj" in targets else {}
    adapter = make_adapter("llama", plain / "base", tmp_path / "adapter", target_modules=targets, **layers)
    base = mixed(plain, tmp_path / "base")
    report = merge(base, adapter, tmp_path / "ours", dequantize=False)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    by_peft = merge_by_peft(load("llama", plain / "base", "bfloat16"), adapter).state_dict()
    found, stored = tensors(tmp_path / "ours"), tensors(base)
    changed = {name for name in found if not same_bits(found[name], stored[name])}
    layer = [1] if layers else [0, 1]
    assert changed == {
        f"model.layers.{number}.{'mlp' if leaf == 'down_proj' else 'self_attn'}.{leaf}.weight"
        for number in layer
        for leaf in targets
    }
    assert all(same_bits(found[name], by_peft[name]) for name in changed)
    assert found.keys() == stored.keys()
    assert any(name.endswith("self_attn.k_scale") for name in found)
    assert (tmp_path / "ours" / "config.json").read_bytes() == (base / "config.json").read_bytes()
    assert reason(proof(base, adapter, tmp_path / "ours")) is Code.MERGE_PROVED


@pytest.mark.parametrize("leaf", ["down_proj", "o_proj"])
def test_one_that_is_packed_among_plain_ones_asks(leaf: str, plain: Path, tmp_path: Path) -> None:
    """down_proj is packed in the first layer alone, o_proj too: the adapter targets both layers'."""
    adapter = make_adapter("llama", plain / "base", tmp_path / "adapter", target_modules=["q_proj", leaf])
    base = mixed(plain, tmp_path / "base")
    report = merge(base, adapter, tmp_path / "ours", dequantize=False)
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.QUANTIZED_BASE), Severity.ERROR, "compressed-tensors")
    told = merge(base, adapter, tmp_path / "kept", dequantize=False, keep_quantization=True)
    assert told.status is MergeStatus.MERGED, (told.findings, failed(told.checks))
    found, stored = tensors(tmp_path / "kept"), tensors(base)
    changed = {name for name in found if not same_bits(found[name], stored[name])}
    plainly = {name for name in changed if name.endswith(".weight") and stored[name].dtype is torch.bfloat16}
    assert {name.partition("layers.")[2].partition(".")[0] for name in plainly} == {"0", "1"}
    assert not [name for name in changed if "gate_proj" in name or "up_proj" in name or "k_scale" in name]
    assert [name for name in changed - plainly if leaf not in name] == []
    assert reason(proof(base, adapter, tmp_path / "kept")) is Code.MERGE_PROVED
