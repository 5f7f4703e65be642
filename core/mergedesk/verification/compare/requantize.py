"""What common quantisations make of a block of weights, in float64: to notice a merge onto a quantised base."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch

from ...quantization.packing_format import Rounding
from ...quantization.registry import FORMATS

Quantize = Callable[[torch.Tensor], torch.Tensor]

# Roundings of the base and of the result; how far above one of them an error must be; what may stay unexplained.
_ROUNDINGS, _CLEARLY, _NEARLY_NOTHING = 3.0, 4.0, 0.1


def quantizations() -> Iterator[tuple[str, Quantize]]:
    """Name, and what it does to rows (rows, width) in float64, for each that is commonly merged onto."""
    for known in FORMATS.values():
        for name, rounding in known.roundings():
            yield name, _of_tensors(rounding)


def _of_tensors(rounding: Rounding) -> Quantize:
    return lambda rows: torch.from_numpy(np.ascontiguousarray(rounding(np.ascontiguousarray(rows.numpy()))))


def is_made(made: torch.Tensor, found: torch.Tensor, error: float, rounding: float) -> bool:
    """Whether ``found`` is ``made``, rounded a few times: what differs is little beside quantisation's own ``error``.

    error: Σ(quantised − base)². rounding: Σ(found − exact)² that one rounding leaves. Nothing is told by an error that
    is not clearly above the roundings.
    """
    off = float((found - made).square().sum())
    return error >= _CLEARLY * rounding and off - _ROUNDINGS * rounding <= _NEARLY_NOTHING * error
