"""Model Optimizer's FP8, packed again: the largest value of what shares a scale becomes the largest code."""

from __future__ import annotations

from ..repack import pack_eight_bit_floats as pack

__all__ = ["pack"]
