"""Preflight: one test or more for each row of known failures, named after it. Headers only, no weights read."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import psutil
import pytest
import torch
from folders import (
    ATTENTION,
    HIDDEN,
    LLAMA,
    VOCABULARY,
    assert_says,
    codes,
    four_bit_tensors,
    linear_modules,
    llama_tensors,
    lora_config,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    read_json,
    request,
    sparse_safetensors,
    the,
    write_json,
    write_tensors,
)
from pickled_files import pickle_adapter, pickle_weights, save

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Engine, Precision
from mergedesk.methods.peft_methods import cannot_merge
from mergedesk.pipelines.check import check
from mergedesk.planning.checks import output_folder
from mergedesk.planning.preflight import Preflight

PREFIX = "base_model.model."


class Pair(NamedTuple):
    base: Path
    adapter: Path

    def check(self, **options: Any) -> Preflight:
        return check(request(self.base, self.adapter, **options))


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """A base and an adapter that go together."""
    return Pair(make_model(tmp_path / "base"), make_lora(tmp_path / "adapter"))


def put(pair: Pair, tensors: Mapping[str, torch.Tensor] | None = None, **config: Any) -> Preflight:
    """Preflight with another adapter in place of the pair's."""
    make_lora(pair.adapter, tensors, **config)
    return pair.check()


def test_a_pair_that_fits(pair: Pair) -> None:
    found = pair.check()
    assert not found.refused
    assert found.findings == ()
    assert (found.engine, found.engine_reason) == (Engine.STREAMING, Code.STREAMS)
    assert (found.modules.targeted, found.modules.matched) == (14, 14)
    assert found.predicted_bytes == sum(2 * tensor.numel() for tensor in llama_tensors().values())
    assert found.base_bytes == (pair.base / "model.safetensors").stat().st_size


# Keys silently unmatched


def test_unmatched_modules_refuse(pair: Pair) -> None:
    tensors = lora_tensors() | lora_tensors(["model.layers.9.self_attn.q_proj"])
    found = put(pair, tensors)
    finding = the(found.findings, Code.KEYS_UNMATCHED)
    assert_says(finding, Severity.ERROR, "1 of the adapter's 15", "model.layers.9.self_attn.q_proj")
    assert found.refused
    assert (found.modules.targeted, found.modules.matched) == (15, 14)


def test_an_adapter_of_another_architecture_refuses(pair: Pair) -> None:
    found = put(pair, {f"{PREFIX}transformer.h.0.attn.c_attn.lora_{part}.weight": torch.ones(4, 4) for part in "AB"})
    assert_says(the(found.findings, Code.KEYS_UNMATCHED), Severity.ERROR, "c_attn")
    assert found.modules.matched == 0


def test_half_a_pair_refuses(pair: Pair) -> None:
    tensors = lora_tensors()
    del tensors[f"{PREFIX}model.layers.0.self_attn.q_proj.lora_B.weight"]
    assert_says(the(put(pair, tensors).findings, Code.FACTOR_ABSENT), Severity.ERROR, "layers.0.self_attn.q_proj")


def test_prefix_is_matched_and_said(pair: Pair) -> None:
    tensors = {name.replace("model.model.", "model."): value for name, value in lora_tensors().items()}
    found = put(pair, tensors)
    assert_says(the(found.findings, Code.KEYS_RENAMED), Severity.INFO, "model.")
    assert (found.refused, found.modules.matched) == (False, 14)


def test_modules_the_config_targets_and_the_file_lacks(pair: Pair) -> None:
    found = put(pair, lora_tensors(linear_modules(ATTENTION)))
    assert_says(the(found.findings, Code.MODULES_MISSING), Severity.WARNING, "mlp.down_proj")
    assert not found.refused


def test_modules_to_save_that_the_file_lacks(pair: Pair) -> None:
    found = put(pair, modules_to_save=["lm_head", "score"])
    finding = the(found.findings, Code.MODULES_MISSING)
    assert_says(finding, Severity.WARNING, "lm_head")
    assert finding.data["names"] == ["lm_head"]


def test_shapes_that_do_not_fit(pair: Pair) -> None:
    tensors = lora_tensors()
    name = f"{PREFIX}model.layers.1.self_attn.v_proj"
    tensors[f"{name}.lora_A.weight"] = torch.ones(4, HIDDEN * 2)
    finding = the(put(pair, tensors).findings, Code.SHAPE_MISMATCH)
    assert_says(finding, Severity.ERROR, "model.layers.1.self_attn.v_proj", "32 × 32", "32 × 64")


