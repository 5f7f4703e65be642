"""Eight-bit floats, packed again as compressed-tensors does it."""

from __future__ import annotations

from ..repack import pack_eight_bit_floats as pack

__all__ = ["pack"]
