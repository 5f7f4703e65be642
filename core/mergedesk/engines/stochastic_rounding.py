"""float32 rounded up or down by chance, so that it is right on average: the next value up as often as it is near.

A value that the dtype holds stays as it is. |x| becomes ⌊|x| / step + draw / 2¹⁶⌋ · step, the step being that of the
dtype where x lies: with 16 random bits that is exact for bfloat16, and for float16 down to 2⁻⁴⁰. Beyond the largest
finite value it is rounded to nearest, so that nothing becomes infinite that would not there.
Gupta et al. 2015, "Deep learning with limited numerical precision", section 3.
"""

from __future__ import annotations

import numpy
import torch

from ..planning.plan import Drawing
from ..runtime.rounding_draws import DRAWN_BITS, rounding_draws

_MAGNITUDE = numpy.uint32(0x7FFFFFFF)
_HALF_LARGEST = numpy.uint32(0x477FE000)  # float32's bits of 65504
_HALF_NORMAL = numpy.uint32(0x38800000)  # of 2⁻¹⁴
_HALF_DROPPED = 13
_HALF_STEPS, _HALF_STEP = numpy.float32(2.0 ** (24 + DRAWN_BITS)), numpy.float32(2.0**-24)
_BFLOAT_LARGEST = numpy.uint32(0x7F7F0000)


def round_stochastically(exact: torch.Tensor, dtype: torch.dtype, drawing: Drawing, begin: int) -> torch.Tensor:
    """Flat values, the first of which is the tensor's ``begin``-th, in ``dtype``: bfloat16 or float16."""
    values = exact.float()
    bits = values.numpy().view(numpy.uint32)
    draws = rounding_draws(drawing.seed, drawing.name, begin, len(bits))
    half = dtype == torch.float16
    rounded = _to_half(values, bits, draws) if half else _to_bfloat(bits, draws)
    magnitudes = bits & _MAGNITUDE
    largest = _HALF_LARGEST if half else _BFLOAT_LARGEST
    if len(bits) and magnitudes.max() > largest:
        beyond = torch.from_numpy(magnitudes > largest)
        rounded[beyond] = values[beyond].to(dtype)
    return rounded


def _to_bfloat(bits: numpy.ndarray, draws: numpy.ndarray) -> torch.Tensor:
    """bfloat16 is float32's upper half: what is added below carries as often as it should."""
    upper = (bits + draws).view("<u2")[1::2]
    return torch.from_numpy(numpy.ascontiguousarray(upper).view(numpy.int16)).view(torch.bfloat16)


def _to_half(values: torch.Tensor, bits: numpy.ndarray, draws: numpy.ndarray) -> torch.Tensor:
    raised = bits + (draws >> numpy.uint16(DRAWN_BITS - _HALF_DROPPED))
    raised &= numpy.uint32(0xFFFFFFFF << _HALF_DROPPED & 0xFFFFFFFF)
    rounded = raised.view(numpy.float32)
    small = (bits & _MAGNITUDE) < _HALF_NORMAL
    if small.any():  # where all of its steps are alike
        few = values.numpy()[small]
        steps = (numpy.abs(few) * _HALF_STEPS).astype(numpy.uint32) + draws[small] >> numpy.uint32(DRAWN_BITS)
        rounded[small] = numpy.copysign(steps.astype(numpy.float32) * _HALF_STEP, few)
    return torch.from_numpy(rounded).half()
