"""Convolutions apart from the engine's arithmetic: W + weight · scaling · B·A, each kernel's points beside one another.

Source: Hu et al. 2021, equation 3.
"""

from __future__ import annotations

from ..lora.reference import reference

__all__ = ["reference"]
