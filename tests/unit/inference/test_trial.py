"""Trying models: the answers are those of transformers and PEFT, streamed, greedy, and stopped when asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from peft import LoraConfig, get_peft_model
from tiny_models import make_adapter, make_base, randomise_trainable, third_party_noise_off
from tokenizers_made import TEMPLATE, add_tokenizer
from transformers import AutoModelForCausalLM
from trial_cases import expected, ignore, merge, request

from mergedesk.domain.findings import Code
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, Precision
from mergedesk.inference.trial import (
    AnswerKind,
    Ended,
    Piece,
    Side,
    Trial,
    TrialProgress,
    TrialRequest,
    TrialStep,
    UnmergedLoading,
)
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.pipelines.trial import try_it


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with a tokenizer and a chat template, an adapter, and their merge."""
    home = tmp_path_factory.mktemp("trial")
    base = add_tokenizer(make_base("llama", home / "base"), TEMPLATE)
    make_adapter("llama", base, home / "adapter")
    merge(home, "merged", ("adapter", 1.0))
    return home


def tried(asked: TrialRequest, cancel: CancelToken | None = None) -> tuple[Trial, list[Piece]]:
    pieces: list[Piece] = []
    return try_it(asked, pieces.append, ignore, cancel or CancelToken()), pieces


@pytest.mark.slow
@pytest.mark.parametrize("loading", UnmergedLoading)
def test_answers_are_those_of_a_plain_script(home: Path, loading: UnmergedLoading) -> None:
    trial, pieces = tried(request(home, loading=loading))
    assert trial.task is AnswerKind.TEXT
    assert [one.side for one in trial.answers] == list(Side)
    for one in trial.answers:
        assert list(one.token_ids) == expected(home, one.side)
        assert one.trouble is None
        assert "".join(piece.text for piece in pieces if piece.side is one.side) == one.text
        assert one.first_token_seconds is not None
        assert 0 < one.first_token_seconds <= one.seconds
    assert [one.code for one in trial.findings] == [Code.TRIAL_TEMPLATE_APPLIED]


@pytest.mark.slow
def test_the_two_ways_to_load_give_different_objects(home: Path) -> None:
    for loading, name, code in (
        (UnmergedLoading.PEFT_MODEL, "PeftModelForCausalLM", Code.TRIAL_LOADED_AS_PEFT_MODEL),
        (UnmergedLoading.AUTO_CLASS, "LlamaForCausalLM", Code.TRIAL_LOADED_BY_AUTO_CLASS),
    ):
        trial, _ = tried(request(home, loading=loading, sides=(Side.UNMERGED,)))
        (answer,) = trial.answers
        assert answer.class_name == name
        assert answer.loaded_as is not None
        assert answer.loaded_as.code is code


@pytest.mark.slow
def test_merged_and_unmerged_are_compared(home: Path) -> None:
    trial, _ = tried(request(home, precision=Precision.FLOAT32))
    first = trial.differences[0]
    assert (first.one, first.other, first.same) == (Side.MERGED, Side.UNMERGED, True)
    assert [one.same for one in trial.differences[1:]] == [False, False]
    place = trial.differences[1].first_token
    merged, base = trial.answers[2].token_ids, trial.answers[0].token_ids
    assert place is not None
    assert merged[:place] == base[:place]
    assert merged[place] != base[place]


def test_cancelled_within_one_token(home: Path) -> None:
    cancel, pieces = CancelToken(), []

    def stop(piece: Piece) -> None:
        pieces.append(piece)
        cancel.cancel()

    trial = try_it(request(home, max_new_tokens=50), stop, ignore, cancel)
    (answer,) = trial.answers
    assert answer.ended is Ended.CANCELLED
    assert answer.tokens <= 3
    assert answer.text.startswith(pieces[0].text)


@pytest.mark.slow
def test_progress_names_side_and_step(home: Path) -> None:
    said: list[TrialProgress] = []
    try_it(request(home), ignore, said.append, CancelToken())
    assert [(one.step, one.side) for one in said] == [
        (step, side) for side in Side for step in (TrialStep.LOADING, TrialStep.ANSWERING)
    ]


def test_no_template_is_said(home: Path) -> None:
    trial, _ = tried(request(home, use_template=False, sides=(Side.BASE,)))
    assert [one.code for one in trial.findings] == [Code.TRIAL_NO_TEMPLATE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"merged": None}, Code.TRIAL_MERGED_MISSING),
        ({"merged": Path("/nowhere/at/all")}, Code.FOLDER_MISSING),
        ({"adapters": (AdapterChoice(Path("/nowhere")),)}, Code.FOLDER_MISSING),
        ({"prompt": "", "use_template": False}, Code.TRIAL_PROMPT_EMPTY),
    ],
)
def test_bad_input_is_a_finding(home: Path, changes: dict[str, Any], code: Code) -> None:
    trial, pieces = tried(request(home, **changes))
    assert code in [one.code for one in trial.findings]
    assert not trial.answers
    assert not pieces


@pytest.mark.slow
def test_forecast_needs_no_torch(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from mergedesk.pipelines.trial import forecast;"
        "from mergedesk.inference.trial import TrialRequest; from mergedesk.domain.requests import AdapterChoice;"
        f"home = Path({str(home)!r});"
        "made = forecast(TrialRequest(home / 'base', (AdapterChoice(home / 'adapter'),), home / 'merged'));"
        "print(made.at_once, [one.bytes > 0 for one in made.needs], 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True [True, True, True] False"


@pytest.mark.slow
def test_a_resized_vocabulary_is_tried_too(tmp_path: Path) -> None:
    """The adapter brings more rows than the base has: the unmerged model gets as many, as PEFT's users do it."""
    base = add_tokenizer(make_base("llama", tmp_path / "base"), TEMPLATE)
    with third_party_noise_off():
        model = AutoModelForCausalLM.from_pretrained(base)
        model.resize_token_embeddings(140, mean_resizing=False)
        config = LoraConfig(
            task_type="CAUSAL_LM", r=4, target_modules=["q_proj"], modules_to_save=["embed_tokens", "lm_head"]
        )
        tuned = get_peft_model(model, config)
        randomise_trainable(tuned)
        tuned.create_or_update_model_card = lambda _: None  # type: ignore[method-assign]
        tuned.save_pretrained(tmp_path / "adapter")
    chosen = (AdapterChoice(tmp_path / "adapter"),)
    merged = MergeRequest(base, chosen, tmp_path / "merged", resize_vocabulary=True)
    assert run_merge(merged, ignore, CancelToken()).status == "merged"
    trial, _ = tried(request(tmp_path))
    assert [one.trouble for one in trial.answers] == [None] * 3
    assert trial.differences[0].same
