"""compressed-tensors' ``int-quantized``: exact in float32 until the product is rounded to the scales' dtype."""

from __future__ import annotations

from ..dequantize import load_integers as load

__all__ = ["load"]
