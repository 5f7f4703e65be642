"""A quantised weight as the one tensor it stands for: its name and shape, and the stored parts it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..domain.dtypes import FLOATING
from ..storage.safetensors_header import TensorRecord, stored_bytes

Setting = int | float | str


@dataclass(frozen=True, slots=True)
class PackedTensor:
    """One weight in a packed form. ``dtype`` and ``shape`` are what it is once dequantised.

    ``packing`` names its format. ``parts`` are the stored tensors by role, ``codes`` the packed values among them;
    ``settings`` what else its format needs to know.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    packing: str
    parts: Mapping[str, TensorRecord]
    settings: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The file that holds its packed values."""
        return self.parts["codes"].file

    @property
    def elements(self) -> int:
        """Number of elements once dequantised."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes once dequantised."""
        return stored_bytes(self.dtype, self.shape)

    @property
    def width(self) -> int:
        """Elements of one row."""
        return self.shape[-1]

    @property
    def rows(self) -> int:
        """Number of rows, all leading dimensions together."""
        return self.elements // self.width if self.width else 0

    @property
    def is_floating(self) -> bool:
        """Whether precision conversion touches it."""
        return self.dtype in FLOATING

    def whole(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.settings[name])


StoredTensor = TensorRecord | PackedTensor