def test_counts_modules_of_other_methods_too(pair: Pair) -> None:
    tensors = {f"{PREFIX}{name}.ia3_l": torch.full((32, 1), 1.5) for name in linear_modules(("k_proj", "v_proj"))}
    found = put(pair, tensors, peft_type="IA3", r=None, feedforward_modules=[])
    assert (found.modules.targeted, found.modules.matched) == (4, 4)
    assert not found.refused


def test_other_method_for_another_model_refuses(pair: Pair) -> None:
    found = put(pair, {f"{PREFIX}transformer.h.0.attn.c_attn.ia3_l": torch.full((32, 1), 1.5)}, peft_type="IA3")
    assert_says(the(found.findings, Code.KEYS_UNMATCHED), Severity.ERROR)


# Quantised bases


@pytest.fixture
def four_bit(tmp_path: Path) -> Path:
    tensors = llama_tensors()
    for name in linear_modules():
        tensors |= four_bit_tensors(f"{name}.weight", tuple(tensors[f"{name}.weight"].shape))
    config = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    return make_model(tmp_path / "Little-7B-unsloth-bnb-4bit", tensors, quantization_config=config)


def test_a_four_bit_base_refuses(pair: Pair, four_bit: Path) -> None:
    found = Pair(four_bit, pair.adapter).check()
    finding = the(found.findings, Code.QUANTIZED_BASE)
    assert_says(finding, Severity.ERROR, "bitsandbytes 4-bit", "16-bit original", "Little-7B")
    assert finding.data["original"] == "Little-7B"
    assert {Code.KEYS_UNMATCHED, Code.SHAPE_MISMATCH}.isdisjoint(codes(found.findings))


def test_an_eight_bit_base_refuses(pair: Pair) -> None:
    tensors = llama_tensors()
    for name in linear_modules():
        tensors[f"{name}.weight"] = tensors[f"{name}.weight"].to(torch.int8)
        tensors[f"{name}.SCB"] = torch.zeros(len(tensors[f"{name}.weight"]))
    make_model(pair.base, tensors, quantization_config={"load_in_8bit": True, "quant_method": "bitsandbytes"})
    assert_says(the(pair.check().findings, Code.QUANTIZED_BASE), Severity.ERROR, "8-bit", "not known")


@pytest.mark.parametrize("method", ["gptq", "awq"])
def test_a_packed_base_refuses(method: str, pair: Pair, tmp_path: Path) -> None:
    tensors = llama_tensors()
    for name in linear_modules():
        tensors[f"{name}.qweight"] = tensors.pop(f"{name}.weight").to(torch.int32)
    base = make_model(tmp_path / f"Little-7B-{method.upper()}", tensors, quantization_config={"quant_method": method})
    found = Pair(base, pair.adapter).check()
    finding = the(found.findings, Code.QUANTIZED_UNMERGEABLE)
    assert_says(finding, Severity.ERROR, method, "Little-7B")
    assert Code.KEYS_UNMATCHED not in codes(found.findings)


# Vocabularies of other sizes; see test_vocabulary_resize.py for those that are resized


def test_tokenizer_longer_than_the_embeddings(pair: Pair) -> None:
    make_tokenizer(pair.base)
    make_tokenizer(pair.adapter, VOCABULARY + 3)
    assert_says(the(pair.check().findings, Code.TOKENIZER_TOO_LONG), Severity.ERROR, "102 ids", "99 rows")


def test_padded_rows_of_the_vocabulary_are_no_trouble(pair: Pair) -> None:
    make_tokenizer(pair.adapter, VOCABULARY - 7)
    assert pair.check().findings == ()


def test_tokenizer_that_was_too_long_in_the_base_is_not_the_adapter_s_fault(pair: Pair) -> None:
    make_tokenizer(pair.base, VOCABULARY + 3)
    make_tokenizer(pair.adapter, VOCABULARY + 3)
    assert not pair.check().refused


# Memory


def test_peft_engine_with_too_little_memory(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory(NamedTuple):
        available: int

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(100_000_000))
    finding = the(pair.check(engine=Engine.PEFT).findings, Code.MEMORY_LOW)
    assert_says(finding, Severity.WARNING, "100 MB")
    assert Code.MEMORY_LOW not in codes(pair.check().findings)


