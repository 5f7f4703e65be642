"""A proof looks at the whole folder: tables that no class reads, what config.json says, adapter files left there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import merges
import pytest
import torch
import transformers
from safetensors.torch import save_model
from tiny_models import MakeBase, load, make_adapter, make_base, merge_with_peft, third_party_noise_off

from mergedesk.checkpoints.checkpoint import Checkpoint
from mergedesk.domain.findings import CheckCode, CheckStatus, Code
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.domain.verdict import Verdict
from mergedesk.pipelines.verify import verify
from mergedesk.verification.compare.config_checks import differing_fields
from mergedesk.verification.compare.matching import is_worked_out


def proved(base: Path, adapter: Path, merged: Path, quick: bool = True) -> Verdict:
    return verify(VerifyRequest(base, (AdapterChoice(adapter),), merged, quick), lambda _: None, CancelToken())


def reason(verdict: Verdict) -> tuple[bool | None, Code]:
    assert verdict.reason is not None, [finding_message(one) for one in verdict.findings]
    return verdict.matches, verdict.reason.code


def frequencies(tensors: merges.Tensors) -> merges.Tensors:
    """What Llama checkpoints of 2023 hold."""
    tables = {f"model.layers.{layer}.self_attn.rotary_emb.inv_freq": torch.rand(6) for layer in range(2)}
    return {**tensors, **tables}


def masks(tensors: merges.Tensors) -> merges.Tensors:
    """What the GPT-2 checkpoints of the hub hold to this day."""
    mask = torch.tril(torch.ones(64, 64)).view(1, 1, 64, 64)
    causal = {f"transformer.h.{layer}.attn.bias": mask for layer in range(2)}
    return {**tensors, **causal, **{f"transformer.h.{one}.attn.masked_bias": torch.tensor(-1e4) for one in range(2)}}


def positions(tensors: merges.Tensors) -> merges.Tensors:
    return {**tensors, "bert.embeddings.position_ids": torch.arange(64)[None]}


TABLES = pytest.mark.parametrize(("kind", "add"), [("llama", frequencies), ("gpt2", masks), ("bert", positions)])
Add = Callable[[merges.Tensors], merges.Tensors]


@TABLES
def test_tables_that_peft_s_merge_leaves_out(kind: str, add: Add, base_of: MakeBase, tmp_path: Path) -> None:
    """transformers loads no such table, so that PEFT's merge of an old checkpoint cannot have it."""
    base = merges.edited(base_of(kind), tmp_path / "base", add)
    adapter = make_adapter(kind, base, tmp_path / "adapter")
    merged = merge_with_peft(kind, base, adapter, tmp_path / "merged")
    assert reason(proved(base, adapter, merged)) == (True, Code.MERGE_PROVED)
    assert reason(proved(base, adapter, merged, quick=False)) == (True, Code.MERGE_PROVED)


@TABLES
def test_tables_that_an_old_tool_added(kind: str, add: Add, base_of: MakeBase, tmp_path: Path) -> None:
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter")
    right = merge_with_peft(kind, base_of(kind), adapter, tmp_path / "right")
    merged = merges.edited(right, tmp_path / "merged", add)
    assert reason(proved(base_of(kind), adapter, merged)) == (True, Code.MERGE_PROVED)


def test_a_real_bias_is_no_mask() -> None:
    assert is_worked_out("h.0.attn.bias", (1, 1, 64, 64))
    assert not is_worked_out("h.0.attn.bias", (64,))
    assert not is_worked_out("h.0.attn.c_attn.bias", (1, 1, 64, 64))


def with_save_model(folder: Path, target: Path) -> Path:
    """A tied model as ``safetensors.torch.save_model`` stores it: of both sides, the head."""
    shutil.copytree(folder, target)
    save_model(load("qwen2", folder), str(target / "model.safetensors"), {"format": "pt"})
    stored = merges.load_file(target / "model.safetensors")
    assert "lm_head.weight" in stored
    assert "model.embed_tokens.weight" not in stored
    return target


