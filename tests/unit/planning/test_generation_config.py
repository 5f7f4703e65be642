"""The token that ends a text, and a generation_config.json whose fields contradict each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from folders import assert_says, codes, make_lora, make_model, make_tokenizer, request, write_json
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import third_party_noise_off
from transformers import GenerationConfig

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Severity, SkipReason
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.messages import check_message
from mergedesk.domain.progress import CancelToken
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


def run(home: Path) -> MergeReport:
    with third_party_noise_off():
        report = merge(request(home / "base", home / "adapter", home / "out"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    return report


def end_token(home: Path) -> Check:
    [found] = [one for one in run(home).checks if one.code is CheckCode.END_TOKEN_AGREES]
    return found


# Answers that never stop


def test_tokenizer_and_configs_agree(home: Path) -> None:
    write_json(home / "base" / "generation_config.json", {"eos_token_id": [2, 7]})
    found = end_token(home)
    assert found.status is CheckStatus.PASS
    assert check_message(found) == "Text ends at the tokenizer's </s> (2), as the configs say too."


@pytest.mark.parametrize("eos", ["w9", {"content": "w9", "lstrip": False}])
def test_the_adapter_s_tokenizer_ends_elsewhere(eos: object, home: Path) -> None:
    make_tokenizer(home / "adapter", eos_token=eos)
    found = end_token(home)
    assert found.status is CheckStatus.WARN
    assert check_message(found).startswith("The tokenizer ends text with w9 (9), but config.json says 2:")


def test_generation_config_ends_elsewhere(home: Path) -> None:
    write_json(home / "base" / "generation_config.json", {"eos_token_id": [7, 8]})
    found = end_token(home)
    assert (found.status, found.data["names"]) == (CheckStatus.WARN, ["generation_config.json"])


def test_end_token_of_the_language_model_inside() -> None:
    from mergedesk.verification.staged.tokenizer import TokenizerFacts
    from mergedesk.verification.staged.vocabulary import end_of_text_check

    facts = TokenizerFacts("X", 99, eos_token="</s>", eos_id=2)
    for inner, status in ((2, CheckStatus.PASS), ([5], CheckStatus.WARN)):
        config = {"text_config": {"eos_token_id": inner}}
        assert end_of_text_check(Path("nowhere"), config, facts).status is status


def test_an_end_that_is_not_named_is_not_judged(home: Path) -> None:
    make_model(home / "base", eos_token_id=None)
    found = end_token(home)
    assert (found.status, found.data["reason"]) == (CheckStatus.SKIPPED, SkipReason.END_TOKEN_UNSTATED)
    assert check_message(found).startswith("Not applicable here. Tokenizer or configs")


# A generation config that transformers would not save


ODD: list[tuple[dict[str, Any], list[str]]] = [
    ({"do_sample": False, "temperature": 0.6, "top_p": 0.9}, ["temperature", "top_p"]),
    ({"temperature": 0.9}, ["temperature"]),
    ({"top_k": 20, "min_p": 0.1}, ["min_p", "top_k"]),
    ({"num_return_sequences": 3}, ["num_return_sequences"]),
    ({"do_sample": True, "length_penalty": 0.5}, ["length_penalty"]),
    ({"do_sample": True, "num_beams": 1, "early_stopping": True}, ["early_stopping"]),
]


@pytest.mark.parametrize(("config", "fields"), ODD)
def test_contradictions_are_named_and_copied(config: dict[str, Any], fields: list[str], home: Path) -> None:
    file = write_json(home / "base" / "generation_config.json", config)
    found = check(request(home / "base", home / "adapter"))
    [finding] = [one for one in found.findings if one.code is Code.GENERATION_CONFIG_ODD]
    assert_says(finding, Severity.WARNING, "generation_config.json", ", ".join(fields))
    assert not found.refused
    with pytest.raises(ValueError, match=r"invalid|support"):
        GenerationConfig(**config).save_pretrained(home)
    assert run(home).status is MergeStatus.MERGED
    assert (home / "out" / "generation_config.json").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("content", ["", "[]", '{"do_sample": true, "temperature": 0.6}', '{"temperature": null}'])
def test_generation_configs_that_contradict_nothing(content: str, home: Path) -> None:
    (home / "base" / "generation_config.json").write_text(content, encoding="utf-8")
    assert Code.GENERATION_CONFIG_ODD not in codes(check(request(home / "base", home / "adapter")).findings)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    config=st.fixed_dictionaries(
        {},
        optional={
            "do_sample": st.booleans() | st.none(),
            "num_beams": st.sampled_from([1, 4]),
            "temperature": st.sampled_from([0.5, 1.0, 1]),
            "top_p": st.sampled_from([0.5, 1.0]),
            "top_k": st.sampled_from([50, 5]),
            "min_p": st.sampled_from([None, 0.1]),
            "typical_p": st.sampled_from([1.0, 0.2]),
            "epsilon_cutoff": st.sampled_from([0.0, 0.1]),
            "eta_cutoff": st.sampled_from([0.0, 0.1]),
            "early_stopping": st.sampled_from([False, True, "never"]),
            "length_penalty": st.sampled_from([1.0, 2.0]),
            "num_return_sequences": st.sampled_from([1, 2]),
        },
    )
)
def test_contradictions_are_transformers_own(config: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("odd")
    make_lora(folder / "adapter")
    write_json(make_model(folder / "base") / "generation_config.json", json.loads(json.dumps(config)))
    found = check(request(folder / "base", folder / "adapter"))
    try:
        GenerationConfig(**config).validate(strict=True)
        valid = True
    except ValueError:
        valid = False
    assert (Code.GENERATION_CONFIG_ODD not in codes(found.findings)) is valid
