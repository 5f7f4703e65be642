"""Small programs of strangers, made to last or put together at random: templates, patterns, the YAML of cards."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from folders import make_lora, make_model, make_tokenizer, request, write_json
from hostile import HOSTILE_PATTERNS, HOSTILE_TEMPLATES
from hypothesis import given
from hypothesis import strategies as st
from mutations import ALL, FULL, MOST_SECONDS, SEEDS, drawn, within_limits

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
LINES = (
    "license: mit", "language:", "- en", "  - de", "tags: [a, b]", "tags: &a [x, x]", "b: &b [*a, *a]", "c: *b",
    "<<: *b", "a: &a {k: v}", "b: &b {<<: [*a, *a]}", "license: !!python/object/apply:os.system [ls]", "? a", ": b",
    "{", "}", "[", "'", "|", ">", "%YAML 9", "---", "...", "\t", "license: 1e999", "license: 2020-99-99",
    "tags: !!binary x", "- - - - -", "pipeline_tag: text-generation", "license: &x *x", "language: no", "\x00",
    "\ud7ff", "tags: " + "[" * 500,
)  # fmt: skip


def children() -> set[psutil.Process]:
    return {child for child in psutil.Process().children(recursive=True) if child.is_running()}


@pytest.mark.parametrize("name", list(HOSTILE_TEMPLATES)[:: 1 if ALL >= FULL else 8])
def test_hostile_templates(name: str, tmp_path: Path, tally: Any) -> None:
    make_tokenizer(make_model(tmp_path), chat_template=HOSTILE_TEMPLATES[name])
    started, before = time.monotonic(), children()
    with within_limits():
        usage_of(tmp_path)
    made = modelfile_of(tmp_path)
    assert time.monotonic() - started < 2 * MOST_SECONDS
    assert made is not None
    assert "TEMPLATE" not in made.text or "messages" in HOSTILE_TEMPLATES[name]
    assert children() <= before
    tally.count("hostile templates: usage, modelfile")


@pytest.mark.parametrize("seed", SEEDS)
def test_templates(seed: str, tmp_path: Path, tally: Any) -> None:
    make_model(tmp_path)

    @drawn(0.02, seed)
    @given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
    def run(template: str) -> None:
        make_tokenizer(tmp_path, chat_template=template)
        with within_limits():
            assert usage_of(tmp_path).tools
        tally.count("templates mutated: usage")

    run()


@pytest.mark.parametrize("seed", SEEDS)
def test_patterns(seed: str, tmp_path: Path, tally: Any) -> None:
    base, adapter = make_model(tmp_path / "base"), make_lora(tmp_path / "adapter")
    fields = st.sampled_from(["target_modules", "exclude_modules", "layers_pattern", "rank_pattern", "alpha_pattern"])
    atoms = st.lists(st.sampled_from(ATOMS), max_size=14).map("".join)
    patterns = atoms | st.sampled_from(sorted(HOSTILE_PATTERNS.values()))

    @drawn(0.03, seed)
    @given(fields, patterns)
    def run(field: str, pattern: str) -> None:
        stated = {pattern: 4} if field.startswith(("rank", "alpha")) else pattern
        config = {
            "peft_type": "LORA",
            "r": 4,
            "lora_alpha": 8,
            "target_modules": ["q_proj"],
            "layers_to_transform": [0],
        }
        write_json(adapter / "adapter_config.json", {**config, field: stated})
        with within_limits():
            check(request(base, adapter))
        tally.count("patterns mutated: check")

    run()


@pytest.mark.parametrize("seed", SEEDS)
def test_cards(seed: str, tmp_path: Path, tally: Any) -> None:
    card = tmp_path / "README.md"

    @drawn(0.04, seed)
    @given(st.lists(st.sampled_from(LINES), max_size=20), st.randoms(use_true_random=False))
    def run(lines: list[str], chance: random.Random) -> None:
        text = "\n".join(chance.choice(["", "", "  "]) + line for line in lines)
        card.write_text(f"---\n{text}\n---\n# A card\n", encoding="utf-8")
        with within_limits():
            front_matter([tmp_path])
        tally.count("front matter mutated: card")

    run()
