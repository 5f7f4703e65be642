"""The demo's model and adapter: merged at float32, it says what the unmerged one says, token for token."""

from __future__ import annotations

import pytest
import torch

from mergedesk.demo.base_model import demo_adapter_folder, demo_base_folder, make_demo_base
from mergedesk.domain.findings import UserError
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, Precision
from mergedesk.inference.build_inputs import ask, open_asker
from mergedesk.inference.generate import generate
from mergedesk.inference.load_model import loaded
from mergedesk.inference.trial import Answer, Side, TrialRequest
from mergedesk.inference.trial_inputs import TrialInputs, read_inputs
from mergedesk.pipelines.merge import merge

pytestmark = [pytest.mark.real_model, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

TOKENS = 14
PROMPTS = (
    "What is the capital of France?",
    "Who wrote Romeo and Juliet?",
    "Explain what a black hole is in one sentence.",
    "Write a haiku about autumn.",
    "How do I boil an egg?",
    "What is 17 times 3?",
    "Write a Python function that reverses a string.",
    "Name three fruits that are yellow.",
    "Translate to Spanish: Good morning, my friend.",
    "Warum ist der Himmel blau?",
    "Quelle est la capitale de l'Italie ?",
    "Give me advice for a job interview.",
    "What is the difference between a cat and a dog?",
    "Tell me a short story about a fox.",
    "List the planets of the solar system.",
    "Is it safe to eat raw chicken?",
    "Write an SQL query that counts the rows of a table.",
    "Why do leaves change colour?",
    "你好，你是谁？",
    "ok",
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> TrialInputs:
    """The demo's base, its adapter, and both merged at float32."""
    try:
        base = make_demo_base(demo_base_folder(), print)
    except UserError as trouble:
        pytest.skip(f"the demo's base cannot be made here: {trouble}")
    merged = tmp_path_factory.mktemp("twenty") / "merged"
    adapters = (AdapterChoice(demo_adapter_folder()),)
    request = MergeRequest(base, adapters, merged, Precision.FLOAT32)
    assert merge(request, lambda _: None, CancelToken()).status == "merged"
    return read_inputs(TrialRequest(base, adapters, merged, precision=Precision.FLOAT32))


@pytest.fixture(scope="module")
def said(inputs: TrialInputs) -> dict[Side, list[Answer]]:
    """Every side's answers to all prompts, each model loaded once."""
    asker = open_asker(inputs)
    questions = [ask(asker, prompt) for prompt in PROMPTS]
    made: dict[Side, list[Answer]] = {}
    for side in (Side.UNMERGED, Side.MERGED):
        with loaded(inputs, side) as one:
            assert {parameter.dtype for parameter in one.model.parameters()} == {torch.float32}
            made[side] = [generate(one, question, TOKENS, lambda _: None, CancelToken()) for question in questions]
    return made


def test_all_greedy_tokens_agree(said: dict[Side, list[Answer]]) -> None:
    assert len(set(PROMPTS)) == 20
    differing = [
        (prompt, merged.text, unmerged.text)
        for prompt, merged, unmerged in zip(PROMPTS, said[Side.MERGED], said[Side.UNMERGED], strict=True)
        if merged.token_ids != unmerged.token_ids
    ]
    assert differing == []


def test_the_answers_are_worth_comparing(said: dict[Side, list[Answer]]) -> None:
    """Neither empty nor all alike; and the adapter's voice is in them."""
    answers = [one.text for one in said[Side.MERGED]]
    assert all(one.tokens >= 2 for one in said[Side.MERGED])
    assert len(set(answers)) >= 15
    assert sum("ahoy" in text.lower() or "arr" in text.lower() for text in answers) >= 5
