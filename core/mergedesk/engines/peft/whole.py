"""PEFT merges the whole model in memory: for adapters on parameters that the checkpoint stores in another form.

``merge_and_unload`` RETURNS the merged model; transformers' own conversion gives its tensors the checkpoint's names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, UserError
from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...planning.plan import Action, PlannedTensor
from ...planning.tied_embeddings import find_tie
from ...runtime.transformers_class import quiet
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_whole
from ...storage.torch_dtypes import torch_dtype
from .attach import peft_errors
from .layers import MergedTensor


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged model's tensors by the checkpoint's names, those that the adapter may have changed, and its tie."""

    tensors: Mapping[str, torch.Tensor]
    targeted: frozenset[str]
    splits_tie: bool

    @property
    def modules(self) -> list[list[str]]:
        """The targeted names, by module."""
        by_module: dict[str, list[str]] = {}
        for name in sorted(self.targeted, reverse=True):
            by_module.setdefault(name.rpartition(".")[0], []).append(name)
        return list(by_module.values())

    def values(self, planned: Iterable[PlannedTensor], cancel: CancelToken) -> Iterator[MergedTensor]:
        """Those of the planned tensors that were merged. Raises Cancelled, UserError(read_failed)."""
        for tensor in planned:
            if tensor.action is Action.MERGE:
                cancel.check()
                assert isinstance(tensor.base, TensorRecord)  # a quantised base is dequantised before PEFT sees it
                yield tensor, read_whole(tensor.base), self.tensors[tensor.name]


def loading_dtype(base: Checkpoint, precision: Precision) -> torch.dtype | str:
    """The base's own dtype where it has one and keeps it, as PEFT's script does; else float32, rounded once later."""
    stored = {record.dtype for record in base.tensors.values() if record.is_floating}
    if precision is Precision.AUTO and len(stored) == 1 and base.stated_dtype:
        [only] = stored
        return torch_dtype(only) if str(torch_dtype(only)) == f"torch.{base.stated_dtype}" else torch.float32
    return torch.float32


def merge_whole(model: Any, parameters: Collection[str], base: Checkpoint, check: Callable[[], None]) -> Merged:
    """Merge a ``PeftModel`` in memory. ``parameters`` are the names of those that the adapter may change.

    Raises UserError(peft_failed, keys_unmatched), Cancelled.
    """
    tie = find_tie(base)
    with peft_errors(), quiet(), torch.no_grad():
        merged = model.merge_and_unload()
        check()
        splits = tie is not None and not merged.config.get_text_config().tie_word_embeddings
        state = merged.state_dict()
        tensors = _in_checkpoint_form(merged, state)
        marks = {name: torch.tensor(name in parameters).expand(values.shape) for name, values in state.items()}
        targeted = {name for name, mark in _in_checkpoint_form(merged, marks).items() if bool(mark.any())}
    homes = base.tensors.keys() | ({tie.head} if tie and splits else set())
    shared = {tensors[name].data_ptr() for name in targeted & homes}
    # A parameter that shares its values with another, as a tied head does, has its tensor under the other's name.
    lost = sorted(name for name in targeted - homes if tensors[name].data_ptr() not in shared)
    if lost:
        raise UserError(Code.KEYS_UNMATCHED, count=len(lost), total=len(targeted), names=lost)
    return Merged(tensors, frozenset(targeted & homes), splits)


def _in_checkpoint_form(model: Any, state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The state under the names and in the pieces that the base's files have."""
    from transformers.core_model_loading import revert_weight_conversion

    tensors: dict[str, torch.Tensor] = revert_weight_conversion(model, dict(state))
    return tensors
