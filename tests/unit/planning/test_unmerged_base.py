"""A base that was saved with its adapter still apart: told, and with leave merged together with the adapter given."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders import (
    Tensors,
    assert_says,
    codes,
    llama_tensors,
    lora_config,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    request,
    the,
    write_json,
)
from safetensors.torch import load_file

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.messages import finding_text
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, Engine, Precision, VerifyRequest
from mergedesk.domain.verdict import VerifyStatus
from mergedesk.inference.trial import Side, TrialRequest, UnmergedLoading
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.trial import try_it
from mergedesk.pipelines.verify import verify

PREFIX = "base_model.model."
INNER = "model.layers.0.self_attn.q_proj"
OTHER = "model.layers.0.mlp.down_proj"
OWN_ALPHA, GIVEN_ALPHA, RANK = 12, 8, 4


def unmerged(prefix: str = PREFIX, name: str = "default.") -> Tensors:
    """A model as it is saved whole with PEFT's wrappers on."""
    pairs = {
        key.removeprefix(PREFIX).replace(".weight", f".{name}weight"): value
        for key, value in lora_tensors([INNER], RANK, seed=5).items()
    }
    plain = {key.replace(f"{INNER}.", f"{INNER}.base_layer."): value for key, value in llama_tensors().items()}
    return {f"{prefix}{key}": value for key, value in {**plain, **pairs}.items()}


def with_config(base: Path, **changes: object) -> Path:
    config = lora_config(r=RANK, lora_alpha=OWN_ALPHA, target_modules=["q_proj"], **changes)
    write_json(base / "adapter_config.json", config)
    return base


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return make_lora(tmp_path / "adapter", lora_tensors([OTHER], RANK), target_modules=["down_proj"])


def delta(module: str, seed: int, alpha: float) -> torch.Tensor:
    pair = lora_tensors([module], RANK, seed=seed)
    a, b = (pair[f"{PREFIX}{module}.lora_{part}.weight"].float() for part in "AB")
    return alpha / RANK * b @ a


def assert_merged(output: Path, changed: dict[str, torch.Tensor]) -> None:
    """Every tensor is the plain base's, or that and its delta, rounded once."""
    before, after = llama_tensors(), load_file(output / "model.safetensors")
    assert after.keys() == before.keys()
    for key, value in after.items():
        if key in changed:
            expected = before[key].float() + changed[key]
            assert torch.allclose(value.float(), expected, rtol=2**-8, atol=1e-6), key
        else:
            assert torch.equal(value, before[key]), key


@pytest.mark.parametrize("prefix", [PREFIX, "", "module.", f"_orig_mod.{PREFIX}", f"module._orig_mod.{PREFIX}"])
@pytest.mark.parametrize("name", ["default.", ""])
def test_merged_with_leave(prefix: str, name: str, adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_tokenizer(make_model(tmp_path / "base", unmerged(prefix, name))))
    refused = check(request(base, adapter))
    assert_says(the(refused.findings, Code.OWN_ADAPTER_MERGEABLE), Severity.ERROR, "--fold-own", str(OWN_ALPHA))
    report = merge(request(base, adapter, tmp_path / "out", fold_own=True))
    assert report.status is MergeStatus.MERGED, report.findings
    assert_says(the(report.findings, Code.OWN_ADAPTER_MERGED), Severity.WARNING, INNER)
    assert Code.LEFTOVER_ADAPTER_CONFIG not in codes(report.findings)
    assert [identity.name for identity in report.adapters] == ["adapter"]
    assert_merged(
        tmp_path / "out",
        {f"{INNER}.weight": delta(INNER, 5, OWN_ALPHA), f"{OTHER}.weight": delta(OTHER, 1, GIVEN_ALPHA)},
    )


def test_both_on_one_module(tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged()))
    adapter = make_lora(tmp_path / "adapter", lora_tensors([INNER], RANK), target_modules=["q_proj"])
    assert merge(request(base, adapter, tmp_path / "out", fold_own=True)).status is MergeStatus.MERGED
    both = delta(INNER, 5, OWN_ALPHA) + delta(INNER, 1, GIVEN_ALPHA)
    assert_merged(tmp_path / "out", {f"{INNER}.weight": both})


