"""Factors that hold all experts' columns in turn, put in order once instead of read through for every expert."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import torch

from ...storage.factor_view import FactorView
from ...storage.open_files import OpenFiles
from ...storage.positional_io import PositionalFile
from ...storage.tensor_reading import read_block, read_rows

KEPT_BYTES = 64 << 20


@dataclass(slots=True)
class ExpertFactors:
    """The last few such factors as (experts, rows, rank), no more than KEPT_BYTES of them."""

    guard: Lock = field(default_factory=Lock)
    held: dict[tuple[str, str], torch.Tensor] = field(default_factory=dict)

    def read(self, files: OpenFiles, view: FactorView, begin: int = 0, end: int | None = None) -> torch.Tensor:
        """Rows ``begin`` to ``end`` of a block, in its own dtype; as ``read_block`` reads them where that is direct."""
        file = files[view.record.file]
        rank, experts = view.columns.count, view.columns.step
        if experts == 1 or rank * experts != view.matrix[1] or 2 * view.record.nbytes > KEPT_BYTES:
            return read_block(file, view, begin, end)
        last = view.rows.count if end is None else end
        return self._ordered(file, view)[view.columns.begin, view.rows.begin + begin : view.rows.begin + last]

    def _ordered(self, file: PositionalFile, view: FactorView) -> torch.Tensor:
        record, key = view.record, (str(view.record.file), view.record.name)
        with self.guard:
            if key not in self.held:
                whole = read_rows(file, record, 0, record.shape[0])
                whole = whole.view(record.shape[0], view.columns.count, view.columns.step)
                while self.held and sum(one.nbytes for one in self.held.values()) + record.nbytes > KEPT_BYTES:
                    self.held.pop(next(iter(self.held)))
                self.held[key] = whole.permute(2, 0, 1).contiguous()
            return self.held[key]
