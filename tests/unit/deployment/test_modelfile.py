"""The Modelfile: its template gives what transformers gives for the same talk, or there is none."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from folders import contents, make_lora, make_model, make_tokenizer, write_json
from go_templates import ollama_prompt
from transformers.utils.chat_template_utils import render_jinja_template
from typer.testing import CliRunner

from mergedesk.cli import commands as cli
from mergedesk.deployment.chat_template import TemplateTrouble, render, turns_of
from mergedesk.deployment.chat_turns import SystemPlace
from mergedesk.deployment.codes import UsageCode
from mergedesk.deployment.modelfile import modelfile_of

TALKS = [
    [("user", "Who are you?")],
    [("user", "a{b}"), ("assistant", "«c»\nd"), ("user", "你好")],
    [("user", "1"), ("assistant", "2"), ("user", "3"), ("assistant", "4"), ("user", "5")],
]
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
DEFAULT = (
    "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are \"Q\", helpful.<|im_end|>\n' }}{% endif %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
    "{{ message['content'] | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
DATED = (
    "{{ bos_token }}{% if strftime_now is defined %}{% set day = strftime_now('%d %b %Y') %}{% else %}"
    "{% set day = '26 Jul 2024' %}{% endif %}"
    "{% if messages[0]['role'] == 'system' %}{% set told = messages[0]['content'] %}{% set messages = messages[1:] %}"
    "{% else %}{% set told = '' %}{% endif %}"
    "{{ '<|start_header_id|>system<|end_header_id|>\n\nToday Date: ' + day + '\n\n' + told + '<|eot_id|>' }}"
    "{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"
    "{{ message['content'] + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% else %}{{ message['content'] + eos_token }}{% endif %}"
    "{% endfor %}"
)
FIRST = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set told = messages[0]['content'] + '\n\n' %}"
    "{% set talk = messages[1:] %}{% else %}{% set told = '' %}{% set talk = messages %}{% endif %}"
    "{% for message in talk %}{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + (told if loop.first else '') + message['content'] + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
LAST = FIRST.replace("loop.first", "loop.last and message['role'] == 'user'")
TRAINING = CHATML.replace(
    "{{ '<|im_start|>' + message", "{% generation %}{% endgeneration %}{{ '<|im_start|>' + message"
)
THINKING = CHATML.replace(
    "message['content']",
    "('<think>\n\n</think>\n\n' if message['role'] == 'assistant' and loop.last else '') + message['content']",
)
CLOSED = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
)
LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set talk = messages[1:] %}"
    "{% set told = '<<SYS>>\n' + messages[0]['content'] + '\n<</SYS>>\n\n' %}{% else %}{% set talk = messages %}"
    "{% set told = '' %}{% endif %}{% for message in talk %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + (told if loop.first else '') + message['content'] + ' [/INST]' }}{% else %}"
    "{{ ' ' + message['content'] + ' ' + eos_token }}{% endif %}{% endfor %}"
)
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}
KNOWN = {
    "chatml": (CHATML, SystemPlace.TURN),
    "default": (DEFAULT + CHATML, SystemPlace.TURN),
    "llama3": (LLAMA3, SystemPlace.TURN),
    "mistral": (MISTRAL, SystemPlace.NOWHERE),
    "gemma": (FIRST, SystemPlace.FIRST_USER),
    "last": (LAST, SystemPlace.LAST_USER),
    "thinking": (THINKING, SystemPlace.TURN),
    "closed": (CLOSED, SystemPlace.TURN),
    "llama2": (LLAMA2, SystemPlace.FIRST_USER),
    "training": (TRAINING, SystemPlace.TURN),
}


def talk(turns: list[tuple[str, str]], system: str = "") -> list[dict[str, str]]:
    told = [("system", system)] if system else []
    return [{"role": role, "content": content} for role, content in [*told, *turns]]


def parts(text: str) -> tuple[str, str]:
    """A Modelfile's template and its system message, as Ollama reads them."""
    template = re.search(r'^TEMPLATE """(.*?)"""$', text, re.DOTALL | re.MULTILINE)
    system = re.search(r'^SYSTEM """(.*?)"""$', text, re.DOTALL | re.MULTILINE)
    assert template
    return template[1], system[1] if system else ""


def transformers_prompt(template: str, messages: list[dict[str, str]]) -> str:
    rendered, _ = render_jinja_template([messages], chat_template=template, add_generation_prompt=True, **TOKENS)
    return str(rendered[0]).removeprefix("<s>")  # which Ollama's tokenizer adds


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_tokenizer(make_model(tmp_path / "merged model's 合并"))


def with_template(model: Path, template: str, **config: Any) -> Path:
    make_tokenizer(model, **config)
    (model / "chat_template.jinja").write_text(template, encoding="utf-8")
    return model


@pytest.mark.parametrize("name", KNOWN)
def test_the_template_gives_what_transformers_gives(model: Path, name: str) -> None:
    template, place = KNOWN[name]
    made = modelfile_of(with_template(model, template))
    assert made is not None
    go, system = parts(made.text)
    for turns in TALKS:
        told = ["", "Be kind.", "Zwei\nZeilen"] if place is not SystemPlace.NOWHERE else [""]
        for one in told:
            messages = talk(turns, one)
            assert ollama_prompt(go, messages, system) == transformers_prompt(template, messages), (turns, one)
    assert (system == 'You are "Q", helpful.') is (name == "default")
    codes = {one.code for one in made.remarks}
    assert UsageCode.TEMPLATE_TRANSLATED in codes
    assert (UsageCode.SYSTEM_NOT_TAKEN in codes) is (name == "mistral")


