"""What a model puts out for a question, all places at once, and what it answers where that is no text."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator
from typing import Any

import torch

from ..runtime.transformers_class import quiet
from .build_inputs import Question
from .load_model import LoadedModel
from .trial import Answer, AnswerKind, Ended, Score

_MAX_CLASSES = 20


def outputs(model: Any, question: Question) -> torch.Tensor:
    """(places, classes) logits, or (places, width) hidden states of a model without a head, on the CPU.

    A text model is given the reply after the question, so that each place tells what it would have said there.
    """
    with quiet(), torch.inference_mode():
        made = model(**_given(model, question))
    # A class of another task names its outputs otherwise; the first is what it is for.
    values = next(made[name] for name in ("logits", "last_hidden_state", next(iter(made))) if name in made)
    return values.reshape(-1, values.shape[-1]).cpu()  # type: ignore[no-any-return]


def fitting(model: Any, question: Question) -> dict[str, Any]:
    """The question's inputs that the model's class takes, on its device; floats in its dtype."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    takes = inspect.signature(inner.forward).parameters
    return {
        name: value.to(model.device, model.dtype) if value.is_floating_point() else value.to(model.device)
        for name, value in question.inputs.items()
        if name in takes
    }


def _given(model: Any, question: Question) -> dict[str, Any]:
    given = fitting(model, question)
    if question.task is AnswerKind.TEXT and question.reply is not None:
        ids = torch.cat([given["input_ids"], question.reply.to(model.device)], 1)
        return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if question.task is AnswerKind.TEXT_TO_TEXT:
        start = getattr(model.generation_config, "decoder_start_token_id", None) or 0
        reply = torch.zeros((1, 0), dtype=torch.long) if question.reply is None else question.reply
        given["decoder_input_ids"] = torch.cat([torch.tensor([[start]]), reply], 1).to(model.device)
    return given


def score(loaded_model: LoadedModel, question: Question) -> Answer:
    """One pass through the model: what it makes of the question as a whole, or of each token."""
    started = time.perf_counter()
    made = outputs(loaded_model.model, question).float()
    seconds = time.perf_counter() - started
    if question.task in (AnswerKind.EMBEDDING, AnswerKind.UNKNOWN):
        vector = tuple(float(value) for value in made.mean(0))
        return Answer(loaded_model.side, ended=Ended.COMPLETE, seconds=seconds, embedding=vector)
    labels = getattr(loaded_model.model.config, "id2label", None) or {}
    probabilities = made.softmax(1)
    scores = _of_tokens(probabilities, labels, question) if len(made) > 1 else _of_all(probabilities[0], labels)
    return Answer(loaded_model.side, ended=Ended.COMPLETE, seconds=seconds, scores=tuple(scores))


def _of_all(probabilities: torch.Tensor, labels: Any) -> Iterator[Score]:
    """The likeliest classes first, at most 20 of them."""
    best = probabilities.topk(min(_MAX_CLASSES, len(probabilities)))
    for value, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        yield Score(str(labels.get(place, place)), value)


def _of_tokens(probabilities: torch.Tensor, labels: Any, question: Question) -> Iterator[Score]:
    """The likeliest class of each token."""
    ids = question.inputs["input_ids"][0].tolist() if "input_ids" in question.inputs else range(len(probabilities))
    names = question.tokenizer.convert_ids_to_tokens(ids) if question.tokenizer else [str(token) for token in ids]
    for name, row in zip(names, probabilities, strict=False):
        place = int(row.argmax())
        yield Score(str(labels.get(place, place)), float(row[place]), str(name))
