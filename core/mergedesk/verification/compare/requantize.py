"""What common quantisations make of a block of weights, in float64: to notice a merge onto a quantised base.

Sources: QLoRA (Dettmers et al. 2023, NF4 and its block of 64), LLM.int8() (Dettmers et al. 2022: one scale a row), FP4
as bitsandbytes stores it, OCP OFP8 (E4M3).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache

import torch

Quantize = Callable[[torch.Tensor], torch.Tensor]

_BLOCKS = (64, 128, 256, 32)
_FP4 = (0.0, 0.0052083333, 0.66666667, 1.0, 0.33333333, 0.5, 0.16666667, 0.25)
_E4M3_LARGEST = 448.0
# Roundings of the base and of the result; how far above one of them an error must be; what may stay unexplained.
_ROUNDINGS, _CLEARLY, _NEARLY_NOTHING = 3.0, 4.0, 0.1


def quantizations() -> Iterator[tuple[str, Quantize]]:
    """Name, and what it does to rows (rows, width) in float64, for each that is commonly merged onto."""
    for name, book in (("NF4", _nf4()), ("FP4", torch.tensor([*_FP4, *(-one for one in _FP4)]).double())):
        for block in _BLOCKS:
            yield f"4-bit ({name})", _by_book(book.sort().values, block)
    yield "8-bit (int8)", _int8
    yield "8-bit (FP8)", _float8_rows


@cache
def _normal_quantile(share: float) -> float:
    return math.sqrt(2) * float(torch.erfinv(torch.tensor(2 * share - 1, dtype=torch.float64)))


def _nf4() -> torch.Tensor:
    """The 16 values of NF4: quantiles of a normal distribution, 8 above zero and 7 below it, scaled to ±1."""
    edge = 0.9677083
    above = [_normal_quantile(edge + (0.5 - edge) * step / 8) for step in range(8)]
    below = [-_normal_quantile(edge + (0.5 - edge) * step / 7) for step in range(7)]
    return torch.tensor([*above, 0.0, *below], dtype=torch.float64) / above[0]


def _by_book(book: torch.Tensor, block: int) -> Quantize:
    middles = (book[1:] + book[:-1]) / 2

    def quantize(rows: torch.Tensor) -> torch.Tensor:
        flat = rows.reshape(-1)
        padded = torch.nn.functional.pad(flat, (0, -flat.numel() % block)).view(-1, block)
        largest = padded.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(torch.float64).tiny)
        values = book[torch.bucketize(padded / largest, middles)] * largest
        return values.view(-1)[: flat.numel()].view(rows.shape)

    return quantize


def _int8(rows: torch.Tensor) -> torch.Tensor:
    scale = rows.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(torch.float64).tiny) / 127
    return (rows / scale).round() * scale


def _float8_rows(rows: torch.Tensor) -> torch.Tensor:
    scale = rows.abs().amax(dim=1, keepdim=True).clamp(min=torch.finfo(torch.float64).tiny) / _E4M3_LARGEST
    return (rows / scale).to(torch.float8_e4m3fn).double() * scale


def is_made(made: torch.Tensor, found: torch.Tensor, error: float, rounding: float) -> bool:
    """Whether ``found`` is ``made``, rounded a few times: what differs is little beside quantisation's own ``error``.

    error: Σ(quantised − base)². rounding: Σ(found − exact)² that one rounding leaves. Nothing is told by an error that
    is not clearly above the roundings.
    """
    off = float((found - made).square().sum())
    return error >= _CLEARLY * rounding and off - _ROUNDINGS * rounding <= _NEARLY_NOTHING * error
