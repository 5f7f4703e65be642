"""Tensors of a pickled file that lie at one place because the model ties them; safetensors store such a tensor once.

transformers decides by the class (``_tied_weights_keys``), which nothing here may import. Where a tie is as good as
certain the name that transformers keeps is kept; elsewhere all names are, which every loader takes too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..storage.safetensors_header import Header, TensorRecord

# Kept before any other of its group, in this order: transformers ties the rest to it.
INPUT_EMBEDDINGS = ("shared", "embed_tokens", "wte", "word_embeddings", "tok_embeddings", "embed_in", "tokens_embed")
# Their configs say tie_word_embeddings of the head alone; the towers share their embeddings whatever it says.
_TOWERS_ALWAYS_SHARE = ("t5", "pop2piano", "udop", "switch_transformers")
_HEAD_BIAS = ".decoder.bias"


def without_tied(headers: Sequence[Header], config: Mapping[str, Any]) -> tuple[Header, ...]:
    """The headers without the names that a tie makes repetitions of another."""
    return tuple(replace(header, tensors=_kept(header.tensors, config)) for header in headers)


def _kept(tensors: Mapping[str, TensorRecord], config: Mapping[str, Any]) -> dict[str, TensorRecord]:
    places: dict[object, list[str]] = {}
    for name, record in tensors.items():
        if record.nbytes:
            places.setdefault((record.file, record.offset, record.dtype, record.shape), []).append(name)
    dropped = {name for names in places.values() if len(names) > 1 for name in _repetitions(names, config)}
    return {name: record for name, record in tensors.items() if name not in dropped}


def _repetitions(names: Sequence[str], config: Mapping[str, Any]) -> set[str]:
    """The names of one place that transformers ties to another of them."""
    matrices = [name for name in names if name.endswith(".weight") and module_leaf(name) in INPUT_EMBEDDINGS]
    embeddings = min(matrices, key=lambda name: INPUT_EMBEDDINGS.index(module_leaf(name)), default=None)
    if embeddings is None:
        # BERT's heads have one bias under two names: ``predictions.bias`` and ``predictions.decoder.bias``.
        biases = (name for name in names if name.endswith(_HEAD_BIAS) and _ties(config))
        return {name for name in biases if name.removesuffix(_HEAD_BIAS) + ".bias" in names}
    others = (name for name in names if name != embeddings)
    towers = any(kind in str(config.get("model_type")) for kind in _TOWERS_ALWAYS_SHARE)
    return {name for name in others if _ties(config) or (towers and module_leaf(name) == "embed_tokens")}


def _ties(config: Mapping[str, Any]) -> bool:
    """Not said to be untied; that the names share a place says the rest."""
    inner = config.get("text_config")
    parts = (part for part in (config, inner) if isinstance(part, Mapping) and "tie_word_embeddings" in part)
    return next((bool(part["tie_word_embeddings"]) for part in parts), True)


def module_leaf(name: str) -> str:
    """The last part of the name of a parameter's module."""
    return name.rpartition(".")[0].rpartition(".")[2]
