"""Quantised bases: dequantised while streaming, they give what their own library and PEFT give, bit for bit."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, failed, the, write_json
from quantized import assert_same_as_model, merge, merge_by_peft
from tiny_models import DTYPES, make_adapter, make_base, tensors
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from typer.testing import CliRunner

from mergedesk.checkpoints.files import read_json
from mergedesk.cli import commands as cli
from mergedesk.cli.output import ExitCode
from mergedesk.cli.values import command_with_base
from mergedesk.domain.findings import CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Engine, MergeRequest, Precision
from mergedesk.pipelines.check import check
from mergedesk.quantization.bitsandbytes_int8 import dequantize as bitsandbytes

FOUR_BIT = {"load_in_4bit": True, "bnb_4bit_quant_storage": torch.uint8}
SCHEMES: dict[str, dict[str, Any]] = {
    "nf4": {**FOUR_BIT, "bnb_4bit_quant_type": "nf4"},
    "nf4-double": {**FOUR_BIT, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True},
    "fp4": {**FOUR_BIT, "bnb_4bit_quant_type": "fp4"},
    "fp4-double": {**FOUR_BIT, "bnb_4bit_quant_type": "fp4", "bnb_4bit_use_double_quant": True},
    "int8": {"load_in_8bit": True},
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A 16-bit Llama and an adapter for it."""
    made: dict[str, Path] = {}

    def get(dtype: str) -> Path:
        if dtype not in made:
            folder = tmp_path_factory.mktemp(f"plain-{dtype}")
            make_base("llama", folder / "base", dtype)
            make_adapter("llama", folder / "base", folder / "adapter")
            made[dtype] = folder
        return made[dtype]

    return get


def quantize(base: Path, folder: Path, dtype: str, scheme: str) -> Path:
    """Save it quantised by bitsandbytes."""
    config = BitsAndBytesConfig(**SCHEMES[scheme])
    model = AutoModelForCausalLM.from_pretrained(
        base, quantization_config=config, dtype=DTYPES[dtype], device_map="cpu"
    )
    model.save_pretrained(folder)
    return folder


def dequantized_by_library(quantized: Path) -> Any:
    """The model in memory: transformers cannot save what it has dequantised."""
    return AutoModelForCausalLM.from_pretrained(quantized, device_map="cpu").dequantize().eval()


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_bitsandbytes_then_peft(scheme: str, dtype: str, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain(dtype)
    quantized = quantize(folder / "base", tmp_path / "quantised", dtype, scheme)
    report = merge(quantized, folder / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.MERGED, report.findings
    assert {one.status for one in report.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    assert_same_as_model(tmp_path / "ours", merge_by_peft(dequantized_by_library(quantized), folder / "adapter"))
    assert "quantization_config" not in read_json(tmp_path / "ours" / "config.json")


def test_refused_without_consent(plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "Little-1B-bnb-4bit", "bfloat16", "nf4")
    report = merge(quantized, folder / "adapter", tmp_path / "ours", dequantize=False)
    assert report.status is MergeStatus.REFUSED
    assert_says(the(report.findings, Code.QUANTIZED_BASE), Severity.ERROR, "bitsandbytes 4-bit", "Little-1B", "allow")
    assert not (tmp_path / "ours").exists()


def test_consent_is_answered(plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "Little-1B-bnb-4bit", "bfloat16", "nf4")
    request = MergeRequest(quantized, (AdapterChoice(folder / "adapter"),), tmp_path / "ours", dequantize=True)
    found = check(request)
    assert not found.refused
    assert_says(the(found.findings, Code.WILL_DEQUANTIZE), Severity.WARNING, "bitsandbytes 4-bit", "Little-1B")
    plain_bytes = sum(tensor.numel() * 2 for tensor in tensors(folder / "base").values())
    assert found.predicted_bytes == plain_bytes


def test_original_in_the_hub_cache_is_found(
    plain: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    folder = plain("bfloat16")
    snapshot = tmp_path / "models--org--Little-1B" / "snapshots" / "abc"
    snapshot.parent.mkdir(parents=True)
    snapshot.symlink_to(folder / "base", target_is_directory=True)
    quantized = tmp_path / "models--org--Little-1B-bnb-4bit" / "snapshots" / "def"
    quantize(folder / "base", quantized, "bfloat16", "nf4")
    found = check(CheckRequest(quantized, (AdapterChoice(folder / "adapter"),)))
    assert the(found.findings, Code.QUANTIZED_BASE).data["original_path"] == str(snapshot)
    assert_says(the(found.findings, Code.ORIGINAL_FOUND), Severity.INFO, str(snapshot))


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.FLOAT16])
def test_other_precisions_start_from_the_16_bit_weights(
    precision: Precision, plain: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "quantised", "bfloat16", "nf4-double")
    report = merge(quantized, folder / "adapter", tmp_path / "ours", precision=precision, max_shard_size=60_000)
    assert report.status is MergeStatus.MERGED, report.checks
    model = dequantized_by_library(quantized).float()
    expected = merge_by_peft(model, folder / "adapter").to(DTYPES[precision.value])
    assert_same_as_model(tmp_path / "ours", expected)
    assert len(list((tmp_path / "ours").glob("*.safetensors"))) > 1


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"use_dora": True}, {"init_lora_weights": "pissa"}], ids=str)
def test_through_peft_s_own_code(options: dict[str, Any], plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "quantised", "bfloat16", "nf4")
    adapter = make_adapter("llama", folder / "base", tmp_path / "adapter", **options)
    report = merge(quantized, adapter, tmp_path / "ours", engine=Engine.PEFT)
    assert report.status is MergeStatus.MERGED, (report.findings, report.checks)
    assert_same_as_model(tmp_path / "ours", merge_by_peft(dequantized_by_library(quantized), adapter))
    assert "quantization_config" not in read_json(tmp_path / "ours" / "config.json")
    assert not list((tmp_path / "ours").glob(".*"))


