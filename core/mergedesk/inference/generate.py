"""What a model answers: a greedy text, token by token, or scores."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import torch
from transformers import StoppingCriteria
from transformers.generation.streamers import BaseStreamer

from ..domain.progress import CancelToken
from ..runtime.transformers_class import quiet
from .build_inputs import Question
from .load_model import LoadedModel
from .outputs import fitting, score
from .trial import Answer, Ended

# What generation_config may ask for beyond the likeliest token; None is "not asked for" to transformers.
_SAMPLING = (
    "temperature", "top_k", "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff", "penalty_alpha",
    "num_return_sequences", "early_stopping", "length_penalty", "max_length", "diversity_penalty", "num_beam_groups",
)  # fmt: skip
_UNFINISHED = "\ufffd"
OnText = Callable[[str], None]


class _Stream(BaseStreamer):  # type: ignore[misc]
    """Collects ids and hands their text on as soon as its characters are whole."""

    def __init__(self, tokenizer: Any, on_text: OnText, started: float) -> None:
        self._tokenizer, self._on_text, self._started = tokenizer, on_text, started
        self._prompt_seen, self._shown = False, 0
        self.ids: list[int] = []
        self.first_seconds: float | None = None

    def put(self, value: torch.Tensor) -> None:
        """The prompt's ids come first, then one new id at a time."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        if self.first_seconds is None:
            self.first_seconds = time.perf_counter() - self._started
        self.ids += [int(token) for token in value.reshape(-1)]
        text = self.text
        if not text.endswith(_UNFINISHED):
            self._show(text)

    def end(self) -> None:
        """Nothing more comes."""
        self._show(self.text)

    @property
    def text(self) -> str:
        """All there is so far, without special tokens."""
        return str(self._tokenizer.decode(self.ids, skip_special_tokens=True))

    def _show(self, text: str) -> None:
        if len(text) > self._shown:
            self._on_text(text[self._shown :])
            self._shown = len(text)


class _Stop(StoppingCriteria):  # type: ignore[misc]
    """Ends an answer at the next token once the person asks to stop."""

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel

    def __call__(self, input_ids: torch.Tensor, _scores: Any, **_: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._cancel.cancelled, dtype=torch.bool, device=input_ids.device)


def generate(
    loaded_model: LoadedModel,
    question: Question,
    max_new_tokens: int,
    on_text: OnText,
    cancel: CancelToken,
    exactly: bool = False,
) -> Answer:
    """The likeliest token each time, until the model ends its text, ``max_new_tokens`` are made, or it is cancelled.

    ``on_text`` is called with each new piece of text, on this thread. With ``exactly`` the end of a text is passed
    over, so that all answers are of one length.
    """
    model = loaded_model.model
    config = _greedy(model, max_new_tokens)
    config.min_new_tokens = max_new_tokens if exactly else None
    given = {name: value for name, value in fitting(model, question).items() if name != "token_type_ids"}
    started = time.perf_counter()
    stream = _Stream(question.tokenizer, on_text, started)
    with quiet(), torch.inference_mode():
        model.generate(**given, generation_config=config, streamer=stream, stopping_criteria=[_Stop(cancel)])
    return Answer(
        loaded_model.side,
        text=stream.text,
        token_ids=tuple(stream.ids),
        ended=_ended(stream.ids, config, cancel),
        first_token_seconds=stream.first_seconds,
        seconds=time.perf_counter() - started,
    )


def _greedy(model: Any, max_new_tokens: int) -> Any:
    """The model's own generation config, with nothing left to chance; it is the model's from now on.

    Otherwise transformers would fill in the fields that are left out here from the one it came with.
    """
    config = copy.deepcopy(model.generation_config)
    for name in _SAMPLING:
        setattr(config, name, None)
    config.do_sample, config.num_beams, config.max_new_tokens = False, 1, max_new_tokens
    if config.pad_token_id is None:
        ends = _end_ids(config)
        config.pad_token_id = ends[0] if ends else None
    for holder in (model, model.get_base_model() if hasattr(model, "get_base_model") else None):
        if holder is not None:
            holder.generation_config = config
    return config


def _end_ids(config: Any) -> list[int]:
    ends = config.eos_token_id
    return list(ends) if isinstance(ends, (list, tuple)) else [] if ends is None else [int(ends)]


def _ended(ids: list[int], config: Any, cancel: CancelToken) -> Ended:
    if ids and ids[-1] in _end_ids(config):
        return Ended.END_TOKEN
    return Ended.CANCELLED if cancel.cancelled else Ended.LENGTH


def answer(
    loaded_model: LoadedModel, question: Question, max_new_tokens: int, on_text: OnText, cancel: CancelToken
) -> Answer:
    """The answer that the model's task asks for: text, or scores."""
    if question.task.makes_tokens:
        return generate(loaded_model, question, max_new_tokens, on_text, cancel)
    return score(loaded_model, question)
