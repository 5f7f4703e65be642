"""Which files of a repository a merge needs, by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

_MODEL = re.compile(r"model(-\d+-of-\d+)?\.safetensors")
_ADAPTER = re.compile(r"adapter_model.*\.safetensors")
_PICKLED = re.compile(r"(pytorch_model|adapter_model)(-\d+-of-\d+)?\.bin")
# The same weights once more, in another form or precision.
_ONCE_MORE = re.compile(r"(consolidated.*|model\..+|model-.*)\.safetensors")
_BESIDE = frozenset({".json", ".jinja", ".model", ".txt", ".tiktoken", ".md", ".py", ".yaml"})
_LICENCES = re.compile(r"(licen[cs]e|notice|use_policy)[^/]*", re.IGNORECASE)
_OF_TRAINERS = frozenset({"trainer_state.json", "all_results.json", "train_results.json", "eval_results.json"})
# Folders that belong to a model: templates, and the parts of sentence-transformers.
_PARTS = re.compile(r"additional_chat_templates|\d+_\w+")


def wanted_files(names: Iterable[str]) -> list[str]:
    """The weights, safetensors where there are any, and what stands beside them; nothing of the rest."""
    near = [name for name in names if _is_near(PurePosixPath(name))]
    return [name for name in near if _is_beside(PurePosixPath(name))] + _weights(near)


def holds_weights(names: Iterable[str]) -> bool:
    """Whether weights that can be merged are among them."""
    return any(name.endswith((".safetensors", ".bin")) for name in names)


def _is_near(name: PurePosixPath) -> bool:
    return len(name.parts) == 1 or (len(name.parts) == 2 and bool(_PARTS.fullmatch(name.parts[0])))


def _is_beside(name: PurePosixPath) -> bool:
    return (name.suffix in _BESIDE and name.name not in _OF_TRAINERS) or bool(_LICENCES.fullmatch(name.name))


def _weights(names: Sequence[str]) -> list[str]:
    stored = [name for name in names if name.endswith(".safetensors")]
    if not stored:
        return [name for name in names if _PICKLED.fullmatch(name)]
    plain = [name for name in stored if _MODEL.fullmatch(name) or _ADAPTER.fullmatch(name)]
    return plain + [name for name in stored if name not in plain and not (plain and _ONCE_MORE.fullmatch(name))]
