"""A quantised weight as the one tensor it stands for: its name and shape, and the stored parts it is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ..domain.dtypes import FLOATING
from ..storage.safetensors_header import TensorRecord, stored_bytes


class Packing(StrEnum):
    """The packed forms that can be turned back into plain weights."""

    BNB_4BIT = "bnb_4bit"
    BNB_INT8 = "bnb_int8"
    FLOAT8 = "float8"
    MXFP4 = "mxfp4"
    GPTQ = "gptq"
    AWQ = "awq"


Setting = int | float | str


@dataclass(frozen=True, slots=True)
class PackedTensor:
    """One weight in a packed form. ``dtype`` and ``shape`` are what it is once dequantised.

    ``parts`` are the stored tensors by role, ``codes`` the packed values among them; ``settings`` what else its
    packing needs to know.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    packing: Packing
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
