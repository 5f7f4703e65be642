"""Which stored weights are of linear layers: what its class says, asked in another process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ...checkpoints.checkpoint import Checkpoint, read_checkpoint
from ...planning.transformers_conversion import ParameterIndex, conversion_for, index_parameters, stacked_names
from ...runtime.transformers_class import meta_model
from .plan import LinearWeights

# Towers of images and sounds, and what joins them to the text: small, and sensitive to coarse numbers.
_BESIDE_THE_TEXT = ("vision", "visual", "audio", "image", "speech", "projector", "multi_modal", "connector")


def linear_weights(folder: Path) -> LinearWeights:
    """The linear layers of a text model, experts' too, without the head. Raises UserError where it cannot be read."""
    base = read_checkpoint(folder)
    model = meta_model(base.folder, base.config)
    if model is None:
        return LinearWeights(False)
    named = {*_linear(base, model), *_experts(base)}
    return LinearWeights(True, tuple(name for name in base.tensors if name in named and not _is_beside_the_text(name)))


def _linear(base: Checkpoint, model: Any) -> Iterator[str]:
    import torch

    head = model.get_output_embeddings()
    layers = (name for name, layer in model.named_modules() if type(layer) is torch.nn.Linear and layer is not head)
    conversion = conversion_for(base.config, base.tensors)
    index, prefix = index_parameters(conversion, base.tensors), model.base_model_prefix
    for name in (f"{layer}.weight" for layer in layers):
        spellings = [name, f"{prefix}.{name}", name.removeprefix(f"{prefix}."), *conversion.spellings(name)]
        yield from _stored(index, spellings)


def _stored(index: ParameterIndex, spellings: Sequence[str]) -> Iterator[str]:
    """The stored tensors that one parameter is loaded from."""
    for name in spellings:
        if name in index.whole:
            yield index.whole[name]
            return
        if name in index.placed:
            yield from (block.tensor for block in index.placed[name].blocks)
            return


def _experts(base: Checkpoint) -> Iterator[str]:
    """Weights of experts, one by one, which the class stacks."""
    return stacked_names(conversion_for(base.config, base.tensors), base.tensors)


def _is_beside_the_text(name: str) -> bool:
    return any(part in piece for piece in name.split(".") for part in _BESIDE_THE_TEXT)
