"""What is said of several adapters before a weight is read: each refusal names its modules and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from folders import (
    HIDDEN,
    INNER,
    VOCABULARY,
    assert_says,
    codes,
    linear_modules,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    the,
    write_json,
)

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.requests import SUM, AdapterChoice, CheckRequest, Combination, CombinationMethod, Engine
from mergedesk.pipelines.check import check
from mergedesk.planning.preflight import Preflight

PREFIX = "base_model.model."
HEAD = f"{PREFIX}lm_head.weight"
Q_PROJ = linear_modules(("q_proj",))
OTHERS = [method for method in CombinationMethod if method is not CombinationMethod.CAT]


class Home(NamedTuple):
    """A base, and adapters by number."""

    folder: Path

    def put(self, number: int, tensors: Mapping[str, torch.Tensor] | None = None, **config: Any) -> Path:
        """Make adapter ``number``; its values are its own unless given."""
        own = lora_tensors(seed=number) if tensors is None else tensors
        return make_lora(self.folder / f"adapter{number}", own, **config)

    def check(self, *weights: float, how: Combination = SUM, **options: Any) -> Preflight:
        """Preflight of adapters 1, 2, … with these weights."""
        choices = tuple(
            AdapterChoice(self.folder / f"adapter{number + 1}", weight) for number, weight in enumerate(weights)
        )
        return check(CheckRequest(self.folder / "base", choices, combination=how, **options))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A base and two adapters that go together."""
    home = Home(tmp_path)
    make_model(tmp_path / "base")
    home.put(1)
    home.put(2)
    return home


def head(value: float, dtype: torch.dtype = torch.bfloat16) -> dict[str, torch.Tensor]:
    """A trained head."""
    return {HEAD: torch.full((VOCABULARY, HIDDEN), value, dtype=dtype)}


def test_adapters_that_go_together(home: Home) -> None:
    home.put(3, lora_tensors(seed=3, rank=2), r=2, lora_alpha=3)
    found = home.check(0.5, -1.0, 2.5)
    assert found.findings == ()
    assert found.engine is Engine.STREAMING
    assert (found.modules.targeted, found.modules.matched) == (42, 42)


@pytest.mark.parametrize("method", OTHERS)
def test_every_method_streams(method: CombinationMethod, home: Home) -> None:
    found = home.check(0.5, -1.0, how=Combination(method))
    assert found.findings == ()
    assert found.engine is Engine.STREAMING


# What the other methods cannot


@pytest.mark.parametrize("method", OTHERS)
def test_ranks_differ(method: CombinationMethod, home: Home) -> None:
    home.put(2, lora_tensors(Q_PROJ, rank=2), r=2, target_modules=["q_proj"])
    assert home.check(1.0, 1.0).findings == ()
    found = home.check(1.0, 1.0, how=Combination(method))
    finding = the(found.findings, Code.COMBINATION_RANKS_DIFFER)
    assert_says(finding, Severity.ERROR, method.value, "2, 4", *Q_PROJ, "cat")
    assert finding.data["names"] == Q_PROJ


def test_ranks_that_never_meet(home: Home) -> None:
    """PEFT asks for one rank throughout; what matters is that each module has one."""
    home.put(1, lora_tensors(linear_modules(("up_proj",))), target_modules=["up_proj"])
    home.put(2, lora_tensors(Q_PROJ, rank=2), r=2, target_modules=["q_proj"])
    assert home.check(1.0, 1.0, how=Combination(CombinationMethod.TIES)).findings == ()


def test_trained_biases_are_no_factors(home: Home) -> None:
    biases = {f"{name}.bias": torch.zeros(HIDDEN) for name in Q_PROJ}
    make_model(home.folder / "base", llama_tensors() | biases, attention_bias=True)
    trained = {f"{PREFIX}{name}.lora_B.bias": torch.ones(HIDDEN) for name in Q_PROJ}
    home.put(2, lora_tensors(seed=2) | trained, lora_bias=True)
    assert home.check(1.0, 1.0).findings == ()
    found = home.check(1.0, 1.0, how=Combination(CombinationMethod.LINEAR))
    assert_says(the(found.findings, Code.COMBINATION_UNDEFINED), Severity.ERROR, "linear", "lora_bias", "cat")


def test_other_methods_of_training_are_no_factors(home: Home) -> None:
    home.put(2, {f"{PREFIX}{Q_PROJ[0]}.hada_w1_a": torch.ones(HIDDEN, 2)}, peft_type="LOHA")
    found = home.check(1.0, 1.0, how=Combination(CombinationMethod.TIES))
    assert_says(the(found.findings, Code.COMBINATION_UNDEFINED), Severity.ERROR, "ties", "LOHA")


@pytest.mark.parametrize("density", [0.0, -0.5, 1.5, float("nan")])
def test_density_out_of_range(density: float, home: Home) -> None:
    found = home.check(1.0, 1.0, how=Combination(CombinationMethod.TIES, density))
    assert_says(the(found.findings, Code.DENSITY_OUT_OF_RANGE), Severity.ERROR, "0.5")
    assert home.check(1.0, 1.0, how=Combination(CombinationMethod.LINEAR, density)).findings == ()


