"""Adapter module names to checkpoint tensor names.

Checkpoints and classes do not always agree on prefixes (``transformer.h.0`` against ``h.0``,
``model.layers`` against ``model.language_model.layers``); one renaming must serve the whole adapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INPUT_EMBEDDINGS = ("embed_tokens", "wte", "word_embeddings", "shared", "tok_embeddings", "embed_in", "tokens_embed")
OUTPUT_EMBEDDINGS = ("lm_head", "embed_out", "decoder", "output", "output_projection")
_WRAPPERS = (
    "model", "transformer", "bert", "roberta", "distilbert", "deberta", "electra", "albert", "camembert",
    "xlm_roberta", "encoder", "decoder", "gpt_neox", "language_model", "base_model", "vit", "mpnet", "modernbert",
)  # fmt: skip
_KNOWN_RENAMES = (
    ("model.language_model.", "language_model.model."),
    ("language_model.model.", "model.language_model."),
    ("model.", "model.language_model."),
    ("model.language_model.", "model."),
    ("model.", "language_model.model."),
    ("language_model.model.", "model."),
)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A prefix of adapter names and what the checkpoint has in its place."""

    adapter_prefix: str = ""
    checkpoint_prefix: str = ""

    def apply(self, name: str) -> str | None:
        """The checkpoint's name; None where the prefix is not there."""
        if not name.startswith(self.adapter_prefix):
            return None
        return self.checkpoint_prefix + name[len(self.adapter_prefix) :]


@dataclass(frozen=True, slots=True)
class KeyMap:
    """``found`` maps parameter names of the adapter's model to checkpoint names; ``tied`` those that share one."""

    renaming: Renaming
    found: Mapping[str, str]
    tied: Mapping[str, str]
    unmatched: tuple[str, ...]


def map_keys(parameters: Sequence[str], checkpoint: Mapping[str, Any], config: Mapping[str, Any]) -> KeyMap:
    """Find each parameter (``…q_proj.weight``) in the checkpoint.

    The renaming that finds most parameters wins, none before any other. A head that is absent because it is tied
    to the input embeddings is found as ``tied``: parameter → the input embeddings' checkpoint name.
    """
    renaming = _best_renaming(parameters, checkpoint)
    found: dict[str, str] = {}
    tied: dict[str, str] = {}
    unmatched: list[str] = []
    for parameter in parameters:
        if (name := _find(parameter, renaming, checkpoint)) is not None:
            found[parameter] = name
        elif (shared := _tied_to(parameter, checkpoint, config)) is not None:
            tied[parameter] = shared
        else:
            unmatched.append(parameter)
    return KeyMap(renaming, found, tied, tuple(unmatched))


def input_embeddings(checkpoint: Iterable[str]) -> str | None:
    """The checkpoint's input embedding matrix, if exactly one tensor has a name the field uses for it."""
    hits = [name for name in checkpoint if _module_leaf(name) in INPUT_EMBEDDINGS and name.endswith(".weight")]
    shared = [name for name in hits if _module_leaf(name) == "shared"]
    return shared[0] if shared else hits[0] if len(hits) == 1 else None


def output_embeddings(checkpoint: Iterable[str]) -> str | None:
    """The checkpoint's own output embedding matrix, None where it is tied or absent."""
    return next((name for name in checkpoint if name in ("lm_head.weight", "embed_out.weight")), None)


def is_input_embedding(parameter: str) -> bool:
    """Whether a parameter's name is one the field uses for input embeddings."""
    return _module_leaf(parameter) in INPUT_EMBEDDINGS


def is_output_embedding(parameter: str) -> bool:
    """Whether a parameter's name is one the field uses for the head over the vocabulary."""
    return _module_leaf(parameter) in OUTPUT_EMBEDDINGS


def _renamings() -> list[Renaming]:
    added = [Renaming("", f"{wrapper}.") for wrapper in _WRAPPERS]
    removed = [Renaming(f"{wrapper}.", "") for wrapper in _WRAPPERS]
    known = [Renaming(old, new) for old, new in _KNOWN_RENAMES]
    return [Renaming(), *removed, *added, *known]


def _best_renaming(parameters: Sequence[str], checkpoint: Mapping[str, Any]) -> Renaming:
    best, most = Renaming(), -1
    for renaming in _renamings():
        hits = _hits(renaming, parameters, checkpoint)
        if hits == len(parameters):
            return renaming
        if hits > most:
            best, most = renaming, hits
    return best


def _hits(renaming: Renaming, parameters: Sequence[str], checkpoint: Mapping[str, Any]) -> int:
    return sum(_find(parameter, renaming, checkpoint) is not None for parameter in parameters)


def _find(parameter: str, renaming: Renaming, checkpoint: Mapping[str, Any]) -> str | None:
    renamed = renaming.apply(parameter)
    if renamed is not None and renamed in checkpoint:
        return renamed
    return parameter if parameter in checkpoint else None


def _tied_to(parameter: str, checkpoint: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
    if config.get("tie_word_embeddings") is False or not parameter.endswith(".weight"):
        return None
    return input_embeddings(checkpoint) if _is_vocabulary_matrix(parameter) else None


def _is_vocabulary_matrix(parameter: str) -> bool:
    return is_output_embedding(parameter) or is_input_embedding(parameter)


def _module_leaf(parameter: str) -> str:
    return parameter.rpartition(".")[0].rpartition(".")[2]
