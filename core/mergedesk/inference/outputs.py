"""What a model puts out for a question, all places at once."""

from __future__ import annotations

import inspect
from typing import Any

import torch

from ..runtime.transformers_class import quiet
from .build_inputs import Question
from .trial import AnswerKind


def outputs(model: Any, question: Question) -> torch.Tensor:
    """(places, classes) logits, or (places, width) hidden states of a model without a head, on the CPU.

    A text model is given the reply after the question, so that each place tells what it would have said there.
    """
    with quiet(), torch.inference_mode():
        made = model(**_given(model, question))
    # A class of another task names its outputs otherwise; the first is what it is for.
    found = next(made[name] for name in ("logits", "last_hidden_state", next(iter(made))) if name in made)
    return found.reshape(-1, found.shape[-1]).cpu()  # type: ignore[no-any-return]


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
