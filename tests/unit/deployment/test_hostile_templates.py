"""A chat template that takes all time or memory is ended, and that is said; any other gives its prompt."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from folders import make_model, make_tokenizer, read_json, write_json
from hostile import HOSTILE_TEMPLATES

from mergedesk.deployment import folder_facts
from mergedesk.deployment.chat_template import prompt_of, take_apart
from mergedesk.deployment.codes import UsageCode, remark_message
from mergedesk.deployment.modelfile import modelfile_of
from mergedesk.deployment.usage import usage_of
from mergedesk.runtime.bounded_call import LimitMet, Limits, bounded
from mergedesk.verification.staged.tokenizer import encode_here

CHATML = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}</s>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reason"), [("nested ranges, silent", "longer than 1 s"), ("a wide field", "more than 300 MB")]
)
def test_a_limit_that_is_met_is_named(name: str, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(LimitMet, match=reason):
        bounded(take_apart, HOSTILE_TEMPLATES[name], {}, limits=Limits(1, 300_000_000))
    assert time.monotonic() - started < 5


def test_what_calls_may_end_a_call_too() -> None:
    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bounded(take_apart, HOSTILE_TEMPLATES["nested ranges, silent"], {}, limits=Limits(60), check=give_up)


def test_where_no_process_starts_the_limit_counts_as_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/there/is/none")
    with pytest.raises(LimitMet):
        bounded(take_apart, CHATML, {}, limits=Limits(5))


@pytest.mark.slow
def test_one_sentence_in_usage_and_no_template_in_the_modelfile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_facts, "LIMITS", Limits(1))
    make_tokenizer(make_model(tmp_path), chat_template=HOSTILE_TEMPLATES["nested ranges, silent"])
    usage = usage_of(tmp_path)
    said = [remark for tool in usage.tools for remark in tool.remarks if remark.code is UsageCode.TEMPLATE_TOO_COSTLY]
    assert said
    assert "5 s" in remark_message(said[0])
    assert not usage.is_chat
    made = modelfile_of(tmp_path)
    assert made is not None
    assert "TEMPLATE" not in made.text


def test_an_honest_template_is_taken_apart_as_ever(tmp_path: Path) -> None:
    make_tokenizer(make_model(tmp_path), chat_template=CHATML)
    assert usage_of(tmp_path).is_chat
    made = modelfile_of(tmp_path)
    assert made is not None
    assert "<|assistant|>" in made.text


@pytest.mark.slow
def test_a_tokenizer_that_splits_for_ever_is_ended(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    said = read_json(tmp_path / "tokenizer.json")
    said["pre_tokenizer"] = {"type": "Split", "pattern": {"Regex": "(x+x+)+y"}, "behavior": "Isolated", "invert": False}
    write_json(tmp_path / "tokenizer.json", said)
    assert bounded(encode_here, tmp_path, "w3", limits=Limits(20)) >= 0
    with pytest.raises(LimitMet):
        bounded(encode_here, tmp_path, "x" * 200, limits=Limits(1))


@pytest.mark.slow
@pytest.mark.parametrize(
    "template",
    [
        CHATML,
        "{{ bos_token }}" + CHATML,
        "{{ messages | tojson }}{{ strftime_now('%Y') }}",
        "{% generation %}{{ messages[0].content }}{% endgeneration %}",
        "{% for m in messages %}\n  {% if loop.first %}{% continue %}{% endif %}{% endfor %}{{ raise_exception('n') }}",
    ],
)
def test_a_prompt_is_that_of_transformers(template: str, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    make_tokenizer(tmp_path, chat_template=template)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    talk = [{"role": "user", "content": "w3 «ü»"}]
    made = prompt_of(template, "w3 «ü»", tokenizer.special_tokens_map)
    try:
        theirs = tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
    except Exception:
        assert made.trouble
    else:
        assert made.prompt == theirs


@pytest.mark.parametrize(
    ("name", "written"),
    [('a"b', '"""{}"""'), ("a\nSYSTEM b", '"""{}"""'), ('a"\nSYSTEM b', '"""{}"""'), ("a b", '"{}"')],
)
def test_a_name_never_ends_what_quotes_it(name: str, written: str, tmp_path: Path) -> None:
    folder = make_model(tmp_path / name)
    made = modelfile_of(folder, tmp_path / "Modelfile")
    assert made is not None
    assert f"FROM {written.format(folder)}\n" in made.text
