"""A trial as Markdown, to be put into an issue or a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mergedesk.inference.trial import Answer, Trial

from .messages import say
from .trial_text import answer_line, comparison_lines, score_text, side_name

_LEAST_FENCE = 3


def as_markdown(prompt: str, trial: Trial) -> str:
    """Prompt, every answer with its class and numbers, and the sentences that compare them."""
    blocks = [f"**{say('trial.prompt')}**", fenced(prompt)]
    for answer in trial.answers:
        blocks += _blocks(answer, trial)
    blocks += [line.sentence for line in comparison_lines(trial)]
    return "\n\n".join(blocks) + "\n"


def fenced(text: str) -> str:
    """A block that shows ``text`` to the letter, whatever fences are in it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(_LEAST_FENCE, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _blocks(answer: Answer, trial: Trial) -> Iterator[str]:
    loaded = f" (`{answer.class_name}`)" if answer.class_name else ""
    yield f"**{side_name(answer.side)}**{loaded}"
    if answer.text:
        yield fenced(answer.text)
    if answer.scores:
        yield "\n".join(f"- {score_text(score)}" for score in answer.scores)
    yield f"_{answer_line(answer, trial.task).sentence}_"
