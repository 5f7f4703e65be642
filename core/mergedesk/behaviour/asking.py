"""One prompt as the token ids that every side is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..findings import Code, Finding, info, warning
from ..model_class import quiet
from ..verification.tokenizer import first_line, has_tokenizer
from .inputs import Inputs
from .trial import Task


@dataclass(frozen=True, slots=True)
class Asker:
    """One tokenizer for all sides, and the folder it came from."""

    tokenizer: Any
    folder: Path


@dataclass(frozen=True, slots=True)
class Question:
    """Token ids by input name, shape (1, tokens), and what became of the chat template."""

    inputs: Mapping[str, Any]
    said: Finding | None
    tokenizer: Any

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return int(self.inputs["input_ids"].shape[1])


def open_tokenizer(inputs: Inputs) -> Asker:
    """The merged folder's tokenizer, else the adapter's, else the base's. Raises UserError(trial_no_tokenizer)."""
    from transformers import AutoTokenizer

    folder = next((one for one in inputs.tokenizer_folders if has_tokenizer(one)), None)
    if folder is None:
        raise UserError(Code.TRIAL_NO_TOKENIZER, reason="—")
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as trouble:  # whatever a load raises is why there is none
        raise UserError(Code.TRIAL_NO_TOKENIZER, reason=first_line(trouble)) from trouble
    return Asker(tokenizer, folder)


def ask(asker: Asker, prompt: str, task: Task, use_template: bool = True) -> Question:
    """The prompt in token ids; a causal model's through its chat template where it has one.

    Raises UserError(trial_prompt_empty).
    """
    if task is Task.TEXT and use_template and getattr(asker.tokenizer, "chat_template", None):
        return _by_template(asker, prompt)
    said = info(Code.TRIAL_NO_TEMPLATE) if task is Task.TEXT else None
    return _plainly(asker, prompt, said)


def _by_template(asker: Asker, prompt: str) -> Question:
    messages = [{"role": "user", "content": prompt}]
    try:
        with quiet():
            made = asker.tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
    except Exception as trouble:  # a template is a small program of the model's makers
        return _plainly(asker, prompt, warning(Code.TRIAL_TEMPLATE_FAILED, reason=first_line(trouble)))
    return Question(dict(made), info(Code.TRIAL_TEMPLATE_APPLIED, folder=asker.folder.name), asker.tokenizer)


def _plainly(asker: Asker, prompt: str, said: Finding | None) -> Question:
    with quiet():
        made = dict(asker.tokenizer(prompt, return_tensors="pt"))
    if made["input_ids"].shape[1] == 0:
        raise UserError(Code.TRIAL_PROMPT_EMPTY)
    return Question(made, said, asker.tokenizer)
