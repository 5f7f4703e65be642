"""Models that do not continue a text: each gets the comparison that fits it, or a reason why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from families import HEADS, TOWERS, Family, load_base, merged_by_peft, save_adapter, save_base
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from tiny_models import KINDS, make_adapter, make_base, merge_with_peft, randomise_trainable, third_party_noise_off
from tokenizers_made import add_tokenizer
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from trial_cases import PROMPT, ignore

from mergedesk.domain.findings import Code
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.inference.trial import Answer, AnswerKind, Ended, Side, Trial, TrialRequest, UnmergedLoading
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.trial import compare_logits, try_it

TASKS = {
    "bert_tokens": AnswerKind.TOKEN_CLASSES,
    "bert_answers": AnswerKind.UNKNOWN,
    "deberta": AnswerKind.CLASSES,
    "modernbert": AnswerKind.CLASSES,
    "llama_labels": AnswerKind.CLASSES,
    "whisper": AnswerKind.TEXT_TO_TEXT,
    "vit": AnswerKind.CLASSES,
    "embedding": AnswerKind.EMBEDDING,
    "llava": AnswerKind.TEXT,
    "gemma3": AnswerKind.TEXT,
}
NO_TEXT = {"vit": Code.TRIAL_NOISE_ASKED, "whisper": Code.TRIAL_NOISE_ASKED}
FAMILIES = {**HEADS, **TOWERS}


def asked(home: Path, **changes: Any) -> TrialRequest:
    adapters = (AdapterChoice(home / "adapter"),)
    return TrialRequest(
        home / "base", adapters, home / "merged", changes.pop("prompt", PROMPT), max_new_tokens=6, **changes
    )


def tried(request: TrialRequest) -> Trial:
    return try_it(request, ignore, ignore, CancelToken())


def of(trial: Trial, side: Side) -> Answer:
    return next(one for one in trial.answers if one.side is side)


def folders(name: str, home: Path) -> Family:
    family = FAMILIES[name]
    base = save_base(family, home / "base")
    if name != "vit":
        add_tokenizer(base, size=126)
    save_adapter(family, base, home / "adapter")
    merged_by_peft(family, base, home / "adapter", home / "merged")
    return family


@pytest.mark.slow
@pytest.mark.parametrize("name", TASKS)
def test_every_task_gets_its_comparison(name: str, tmp_path: Path) -> None:
    folders(name, tmp_path)
    trial = tried(asked(tmp_path))
    assert [(one.side, one.trouble) for one in trial.answers] == [(side, None) for side in Side], trial
    assert trial.task is TASKS[name]
    assert trial.differences[0].same, trial.differences
    if name in NO_TEXT:
        assert [one.code for one in trial.findings] == [NO_TEXT[name]]
    made = compare_logits(asked(tmp_path), [], ignore, CancelToken())
    assert made.findings == ()
    assert made.reason is not None
    assert made.reason.code is Code.LOGITS_WITHIN_ROUNDING


@pytest.mark.slow
def test_class_scores_are_the_softmax_by_label(tmp_path: Path) -> None:
    family = folders("deberta", tmp_path)
    answer = of(tried(asked(tmp_path)), Side.UNMERGED)
    ids = AutoTokenizer.from_pretrained(tmp_path / "base")(PROMPT, return_tensors="pt")
    with third_party_noise_off(), torch.no_grad():
        model = PeftModel.from_pretrained(load_base(family, tmp_path / "base"), tmp_path / "adapter").eval()
        expected = model(**{name: ids[name] for name in ("input_ids", "attention_mask")}).logits[0].softmax(0)
    labels = family.config.id2label
    assert {one.label: one.probability for one in answer.scores} == pytest.approx(
        {labels[place]: float(value) for place, value in enumerate(expected)}, abs=1e-5
    )
    assert [one.probability for one in answer.scores] == sorted((float(one) for one in expected), reverse=True)
    assert answer.ended is Ended.COMPLETE


@pytest.mark.slow
def test_each_token_has_its_class(tmp_path: Path) -> None:
    folders("bert_tokens", tmp_path)
    answer = of(tried(asked(tmp_path)), Side.MERGED)
    known = PROMPT.replace(" ", "")  # the tiny tokenizer has no room for spaces
    assert len(answer.scores) == len(known)
    assert {one.label for one in answer.scores} <= {"calm", "cross", "glad"}
    assert [one.token for one in answer.scores][:4] == list("what")


def test_embeddings_are_compared_by_angle(tmp_path: Path) -> None:
    folders("embedding", tmp_path)
    trial = tried(asked(tmp_path))
    one, other = (torch.tensor(of(trial, side).embedding) for side in (Side.MERGED, Side.BASE))
    expected = float(torch.cosine_similarity(one, other, dim=0))
    assert trial.differences[1].cosine == pytest.approx(expected, abs=1e-5)
    assert trial.differences[0].cosine == pytest.approx(1.0, abs=1e-5)
    assert not trial.differences[1].same


@pytest.mark.slow
def test_an_encoder_decoder_generates(tmp_path: Path) -> None:
    base = add_tokenizer(make_base("t5", tmp_path / "base"))
    make_adapter("t5", base, tmp_path / "adapter")
    merge_with_peft("t5", base, tmp_path / "adapter", tmp_path / "merged")
    trial = tried(asked(tmp_path))
    assert trial.task is AnswerKind.TEXT_TO_TEXT
    assert trial.differences[0].same
    ids = AutoTokenizer.from_pretrained(base)(PROMPT, return_tensors="pt")["input_ids"]
    with third_party_noise_off(), torch.no_grad():
        made = KINDS["t5"].loader.from_pretrained(tmp_path / "merged").generate(ids, max_new_tokens=6, do_sample=False)
    assert list(of(trial, Side.MERGED).token_ids) == made[0, 1:].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("loading", UnmergedLoading)
def test_a_head_that_comes_with_the_adapter(tmp_path: Path, loading: UnmergedLoading) -> None:
    """A classifier trained on a plain language model: the base alone has no such answer."""
    base = add_tokenizer(make_base("llama", tmp_path / "base"))
    with third_party_noise_off():
        plain = AutoModelForSequenceClassification.from_pretrained(base, num_labels=3, pad_token_id=0)
        config = LoraConfig(task_type=TaskType.SEQ_CLS, r=4, target_modules=["q_proj", "v_proj"])
        model = get_peft_model(plain, config)
        randomise_trainable(model)
        model.create_or_update_model_card = lambda _: None  # type: ignore[method-assign]
        model.save_pretrained(tmp_path / "adapter")
    request = MergeRequest(base, (AdapterChoice(tmp_path / "adapter"),), tmp_path / "merged")
    assert merge(request, ignore, CancelToken()).status == "merged"
    trial = tried(asked(tmp_path, loading=loading))
    assert trial.task is AnswerKind.CLASSES
    base_alone = of(trial, Side.BASE).trouble
    assert base_alone is not None
    assert base_alone.code is Code.TRIAL_NO_HEAD
    unmerged = of(trial, Side.UNMERGED)
    if loading is UnmergedLoading.AUTO_CLASS:
        assert unmerged.trouble is not None
        assert unmerged.trouble.code is Code.TRIAL_NEEDS_PEFT_MODEL
    else:
        assert unmerged.trouble is None
        assert trial.differences[0].same


def test_a_model_that_needs_its_own_code_is_not_asked(tmp_path: Path) -> None:
    folders("embedding", tmp_path)
    config = tmp_path / "merged" / "config.json"
    config.write_text(config.read_text(encoding="utf-8").replace('"BertModel"', '"HomeMadeModel"'), encoding="utf-8")
    answer = of(tried(asked(tmp_path)), Side.MERGED)
    assert answer.trouble is not None
    assert answer.trouble.code is Code.TRIAL_OWN_CODE


@pytest.mark.slow
def test_what_a_model_refuses_is_said_in_a_sentence(tmp_path: Path) -> None:
    """BART's classifier wants a token that ends the text, which this tokenizer does not set."""
    folders("bart_labels", tmp_path)
    trouble = of(tried(asked(tmp_path)), Side.MERGED).trouble
    assert trouble is not None
    assert trouble.code is Code.TRIAL_FAILED
    assert "<eos>" in str(trouble.data["reason"])
