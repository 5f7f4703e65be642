"""W += weight · scaling · B∗A, of a convolution: A has the base's kernel, B is a single point. Hu et al. 2021."""

from __future__ import annotations

from dataclasses import dataclass

from ..lora import LowRankUpdate


@dataclass(frozen=True, slots=True)
class ConvolutionUpdate(LowRankUpdate):
    """The low-rank update of a convolution whose ``kernel`` has more points than one.

    Its factors multiply as matrices of (rank, inputs · points) and (outputs, rank). PEFT has them convolved, which
    adds up in another order.
    """

    kernel: tuple[int, ...] = ()


def of_kernel(plain: LowRankUpdate, shape: tuple[int, ...]) -> LowRankUpdate:
    """The update of a convolution's weight of this shape. The factors of images' single points PEFT multiplies too."""
    if shape[2:] == (1, 1):
        return plain
    return ConvolutionUpdate(plain.a, plain.b, plain.scaling, plain.weight, kernel=shape[2:])
