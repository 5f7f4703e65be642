"""Answers that are not text: classes with their probabilities, or one vector."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import torch

from .build_inputs import Question
from .load_model import LoadedModel
from .outputs import outputs
from .trial import Answer, AnswerKind, Ended, Score

_MAX_CLASSES = 20


def score(one: LoadedModel, question: Question) -> Answer:
    """One pass through the model: what it makes of the question as a whole, or of each token."""
    started = time.perf_counter()
    made = outputs(one.model, question).float()
    seconds = time.perf_counter() - started
    if question.task in (AnswerKind.EMBEDDING, AnswerKind.UNKNOWN):
        vector = tuple(float(value) for value in made.mean(0))
        return Answer(one.side, ended=Ended.COMPLETE, seconds=seconds, embedding=vector)
    labels = getattr(one.model.config, "id2label", None) or {}
    probabilities = made.softmax(1)
    scores = _of_tokens(probabilities, labels, question) if len(made) > 1 else _of_all(probabilities[0], labels)
    return Answer(one.side, ended=Ended.COMPLETE, seconds=seconds, scores=tuple(scores))


def _of_all(probabilities: torch.Tensor, labels: Any) -> Iterator[Score]:
    """The likeliest classes first, at most 20 of them."""
    best = probabilities.topk(min(_MAX_CLASSES, len(probabilities)))
    for value, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        yield Score(str(labels.get(place, place)), value)


def _of_tokens(probabilities: torch.Tensor, labels: Any, question: Question) -> Iterator[Score]:
    """The likeliest class of each token."""
    ids = question.inputs["input_ids"][0].tolist() if "input_ids" in question.inputs else range(len(probabilities))
    names = question.tokenizer.convert_ids_to_tokens(ids) if question.tokenizer else [str(one) for one in ids]
    for name, row in zip(names, probabilities, strict=False):
        place = int(row.argmax())
        yield Score(str(labels.get(place, place)), float(row[place]), str(name))
