"""Every dtype that a weights file may hold, under the names of safetensors and of torch; torch itself is not needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


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
_ALL = (
    DType("BOOL", "bool", 8, storage_class="BoolStorage"),
    DType("F4", "", 4, computed=False),
    DType("F6_E2M3", "", 6, computed=False),
    DType("F6_E3M2", "", 6, computed=False),
    DType("U8", "uint8", 8, storage_class="ByteStorage"),
    DType("I8", "int8", 8, storage_class="CharStorage"),
    DType("F8_E5M2", "float8_e5m2", 8),
    DType("F8_E4M3", "float8_e4m3fn", 8),
    DType("F8_E8M0", "float8_e8m0fnu", 8, computed=False),
    DType("F8_E4M3FNUZ", "float8_e4m3fnuz", 8, computed=False),
    DType("F8_E5M2FNUZ", "float8_e5m2fnuz", 8, computed=False),
    DType("I16", "int16", 16, storage_class="ShortStorage"),
    DType("U16", "uint16", 16),
    DType("F16", "float16", 16, exponent=5, mantissa=10, storage_class="HalfStorage"),
    DType("BF16", "bfloat16", 16, exponent=8, mantissa=7, storage_class="BFloat16Storage"),
    DType("I32", "int32", 32, storage_class="IntStorage"),
    DType("U32", "uint32", 32),
    DType("F32", "float32", 32, exponent=8, mantissa=23, storage_class="FloatStorage"),
    DType("C64", "complex64", 64, storage_class="ComplexFloatStorage", computed=False),
    DType("F64", "float64", 64, exponent=11, mantissa=52, storage_class="DoubleStorage"),
    DType("I64", "int64", 64, storage_class="LongStorage"),
    DType("U64", "uint64", 64),
)
DTYPES: Mapping[str, DType] = {dtype.name: dtype for dtype in _ALL}
BY_TORCH_NAME: Mapping[str, DType] = {dtype.torch_name: dtype for dtype in _ALL if dtype.torch_name}
BY_STORAGE_CLASS: Mapping[str, DType] = {dtype.storage_class: dtype for dtype in _ALL if dtype.storage_class}
FLOATING = frozenset(dtype.name for dtype in _ALL if dtype.floating)
