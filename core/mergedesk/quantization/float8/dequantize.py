"""Eight-bit floats, in float32 as the libraries work them out."""

from __future__ import annotations

from ..dequantize import load_eight_bit_floats as load

__all__ = ["load"]