def test_the_merge_is_proved_and_one_without_it_refuted(adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged()))
    merge(request(base, adapter, tmp_path / "out", fold_own=True))
    asked = VerifyRequest(base, (AdapterChoice(adapter),), tmp_path / "out")
    verdict = verify(asked)
    assert (verdict.status, verdict.matches) == (VerifyStatus.PROVED, True), verdict.reason
    merge(request(make_model(tmp_path / "plain"), adapter, tmp_path / "without"))
    assert verify(VerifyRequest(base, asked.adapters, tmp_path / "without")).matches is False


def test_the_scaling_is_told_by_the_person(adapter: Path, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", unmerged())
    found = the(check(request(base, adapter, fold_own=True)).findings, Code.OWN_ADAPTER_NEEDS_ALPHA)
    assert found.severity is Severity.ERROR
    assert "--own-alpha" in finding_text(found).hint
    report = merge(request(base, adapter, tmp_path / "out", own_alpha=2.0))
    assert report.status is MergeStatus.MERGED, report.findings
    changed = {f"{INNER}.weight": delta(INNER, 5, 2.0), f"{OTHER}.weight": delta(OTHER, 1, GIVEN_ALPHA)}
    assert_merged(tmp_path / "out", changed)


def test_the_file_that_the_sentence_writes_out_tells_it_too(adapter: Path, tmp_path: Path) -> None:
    """The window has no field for it."""
    base = make_model(tmp_path / "base", unmerged())
    found = the(check(request(base, adapter, fold_own=True)).findings, Code.OWN_ADAPTER_NEEDS_ALPHA)
    example = re.search(r"\{.+?\}", finding_text(found).hint)
    assert example
    (base / "adapter_config.json").write_text(example[0])
    report = merge(request(base, adapter, tmp_path / "out", fold_own=True))
    assert report.status is MergeStatus.MERGED, report.findings
    changed = {f"{INNER}.weight": delta(INNER, 5, 16.0), f"{OTHER}.weight": delta(OTHER, 1, GIVEN_ALPHA)}
    assert_merged(tmp_path / "out", changed)


def test_what_was_merged_with_a_told_scaling_is_proved_with_it(adapter: Path, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", unmerged())
    merge(request(base, adapter, tmp_path / "out", own_alpha=2.0))
    asked = VerifyRequest(base, (AdapterChoice(adapter),), tmp_path / "out")
    assert Code.OWN_ADAPTER_NEEDS_ALPHA in codes(verify(asked).findings)
    assert verify(replace(asked, own_alpha=2.0)).matches is True
    assert verify(replace(asked, own_alpha=3.0)).matches is False


@pytest.mark.slow
def test_it_is_tried_without_its_adapter_with_it_and_merged(adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_tokenizer(make_model(tmp_path / "base", unmerged())), layers_to_transform=[0])
    write_json(adapter / "adapter_config.json", lora_config(target_modules=["down_proj"], layers_to_transform=[0]))
    merge(request(base, adapter, tmp_path / "out", fold_own=True))
    asked = TrialRequest(base, (AdapterChoice(adapter),), tmp_path / "out", "ab", max_new_tokens=4)
    trial = try_it(replace(asked, precision=Precision.FLOAT32), lambda _: None, lambda _: None, CancelToken())
    assert [answer.trouble for answer in trial.answers] == [None, None, None], trial.findings
    assert [trial.differences[0].same, len(trial.answers)] == [True, 3]
    plain = make_tokenizer(make_model(tmp_path / "plain"))
    alone = try_it(
        replace(asked, base=plain, sides=(Side.BASE,), precision=Precision.FLOAT32), print, print, CancelToken()
    )
    assert trial.answers[0].token_ids == alone.answers[0].token_ids
    told = try_it(
        replace(asked, loading=UnmergedLoading.AUTO_CLASS, sides=(Side.UNMERGED,)), print, print, CancelToken()
    )
    assert told.answers[0].trouble is not None
    assert_says(told.answers[0].trouble, Severity.ERROR, "PeftModel.from_pretrained")


def test_a_copy_to_save_takes_the_place_of_the_original(adapter: Path, tmp_path: Path) -> None:
    tensors = unmerged()
    head = tensors.pop(f"{PREFIX}lm_head.weight")
    tensors[f"{PREFIX}lm_head.original_module.weight"] = head
    tensors[f"{PREFIX}lm_head.modules_to_save.default.weight"] = head + 1
    base = with_config(make_model(tmp_path / "base", tensors), modules_to_save=["lm_head"])
    report = merge(request(base, adapter, tmp_path / "out", fold_own=True))
    assert report.status is MergeStatus.MERGED, report.findings
    assert torch.equal(load_file(tmp_path / "out" / "model.safetensors")["lm_head.weight"], head + 1)


def test_what_is_not_one_plain_adapter_stays_refused(adapter: Path, tmp_path: Path) -> None:
    second = {key.replace(".weight", ".second.weight"): one for key, one in lora_tensors([INNER], RANK).items()}
    other = {key.replace(".lora_A.", ".hada_w1_a."): value for key, value in unmerged().items()}
    for name, tensors in (("two", {**unmerged(), **second}), ("other", other)):
        base = with_config(make_model(tmp_path / name, tensors))
        for options in ({"fold_own": True}, {"own_alpha": 4.0}):
            assert Code.BASE_HOLDS_ADAPTER in codes(check(request(base, adapter, **options)).findings), name


def test_what_cannot_be_taken_apart_is_offered_nothing_and_blamed_on_nothing_else(
    adapter: Path, tmp_path: Path
) -> None:
    whole, token_adapter = unmerged(), f"{PREFIX}model.embed_tokens.token_adapter"
    without = {part: {k: v for k, v in whole.items() if part not in k} for part in ("lora_A", "lora_B", "base_layer")}
    delta = {f"{token_adapter}.trainable_tokens_delta.default": torch.ones(2, 32)}
    tokens = {k.replace("embed_tokens", "embed_tokens.token_adapter.base_layer"): v for k, v in whole.items()} | delta
    for number, tensors in enumerate((*without.values(), tokens)):
        base = with_config(make_model(tmp_path / f"base{number}", tensors))
        for options in ({}, {"fold_own": True}, {"own_alpha": 4.0}):
            refused = check(request(base, adapter, **options))
            said = the(refused.findings, Code.BASE_HOLDS_ADAPTER)
            assert_says(said, Severity.ERROR, "merge_and_unload")
            assert "--own-alpha" not in finding_text(said).whole
            assert Code.KEYS_UNMATCHED not in codes(refused.findings)


def test_what_the_person_tells_takes_only_the_scaling_of_what_is_stated(adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged()), use_rslora=True)
    merge(request(base, adapter, tmp_path / "out", own_alpha=2.0))
    own = delta(INNER, 5, 2.0) * RANK**0.5
    assert_merged(tmp_path / "out", {f"{INNER}.weight": own, f"{OTHER}.weight": delta(OTHER, 1, GIVEN_ALPHA)})


def test_what_an_initialisation_took_out_is_out_already(adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged()), init_lora_weights="pissa")
    report = merge(request(base, adapter, tmp_path / "out", fold_own=True))
    assert report.status is MergeStatus.MERGED, report.findings
    both = {f"{INNER}.weight": delta(INNER, 5, OWN_ALPHA), f"{OTHER}.weight": delta(OTHER, 1, GIVEN_ALPHA)}
    assert_merged(tmp_path / "out", both)


@pytest.mark.parametrize(
    "options",
    [{"engine": Engine.PEFT}, {"combination": Combination(CombinationMethod.LINEAR)}, {"own_alpha": float("inf")}],
)
def test_ways_that_cannot_take_it_along_are_refused(options: dict[str, object], adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged()))
    assert check(request(base, adapter, fold_own=True, **options)).refused


def test_a_model_that_wraps_itself_anew_stays_refused(adapter: Path, tmp_path: Path) -> None:
    base = with_config(make_model(tmp_path / "base", unmerged(), use_llm_lora=16))
    assert Code.BASE_HOLDS_ADAPTER in codes(check(request(base, adapter, fold_own=True)).findings)
