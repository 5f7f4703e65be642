"""compressed-tensors' ``float-quantized``: exact in float32 until the product is rounded to the scales' dtype."""

from __future__ import annotations

from ..dequantize import load_eight_bit_floats as load

__all__ = ["load"]