def test_one_adapter_has_nothing_to_combine(home: Home) -> None:
    found = home.check(0.5, how=Combination(CombinationMethod.TIES))
    assert_says(the(found.findings, Code.COMBINATION_IDLE), Severity.INFO, "ties")
    assert not found.refused


# Full copies


def test_two_copies_of_one_module(home: Home) -> None:
    home.put(1, lora_tensors(seed=1) | head(0.5))
    home.put(2, lora_tensors(seed=2) | head(0.25))
    found = home.check(1.0, 1.0)
    assert_says(the(found.findings, Code.CONFLICTING_REPLACEMENTS), Severity.ERROR, "lm_head.weight")


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_the_same_copy_twice_is_one(dtype: torch.dtype, home: Home) -> None:
    home.put(1, lora_tensors(seed=1) | head(0.5))
    home.put(2, lora_tensors(seed=2) | head(0.5, dtype))
    assert home.check(1.0, 1.0).findings == ()
    home.put(2, lora_tensors(seed=2) | head(0.5001, torch.float32))
    assert home.check(1.0, 1.0).refused


def test_a_copy_of_what_another_adapter_changes(home: Home) -> None:
    copied = {f"{PREFIX}{Q_PROJ[0]}.weight": torch.zeros(HIDDEN, HIDDEN)}
    home.put(2, copied)
    found = home.check(1.0, 1.0)
    assert_says(the(found.findings, Code.CONFLICTING_REPLACEMENTS), Severity.ERROR, "q_proj")


def test_adapters_that_carry_the_base_s_embeddings(home: Home) -> None:
    """PEFT saves a targeted embedding's own weights along: no replacement, at any strength."""
    table = llama_tensors()["model.embed_tokens.weight"]
    for number in (1, 2):
        a, b = torch.ones(4, VOCABULARY) * number, torch.ones(HIDDEN, 4)
        name = f"{PREFIX}model.embed_tokens"
        copies = {f"{name}.base_layer.weight": table.float() if number == 2 else table}
        pair = {f"{name}.lora_embedding_A": a, f"{name}.lora_embedding_B": b}
        home.put(number, lora_tensors(seed=number) | pair | copies)
    assert home.check(0.5, -1.0).findings == ()
    home.put(3, lora_tensors(seed=3) | {f"{PREFIX}model.embed_tokens.weight": table + 1})
    found = home.check(1.0, 1.0, 1.0)
    assert_says(the(found.findings, Code.CONFLICTING_REPLACEMENTS), Severity.ERROR, "embed_tokens")


def test_copies_have_no_strength(home: Home) -> None:
    home.put(1, lora_tensors(seed=1) | head(0.5))
    found = home.check(0.5, 1.0)
    assert_says(the(found.findings, Code.COPIES_CANNOT_BE_SCALED), Severity.ERROR, "lm_head")
    assert home.check(1.0, 0.5).findings == ()


# DoRA


def dora(modules: list[str], seed: int) -> dict[str, torch.Tensor]:
    """Low-rank pairs with magnitudes."""
    magnitudes = {
        f"{PREFIX}{name}.lora_magnitude_vector": torch.ones(INNER if "up_proj" in name else HIDDEN) for name in modules
    }
    return lora_tensors(modules, seed=seed) | magnitudes


@pytest.mark.parametrize("both", [True, False])
def test_dora_with_another_on_one_layer_refuses(both: bool, home: Home) -> None:
    home.put(1, dora(Q_PROJ, 1), use_dora=True, target_modules=["q_proj"])
    if both:
        home.put(2, dora(Q_PROJ, 2), use_dora=True, target_modules=["q_proj"])
    found = home.check(1.0, 1.0)
    finding = the(found.findings, Code.DORA_SHARES_MODULE)
    assert_says(finding, Severity.ERROR, *Q_PROJ, "which comes first")
    assert finding.data["names"] == Q_PROJ


def test_dora_beside_another(home: Home) -> None:
    home.put(1, dora(Q_PROJ, 1), use_dora=True, target_modules=["q_proj"])
    home.put(2, lora_tensors(linear_modules(("up_proj",))), target_modules=["up_proj"])
    found = home.check(1.0, 1.0)
    assert Code.DORA_SHARES_MODULE not in codes(found.findings)
    assert (found.refused, found.engine) == (False, Engine.STREAMING)


# The list itself


def test_one_adapter_twice(home: Home) -> None:
    home.put(2, lora_tensors(seed=1))
    found = home.check(1.0, 0.5)
    assert_says(the(found.findings, Code.SAME_ADAPTER_TWICE), Severity.ERROR, "adapter1", "adapter2", "larger weight")


