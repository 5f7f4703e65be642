"""Whether packed values lie about W + D as a whole: whatever rule chose the codes, a wrong scale moves all of them.

Measured over rounding to nearest and by chance, scales of 0.8 to 1.3 times the usual, and GPTQ on inputs that go
together, of evenly and of unevenly spread weights: with eight bits the share by which a group is off was never above
0.75 of the room here; a scale that is 5 % off is beyond it wherever it is a row's or a block's. Four bits leave no such
room.
"""

from __future__ import annotations

import torch

from ...checkpoints.checkpoint import PackedTensor

_EIGHT_BITS = ("F8_E4M3", "F8_E5M2", "I8")
_ROOM, _ERRORS = 0.02, 8.0


def tells_scales(packed: PackedTensor) -> bool:
    """Whether its codes are fine enough."""
    return packed.parts["codes"].dtype in _EIGHT_BITS or packed.settings.get("bits") == 8


def count_misscaled(
    cells: tuple[torch.Tensor, torch.Tensor, torch.Tensor], exact: torch.Tensor, *, columns: int, together: bool
) -> int:
    """How many groups of ``columns`` values have a scale that their codes were not made with.

    ``together``: all rows share it. Values that a scale cuts off are left out: some observers do that on purpose.
    """
    written, low, high = cells
    inner = low.isfinite() & high.isfinite()
    steps, due = torch.where(inner, high - low, 0.0), torch.where(inner, exact, 0.0)
    squares = _summed(due * due, columns, together)
    along = _summed(torch.where(inner, written, 0.0) * due, columns, together)
    errors = (_summed((steps * due).square(), columns, together) / 12).sqrt()
    off = (along - squares).abs() > torch.maximum(_ROOM * squares, _ERRORS * errors)
    return int((off & (squares > 0)).sum())


def _summed(values: torch.Tensor, columns: int, together: bool) -> torch.Tensor:
    padded = torch.nn.functional.pad(values, (0, -values.shape[-1] % columns))
    sums = padded.view(len(values), -1, columns).sum(-1)
    return sums.sum(0) if together else sums