@pytest.mark.parametrize(
    ("field", "needs_all"),
    [
        ({"init_lora_weights": "pissa"}, False),
        ({"trainable_token_indices": [3]}, False),
        ({"target_parameters": ["q_proj.weight"]}, False),
        ({"target_parameters": ["experts.gate_up_proj"]}, True),
    ],
)
def test_only_parameters_stored_in_another_form_need_the_whole_model(
    field: dict[str, Any], needs_all: bool, tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Memory(NamedTuple):
        available: int

    shapes = {**{name: tuple(one.shape) for name, one in llama_tensors().items()}, "model.extra": (1 << 30, 1)}
    shutil.copytree(pair.base, tmp_path / "large")
    (tmp_path / "large" / "model.safetensors").unlink()
    sparse_safetensors(tmp_path / "large" / "model.safetensors", shapes)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(14_000_000_000))
    plain = Pair(tmp_path / "large", pair.adapter).check(engine=Engine.PEFT)
    assert Code.MEMORY_LOW not in codes(plain.findings)
    make_lora(pair.adapter, **field)
    found = Pair(tmp_path / "large", pair.adapter).check(engine=Engine.PEFT)
    if needs_all:
        assert_says(the(found.findings, Code.MEMORY_LOW), Severity.WARNING, "14.0 GB")
        assert_says(the(found.findings, Code.WHOLE_MODEL), Severity.INFO)
    streams = Code.ENGINE_CHOSEN if "target_parameters" in field else Code.NEEDS_PEFT_ENGINE
    assert found.engine_reason is (Code.WHOLE_MODEL if needs_all else streams)
    assert {Code.MEMORY_LOW, Code.WHOLE_MODEL}.isdisjoint(codes(found.findings)) is not needs_all