def test_different_bases(home: Home) -> None:
    home.put(1, base_model_name_or_path="acme/base")
    home.put(2, base_model_name_or_path="acme/Little-7B")
    found = home.check(1.0, 1.0)
    assert_says(the(found.findings, Code.BASES_DIFFER), Severity.WARNING, "adapter1 (base)", "adapter2 (Little-7B)")
    home.put(2, base_model_name_or_path="/home/someone/Base")
    assert home.check(1.0, 1.0).findings == ()


def test_the_last_tokenizer_wins(home: Home) -> None:
    make_tokenizer(home.folder / "base")
    for number in (1, 2):
        make_tokenizer(home.folder / f"adapter{number}")
    assert home.check(1.0, 1.0).findings == ()
    make_tokenizer(home.folder / "adapter1", 90)
    found = home.check(1.0, 1.0)
    assert_says(the(found.findings, Code.TOKENIZERS_DIFFER), Severity.WARNING, "“adapter2”", "last")


def test_two_chat_templates(home: Home) -> None:
    for number in (1, 2):
        make_tokenizer(home.folder / f"adapter{number}", chat_template=f"{number}")
    assert Code.TOKENIZERS_DIFFER in codes(home.check(1.0, 1.0).findings)


def test_one_keeps_a_tie_that_another_would_tear(home: Home) -> None:
    tensors = llama_tensors()
    del tensors["lm_head.weight"]
    make_model(home.folder / "base", tensors, tie_word_embeddings=True)
    head_pair = lora_tensors(["lm_head"], seed=5)
    embeddings = {
        f"{PREFIX}model.embed_tokens.lora_embedding_A": torch.ones(4, VOCABULARY),
        f"{PREFIX}model.embed_tokens.lora_embedding_B": torch.ones(HIDDEN, 4),
    }
    home.put(1, embeddings, ensure_weight_tying=True, target_modules=["embed_tokens"])
    home.put(2, head_pair, target_modules=["lm_head"])
    found = home.check(1.0, 1.0)
    assert_says(the(found.findings, Code.SHARED_EMBEDDING_UNCLEAR), Severity.ERROR, "lm_head", "embed_tokens")


# Adapters that were trained one on top of the other


@pytest.mark.parametrize("recorded", ["/runs/adapter1", "adapter1-merged", "somebody/adapter1_merged"])
def test_a_chain_that_is_given_whole(recorded: str, home: Home) -> None:
    home.put(2, base_model_name_or_path=recorded)
    found = home.check(1, 1)
    assert codes(found.findings).isdisjoint({Code.BASES_DIFFER, Code.WRONG_BASE_NAME, Code.ADAPTER_ON_ADAPTER})


@pytest.mark.parametrize("full", [True, False])
def test_the_last_of_a_chain_alone(full: bool, home: Home) -> None:
    first = home.folder / "adapter1"
    home.put(2, base_model_name_or_path=str(first) if full else "/gone/adapter1")
    alone = check(CheckRequest(home.folder / "base", (AdapterChoice(home.folder / "adapter2"),)))
    assert not alone.refused
    assert_says(the(alone.findings, Code.ADAPTER_ON_ADAPTER), Severity.WARNING, "adapter2", str(first))
    assert Code.WRONG_BASE_NAME not in codes(alone.findings)
    # The way out: with the first one too, there is nothing to say.
    assert Code.ADAPTER_ON_ADAPTER not in codes(home.check(1, 1).findings)


def test_a_chain_whose_first_is_in_the_base_already(home: Home) -> None:
    write_json(home.folder / "base/mergedesk-report.json", {"adapters": [{"name": "adapter1", "sha256": "0"}]})
    home.put(2, base_model_name_or_path="/runs/adapter1-merged")
    alone = check(CheckRequest(home.folder / "base", (AdapterChoice(home.folder / "adapter2"),)))
    assert codes(alone.findings).isdisjoint({Code.WRONG_BASE_NAME, Code.ADAPTER_ON_ADAPTER})


def test_a_finding_says_which_of_several_adapters_it_is_about(home: Home) -> None:
    home.put(2, lora_tensors(seed=2, rank=2), r=4)
    told = the(home.check(1, 1).findings, Code.RANK_DIFFERS)
    assert told.about == str(home.folder / "adapter2")
    home.put(2, {HEAD: torch.ones(VOCABULARY, HIDDEN)}, modules_to_save=["lm_head"], target_modules=[])
    scaled = [one for one in home.check(1, 0.5).findings if one.code is Code.COPIES_CANNOT_BE_SCALED]
    assert {one.about for one in scaled} <= {str(home.folder / "adapter2")}
    (home.folder / "adapter1" / "adapter_config.json").write_text("{")
    broken = the(home.check(1, 1).findings, Code.JSON_BROKEN)
    assert broken.about == str(home.folder / "adapter1")


def test_a_finding_of_the_base_is_about_the_base(home: Home) -> None:
    (home.folder / "base" / "config.json").write_text("{")
    assert the(home.check(1, 1).findings, Code.JSON_BROKEN).about == str(home.folder / "base")
