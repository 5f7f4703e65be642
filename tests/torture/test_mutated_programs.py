"""Small programs of strangers, made to last or put together at random: templates, patterns, the YAML of cards."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import psutil
import pytest
from folders import make_lora, make_model, make_tokenizer, request, write_json
from hostile import HOSTILE_PATTERNS, HOSTILE_TEMPLATES
from mutations import ALL, FULL, MOST_SECONDS, SEEDS, Kind, draw_many
from rounds import in_memory

from mergedesk.deployment.modelfile import modelfile_of
from mergedesk.deployment.usage import usage_of
from mergedesk.pipelines.check import check
from mergedesk.reports.model_card import front_matter

pytestmark = pytest.mark.slow
PARTS = (
    "{% for a in range(200) %}", "{% for a in messages %}", "{% endfor %}", "{% if a %}", "{% endif %}", "{{ a }}",
    "{{ messages }}", "{{ a ~ a }}", "{% set a = a ~ a %}", "{% set a = 'a' * 9999 %}", "{{ a | indent(9999) }}",
    "{% macro m() %}", "{% endmacro %}", "{{ m() }}", "{{ bos_token }}", "{{ a.__class__.__mro__ }}", "{{ cycler }}",
    "{{ raise_exception('no') }}", "{% generation %}", "{% endgeneration %}", "{{ [a] * 9999 }}", "{{ a | tojson }}",
    "{% include 'a' %}", "{% import 'a' as b %}", "{{ lipsum() }}", "{{ ''.join }}", "{{ a %", "{#", "-%}", "text",
)  # fmt: skip
ATOMS = (
    "a", ".", r"\w", r"\d", r"[^.]", "(", ")", "(?:", "|", "*", "+", "?", "{0,9}", "{9,}", "*?", r"\1", "^", "$", r"\b",
    "layers", "q_proj", ".*", ".+", "(?=", "(?<!", "(?P<a>", "(?P=a)", "(?i)", "[", "]", "\\",
)  # fmt: skip
FIELDS = ("target_modules", "exclude_modules", "layers_pattern", "rank_pattern", "alpha_pattern")
LINES = (
    "license: mit", "language:", "- en", "  - de", "tags: [a, b]", "tags: &a [x, x]", "b: &b [*a, *a]", "c: *b",
    "<<: *b", "a: &a {k: v}", "b: &b {<<: [*a, *a]}", "license: !!python/object/apply:os.system [ls]", "? a", ": b",
    "{", "}", "[", "'", "|", ">", "%YAML 9", "---", "...", "\t", "license: 1e999", "license: 2020-99-99",
    "tags: !!binary x", "- - - - -", "pipeline_tag: text-generation", "license: &x *x", "language: no", "\x00",
    "\ud7ff", "tags: " + "[" * 500,
)  # fmt: skip


def children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


@pytest.mark.parametrize("name", list(HOSTILE_TEMPLATES)[:: 1 if ALL >= FULL else 8])
def test_hostile_templates(name: str, tmp_path: Path, tally: Any) -> None:
    make_tokenizer(make_model(tmp_path), chat_template=HOSTILE_TEMPLATES[name])
    before, started = children(), time.monotonic()
    usage_of(tmp_path)
    between = time.monotonic()
    made = modelfile_of(tmp_path)
    slowest = max(between - started, time.monotonic() - between)
    assert slowest < MOST_SECONDS
    assert made is not None
    assert "TEMPLATE" not in made.text or "messages" in HOSTILE_TEMPLATES[name]
    assert children() <= before
    tally.count("hostile templates: usage, modelfile", 0, slowest)


def some(parts: Sequence[str], most: int, chance: Random) -> list[str]:
    return [chance.choice(parts) for _ in range(chance.randint(0, most))]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = in_memory(tmp_path)
    yield folder
    if folder != tmp_path:
        shutil.rmtree(folder)


@pytest.mark.usefixtures("quick_calls", "compiled_once")
@pytest.mark.parametrize("seed", SEEDS)
def test_templates(seed: str, home: Path, tally: Any) -> None:
    make_model(home)

    def judge(template: str) -> None:
        make_tokenizer(home, chat_template=template)
        assert usage_of(home).tools

    draw_many(
        Kind("templates mutated: usage", 0.05), seed, lambda chance: "".join(some(PARTS, 12, chance)), judge, tally
    )


@pytest.mark.usefixtures("quick_calls")
@pytest.mark.parametrize("seed", SEEDS)
def test_patterns(seed: str, home: Path, tally: Any) -> None:
    base, adapter = make_model(home / "base"), make_lora(home / "adapter")
    known = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], "layers_to_transform": [0]}

    def make(chance: Random) -> dict[str, Any]:
        pattern, field = "".join(some(ATOMS, 14, chance)), chance.choice(FIELDS)
        return {**known, field: {pattern: 4} if field.startswith(("rank", "alpha")) else pattern}

    def judge(config: dict[str, Any]) -> None:
        write_json(adapter / "adapter_config.json", config)
        check(request(base, adapter))

    draw_many(Kind("patterns mutated: check", 0.05), seed, make, judge, tally)


@pytest.mark.parametrize("name", list(HOSTILE_PATTERNS)[:: 1 if ALL >= FULL else 4])
def test_hostile_patterns(name: str, home: Path, tally: Any) -> None:
    base, adapter = make_model(home / "base"), make_lora(home / "adapter", target_modules=HOSTILE_PATTERNS[name])
    started = time.monotonic()
    check(request(base, adapter))
    seconds = time.monotonic() - started
    assert seconds < MOST_SECONDS
    tally.count("hostile patterns: check", 0, seconds)


@pytest.mark.parametrize("seed", SEEDS)
def test_cards(seed: str, home: Path, tally: Any) -> None:
    def make(chance: Random) -> str:
        return "\n".join(chance.choice(["", "", "  "]) + line for line in some(LINES, 20, chance))

    def judge(text: str) -> None:
        (home / "README.md").write_text(f"---\n{text}\n---\n# A card\n", encoding="utf-8")
        front_matter([home])

    draw_many(Kind("front matter mutated: card", 0.1), seed, make, judge, tally)
