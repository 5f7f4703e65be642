"""Weights that torch.save pickled (``.bin``), read as safetensors headers are: where each tensor lies, and no more.

Nothing is unpickled: a small machine follows the file's instructions and makes stand-ins for tensors only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...domain.dtypes import DTYPES
from ...domain.findings import Code, UserError
from ..safetensors_header import Header, TensorRecord
from ..strided_path import Scattered, is_in_order, strided_path
from .containers import read_contents
from .torch_objects import View

_WRAPPERS = ("state_dict", "model_state_dict", "model", "module")
_PREFIXES = ("module.", "_orig_mod.")


@dataclass(frozen=True, slots=True)
class Pickled:
    """One file. ``unwrapped`` names the key of a dictionary that the state dict lay under.

    ``mappable``: torch can leave its tensors in the file until they are used.
    """

    header: Header
    unwrapped: tuple[str, ...] = ()
    mappable: bool = True


def read_pickled(file: Path) -> Pickled:
    """Read where every tensor of a pickled state dict lies.

    Raises UserError: pickle_broken, pickle_refused, pickle_unclear, file_truncated, folder_unreadable.
    """
    contents = read_contents(file)
    views, unwrapped = _state_dict(contents.root, file)
    tensors = {name: _record(name, view, file, contents.offsets) for name, view in views.items()}
    size = file.stat().st_size
    return Pickled(Header(file, b"", {"format": "pt"}, tensors, size), unwrapped, contents.mappable)


def common_prefix(names: Sequence[str]) -> str:
    """The prefix of a trainer's wrapper that every name has; empty where there is none."""
    return next((prefix for prefix in _PREFIXES if names and all(name.startswith(prefix) for name in names)), "")


def _state_dict(root: Any, file: Path) -> tuple[dict[str, View], tuple[str, ...]]:
    """The dictionary of tensors, and the key it lay under where it was part of a whole training checkpoint."""
    if _is_state_dict(root):
        return root, ()
    inner = [key for key in _WRAPPERS if type(root) is dict and _is_state_dict(root.get(key))]
    if len(inner) != 1 or any(type(value) is View for value in root.values()):
        odd = [str(key)[:80] for key, value in root.items() if type(value) is not View] if type(root) is dict else []
        raise UserError(Code.PICKLE_UNCLEAR, file=file.name, names=odd)
    return root[inner[0]], (inner[0],)


def _is_state_dict(root: object) -> bool:
    return type(root) is dict and all(type(key) is str and type(value) is View for key, value in root.items())


def _record(name: str, view: View, file: Path, offsets: Mapping[str, int]) -> TensorRecord:
    storage, width = view.storage, DTYPES[view.dtype].bits // 8
    elements = math.prod(view.shape)
    first = storage.first * storage.width + view.offset * width
    reach = sum((size - 1) * stride for size, stride in zip(view.shape, view.strides, strict=True)) if elements else 0
    if elements and first + (reach + 1) * width > (storage.first + storage.elements) * storage.width:
        raise UserError(Code.PICKLE_BROKEN, file=file.name)
    place = offsets[storage.key] + (first if elements else 0)
    if is_in_order(view.shape, view.strides):
        return TensorRecord(name, view.dtype, view.shape, file, place, elements * width)
    kept = [(size, stride) for size, stride in zip(view.shape, view.strides, strict=True) if size != 1]
    shape, strides = zip(*kept, strict=True)
    scattered = Scattered(file, place, width, shape, strides)
    return TensorRecord(name, view.dtype, view.shape, strided_path(scattered), 0, elements * width)
