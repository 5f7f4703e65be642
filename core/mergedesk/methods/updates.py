"""What an adapter does to one tensor, as data. How it is done to a tile is in ``engines``, one module for each kind.

A tensor is cut into tiles along its rows: every update says how wide a row it needs whole, and which rows it touches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..domain.requests import Combination
from ..storage.factor_view import FactorView
from ..storage.safetensors_header import TensorRecord


@dataclass(frozen=True, slots=True)
class LowRankUpdate:
    """W += weight · scaling · B·A. A is (rank, inputs), B (outputs, rank).

    ``transposed``: W is stored (inputs, outputs), as in Conv1D and embeddings. ``rounds_first``: PEFT rounds the
    delta of an embedding to the base's dtype before adding it. ``first_row``: where in the stored tensor the delta
    begins, for deltas of one part of it.
    """

    a: FactorView
    b: FactorView
    scaling: float
    weight: float = 1.0
    transposed: bool = False
    rounds_first: bool = False
    first_row: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the delta weight as stored in the checkpoint."""
        outputs, inputs = self.b.shape[0], self.a.shape[1]
        return (inputs, outputs) if self.transposed else (outputs, inputs)

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """The rows of the stored tensor that it touches: first, and one past the last."""
        return self.first_row, self.first_row + self.shape[0]

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return iter((self.a.record, self.b.record))


@dataclass(frozen=True, slots=True)
class DoraUpdate:
    """W = m · (W + scaling · B·A) / ‖W + scaling · B·A‖, with one norm and one trained ``magnitude`` m per output."""

    low_rank: LowRankUpdate
    magnitude: TensorRecord

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.low_rank.width

    @property
    def rows(self) -> tuple[int, int]:
        """All of them: first, and one past the last."""
        return self.low_rank.rows

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return iter((*self.low_rank.records, self.magnitude))


@dataclass(frozen=True, slots=True)
class VectorUpdate:
    """b += factor · delta, for the bias that ``lora_bias`` trains."""

    delta: TensorRecord
    factor: float

    @property
    def width(self) -> int:
        """Any cut will do."""
        return 1

    @property
    def rows(self) -> tuple[int, int]:
        """All of it."""
        return 0, self.delta.elements

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return iter((self.delta,))


@dataclass(frozen=True, slots=True)
class CombinedUpdate:
    """Low-rank updates of several adapters to the same rows, made one as ``how`` says.

    ``seed`` is this tensor's own, so that what DARE drops depends neither on tiles nor on the order of work.
    """

    parts: tuple[LowRankUpdate, ...]
    how: Combination
    seed: int

    @property
    def transposed(self) -> bool:
        """Whether the delta is turned around before it is added, as for its parts."""
        return self.parts[0].transposed

    @property
    def rounds_first(self) -> bool:
        """Whether PEFT rounds the delta before adding it, as for its parts."""
        return self.parts[0].rounds_first

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.parts[0].width

    @property
    def rows(self) -> tuple[int, int]:
        """The rows of the stored tensor that it touches: first, and one past the last."""
        return self.parts[0].rows

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapters' tensors it reads."""
        return (record for part in self.parts for record in part.records)


@dataclass(frozen=True, slots=True)
class ScaleUpdate:
    """W = W · l, with one factor for each row (``by_rows``) or for each column of W as stored: (rows, width)."""

    factors: TensorRecord
    shape: tuple[int, int]
    by_rows: bool

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """All of them: first, and one past the last."""
        return 0, self.shape[0]

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return iter((self.factors,))


@dataclass(frozen=True, slots=True)
class RowsUpdate:
    """W[index] = value, for each of the rows that ``indices`` names, in the order of ``values``' own rows."""

    values: TensorRecord
    indices: tuple[int, ...]
    shape: tuple[int, int]

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """From the first row that changes to one past the last."""
        return min(self.indices, default=0), max(self.indices, default=-1) + 1

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return iter((self.values,))


Product = tuple[FactorView, ...]
"""One stored matrix, or two whose product is meant."""


@dataclass(frozen=True, slots=True)
class HadamardUpdate:
    """W += factor · (A₁·B₁) ∘ (A₂·B₂), each A (outputs, rank) and B (rank, inputs)."""

    first: Product
    second: Product
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the delta weight; kernels of convolutions count as columns."""
        return self.first[0].shape[0], self.first[-1].shape[1]

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """All of them: first, and one past the last."""
        return 0, self.shape[0]

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return (view.record for view in (*self.first, *self.second))


@dataclass(frozen=True, slots=True)
class KroneckerUpdate:
    """W += factor · W₁ ⊗ W₂."""

    first: Product
    second: Product
    factor: float

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the delta weight; kernels of convolutions count as columns."""
        rows = self.first[0].shape[0] * self.second[0].shape[0]
        return rows, self.first[-1].shape[1] * self.second[-1].shape[1]

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """All of them: first, and one past the last."""
        return 0, self.shape[0]

    @property
    def records(self) -> Iterator[TensorRecord]:
        """The adapter's tensors it reads."""
        return (view.record for view in (*self.first, *self.second))


AddedUpdate = LowRankUpdate | VectorUpdate | CombinedUpdate | HadamardUpdate | KroneckerUpdate
Update = AddedUpdate | DoraUpdate | ScaleUpdate | RowsUpdate
