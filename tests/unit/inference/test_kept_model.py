"""A model that stays loaded answers at every strength what an adapter loaded at that strength does."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from peft import IA3Config, get_peft_model
from tiny_models import load, make_adapter, make_base, randomise_trainable, third_party_noise_off
from tokenizers_made import TEMPLATE, add_tokenizer

from mergedesk.domain.findings import Code
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod
from mergedesk.inference import load_model
from mergedesk.inference.kept_model import KeptModel
from mergedesk.inference.trial import Side, Trial, TrialRequest
from mergedesk.pipelines.trial import try_it, try_strength, why_one_strength

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_tokenizer(make_base("llama", tmp_path_factory.mktemp("llama") / "base"), TEMPLATE)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Side]:
    """The sides whose model was loaded."""
    seen: list[Side] = []
    real = load_model._load

    def watched(inputs: object, side: Side) -> object:
        seen.append(side)
        return real(inputs, side)  # type: ignore[arg-type]

    monkeypatch.setattr(load_model, "_load", watched)
    return seen


def at(request: TrialRequest, *weights: float) -> TrialRequest:
    pairs = zip(request.adapters, weights, strict=True)
    return replace(request, adapters=tuple(replace(adapter, weight=weight) for adapter, weight in pairs))


def kept(request: TrialRequest, model: KeptModel) -> Trial:
    return try_strength(request, lambda _: None, lambda _: None, CancelToken(), model)


def fresh(request: TrialRequest) -> Trial:
    return try_it(request, lambda _: None, lambda _: None, CancelToken())


def asked(base: Path, *adapters: Path, combination: Combination | None = None) -> TrialRequest:
    choices = tuple(map(AdapterChoice, adapters))
    return TrialRequest(
        base, choices, None, "Who?", (Side.UNMERGED,), max_new_tokens=10, combination=combination or Combination()
    )


def with_alpha(adapter: Path, folder: Path, factor: float) -> Path:
    """The adapter as if it had been trained with another scaling, which PEFT reads from its config."""
    shutil.copytree(adapter, folder)
    config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    config["lora_alpha"] *= factor
    (folder / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.mark.parametrize("options", [{}, {"use_dora": True}, {"use_rslora": True}], ids=["lora", "dora", "rslora"])
def test_each_strength_gives_the_tokens_of_an_adapter_loaded_with_that_scaling(
    tmp_path: Path, base: Path, loads: list[Side], options: dict[str, bool]
) -> None:
    adapter = make_adapter("llama", base, tmp_path / "adapter", **options)
    model = KeptModel()
    request, said = asked(base, adapter), dict[float, tuple[int, ...]]()
    for strength in (1.0, 0.5, -1.0, 3.0, 0.5, 1.0):
        (answer,) = kept(at(request, strength), model).answers
        assert answer.trouble is None
        assert said.setdefault(strength, answer.token_ids) == answer.token_ids
    assert len(loads) == 1, "it was loaded once"
    model.let_go()
    for strength, tokens in said.items():
        scaled = with_alpha(adapter, tmp_path / f"scaled{strength}", strength)
        (answer,) = fresh(asked(base, scaled)).answers
        assert answer.token_ids == tokens, strength
    assert len(set(said.values())) > 2, "strengths are heard"


@pytest.mark.parametrize("method", [CombinationMethod.CAT, CombinationMethod.TIES])
def test_several_adapters_are_moved_each_by_itself(
    tmp_path: Path, base: Path, loads: list[Side], method: CombinationMethod
) -> None:
    adapters = [make_adapter("llama", base, tmp_path / f"adapter{number}", seed=number) for number in (1, 2)]
    request, model = asked(base, *adapters, combination=Combination(method)), KeptModel()
    weights = ((1.0, 1.0), (0.5, 2.0), (2.0, -0.5), (1.0, 1.0))
    said = [kept(at(request, *pair), model).answers[0] for pair in weights]
    assert [answer.trouble for answer in said] == [None] * 4
    assert len(loads) == 1
    model.let_go()
    assert [one.token_ids for one in said] == [fresh(at(request, *pair)).answers[0].token_ids for pair in weights]
    assert len({one.token_ids for one in said}) > 1


def test_other_folders_and_changed_files_are_loaded_anew(tmp_path: Path, base: Path, loads: list[Side]) -> None:
    first, second = (make_adapter("llama", base, tmp_path / f"a{number}", seed=number) for number in (1, 2))
    model = KeptModel()
    kept(asked(base, first), model)
    kept(asked(base, second), model)
    assert len(loads) == 2
    weights = second / "adapter_model.safetensors"
    os.utime(weights, ns=(1, 1))
    kept(asked(base, second), model)
    kept(replace(asked(base, second), prompt="What?", max_new_tokens=3), model)
    assert len(loads) == 3
    model.let_go()


def test_a_kind_without_a_strength_says_so(tmp_path: Path, base: Path) -> None:
    adapter = tmp_path / "ia3"
    config = IA3Config(task_type="CAUSAL_LM", target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"])
    with third_party_noise_off():
        model = get_peft_model(load("llama", base), config)
        randomise_trainable(model)
        model.save_pretrained(adapter)
    said = why_one_strength(asked(base, adapter))
    assert said is not None
    assert said.code is Code.TRIAL_ONE_STRENGTH
    assert "An adapter of this kind (IA3) can only be merged" in finding_message(said)


@pytest.mark.parametrize("options", [{}, {"use_dora": True}])
def test_lora_and_dora_have_a_strength(tmp_path: Path, base: Path, options: dict[str, bool]) -> None:
    assert why_one_strength(asked(base, make_adapter("llama", base, tmp_path / "adapter", **options))) is None