def test_a_wrong_dequantization_does_not_pass(
    plain: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "quantised", "bfloat16", "int8")
    adapter = make_adapter("llama", folder / "base", tmp_path / "adapter", target_modules=["q_proj"])
    monkeypatch.setattr(bitsandbytes, "_PER_STEP", 1 / 128)
    report = merge(quantized, adapter, tmp_path / "ours")
    assert report.status is MergeStatus.FAILED
    assert failed(report.checks) == {"others_identical", "samples_as_expected"}
    assert not (tmp_path / "ours").exists()


def sizes(quantized: Path, base: Path, adapter: Path) -> tuple[float, float]:
    """Errors and change over the targeted layers as shares of the weights, in percent, by plain arithmetic."""
    original, rounded = tensors(base), dequantized_by_library(quantized).state_dict()
    merged = merge_by_peft(dequantized_by_library(quantized).float(), adapter).state_dict()
    names = [name for name in original if name.removesuffix(".weight").endswith("_proj")]
    weights = sum(float(rounded[name].double().square().sum()) for name in names)
    error = sum(float((rounded[name].double() - original[name].double()).square().sum()) for name in names)
    delta = sum(float((merged[name].double() - rounded[name].double()).square().sum()) for name in names)
    return 100 * (error / weights) ** 0.5, 100 * (delta / weights) ** 0.5


def numbers(report: MergeReport, code: Code) -> tuple[float, float, float]:
    """What a finding on the errors says."""
    data = the(report.findings, code).data
    ratio, error, delta = (data[name] for name in ("ratio", "error_percent", "delta_percent"))
    assert isinstance(ratio, float)
    assert isinstance(error, float)
    assert isinstance(delta, float)
    return ratio, error, delta


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["nf4", "fp4-double", "int8"])
@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PEFT])
def test_errors_are_estimated(scheme: str, engine: Engine, plain: Callable[[str], Path], tmp_path: Path) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "quantised", "bfloat16", scheme)
    adapter = make_adapter("llama", folder / "base", tmp_path / "adapter")
    config = read_json(adapter / "adapter_config.json")
    write_json(adapter / "adapter_config.json", {**config, "base_model_name_or_path": "gone"})
    report = merge(quantized, adapter, tmp_path / "ours", engine=engine)
    ratio, error, delta = numbers(report, Code.QUANTIZATION_ERROR_ESTIMATED)
    true_error, true_delta = sizes(quantized, folder / "base", adapter)
    assert error == pytest.approx(true_error, rel=0.15)
    assert delta == pytest.approx(true_delta, rel=0.05)
    assert ratio == pytest.approx(error / delta, rel=0.1)


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PEFT])
def test_errors_are_measured_where_the_original_is_at_hand(
    engine: Engine, plain: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = plain("float16")
    quantized = quantize(folder / "base", tmp_path / "base-bnb-4bit", "float16", "nf4")
    (tmp_path / "base").symlink_to(folder / "base", target_is_directory=True)
    report = merge(quantized, folder / "adapter", tmp_path / "ours", engine=engine)
    _, error, delta = numbers(report, Code.QUANTIZATION_ERROR_MEASURED)
    true_error, true_delta = sizes(quantized, folder / "base", folder / "adapter")
    assert error == pytest.approx(true_error, rel=0.06)
    assert delta == pytest.approx(true_delta, rel=0.06)
    written = read_json(tmp_path / "ours" / "mergedesk-report.json")["findings"]
    assert Code.QUANTIZATION_ERROR_MEASURED in [one["code"] for one in written]


def test_command_with_the_original_is_printed(
    plain: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = plain("bfloat16")
    quantized = quantize(folder / "base", tmp_path / "base-bnb-4bit", "bfloat16", "nf4")
    (tmp_path / "base").symlink_to(folder / "base", target_is_directory=True)
    output, adapter = tmp_path / "a b", folder / "adapter"
    words = ["merge", "--base", str(quantized), "--adapter", str(adapter), "--output", str(output)]
    monkeypatch.setattr(sys, "argv", ["mergedesk", *words])
    refused = CliRunner().invoke(cli.app, words)
    assert refused.exit_code == ExitCode.REFUSED
    [command] = [line for line in refused.stderr.splitlines() if line.strip().startswith("mergedesk merge")]
    again = shlex.split(command)
    assert again == ["mergedesk", "merge", "--base", str(tmp_path / "base"), *words[3:]]
    merged = CliRunner().invoke(cli.app, again[1:])
    assert merged.exit_code == ExitCode.DONE, merged.output


@pytest.mark.parametrize("given", [["--base", "old"], ["--base=old"]])
def test_command_with_another_base(given: list[str]) -> None:
    command = command_with_base(["merge", *given, "--dequantize", "--output", "x"], "new one")
    assert "old" not in command
    assert "dequantize" not in command
    assert "new one" in command
