"""What an update does, worked out by code that shares none of the engines' arithmetic: in float64, or for a first look
in float32."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from ..storage.factor_view import FactorView
from ..storage.tensor_reading import read_whole
from .registry import module_of
from .update import FormulaUpdate, Update

# Some rows of a tensor, (rows, width).
Rows = Callable[[int, int], torch.Tensor]
# Changes rows (rows, width) in place, the first of which has the given number; leaves those alone that an update does
# not touch. Gives ΣΔ² where that is known at once.
Change = Callable[[torch.Tensor, int], float | None]


def reference(update: Update, start: Rows, dtype: torch.dtype = torch.float64) -> Change:
    """What ``update`` does to rows of ``dtype``.

    ``start`` gives rows of the tensor before any update, (rows, width) in its own dtype.
    """
    if isinstance(update, FormulaUpdate):
        return update.formula([read_view(view, dtype) for view in update.views])
    made: Change = module_of(update, "reference").reference(update, start, dtype)
    return made


def rows_after(updates: Sequence[Update], start: Rows) -> Rows:
    """Rows of the tensor after all ``updates``, one after the other; (rows, width) float64."""
    changed = changes_to(updates, start)
    return lambda begin, end: changed(start(begin, end), begin)


def changes_to(updates: Sequence[Update], start: Rows) -> Callable[[torch.Tensor, int], torch.Tensor]:
    """The same for rows that were read already, the first of which has the given number; they stay as they are."""
    changes = [reference(update, start) for update in updates]

    def changed(rows: torch.Tensor, begin: int) -> torch.Tensor:
        rows = rows.to(torch.float64, copy=True)
        for change in changes:
            change(rows, begin)
        return rows

    return changed


def read_view(view: FactorView, dtype: torch.dtype) -> torch.Tensor:
    """A block of a stored factor, (rows, columns)."""
    matrix, rows, columns = read_whole(view.record).view(view.matrix), view.rows, view.columns
    block = matrix[rows.begin :: rows.step][: rows.count, columns.begin :: columns.step][:, : columns.count]
    return block.to(dtype).contiguous()
