"""Model Optimizer's FP8, in float32 as the library works it out at that precision."""

from __future__ import annotations

from ..dequantize import load_eight_bit_floats as load

__all__ = ["load"]
