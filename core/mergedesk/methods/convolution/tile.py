"""A convolution's delta on one tile, convolved and rounded as in ``peft.tuners.lora.layer._ConvNd``.

Which library convolves, and in which order it adds, depends on the whole shape and on whether torch has threads: a
part of the outputs comes out in other bits. So the delta is made once, whole and with as many threads as PEFT would
have, before the tensor's first tile. Source: Hu et al. 2021, equation 3.
"""

from __future__ import annotations

import torch
from torch.nn import functional

from ...runtime.kept import Kept
from ...runtime.threads import torch_threads
from ..tile_context import TileContext, TileOp
from . import ConvolutionUpdate

_CONVOLVE = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}


class ConvolvedDeltas(Kept[tuple[str, str], torch.Tensor]):
    """Whole deltas times their scaling, (outputs, inputs, …) float32, by tensor and adapter's file."""


def load(context: TileContext, update: ConvolutionUpdate) -> TileOp:
    """What the update does to the rows of ``context``. Raises UserError(read_failed)."""
    return load_rows(context, update, context.begin, context.end)


def load_rows(context: TileContext, update: ConvolutionUpdate, begin: int, end: int) -> TileOp:
    """What the update does to rows ``begin`` to ``end`` of the stored tensor."""

    def make() -> torch.Tensor:
        a, b = context.load(update.a), context.load(update.b)
        return convolved(a, b, update.kernel, context.cache.threads).mul_(update.scaling * update.weight)

    key = context.name, str(update.a.record.file)
    return add_rows(context.cache.of(ConvolvedDeltas).get(key, make)[begin:end])


def convolved(a: torch.Tensor, b: torch.Tensor, kernel: tuple[int, ...], threads: int) -> torch.Tensor:
    """The product of factors (rank, inputs · points) and (outputs, rank), as PEFT has it: (outputs, inputs, …)."""
    rank, dimensions = b.shape[1], len(kernel)
    with torch_threads(threads):
        return _CONVOLVE[dimensions](
            a.reshape(rank, -1, *kernel).transpose(0, 1), b.reshape(-1, rank, *(1 for _ in kernel))
        ).transpose(0, 1)


def add_rows(delta: torch.Tensor) -> TileOp:
    """What adds ``delta`` (rows, inputs, …) to tiles of its rows."""

    def add(weights: torch.Tensor, begin: int, _scratch: torch.Tensor) -> None:
        rows = len(weights)
        weights.view(rows, *delta.shape[1:]).add_(delta[begin : begin + rows])

    return add
