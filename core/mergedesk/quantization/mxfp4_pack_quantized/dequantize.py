"""compressed-tensors' ``mxfp4-pack-quantized``: exact in float32."""

from __future__ import annotations

from ..dequantize import load_four_bit_floats as load

__all__ = ["load"]
