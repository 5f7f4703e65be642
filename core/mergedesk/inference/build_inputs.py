"""What every side is asked: a prompt's token ids, or noise from a fixed seed where a model takes no text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ..checkpoints.tokenizer_files import TOKENIZER, has_tokenizer
from ..deployment.chat_template import prompt_of
from ..deployment.chat_turns import LIMITS, Rendered
from ..domain.findings import Code, Finding, UserError, info, warning
from ..domain.folder_names import spoken_name
from ..runtime.bounded_call import LimitMet, Limits, bounded
from ..runtime.transformers_class import LOCALLY, find_class, quiet
from ..verification.staged.tokenizer import encode_here, first_line
from .prompts import BUILT_IN
from .trial import AnswerKind
from .trial_inputs import TrialInputs

_SEED = 20
_TOKENIZER_LIMITS = Limits(seconds=20, nbytes=4_000_000_000)
_AUDIO_SAMPLES = 16_000


@dataclass(frozen=True, slots=True)
class Asker:
    """One tokenizer for all sides and the folder it came from, or noise where the model takes no text."""

    task: AnswerKind
    tokenizer: Any
    folder: Path
    noise: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Inputs of the model by name, a batch of one, and what is to be said about them.

    ``reply``: ids, shape (1, tokens), that a model is to be given after the question, place by place.
    """

    task: AnswerKind
    inputs: Mapping[str, Any]
    said: Finding | None
    tokenizer: Any
    reply: Any = None

    @property
    def length(self) -> int:
        """How many tokens the question has; 0 where it is noise."""
        ids = self.inputs.get("input_ids")
        return 0 if ids is None else int(ids.shape[1])


def open_asker(inputs: TrialInputs) -> Asker:
    """The merged folder's tokenizer, else the adapter's, else the base's; for images and sound, noise.

    Raises UserError(trial_no_tokenizer, trial_no_prompt_fits).
    """
    model_class = find_class({"architectures": [inputs.architecture or ""]})
    takes = inspect.signature(model_class.forward).parameters if model_class else {}
    prompt = inputs.request.prompt
    folder = next((folder for folder in inputs.tokenizer_folders if has_tokenizer(folder)), None)
    if model_class is None or "input_ids" in takes:
        return Asker(inputs.task, _tokenizer(folder, prompt), folder or inputs.request.base)
    tokenizer = _tokenizer(folder, prompt) if inputs.task is AnswerKind.TEXT_TO_TEXT else None
    return Asker(inputs.task, tokenizer, inputs.request.base, _noise(model_class.main_input_name, inputs.config))


def _tokenizer(folder: Path | None, prompt: str) -> Any:
    """Loaded here once that has been tried, with the prompt, where it can be ended."""
    from transformers import AutoTokenizer

    if folder is None:
        raise UserError(Code.TRIAL_NO_TOKENIZER, reason="—")
    try:
        if (folder / TOKENIZER).is_file():
            bounded(encode_here, folder, prompt, limits=_TOKENIZER_LIMITS)
        with quiet():
            return AutoTokenizer.from_pretrained(folder, **LOCALLY)
    except Exception as trouble:  # whatever a load raises is why there is none
        raise UserError(Code.TRIAL_NO_TOKENIZER, reason=first_line(trouble)) from trouble


def _noise(name: str, config: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """As many random inputs as there are built-in questions."""
    shape = _SHAPES[name](config) if name in _SHAPES else None
    if shape is None:
        raise UserError(Code.TRIAL_NO_PROMPT_FITS, name=name)
    generator = torch.Generator().manual_seed(_SEED)
    return [{name: torch.randn(shape, generator=generator)} for _ in BUILT_IN]


def _image_shape(config: Mapping[str, Any]) -> tuple[int, ...] | None:
    size = config.get("image_size")
    sides = size if isinstance(size, list) and len(size) == 2 else [size, size]
    whole = [side for side in sides if isinstance(side, int)]
    return (1, int(config.get("num_channels", 3)), *whole) if len(whole) == 2 else None


def _features_shape(config: Mapping[str, Any]) -> tuple[int, ...] | None:
    bins, places = config.get("num_mel_bins"), config.get("max_source_positions")
    # Whisper's first layers halve the length.
    return (1, bins, 2 * places) if isinstance(bins, int) and isinstance(places, int) else None


_SHAPES: Mapping[str, Callable[[Mapping[str, Any]], tuple[int, ...] | None]] = {
    "pixel_values": _image_shape,
    "input_features": _features_shape,
    "input_values": lambda _: (1, _AUDIO_SAMPLES),
}


def ask(asker: Asker, prompt: str, use_template: bool = True, reply: str = "") -> Question:
    """The prompt in token ids; a causal model's through its chat template where it has one.

    Raises UserError(trial_prompt_empty).
    """
    if asker.noise:
        return noise_questions(asker)[0]
    if asker.task is AnswerKind.TEXT and use_template and getattr(asker.tokenizer, "chat_template", None):
        question = _by_template(asker, prompt)
    else:
        question = _plainly(asker, prompt, info(Code.TRIAL_NO_TEMPLATE) if asker.task is AnswerKind.TEXT else None)
    if not reply or not asker.task.makes_tokens:
        return question
    with quiet():
        ids = asker.tokenizer(reply, return_tensors="pt", add_special_tokens=False)["input_ids"]
    return replace(question, reply=ids.long())


def noise_questions(asker: Asker) -> list[Question]:
    """A question for each random input; none where the model takes text."""
    said = [info(Code.TRIAL_NOISE_ASKED, name=next(iter(values))) for values in asker.noise]
    return [Question(asker.task, *pair, asker.tokenizer) for pair in zip(asker.noise, said, strict=True)]


def _by_template(asker: Asker, prompt: str) -> Question:
    """A template is a small program of the model's makers: it runs where it can be ended."""
    try:
        template, tokens = asker.tokenizer.get_chat_template(), asker.tokenizer.special_tokens_map
        made = bounded(prompt_of, template, prompt, tokens, limits=LIMITS)
    except LimitMet:
        costs = {"seconds": LIMITS.seconds, "limit_bytes": LIMITS.nbytes}
        return _plainly(asker, prompt, warning(Code.TRIAL_TEMPLATE_COSTLY, **costs))
    except Exception as trouble:  # of several templates, none may be the usual one
        made = Rendered(trouble=first_line(trouble))
    if made.trouble:
        return _plainly(asker, prompt, warning(Code.TRIAL_TEMPLATE_FAILED, reason=made.trouble))
    said = info(Code.TRIAL_TEMPLATE_APPLIED, folder=spoken_name(asker.folder))
    return _in_ids(asker, made.prompt, said, add_special_tokens=False)


def _plainly(asker: Asker, prompt: str, said: Finding | None) -> Question:
    return _in_ids(asker, prompt, said)


def _in_ids(asker: Asker, text: str, said: Finding | None, **options: bool) -> Question:
    with quiet():
        made = dict(asker.tokenizer(text, return_tensors="pt", **options))
    if made["input_ids"].shape[1] == 0:
        raise UserError(Code.TRIAL_PROMPT_EMPTY)
    return Question(asker.task, made, said, asker.tokenizer)
