"""Input and output embeddings that share one tensor, and what an adapter does to the pair.

PEFT adds a delta to the shared tensor in place, so that merging a delta trained for one side changes the other.
Here each side gets what it had while the adapter was unmerged: where the sides come to differ, both are written.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from ..checkpoints.checkpoint import Checkpoint, StoredTensor
from ..storage.open_files import open_files
from ..storage.safetensors_header import TensorRecord
from .keymap import input_embeddings, output_embeddings

_HEAD = "lm_head.weight"
_HAS_LM_HEAD = re.compile(r"CausalLM|LMHead|ConditionalGeneration")
_COMPARE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Tie:
    """``embeddings`` and ``head`` are checkpoint names; ``head_stored`` where the checkpoint keeps both anyway."""

    embeddings: str
    head: str
    head_stored: bool

    @property
    def feeds_more(self) -> bool:
        """Whether it is an encoder-decoder's ``shared``, which both towers read too.

        No config can say that only its head comes apart: T5 rescales then, BART's towers lose their embeddings.
        """
        return self.embeddings.split(".")[-2:] == ["shared", "weight"]


def find_tie(base: Checkpoint) -> Tie | None:
    """The base's tied pair; None where it is untied or has no head over the vocabulary."""
    embeddings = input_embeddings(base.tensors)
    stored = output_embeddings(base.tensors)
    stated = base.config.get("tie_word_embeddings")
    if embeddings is None or stated is False or not _HAS_LM_HEAD.search(base.architecture or ""):
        return None
    if stored is not None:
        return Tie(embeddings, stored, True) if stated else None
    return Tie(embeddings, _HEAD, False)


def equal_bytes(tensor: StoredTensor, other: StoredTensor) -> bool:
    """Whether two stored tensors hold the same values in the same form; a packed one equals none."""
    if not isinstance(tensor, TensorRecord) or not isinstance(other, TensorRecord):
        return False
    return (tensor.dtype, tensor.shape) == (other.dtype, other.shape) and _compare(tensor, other, operator.eq)


def same_values(tensor: StoredTensor, other: StoredTensor) -> bool:
    """Whether two stored tensors hold the same values, one of them perhaps in float32 and the other in bfloat16."""
    if not isinstance(tensor, TensorRecord) or not isinstance(other, TensorRecord):
        return False
    if tensor.shape != other.shape or {tensor.dtype, other.dtype} != {"F32", "BF16"}:
        return equal_bytes(tensor, other)
    wide, narrow = (tensor, other) if tensor.dtype == "F32" else (other, tensor)
    return _compare(wide, narrow, _widened)


def _widened(wide: bytearray, narrow: bytearray) -> bool:
    """A bfloat16 is the upper half of its float32; both are stored little-endian."""
    zeros = wide[0::4].count(0) == wide[1::4].count(0) == len(wide) // 4
    return zeros and wide[2::4] == narrow[0::2] and wide[3::4] == narrow[1::2]


def _compare(tensor: TensorRecord, other: TensorRecord, same: Callable[[bytearray, bytearray], bool]) -> bool:
    """Compare two stored tensors piece by piece, up to the first piece that differs."""
    ratio = tensor.nbytes // max(1, other.nbytes)
    with open_files() as files:
        for begin in range(0, other.nbytes, _COMPARE_BYTES):
            end = min(begin + _COMPARE_BYTES, other.nbytes)
            if not same(files.read(tensor, begin * ratio, end * ratio), files.read(other, begin, end)):
                return False
    return True
