"""The types of GGUF files: what makes each, and how large it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GgufType:
    """``number``: llama.cpp's, of the whole file. ``bits``: a weight's, on average over usual models.

    ``outtype``: by which name the converter makes it; empty where only the quantiser does.
    """

    name: str
    number: int
    bits: float
    outtype: str = ""


_ALL = (
    GgufType("F32", 0, 32.0, "f32"),
    GgufType("F16", 1, 16.0, "f16"),
    GgufType("BF16", 32, 16.0, "bf16"),
    GgufType("Q8_0", 7, 8.5, "q8_0"),
    GgufType("Q6_K", 18, 6.6),
    GgufType("Q5_K_M", 17, 5.8),
    GgufType("Q5_K_S", 16, 5.6),
    GgufType("Q5_1", 9, 6.1),
    GgufType("Q5_0", 8, 5.7),
    GgufType("Q4_K_M", 15, 5.0),
    GgufType("Q4_K_S", 14, 4.8),
    GgufType("IQ4_NL", 25, 4.8),
    GgufType("IQ4_XS", 30, 4.6),
    GgufType("Q4_1", 3, 5.2),
    GgufType("Q4_0", 2, 4.8),
    GgufType("Q3_K_L", 13, 4.5),
    GgufType("Q3_K_M", 12, 4.1),
    GgufType("Q3_K_S", 11, 3.7),
    GgufType("Q2_K", 10, 3.4),
)
TYPES = {one.name: one for one in _ALL}
DEFAULT = "Q8_0"
_WITHOUT_LOSS = {"F32": "F32", "F64": "F32", "F16": "F16", "BF16": "BF16"}


def lossless_type(dtypes: frozenset[str]) -> GgufType:
    """The smallest type that holds values of these stored dtypes as they are."""
    names = {_WITHOUT_LOSS.get(dtype, "F32") for dtype in dtypes}
    return TYPES[names.pop()] if len(names) == 1 else TYPES["F32"]