@pytest.mark.slow
@pytest.mark.parametrize("targets", [["q_proj"], ["q_proj", "embed_tokens"]])
def test_a_tied_pair_stored_as_its_head(base_of: MakeBase, tmp_path: Path, targets: list[str]) -> None:
    """transformers loads either side as both."""
    base = base_of("qwen2")
    adapter = make_adapter("qwen2", base, tmp_path / "adapter", target_modules=targets)
    merged = merge_with_peft("qwen2", base, adapter, tmp_path / "merged")
    stored = with_save_model(merged, tmp_path / "stored")
    expected = reason(proved(base, adapter, merged))
    assert expected[0]
    assert reason(proved(base, adapter, stored)) == expected
    assert reason(proved(base, adapter, with_save_model(base, tmp_path / "bare"))) == (False, Code.MERGE_IS_THE_BASE)


def test_a_base_stored_as_its_head(base_of: MakeBase, tmp_path: Path) -> None:
    base = with_save_model(base_of("qwen2"), tmp_path / "base")
    adapter = make_adapter("qwen2", base, tmp_path / "adapter", target_modules=["q_proj"])
    merged = merge_with_peft("qwen2", base, adapter, tmp_path / "merged")
    assert reason(proved(base, adapter, merged)) == (True, Code.MERGE_PROVED)
    assert reason(proved(base, adapter, with_save_model(merged, tmp_path / "both"))) == (True, Code.MERGE_PROVED)


def test_an_untied_model_needs_both(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    right = merge_with_peft("llama", base, adapter, tmp_path / "right")
    lacks = {"model.embed_tokens.weight"}
    merged = merges.edited(right, tmp_path / "merged", lambda all_: {n: t for n, t in all_.items() if n not in lacks})
    assert reason(proved(base, adapter, merged)) == (False, Code.MERGE_LACKS_TENSORS)


def test_what_the_class_says_it_does_not_load(
    base_of: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = merges.edited(base_of("llama"), tmp_path / "base", lambda all_: {**all_, "mtp.head": torch.rand(3, 3)})
    adapter = make_adapter("llama", base_of("llama"), tmp_path / "adapter")
    merged = merge_with_peft("llama", base, adapter, tmp_path / "merged")
    assert reason(proved(base, adapter, merged)) == (False, Code.MERGE_LACKS_TENSORS)
    # as Qwen3-Next's class has it
    monkeypatch.setattr(transformers.LlamaForCausalLM, "_keys_to_ignore_on_load_unexpected", [r"^mtp.*"])
    verdict = proved(base, adapter, merged)
    assert reason(verdict) == (True, Code.MERGE_LEFT_OUT_UNREAD)
    assert {check.status for check in verdict.checks} == {CheckStatus.PASS}


@pytest.fixture
def right(base_of: MakeBase, tmp_path: Path) -> tuple[Path, Path, Path]:
    """A base, an adapter, and PEFT's merge of the two."""
    base = base_of("llama", "bfloat16")
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    return base, adapter, merge_with_peft("llama", base, adapter, tmp_path / "merged")


def test_saved_into_the_adapter_s_own_folder(right: tuple[Path, Path, Path]) -> None:
    """transformers attaches the adapter to the merged weights, which doubles it."""
    base, adapter, merged = right
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        shutil.copy(adapter / name, merged)
    with third_party_noise_off():
        loaded = load("llama", merged, "auto").state_dict()
    name = "model.layers.0.self_attn.q_proj"
    assert torch.equal(
        loaded[f"{name}.base_layer.weight"], merges.load_file(merged / "model.safetensors")[f"{name}.weight"]
    )
    assert f"{name}.lora_A.default.weight" in loaded
    verdict = proved(base, adapter, merged)
    assert reason(verdict) == (False, Code.MERGE_KEEPS_ADAPTER_FILES)
    assert {one.code for one in verdict.findings} == set()


def test_quantization_left_in_the_config(right: tuple[Path, Path, Path]) -> None:
    base, adapter, merged = right
    merges.set_config(merged, quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True})
    assert reason(proved(base, adapter, merged)) == (False, Code.MERGE_STATED_PACKED)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"rms_norm_eps": 1e-3}, "rms_norm_eps: 0.001 (1e-06)"),
        ({"rope_parameters": {"rope_type": "default", "rope_theta": 5e5}}, "rope_theta: 500000.0 (10000.0)"),
        (
            {"rope_theta": 5e5, "rope_parameters": None},
            "rope_theta: 500000.0 (10000.0)",
        ),  # as it was written until 2025
        ({"hidden_act": "gelu"}, "hidden_act: gelu (silu)"),
        ({"model_type": "mistral", "architectures": ["MistralForCausalLM"]}, "model_type: mistral (llama)"),
    ],
)
def test_a_config_that_computes_otherwise(right: tuple[Path, Path, Path], fields: dict[str, object], told: str) -> None:
    base, adapter, merged = right
    merges.set_config(merged, **fields)
    verdict = proved(base, adapter, merged)
    assert reason(verdict) == (False, Code.MERGE_COMPUTES_OTHERWISE)
    assert verdict.reason is not None
    assert told in finding_message(verdict.reason)
    assert [one.code for one in verdict.checks if one.status is CheckStatus.FAIL] == [CheckCode.CONFIG_AS_BASE]