@pytest.mark.parametrize("whole", [False, True])
def test_the_estimate_of_memory_counts_what_peft_holds(
    whole: bool, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter twice, the largest tensor three times in float32, the libraries; the base only where it is loaded."""

    class Memory(NamedTuple):
        available: int

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(0))
    factors = lora_tensors()
    make_lora(pair.adapter, factors, **({"target_parameters": ["experts.down_proj"]} if whole else {}))
    found = the(pair.check(engine=Engine.PEFT).findings, Code.MEMORY_LOW)
    stored = llama_tensors().values()
    adapter = sum(tensor.numel() * tensor.element_size() for tensor in factors.values())
    largest = 4 * max(tensor.numel() for tensor in stored)
    base = (pair.base / "model.safetensors").stat().st_size if whole else 0
    assert found.data["needed_bytes"] == 2 * adapter + 3 * largest + base + 300_000_000
    assert found.data["available_bytes"] == 0


# Disk space


def test_a_disk_without_space_refuses(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1000))
    found = pair.check(output=tmp_path / "out")
    assert_says(the(found.findings, Code.DISK_FULL), Severity.ERROR, str(tmp_path), "1.00 kB is free")
    assert found.refused
    assert found.free_bytes == 1000


def test_space_is_asked_where_the_output_will_be(pair: Pair, tmp_path: Path) -> None:
    found = pair.check(output=tmp_path / "new" / "deeper" / "out")
    assert found.free_bytes is not None
    assert abs(found.free_bytes - shutil.disk_usage(tmp_path).free) < 10**9


# Fields of a newer PEFT


def test_unknown_idle_fields_are_ignored(pair: Pair) -> None:
    make_lora(pair.adapter)
    config = read_json(pair.adapter / "adapter_config.json")
    write_json(pair.adapter / "adapter_config.json", {**config, "eva_config": None, "use_warp": False, "warps": {}})
    found = pair.check()
    finding = the(found.findings, Code.UNKNOWN_FIELDS_IGNORED)
    assert_says(finding, Severity.INFO, "use_warp", "warps")
    assert not found.refused


def test_unknown_meaningful_fields_stop(pair: Pair) -> None:
    finding = the(put(pair, use_warp=True).findings, Code.UNKNOWN_FIELDS_MEANINGFUL)
    assert_says(finding, Severity.ERROR, "use_warp", "Update MergeDesk")


# Empty tensors


def test_empty_tensors_refuse(pair: Pair) -> None:
    tensors = {name: torch.zeros(0) for name in lora_tensors()}
    finding = the(put(pair, tensors).findings, Code.EMPTY_TENSORS)
    assert_says(finding, Severity.ERROR, "28 tensors", "ZeRO")


def test_an_adapter_without_tensors_refuses(pair: Pair) -> None:
    assert_says(the(put(pair, {}).findings, Code.NOTHING_TO_MERGE), Severity.ERROR, "adapter")


# Another base than it was trained on


def test_a_base_of_another_name_is_warned_of(pair: Pair) -> None:
    found = put(pair, base_model_name_or_path="acme/Little-7B-Instruct")
    finding = the(found.findings, Code.WRONG_BASE_NAME)
    assert_says(finding, Severity.WARNING, "Little-7B-Instruct", "base")
    assert not found.refused


@pytest.mark.parametrize(
    "recorded",
    ["acme/base", "/somewhere/base/", "C:\\models\\Base", "unsloth/base-bnb-4bit", "base-unsloth-bnb-4bit", ""],
)
def test_the_base_s_name_in_other_words(recorded: str, pair: Pair) -> None:
    assert Code.WRONG_BASE_NAME not in codes(put(pair, base_model_name_or_path=recorded).findings)


def test_the_base_s_name_as_a_hub_cache_entry(pair: Pair, tmp_path: Path) -> None:
    snapshot = tmp_path / "models--acme--Little-7B" / "snapshots" / "abc"
    snapshot.parent.mkdir(parents=True)
    pair.base.rename(snapshot)
    make_lora(pair.adapter, base_model_name_or_path="acme/Little-7B")
    assert Code.WRONG_BASE_NAME not in codes(Pair(snapshot, pair.adapter).check().findings)


def test_other_template_on_a_base_of_another_name_is_warned_of(pair: Pair) -> None:
    make_tokenizer(pair.base, chat_template="{{ messages }}")
    make_tokenizer(pair.adapter, chat_template="<|im_start|>{{ messages }}")
    assert_says(the(pair.check().findings, Code.TEMPLATE_DIFFERS), Severity.INFO, "template")
    finding = the(put(pair, base_model_name_or_path="acme/other").findings, Code.TEMPLATE_DIFFERS)
    assert finding.severity is Severity.WARNING


def test_chat_adapter_on_a_base_without_a_template(pair: Pair) -> None:
    (pair.adapter / "chat_template.jinja").write_text("{{ messages }}", encoding="utf-8")
    assert the(pair.check().findings, Code.TEMPLATE_DIFFERS).severity is Severity.WARNING


# Only the adapter saved, or its config left beside a model


def test_adapter_config_left_in_the_base(pair: Pair) -> None:
    write_json(pair.base / "adapter_config.json", lora_config())
    found = pair.check()
    assert_says(the(found.findings, Code.LEFTOVER_ADAPTER_CONFIG), Severity.WARNING, "adapter_config.json")
    assert not found.refused


def test_an_adapter_in_place_of_the_base(pair: Pair, tmp_path: Path) -> None:
    other = make_lora(tmp_path / "other")
    found = Pair(other, pair.adapter).check()
    assert_says(the(found.findings, Code.BASE_NOT_A_MODEL), Severity.ERROR, str(other))


# An output larger than meant


def test_float32_from_16_bits_is_warned_of(pair: Pair) -> None:
    found = pair.check(precision=Precision.FLOAT32)
    finding = the(found.findings, Code.SIZE_GROWS)
    assert_says(finding, Severity.WARNING, "auto")
    assert found.predicted_bytes == sum(4 * tensor.numel() for tensor in llama_tensors().values())
    assert Code.SIZE_GROWS not in codes(pair.check(precision=Precision.FLOAT16).findings)


# Scaling


def test_alpha_of_zero_refuses(pair: Pair) -> None:
    assert_says(the(put(pair, lora_alpha=0).findings, Code.SCALING_ZERO), Severity.ERROR, "lora_alpha")


def test_alpha_of_zero_somewhere_is_warned_of(pair: Pair) -> None:
    found = put(pair, alpha_pattern={"q_proj": 0})
    assert_says(the(found.findings, Code.SCALING_ZERO), Severity.WARNING)
    assert not found.refused


def test_weight_of_zero_refuses(pair: Pair) -> None:
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter, 0.0),)))
    assert_says(the(found.findings, Code.SCALING_ZERO), Severity.ERROR, "strength")


def test_alpha_that_is_not_stated_is_warned_of(pair: Pair) -> None:
    assert_says(the(put(pair, lora_alpha=None).findings, Code.SCALING_ABSENT), Severity.WARNING, "8")


def test_rank_of_the_config_is_not_the_stored_one(pair: Pair) -> None:
    finding = the(put(pair, r=16).findings, Code.RANK_DIFFERS)
    assert_says(finding, Severity.ERROR, "rank 16", "rank 4")


@pytest.mark.parametrize(
    "field", [{"lora_alpha": "eight"}, {"r": "four"}, {"r": 0}, {"alpha_pattern": {"q_proj": "x"}}]
)
def test_scaling_that_is_no_number_refuses(field: dict[str, Any], pair: Pair) -> None:
    found = put(pair, **field)
    assert found.refused
    for finding in found.findings:
        assert_says(finding, finding.severity)


# Merged twice


def test_adapter_that_the_base_already_holds(pair: Pair) -> None:
    digest = hashlib.sha256((pair.adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    for field in ("adapters", "inherited_adapters"):
        write_json(pair.base / "mergedesk-report.json", {field: [{"name": "adapter", "sha256": digest}]})
        assert_says(the(pair.check().findings, Code.ALREADY_MERGED), Severity.ERROR, "adapter", "base", "twice")


def test_another_adapter_may_follow_a_merge(pair: Pair) -> None:
    write_json(pair.base / "mergedesk-report.json", {"adapters": [{"sha256": "0" * 64}, 5, None]})
    assert pair.check().findings == ()


@pytest.mark.parametrize("content", ["", "[]", '{"adapters": 3}', '{"adapters": [[]]}'])
def test_report_of_another_form_does_not_matter(content: str, pair: Pair) -> None:
    (pair.base / "mergedesk-report.json").write_text(content, encoding="utf-8")
    assert pair.check().findings == ()


# Initialisations that alter the base


@pytest.mark.parametrize("initialisation", ["pissa", "olora"])
def test_base_altering_initialisation_is_left_to_peft(initialisation: str, pair: Pair) -> None:
    found = put(pair, init_lora_weights=initialisation)
    assert found.engine is Engine.PEFT
    assert_says(the(found.findings, Code.NEEDS_PEFT_ENGINE), Severity.INFO, "init_lora_weights")
    assert not found.refused


@pytest.mark.parametrize("initialisation", ["pissa_niter_4", "loftq", "corda", "lora_ga"])
def test_an_initialisation_that_cannot_be_taken_out_again_is_refused(initialisation: str, pair: Pair) -> None:
    found = put(pair, init_lora_weights=initialisation)
    finding = the(found.findings, Code.INITIALISATION_LOST)
    assert_says(finding, Severity.ERROR, initialisation, "path_initial_model_for_weight_conversion")


def test_base_altering_initialisation_does_not_stream(pair: Pair) -> None:
    make_lora(pair.adapter, init_lora_weights="pissa")
    found = pair.check(engine=Engine.STREAMING)
    assert_says(the(found.findings, Code.CANNOT_STREAM), Severity.ERROR, "init_lora_weights")


def test_base_altering_initialisation_is_not_mixed_with_another_adapter(pair: Pair, tmp_path: Path) -> None:
    other = make_lora(tmp_path / "other", lora_tensors(seed=5), init_lora_weights="pissa")
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter), AdapterChoice(other))))
    assert_says(the(found.findings, Code.SEVERAL_NEED_STREAMING), Severity.ERROR)


# Methods without a merge


@pytest.mark.parametrize(
    ("field", "name"), [({"alora_invocation_tokens": [1, 2]}, "aLoRA"), ({"arrow_config": {"top_k": 2}}, "Arrow")]
)
def test_variants_for_some_tokens_cannot_be_merged(field: dict[str, Any], name: str, pair: Pair) -> None:
    found = put(pair, **field)
    assert_says(the(found.findings, Code.METHOD_NOT_MERGEABLE), Severity.ERROR, name, "PeftModel")


def test_repeated_layers_cannot_be_merged(pair: Pair) -> None:
    found = put(pair, layer_replication=[[0, 2], [0, 2]])
    assert_says(the(found.findings, Code.LAYERS_REPLICATED), Severity.ERROR, "layer_replication")


@pytest.mark.parametrize("method", ["PROMPT_TUNING", "PREFIX_TUNING", "P_TUNING", "ADAPTION_PROMPT"])
def test_prompts_cannot_be_merged(method: str, pair: Pair) -> None:
    assert cannot_merge(method)
    found = put(pair, {"prompt_embeddings": torch.zeros(8, HIDDEN)}, peft_type=method)
    assert_says(the(found.findings, Code.METHOD_NOT_MERGEABLE), Severity.ERROR, method, "PeftModel")
    assert codes(found.findings) == {Code.METHOD_NOT_MERGEABLE}


def test_an_unknown_method_cannot_be_merged(pair: Pair) -> None:
    found = put(pair, peft_type="WARP")
    assert_says(the(found.findings, Code.METHOD_UNKNOWN), Severity.ERROR, "WARP")
    assert Code.NEEDS_PEFT_ENGINE not in codes(found.findings)


def test_lora_bias_on_a_base_without_biases(pair: Pair) -> None:
    bias = {f"{PREFIX}{name}.lora_B.bias": torch.ones(HIDDEN) for name in linear_modules(("q_proj",))}
    found = put(pair, lora_tensors() | bias, lora_bias=True)
    assert_says(the(found.findings, Code.BIAS_WITHOUT_BASE_BIAS), Severity.ERROR, "q_proj", "lora_bias")


# Folders that are something else


def test_swapped_folders_refuse(pair: Pair) -> None:
    found = Pair(pair.adapter, pair.base).check()
    assert codes(found.findings) == {Code.SWAPPED}
    assert_says(the(found.findings, Code.SWAPPED), Severity.ERROR, "adapter", "base", "Swap")


def test_two_models_refuse(pair: Pair, tmp_path: Path) -> None:
    found = Pair(pair.base, make_model(tmp_path / "other")).check()
    assert_says(the(found.findings, Code.ADAPTER_NOT_AN_ADAPTER), Severity.ERROR, "other")


def test_no_adapter_refuses(pair: Pair) -> None:
    found = check(CheckRequest(pair.base, ()))
    assert_says(the(found.findings, Code.NO_ADAPTER), Severity.ERROR)


@pytest.mark.parametrize("side", ["base", "adapter"])
def test_a_missing_folder_refuses(side: str, pair: Pair, tmp_path: Path) -> None:
    found = pair._replace(**{side: tmp_path / "nowhere"}).check()
    assert_says(the(found.findings, Code.FOLDER_MISSING), Severity.ERROR, "nowhere")


def test_a_hub_name_is_no_folder(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Pair(Path("acme/Little-7B"), pair.adapter).check()
    assert_says(the(found.findings, Code.LOOKS_LIKE_HUB_NAME), Severity.ERROR, "Download")


def test_training_run_as_adapter(pair: Pair, tmp_path: Path) -> None:
    for step in (5, 10):
        make_lora(tmp_path / "run" / f"checkpoint-{step}")
    found = Pair(pair.base, tmp_path / "run").check()
    assert_says(the(found.findings, Code.TRAINING_RUN), Severity.ERROR, "latest is checkpoint-10")


# An adapter_config.json that is a model's


def test_adapter_config_is_a_model_config(pair: Pair) -> None:
    write_json(pair.adapter / "adapter_config.json", {**LLAMA, "_name_or_path": "acme/Little-7B"})
    found = pair.check()
    assert_says(the(found.findings, Code.ADAPTER_CONFIG_IS_MODEL_CONFIG), Severity.ERROR, "adapter_config.json")


# Pickles


def test_a_pickled_adapter_is_read(pair: Pair) -> None:
    pickle_adapter(pair.adapter)
    found = pair.check()
    assert not found.refused
    assert_says(the(found.findings, Code.PICKLED_WEIGHTS), Severity.INFO, "adapter_model.bin")


def test_a_pickled_base_is_read(pair: Pair) -> None:
    pickle_weights(pair.base)
    found = pair.check()
    assert not found.refused
    assert found.base.kind is FolderKind.MODEL
    assert_says(the(found.findings, Code.PICKLED_WEIGHTS), Severity.INFO, "pytorch_model.bin")


@pytest.mark.parametrize("side", ["base", "adapter"])
def test_pickles_of_more_than_tensors_refuse(side: str, pair: Pair) -> None:
    folder, name = {"base": (pair.base, "pytorch_model.bin"), "adapter": (pair.adapter, "adapter_model.bin")}[side]
    next(folder.glob("*.safetensors")).unlink()
    save(folder / name, {"a": torch.zeros(2), "b": Path("x")})
    assert_says(the(pair.check().findings, Code.PICKLE_REFUSED), Severity.ERROR, name, "pathlib.", "safetensors")


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
def test_a_training_checkpoint_is_unwrapped(engine: Engine, pair: Pair) -> None:
    tensors = {f"module.{name}": tensor for name, tensor in llama_tensors().items()}
    (pair.base / "model.safetensors").unlink()
    save(pair.base / "pytorch_model.bin", {"state_dict": tensors})
    found = pair.check(engine=engine)
    assert not found.refused
    assert_says(the(found.findings, Code.PICKLE_UNWRAPPED), Severity.INFO, "state_dict, module.")


# Several adapters, and engines that cannot


def test_copies_cannot_be_scaled(pair: Pair) -> None:
    make_lora(pair.adapter, lora_tensors() | {f"{PREFIX}lm_head.weight": torch.zeros(VOCABULARY, HIDDEN)})
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter, 0.5),)))
    assert_says(the(found.findings, Code.COPIES_CANNOT_BE_SCALED), Severity.ERROR, "lm_head")


def test_two_replacements_of_one_module(pair: Pair, tmp_path: Path) -> None:
    copies = {f"{PREFIX}lm_head.weight": torch.zeros(VOCABULARY, HIDDEN)}
    make_lora(pair.adapter, lora_tensors() | copies)
    other = make_lora(
        tmp_path / "other", lora_tensors(seed=4) | {f"{PREFIX}lm_head.weight": torch.ones(VOCABULARY, HIDDEN)}
    )
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter), AdapterChoice(other))))
    assert_says(the(found.findings, Code.CONFLICTING_REPLACEMENTS), Severity.ERROR, "lm_head")


def test_one_replaces_what_the_other_changes(pair: Pair, tmp_path: Path) -> None:
    other = make_lora(
        tmp_path / "other", {f"{PREFIX}model.layers.0.self_attn.q_proj.weight": torch.zeros(HIDDEN, HIDDEN)}
    )
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter), AdapterChoice(other))))
    assert_says(the(found.findings, Code.CONFLICTING_REPLACEMENTS), Severity.ERROR, "q_proj")


def test_strength_needs_streaming(pair: Pair) -> None:
    found = check(CheckRequest(pair.base, (AdapterChoice(pair.adapter, 0.5),), engine=Engine.PEFT))
    assert_says(the(found.findings, Code.SEVERAL_NEED_STREAMING), Severity.ERROR)


def test_chosen_engines(pair: Pair) -> None:
    for engine in (Engine.STREAMING, Engine.PEFT):
        found = pair.check(engine=engine)
        assert (found.engine, found.engine_reason) == (engine, Code.ENGINE_CHOSEN)


# Tied embeddings


def test_tied_embeddings_come_apart(pair: Pair) -> None:
    tensors = llama_tensors()
    del tensors["lm_head.weight"]
    make_model(pair.base, tensors, tie_word_embeddings=True)
    found = put(pair, lora_tensors() | {f"{PREFIX}lm_head.weight": torch.zeros(VOCABULARY, HIDDEN)})
    assert_says(the(found.findings, Code.TIED_EMBEDDINGS_SPLIT), Severity.INFO)
    assert found.predicted_bytes == sum(2 * tensor.numel() for tensor in llama_tensors().values())


def test_embedding_that_several_parts_share(tmp_path: Path) -> None:
    config = {"architectures": ["T5ForConditionalGeneration"], "model_type": "t5", "tie_word_embeddings": True}
    tensors = {"shared.weight": torch.zeros(VOCABULARY, HIDDEN), "encoder.block.0.layer.0.q.weight": torch.zeros(4, 4)}
    write_tensors(tmp_path / "base" / "model.safetensors", tensors)
    write_json(tmp_path / "base" / "config.json", config)
    copies = {f"{PREFIX}shared.weight": torch.zeros(VOCABULARY, HIDDEN)}
    make_lora(tmp_path / "adapter", copies, task_type="SEQ_2_SEQ_LM", modules_to_save=["shared"])
    found = Pair(tmp_path / "base", tmp_path / "adapter").check()
    assert_says(the(found.findings, Code.SHARED_EMBEDDING_UNCLEAR), Severity.ERROR, "shared.weight")


def test_space_margin_counts(tmp_path: Path) -> None:
    needed = 1000 + 64_000_000
    assert list(output_folder.space_findings(tmp_path / "out", 1000, needed)) == []
    [finding] = output_folder.space_findings(tmp_path / "out", 1000, needed - 1)
    assert finding.code is Code.DISK_FULL
