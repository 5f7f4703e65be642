"""A prompt goes through its chat template where that can be ended, and is asked without it where it must be."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import assert_says, make_tokenizer
from hostile import HOSTILE_TEMPLATES
from transformers import AutoTokenizer

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.inference import build_inputs
from mergedesk.inference.build_inputs import Asker, Question, ask
from mergedesk.inference.trial import AnswerKind
from mergedesk.runtime.bounded_call import Limits

PLAIN = "{{ bos_token }}{% for m in messages %}{{ m.content }} w4{% endfor %}"


def asked(folder: Path, template: str) -> Question:
    make_tokenizer(folder, chat_template=template)
    return ask(Asker(AnswerKind.TEXT, AutoTokenizer.from_pretrained(folder), folder), "w3")


def said(question: Question) -> Finding:
    assert question.said is not None
    return question.said


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nested ranges, silent", "a wide field"])
def test_a_template_without_end_is_left_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_inputs, "LIMITS", Limits(1, 300_000_000))
    question = asked(tmp_path, HOSTILE_TEMPLATES[name])
    assert said(question).code is Code.TRIAL_TEMPLATE_COSTLY
    assert_says(said(question), Severity.WARNING, "1 s", "300 MB")
    assert question.inputs["input_ids"].tolist() == [[3]]


def test_a_template_that_refuses_is_left_out(tmp_path: Path) -> None:
    question = asked(tmp_path, "{{ raise_exception('not so') }}")
    assert said(question).code is Code.TRIAL_TEMPLATE_FAILED
    assert_says(said(question), Severity.WARNING, "not so")


def test_an_honest_template_gives_what_transformers_gives(tmp_path: Path) -> None:
    question = asked(tmp_path, PLAIN)
    assert said(question).code is Code.TRIAL_TEMPLATE_APPLIED
    talk = [{"role": "user", "content": "w3"}]
    theirs = AutoTokenizer.from_pretrained(tmp_path).apply_chat_template(talk, return_dict=True)
    assert question.inputs["input_ids"].tolist() == [theirs["input_ids"]]