def test_a_date_is_the_one_the_template_falls_back_to(model: Path) -> None:
    made = modelfile_of(with_template(model, DATED))
    assert made is not None
    go, system = parts(made.text)
    assert not system
    today = transformers_prompt(DATED, talk(TALKS[1], "Be kind."))
    said = re.sub(r"Today Date: .*", "Today Date: 26 Jul 2024", today)
    assert ollama_prompt(go, talk(TALKS[1], "Be kind.")) == said
    assert ollama_prompt(go, talk(TALKS[0])) == re.sub(
        r"Today Date: .*", "Today Date: 26 Jul 2024", transformers_prompt(DATED, talk(TALKS[0]))
    )
    assert UsageCode.DATE_FIXED in {one.code for one in made.remarks}


@pytest.mark.parametrize(
    "template",
    [
        # what was thought before is cut out of earlier answers
        CHATML.replace("message['content']", "(message['content'] if loop.last else message['content'][:3])"),
        CHATML.replace("{% endfor %}", "{{ loop.index }}{% endfor %}"),
        CHATML.replace("'<|im_start|>' +", "'<|im_start|>{{' +"),
        CHATML.replace("<|im_start|>", '"""'),
        CHATML.replace("message['content']", "message['content'] | upper"),
        # an answer that is not the last is followed by something else
        CHATML.replace("{% endfor %}", "{% if not loop.last %}|{% endif %}{% endfor %}"),
        "always the same",
    ],
)  # fmt: skip
def test_what_cannot_be_translated_exactly_is_left_out(model: Path, template: str) -> None:
    made = modelfile_of(with_template(model, template))
    assert made is not None
    assert "TEMPLATE" not in made.text
    assert {one.code for one in made.remarks} == {UsageCode.TEMPLATE_NOT_TRANSLATED}


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 100000000 }}",
        "{{ 2 ** 100000000 }}",
        "{% for i in range(1000000) %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}{{ undefined_function() }}",
        "{{ messages.__class__.__base__.__subclasses__() }}",
        "{% for %}",
        "{{ 1 / 0 }}",
        "{% import 'os' as os %}",
        "{{ 'x'.format.__globals__['os'].system('touch /tmp/mergedesk-ran') }}",
    ],
)
def test_a_template_runs_in_bounds_or_not_at_all(template: str) -> None:
    with pytest.raises(TemplateTrouble):
        render(template, TOKENS, talk(TALKS[0]))
    with pytest.raises(TemplateTrouble):
        turns_of(template, TOKENS)


def test_stops_and_sampling(model: Path) -> None:
    make_tokenizer(model, eos_token={"content": "</s>"})
    write_json(
        model / "generation_config.json",
        {
            "do_sample": True,
            "temperature": 0.6,
            "top_p": 0.9,
            "top_k": 40,
            "repetition_penalty": 1.1,
            "eos_token_id": 2,
        },
    )
    made = modelfile_of(model)
    assert made is not None
    assert made.text == (
        "# How Ollama takes this model: ollama create NAME -f Modelfile\nFROM .\n"
        'PARAMETER stop "</s>"\nPARAMETER temperature 0.6\nPARAMETER top_p 0.9\nPARAMETER top_k 40\n'
        "PARAMETER repeat_penalty 1.1\n"
    )
    write_json(model / "generation_config.json", {"do_sample": False, "temperature": 0.6})
    greedy = modelfile_of(model)
    assert greedy is not None
    assert "temperature" not in greedy.text


def test_what_ollama_does_not_import_is_taken_from_the_converted_file(model: Path) -> None:
    write_json(model / "config.json", {"architectures": ["MistralForCausalLM"], "model_type": "mistral"})
    made = modelfile_of(model)
    assert made is not None
    assert f'FROM "{model.parent / (model.name + "-q8_0.gguf")}"' in made.text


# The command


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, ["modelfile", *map(str, arguments)])


def test_it_is_shown_or_written_and_never_over_another(model: Path, tmp_path: Path) -> None:
    before = contents(model)
    shown = run(model)
    assert shown.exit_code == 0
    assert "FROM .\n" in shown.stdout
    assert contents(model) == before
    target = model / "Modelfile"
    assert run(model, "--output", target).exit_code == 0
    assert target.read_text(encoding="utf-8") == shown.stdout
    target.write_text("mine", encoding="utf-8")
    refused = run(model, "--output", target)
    assert refused.exit_code == 1
    assert "is there already" in refused.stderr
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(model, "--output", target, "--overwrite").exit_code == 0
    assert "FROM .\n" in target.read_text(encoding="utf-8")
    assert run(model, "--output", tmp_path / "elsewhere").exit_code == 0
    assert f'FROM "{model}"\n' in (tmp_path / "elsewhere").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="such names cannot be made elsewhere")
def test_a_folder_whose_name_is_no_unicode(model: Path, tmp_path: Path) -> None:
    odd = model.rename(tmp_path / os.fsdecode(b"caf\xe9"))
    assert run(odd, "--output", tmp_path / "Modelfile").exit_code == 0
    assert CliRunner().invoke(cli.app, ["usage", str(odd), "--json"]).exit_code == 0


def test_an_adapter_has_none(tmp_path: Path) -> None:
    refused = run(make_lora(tmp_path / "adapter"), "--output", tmp_path / "Modelfile")
    assert refused.exit_code == 1
    assert "not a whole model" in refused.stderr
    assert not (tmp_path / "Modelfile").exists()
