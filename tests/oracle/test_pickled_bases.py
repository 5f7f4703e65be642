"""Bases and adapters in .bin files through the whole job, against PEFT's own script on the same files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import codes, failed, make_lora, make_model, make_tokenizer, read_json, request, write_json
from pickled_files import FORMS, LEGACY, ZIP, pickle_adapter, pickle_weights, save
from safetensors.torch import load_file, save_file
from tiny_models import (
    KINDS,
    WEIGHTS,
    assert_same_tensors,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    sha256,
    tensors,
    third_party_noise_off,
)
from transformers import (
    AutoModelForCausalLM,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertForMaskedLM,
    PreTrainedModel,
    RobertaConfig,
    RobertaForMaskedLM,
    T5Config,
    T5ForConditionalGeneration,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.findings import CheckCode, CheckStatus, Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine, Precision
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.planning.layout import make_layout
from mergedesk.planning.plan import make_plan

MakeBase = Callable[..., Path]
# What old .bin files hold besides: names that the class ties, at one place in the file.
SHARED = {
    "qwen2": {"lm_head.weight": "model.embed_tokens.weight"},
    "gpt2": {"lm_head.weight": "transformer.wte.weight"},
    "gemma": {"lm_head.weight": "model.embed_tokens.weight"},
    "t5": {
        "encoder.embed_tokens.weight": "shared.weight",
        "decoder.embed_tokens.weight": "shared.weight",
        "lm_head.weight": "shared.weight",
    },
}


def merge(base: Path, adapter: Path, output: Path, **options: Any) -> MergeReport:
    with third_party_noise_off():
        return run_merge(request(base, adapter, output, **options), lambda _: None, CancelToken())


def pickled_copy(base: Path, folder: Path, kind: str, form: bool = ZIP, shards: int = 1) -> Path:
    shutil.copytree(base, folder)
    return pickle_weights(folder, form, SHARED.get(kind), shards)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_merge_of_a_pickled_base_is_peft_s_to_the_byte(
    kind: str, form: bool, base_of: MakeBase, tmp_path: Path
) -> None:
    plain = base_of(kind, "bfloat16")
    base = pickled_copy(plain, tmp_path / "base", kind, form)
    adapter = make_adapter(kind, plain, tmp_path / "adapter")
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft")
    merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert_same_tensors(tmp_path / "ours", theirs)
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.slow
@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize("kind", ["llama", "qwen2", "t5"])
def test_whole_job_with_pickled_shards_and_a_pickled_adapter(
    kind: str, engine: Engine, base_of: MakeBase, tmp_path: Path
) -> None:
    plain = base_of(kind, "bfloat16")
    base = pickled_copy(plain, tmp_path / "base", kind, shards=3 if kind == "llama" else 1)
    adapter = make_adapter(kind, plain, tmp_path / "adapter")
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft")
    pickle_adapter(adapter, LEGACY)
    report = merge(base, adapter, tmp_path / "out", engine=engine)
    assert report.status is MergeStatus.MERGED, report.findings
    assert failed(report.checks) == set()
    assert_same_tensors(tmp_path / "out", theirs)
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert not any(".bin" in name for name in names)
    if kind == "llama":
        assert {f"model-{number:05d}-of-00003.safetensors" for number in (1, 2, 3)} <= names
        index = read_json(tmp_path / "out" / "model.safetensors.index.json")
        assert index["metadata"]["total_size"] == sum(one.nbytes for one in tensors(tmp_path / "out").values())
        assert index["weight_map"].keys() == tensors(tmp_path / "out").keys()


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_precision_of_a_pickled_base(precision: str, base_of: MakeBase, tmp_path: Path) -> None:
    plain = base_of("llama", "bfloat16")
    base = pickled_copy(plain, tmp_path / "base", "llama")
    adapter = make_adapter("llama", plain, tmp_path / "adapter")
    from_pickle = merge(base, adapter, tmp_path / "one", precision=Precision(precision))
    from_safetensors = merge(plain, adapter, tmp_path / "other", precision=Precision(precision))
    assert from_pickle.status is from_safetensors.status is MergeStatus.MERGED
    assert sha256(tmp_path / "one" / WEIGHTS) == sha256(tmp_path / "other" / WEIGHTS)


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_transposed_weights_of_an_old_conversion(engine: Engine, base_of: MakeBase, tmp_path: Path) -> None:
    """Conversions from TensorFlow left every kernel as a transposed view of its storage."""
    plain = base_of("bert")
    base = shutil.copytree(plain, tmp_path / "base")
    state = load_file(base / WEIGHTS)
    (base / WEIGHTS).unlink()
    views = {name: one.t().contiguous().t() if one.dim() == 2 else one for name, one in state.items()}
    save(base / "pytorch_model.bin", views, LEGACY)
    adapter = make_adapter("bert", plain, tmp_path / "adapter")
    theirs = merge_with_peft("bert", base, adapter, tmp_path / "peft")
    report = merge(base, adapter, tmp_path / "out", engine=engine)
    assert report.status is MergeStatus.MERGED, report.findings
    assert sha256(tmp_path / "out" / WEIGHTS) == sha256(theirs / WEIGHTS)


# Tied tensors: what transformers itself writes from the same file

SIZES = {"vocab_size": 99, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
TOWERS = {
    "vocab_size": 99, "d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48, "encoder_attention_heads": 4, "decoder_attention_heads": 4, "max_position_embeddings": 64,
    "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 2,
}  # fmt: skip
T5 = {"vocab_size": 99, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 1, "num_heads": 4}
WHISPER = {**TOWERS, "max_source_positions": 64, "max_target_positions": 64, "num_mel_bins": 8}
MODELS: dict[str, Callable[[], PreTrainedModel]] = {
    "bert": lambda: BertForMaskedLM(BertConfig(**SIZES)),
    "roberta": lambda: RobertaForMaskedLM(RobertaConfig(**SIZES)),
    "bart": lambda: BartForConditionalGeneration(BartConfig(**TOWERS)),
    "t5": lambda: T5ForConditionalGeneration(T5Config(**T5, tie_word_embeddings=True)),
    "t5 with a head of its own": lambda: T5ForConditionalGeneration(T5Config(**T5, tie_word_embeddings=False)),
    "whisper": lambda: WhisperForConditionalGeneration(WhisperConfig(**WHISPER)),
    "untied": lambda: AutoModelForCausalLM.from_config(KINDS["llama"].config),
    "tied": lambda: AutoModelForCausalLM.from_config(KINDS["qwen2"].config),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MODELS)
def test_tied_tensors_are_stored_as_transformers_stores_them(name: str, form: bool, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = MODELS[name]()
    state = model.state_dict()
    if name == "t5 with a head of its own":
        state["lm_head.weight"] = torch.randn_like(state["lm_head.weight"])
    save(tmp_path / "base" / "pytorch_model.bin", state, form)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(tmp_path / "base")
    with third_party_noise_off():
        type(model).from_pretrained(tmp_path / "base").save_pretrained(tmp_path / "theirs")
    base = read_checkpoint(tmp_path / "base")
    theirs = load_file(tmp_path / "theirs" / WEIGHTS)
    assert {name: record.shape for name, record in base.tensors.items()} == {
        name: tuple(tensor.shape) for name, tensor in theirs.items()
    }
    assert name == "untied" or base.tensors.keys() < state.keys()
    layout = make_layout(make_plan(base, [], Precision.AUTO), base)
    written = tmp_path / "theirs" / "model.safetensors"
    assert written.read_bytes().startswith(layout.shards[0].prefix)


def test_shared_tensors_of_a_model_that_ties_nothing_are_all_kept(tmp_path: Path) -> None:
    """The class loads each for itself, so each is needed."""
    make_model(tmp_path / "base")
    pickle_weights(tmp_path / "base", share={"lm_head.weight": "model.embed_tokens.weight"})
    base = read_checkpoint(tmp_path / "base")
    head, embeddings = base.tensors["lm_head.weight"], base.tensors["model.embed_tokens.weight"]
    assert (head.file, head.offset) == (embeddings.file, embeddings.offset)
    report = merge(tmp_path / "base", make_lora(tmp_path / "adapter"), tmp_path / "out")
    assert report.status is MergeStatus.MERGED
    written = tensors(tmp_path / "out")
    assert torch.equal(written["lm_head.weight"], written["model.embed_tokens.weight"])


# What stands around the weights


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_a_training_checkpoint_merges_like_the_plain_model(engine: Engine, tmp_path: Path) -> None:
    plain = make_model(tmp_path / "plain")
    wrapped = shutil.copytree(plain, tmp_path / "wrapped")
    state = {f"module.{name}": one for name, one in load_file(wrapped / WEIGHTS).items()}
    (wrapped / WEIGHTS).unlink()
    save(wrapped / "pytorch_model.bin", {"model": state, "epoch": 3})
    adapter = make_lora(tmp_path / "adapter")
    reports = [merge(base, adapter, tmp_path / f"out-{base.name}", engine=engine) for base in (plain, wrapped)]
    assert [report.status for report in reports] == [MergeStatus.MERGED] * 2, reports
    assert Code.PICKLE_UNWRAPPED in codes(reports[1].findings)
    assert sha256(tmp_path / "out-wrapped" / WEIGHTS) == sha256(tmp_path / "out-plain" / WEIGHTS)


def test_peft_never_loads_a_file_that_torch_cannot_map(base_of: MakeBase, tmp_path: Path) -> None:
    """It would lie in memory whole; a plain copy is written first, and is gone afterwards."""
    base = pickled_copy(base_of("llama"), tmp_path / "base", "llama", LEGACY)
    (base / "pytorch_model.bin").chmod(0o444)
    adapter = make_adapter("llama", base_of("llama"), tmp_path / "adapter", use_dora=True)
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft")
    loaded: list[str] = []
    real = torch.load

    def told(file: Any, *args: Any, **options: Any) -> Any:
        loaded.append(str(file))
        return real(file, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "load", told)
        report = merge(base, adapter, tmp_path / "out", engine=Engine.PEFT)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert loaded == []
    assert_same_tensors(tmp_path / "out", theirs)
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        WEIGHTS,
        "config.json",
        "generation_config.json",
        "README.md",
        REPORT,
    }


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_a_wrapped_adapter_merges_like_the_plain_one(engine: Engine, tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")
    wrapped = shutil.copytree(adapter, tmp_path / "wrapped")
    save(wrapped / "adapter_model.bin", {"state_dict": load_file(wrapped / "adapter_model.safetensors"), "epoch": 1})
    (wrapped / "adapter_model.safetensors").unlink()
    for one in (adapter, wrapped):
        assert merge(base, one, tmp_path / f"out-{one.name}", engine=engine).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "out-wrapped", tmp_path / "out-adapter")


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_an_adapter_of_transposed_views(engine: Engine, tmp_path: Path) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")
    views = shutil.copytree(adapter, tmp_path / "views")
    state = load_file(views / "adapter_model.safetensors")
    save(views / "adapter_model.bin", {name: one.t().contiguous().t() for name, one in state.items()})
    (views / "adapter_model.safetensors").unlink()
    for one in (adapter, views):
        assert merge(base, one, tmp_path / f"out-{one.name}", engine=engine).status is MergeStatus.MERGED
    assert_same_tensors(tmp_path / "out-views", tmp_path / "out-adapter")


def test_safetensors_win_where_both_are(tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    other = make_model(tmp_path / "other")
    write_json(base / "pytorch_model.bin.index.json", {"weight_map": {"a": "gone.bin"}})
    shutil.copy(pickle_weights(other) / "pytorch_model.bin", base)
    checkpoint = read_checkpoint(base)
    assert not checkpoint.is_pickled
    assert {header.file.name for header in checkpoint.headers} == {"model.safetensors"}


@pytest.mark.slow
def test_adapter_in_a_subfolder_brings_the_tokenizer_beside_it(tmp_path: Path) -> None:
    base = make_tokenizer(make_model(tmp_path / "base"))
    run = make_tokenizer(tmp_path / "run", model_max_length=77)
    make_lora(run / "my_name")
    for engine in (Engine.STREAMING, Engine.PEFT):
        report = merge(base, run, tmp_path / f"out-{engine}", engine=engine)
        assert report.status is MergeStatus.MERGED, report.findings
        assert Code.INNER_ADAPTER in codes(report.findings)
        assert read_json(tmp_path / f"out-{engine}" / "tokenizer_config.json")["model_max_length"] == 77
    assert_same_tensors(tmp_path / "out-streaming", tmp_path / "out-peft")


# Tensors that the class does not know


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize("pickled", [False, True])
def test_tensors_that_the_class_ignores_survive(pickled: bool, engine: Engine, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    extra = {"mtp.0.embed.weight": torch.randn(5, 7), "mtp.norm": torch.randn(3).bfloat16()}
    state = load_file(base / WEIGHTS)
    save_file({**state, **extra}, base / "model.safetensors", {"format": "pt"})
    if pickled:
        pickle_weights(base)
    report = merge(base, make_lora(tmp_path / "adapter"), tmp_path / "out", engine=engine)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    left_over = next(check for check in report.checks if check.code is CheckCode.NO_KEYS_LEFT_OVER)
    assert left_over.status is CheckStatus.WARN
    assert set(left_over.data["names"]) == set(extra)  # type: ignore[arg-type]
    written = tensors(tmp_path / "out")
    assert written.keys() == state.keys() | extra.keys()
    assert all(torch.equal(written[name], tensor) for name, tensor in extra.items())