def test_a_config_in_other_words(right: tuple[Path, Path, Path]) -> None:
    """Fields that another release of transformers writes, or that change no output of the weights."""
    base, adapter, merged = right
    stated = json.loads((merged / "config.json").read_text())
    older = {"rope_theta": 10000.0, "rope_scaling": None, "torch_dtype": "bfloat16", "transformers_version": "4.40.0"}
    kept = {name: value for name, value in stated.items() if name not in ("rope_parameters", "dtype", "head_dim")}
    free = {"use_cache": False, "_name_or_path": "x/y", "eos_token_id": [2, 3], "max_position_embeddings": 128}
    (merged / "config.json").write_text(json.dumps({**kept, **older, **free}))
    assert reason(proved(base, adapter, merged)) == (True, Code.MERGE_PROVED)


def test_wrong_weights_are_told_before_what_lies_around_them(right: tuple[Path, Path, Path], tmp_path: Path) -> None:
    base, adapter, _ = right
    merged = Path(shutil.copytree(base, tmp_path / "unmerged"))
    merges.set_config(merged, rms_norm_eps=1e-3)
    assert reason(proved(base, adapter, merged)) == (False, Code.MERGE_IS_THE_BASE)


def test_resized_and_not_merged(right: tuple[Path, Path, Path], tmp_path: Path) -> None:
    base, adapter, _ = right
    with third_party_noise_off():
        model = load("llama", base, "auto")
        model.resize_token_embeddings(192, mean_resizing=False)
        model.save_pretrained(tmp_path / "resized")
    assert reason(proved(base, adapter, tmp_path / "resized")) == (False, Code.MERGE_IS_THE_BASE)


def test_another_kind_of_model(right: tuple[Path, Path, Path], tmp_path: Path) -> None:
    base, adapter, _ = right
    other = make_base("gpt2", tmp_path / "gpt2")
    verdict = proved(base, adapter, other)
    assert reason(verdict) == (False, Code.MERGE_INTO_ANOTHER_BASE)
    assert verdict.reason is not None
    assert (verdict.reason.data["count"], verdict.reason.data["total"]) == (7, 7)


def test_a_head_s_size_may_be_left_open(tmp_path: Path) -> None:
    sizes = {"model_type": "deepseek_v3", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2}
    folders = []
    for name, head in (("stated", {"head_dim": 64}), ("open", {"head_dim": None}), ("other", {"head_dim": 32})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({**sizes, **head}))
        folders.append(Checkpoint(tmp_path / name, {}, (), {}, None))
    stated, left_open, other = folders
    assert differing_fields(stated, left_open) == []
    assert differing_fields(stated, other) == ["head_dim: 32 (64)"]


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize("name", ["model.norm.weight", "model.embed_tokens.weight"])
def test_one_unit_in_the_last_place(name: str, dtype: str, quick: bool, base_of: MakeBase, tmp_path: Path) -> None:
    """What no adapter targets is the base's to the bit; the least change of a single value is told, with its name."""
    base = base_of("llama", dtype)
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    merged = merge_with_peft("llama", base, adapter, tmp_path / "merged")

    def nudge(tensors: merges.Tensors) -> merges.Tensors:
        bits = tensors[name].view(torch.int32 if dtype == "float32" else torch.int16).clone()
        bits.view(-1)[3] += 1
        return {**tensors, name: bits.view(tensors[name].dtype)}

    verdict = proved(base, adapter, merges.edited(merged, tmp_path / "nudged", nudge), quick)
    assert reason(verdict) == (False, Code.MERGE_CHANGED_OTHERS)
    assert verdict.reason is not None
    assert name in finding_message(verdict.reason)
    [check] = [one for one in verdict.checks if one.code is CheckCode.OTHERS_IDENTICAL]
    assert check.status is CheckStatus.FAIL
    assert check.data["names"] == [name]
