"""The PEFT script that is shown beside a merge does what it says: it is run here."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import lora_tensors, make_lora, make_model, make_tokenizer, read_json, request, write_json
from foreign_folders import as_mlx
from packed_bases import SIZES, make_gpt_oss, pack_float8
from resized_vocabularies import LAYERS, ROWS, train
from safetensors.torch import load_file
from tiny_models import assert_same_tensors, make_adapter, make_base, third_party_noise_off
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from typer.testing import CliRunner

from mergedesk.cli.commands import app
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import (
    SUM,
    AdapterChoice,
    Combination,
    CombinationMethod,
    MajoritySign,
    MergeRequest,
    Precision,
)
from mergedesk.pipelines.merge import merge
from mergedesk.reports.equivalent_code import peft_script


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "the base's ‘own’"))
    make_lora(tmp_path / "adapter")
    return tmp_path


def run(asked: MergeRequest) -> None:
    with third_party_noise_off():
        exec(compile(peft_script(asked), "script", "exec"), {})


@pytest.mark.parametrize("task", ["CAUSAL_LM", None])
def test_script_gives_the_same_tensors(task: str | None, home: Path) -> None:
    make_lora(home / "adapter", task_type=task)
    base = home / "the base's ‘own’"
    run(request(base, home / "adapter", home / "theirs"))
    report = merge(request(base, home / "adapter", home / "ours"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    assert_same_tensors(home / "ours", home / "theirs")
    assert (home / "theirs" / "tokenizer.json").is_file()


def test_precision_is_the_one_asked_for(home: Path) -> None:
    run(request(home / "the base's ‘own’", home / "adapter", home / "out", precision=Precision.FLOAT16))
    assert {str(one.dtype) for one in load_file(home / "out" / "model.safetensors").values()} == {"torch.float16"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["t5", "bert"])
def test_other_tasks_get_their_class(kind: str, tmp_path: Path) -> None:
    base = make_tokenizer(make_base(kind, tmp_path / "base"))
    adapter = make_adapter(kind, base, tmp_path / "adapter")
    run(request(base, adapter, tmp_path / "theirs"))
    merge(request(base, adapter, tmp_path / "ours"), lambda _: None, CancelToken())
    assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")


@pytest.mark.parametrize("precision", Precision)
def test_every_line_is_python(precision: Precision, home: Path) -> None:
    script = peft_script(request(home, home / "adapter", home / "out", precision=precision))
    compile(script, "script", "exec")
    assert ("import torch" in script) == (precision is not Precision.AUTO)
    assert "merge_and_unload()  # RETURNS the merged model" in script
    assert "merged.save_pretrained" in script


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"task_type": "SEQ_CLS"}, "AutoModelForSequenceClassification"),
        ({"task_type": "FEATURE_EXTRACTION"}, "AutoModel"),
    ],
)
def test_class_for_the_task(options: dict[str, Any], expected: str, home: Path) -> None:
    make_lora(home / "adapter", **options)
    script = peft_script(request(home / "the base's ‘own’", home / "adapter", home / "out"))
    assert f"import AutoTokenizer, {expected}\n" in script


def test_class_of_a_base_that_says_nothing(home: Path) -> None:
    make_lora(home / "adapter", task_type=None)
    make_model(home / "bare", architectures=["no name; import os"])
    for base in ("bare", "nowhere"):
        assert "import AutoTokenizer, AutoModel\n" in peft_script(request(home / base, home / "adapter", home / "out"))


@pytest.mark.parametrize("stabilised", [False, True], ids=["plain", "rslora"])
def test_several_adapters_give_the_same_numbers(stabilised: bool, home: Path) -> None:
    make_lora(home / "adapter", use_rslora=stabilised)
    make_lora(home / "second", lora_tensors(rank=2, seed=5), r=2)
    assert_script_agrees(home, AdapterChoice(home / "adapter", 0.7), AdapterChoice(home / "second", -0.3))


@pytest.mark.parametrize(
    "method", [CombinationMethod.LINEAR, CombinationMethod.TIES, CombinationMethod.MAGNITUDE_PRUNE]
)
def test_other_combinations_give_the_same_numbers(method: CombinationMethod, home: Path) -> None:
    make_lora(home / "second", lora_tensors(seed=5))
    chosen = AdapterChoice(home / "adapter", 0.7), AdapterChoice(home / "second", -0.3)
    assert_script_agrees(home, *chosen, how=Combination(method, 0.4, MajoritySign.FREQUENCY))


def test_dare_is_seeded(home: Path) -> None:
    make_lora(home / "second", lora_tensors(seed=5))
    chosen = AdapterChoice(home / "adapter"), AdapterChoice(home / "second")
    asked = MergeRequest(
        home / "the base's ‘own’",
        chosen,
        home / "out",
        combination=Combination(CombinationMethod.DARE_LINEAR, 0.3, seed=7),
    )
    assert "torch.manual_seed(7)" in peft_script(asked)
    run(asked)
    assert (home / "out" / "model.safetensors").is_file()


@pytest.mark.parametrize("targets", [None, ["embed_tokens", "up_proj"]], ids=["linear", "embeddings"])
@pytest.mark.parametrize("weight", [0.5, -1.5])
def test_one_adapter_at_another_strength(weight: float, targets: list[str] | None, home: Path) -> None:
    if targets:
        make_adapter("llama", home / "the base's ‘own’", home / "adapter", target_modules=targets)
    assert_script_agrees(home, AdapterChoice(home / "adapter", weight))


def assert_script_agrees(home: Path, *adapters: AdapterChoice, how: Combination = SUM) -> None:
    """In float32: in 16 bits PEFT rounds the adapters it has combined."""
    base = home / "the base's ‘own’"
    theirs, ours = (
        MergeRequest(base, adapters, home / name, Precision.FLOAT32, combination=how) for name in ("theirs", "ours")
    )
    run(theirs)
    report = merge(ours, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    our, their, old = (load_file(home / one / "model.safetensors") for one in ("ours", "theirs", base.name))
    assert our.keys() == their.keys()
    for name, tensor in our.items():
        torch.testing.assert_close(tensor, their[name], rtol=1e-5, atol=1e-6)
    assert any(not torch.equal(tensor, old[name].float()) for name, tensor in our.items())


@pytest.mark.slow
def test_a_quantized_base_is_dequantized_as_by_its_library(tmp_path: Path) -> None:
    make_tokenizer(make_base("llama", tmp_path / "plain", "bfloat16"))
    make_adapter("llama", tmp_path / "plain", tmp_path / "adapter")
    config = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
    with third_party_noise_off():
        packed = AutoModelForCausalLM.from_pretrained(tmp_path / "plain", quantization_config=config, device_map="cpu")
        packed.save_pretrained(tmp_path / "packed")
    make_tokenizer(tmp_path / "packed")
    choice = (AdapterChoice(tmp_path / "adapter"),)
    run(MergeRequest(tmp_path / "packed", choice, tmp_path / "theirs", dequantize=True))
    asked = MergeRequest(tmp_path / "packed", choice, tmp_path / "ours", dequantize=True)
    assert merge(asked, lambda _: None, CancelToken()).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")


@pytest.mark.parametrize("method", ["fp8", "mxfp4"])
def test_what_transformers_dequantizes_while_loading(method: str, tmp_path: Path) -> None:
    if method == "fp8":
        packed = pack_float8(make_base("llama", tmp_path / "base", "bfloat16", **SIZES), tmp_path / "packed")
    else:
        packed = make_gpt_oss(tmp_path / "base", tmp_path / "packed")
    make_tokenizer(packed, length=100)
    choice = (AdapterChoice(make_adapter("llama", tmp_path / "base", tmp_path / "adapter")),)
    run(MergeRequest(packed, choice, tmp_path / "theirs", dequantize=True))
    asked = MergeRequest(packed, choice, tmp_path / "ours", dequantize=True)
    assert merge(asked, lambda _: None, CancelToken()).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")
    assert "quantization_config" not in read_json(tmp_path / "theirs" / "config.json")


def test_what_transformers_cannot_dequantize_is_not_claimed(home: Path) -> None:
    base = make_model(home / "Llama-GPTQ", {"model.layer.qweight": torch.zeros(4, 4, dtype=torch.int32)})
    config = read_json(base / "config.json")
    write_json(base / "config.json", {**config, "quantization_config": {"quant_method": "gptq", "bits": 4}})
    script = peft_script(MergeRequest(base, (AdapterChoice(home / "adapter"),), home / "out", dequantize=True))
    assert "# transformers cannot dequantise gptq 4-bit; this takes the 16-bit original\nbase = " in script
    assert "from_pretrained('Llama', dtype=" in script


@pytest.mark.parametrize("layers", ["linear layers", "both", "saved whole"])
def test_a_resized_vocabulary_is_resized_by_the_script(layers: str, tmp_path: Path) -> None:
    base = make_tokenizer(make_base("llama", tmp_path / "base", "bfloat16"))
    adapter = train("llama", base, tmp_path / "adapter", ROWS + 5, save=True, **LAYERS[layers])
    choice = (AdapterChoice(adapter),)
    run(MergeRequest(base, choice, tmp_path / "theirs", resize_vocabulary=True))
    report = merge(MergeRequest(base, choice, tmp_path / "ours", resize_vocabulary=True), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, report.findings
    assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")


@pytest.mark.slow
def test_an_adapter_of_another_tool_is_converted_first(tmp_path: Path) -> None:
    base = make_tokenizer(make_base("llama", tmp_path / "base"))
    adapter = as_mlx(make_adapter("llama", base, tmp_path / "lora"), tmp_path / "the mlx")
    asked = request(base, adapter, tmp_path / "theirs")
    [command] = [line for line in peft_script(asked).splitlines() if "convert-adapter" in line]
    told = CliRunner().invoke(app, shlex.split(command.partition("mergedesk ")[2]))
    assert told.exit_code == 0, told.output
    run(asked)
    merge(request(base, adapter, tmp_path / "ours"), lambda _: None, CancelToken())
    assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")
