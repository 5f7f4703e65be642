"""Model Optimizer's NVFP4, in float32 as the library works it out."""

from __future__ import annotations

from ..dequantize import load_four_bit_floats as load

__all__ = ["load"]
