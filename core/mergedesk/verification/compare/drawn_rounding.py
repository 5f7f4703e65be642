"""What stochastic rounding makes of float64 values, by its definition: ⌊|x| / step + draw / 2¹⁶⌋ · step.

Gupta et al. 2015, "Deep learning with limited numerical precision", section 3. Apart from the engine's bits, and the
same for a value that only grows: least and most before it are least and most after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy
import torch

from ...planning.plan import PlannedTensor
from ...runtime.rounding_draws import DRAWN_BITS, rounding_draws
from .step_sizes import step_sizes

SIXTEEN_BITS = (torch.bfloat16, torch.float16)
_SMALLER = 1e38
# From values (float64 or float32) and ranges of rows, first and one past the last, to the same in a dtype of 16 bits.
RoundRows = Callable[[torch.Tensor, Sequence[tuple[int, int]], torch.dtype], torch.Tensor]


def draws_of(tensor: PlannedTensor, width: int) -> RoundRows | None:
    """How rows (rows, width) of ``tensor`` are rounded by chance; None where they are to nearest."""
    drawing = tensor.drawing
    if drawing is None:
        return None

    def rounded(values: torch.Tensor, ranges: Sequence[tuple[int, int]], dtype: torch.dtype) -> torch.Tensor:
        if dtype not in SIXTEEN_BITS:
            return values.to(dtype)
        places = ((begin * width, (end - begin) * width) for begin, end in ranges)
        draws = numpy.concatenate([rounding_draws(drawing.seed, drawing.name, *place) for place in places])
        if values.dtype is torch.float32 and dtype is torch.bfloat16 and bool(values.abs().amax() < _SMALLER):
            return _upper_half(values, draws)
        return round_by(values.double(), dtype, torch.from_numpy(draws.astype(numpy.float64)).view(values.shape))

    return rounded


def _upper_half(values: torch.Tensor, draws: numpy.ndarray) -> torch.Tensor:
    """The same of float32 in bfloat16, whose steps are those of float32's upper half."""
    words = values.contiguous().view(torch.int32).view(-1) + torch.from_numpy(draws.astype(numpy.int32))
    return (words >> DRAWN_BITS).to(torch.int16).view(torch.bfloat16).view(values.shape)


def round_by(values: torch.Tensor, dtype: torch.dtype, draws: torch.Tensor) -> torch.Tensor:
    """``values`` (float64) in ``dtype``; ``draws`` are whole numbers below 2¹⁶, float64, one for each."""
    steps = step_sizes(values, dtype)
    raised = torch.floor(values.abs() / steps + draws / (1 << DRAWN_BITS)) * steps
    beyond = ~(values.abs() <= torch.finfo(dtype).max)
    return torch.where(beyond, values.to(dtype), torch.copysign(raised, values).to(dtype))
