"""Every dtype that a weights file may hold, by the names of safetensors and of torch: what ``dtypes.json`` lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DType:
    """How one kind of number is stored: ``name`` is safetensors', ``torch_name`` torch's, empty where it has none.

    ``exponent`` and ``mantissa`` are the bits of the floats that a change of precision touches, 0 for all others.
    ``storage_class`` is how older torch files call an array of it. ``computed``: values are reckoned with, while
    tensors of the other dtypes are only carried over, as bytes.
    """

    name: str
    torch_name: str
    bits: int
    exponent: int = 0
    mantissa: int = 0
    storage_class: str = ""
    computed: bool = True

    @property
    def shown_as(self) -> str:
        """The name that people know it by: torch's, where there is one."""
        return self.torch_name or self.name

    @property
    def floating(self) -> bool:
        """Whether a change of precision touches it."""
        return self.mantissa > 0

    @property
    def smallest_exponent(self) -> int:
        """The exponent of a float's smallest normal number."""
        return 2 - (1 << (self.exponent - 1))


# In the order in which safetensors lays tensors out, last first.
_ALL = tuple(DType(**stated) for stated in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))
DTYPES: Mapping[str, DType] = {dtype.name: dtype for dtype in _ALL}
BY_TORCH_NAME: Mapping[str, DType] = {dtype.torch_name: dtype for dtype in _ALL if dtype.torch_name}
BY_STORAGE_CLASS: Mapping[str, DType] = {dtype.storage_class: dtype for dtype in _ALL if dtype.storage_class}
FLOATING = frozenset(dtype.name for dtype in _ALL if dtype.floating)
