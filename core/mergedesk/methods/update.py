"""What an adapter does to one tensor, as data, and what a method says of itself. How a tile changes is in ``tile``.

A tensor is cut into tiles along its rows: every update says how wide a row it needs whole, and which rows it touches.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

from ..storage.factor_view import FactorView
from ..storage.safetensors_header import TensorRecord


class Update(ABC):
    """What one adapter, or several as one, do to one tensor."""

    __slots__ = ()

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """Rows and columns of what it changes, as stored; kernels of convolutions count as columns."""

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole."""
        return self.shape[1]

    @property
    def rows(self) -> tuple[int, int]:
        """The rows of the stored tensor that it touches: first, and one past the last."""
        return 0, self.shape[0]

    @property
    def given_shape(self) -> tuple[int, ...]:
        """The shape to tell of where it does not fit."""
        return self.shape

    @property
    def rank(self) -> int | None:
        """The rank that its factors have; None where whole matrices are stored."""
        return None

    def fits(self, target: tuple[int, int]) -> bool:
        """Whether it is of the weight's (rows, columns), and its own parts of each other's."""
        return self.shape == target

    @property
    def single_rows(self) -> tuple[int, ...] | None:
        """The rows it sets one by one, of all that share an embedding at once; None where it changes more than such."""
        return None

    @property
    def addends(self) -> tuple[Update, ...]:
        """The updates of which it is the plain sum; none where it is one by itself."""
        return ()

    @property
    def without_magnitude(self) -> Update:
        """What a tool makes of it that overlooks magnitudes."""
        return self

    @property
    def is_plain(self) -> bool:
        """Whether float32 and rows one by one tell nearly what it does, without PEFT's roundings on the way."""
        return True


class Array(Protocol):
    """As much of a tensor as a formula needs, which imports no torch."""

    @property
    def T(self) -> Self: ...  # noqa: N802
    def __len__(self) -> int: ...
    def __getitem__(self, places: Any, /) -> Self: ...
    def __setitem__(self, places: Any, values: Any, /) -> None: ...
    def __iadd__(self, other: Any, /) -> Self: ...
    def __imul__(self, other: Any, /) -> Self: ...
    def __add__(self, other: Any, /) -> Self: ...
    def __mul__(self, other: Any, /) -> Self: ...
    def __matmul__(self, other: Any, /) -> Self: ...
    def flatten(self, start_dim: int) -> Self: ...


# Changes rows (rows, width) in place, the first of which has the given number.
Formula = Callable[[Array, int], None]


class FormulaUpdate(Update):
    """An update that plain tensor algebra says in a line or two. Verification takes that, in any dtype, at its word."""

    __slots__ = ()

    @property
    def views(self) -> tuple[FactorView, ...]:
        """What it reads of the adapter: those of its fields that are views, or several, in their order."""
        values = (getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]
        several = (value if isinstance(value, tuple) else (value,) for value in values)
        return tuple(view for values in several for view in values if isinstance(view, FactorView))

    @abstractmethod
    def formula(self, stored: Sequence[Array]) -> Formula:
        """The change, from what ``views`` show: (rows, columns) each, all of the dtype that the rows will have.

        It shares nothing with the tile's arithmetic.
        """


class WeightUpdate(FormulaUpdate):
    """One whose stored parts do not tell the weight's shape, so that it is given as ``target``."""

    __slots__ = ()
    target: tuple[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        """The weight's own."""
        return self.target

    @property
    def given_shape(self) -> tuple[int, ...]:
        """That of what is stored."""
        return self.views[0].record.shape


Parts = Mapping[str, TensorRecord]


@dataclass(frozen=True, slots=True)
class TunedTarget:
    """A module whose ``parts`` are trained, and the weight (rows, columns) that they change.

    ``conv1d``: the weight is stored (inputs, outputs).
    """

    module: str
    parts: Parts
    config: Mapping[str, Any]
    weight: float
    shape: tuple[int, int]
    conv1d: bool = False


def rows_and_columns(shape: tuple[int, ...]) -> tuple[int, int]:
    """A stored shape as a matrix's: all dimensions but the first are columns."""
    return shape[0], math.prod(shape[1:])


@dataclass(frozen=True, slots=True)
class Method:
    """A method that stores its own parts for each module, and how they become updates.

    ``parts``: all names that PEFT gives them. ``streams``: from a module's parts and the config, whether they are all
    there and need no arithmetic but that of tiles. ``also_in``: other types whose adapters may hold such modules.
    ``alone``: PEFT gives it no strength, and beside other adapters the order would matter. ``trains_rows``: it sets
    rows of all that share an embedding at once. ``bias_update``: what it does to a module's bias, if the base has one.
    """

    peft_type: str
    parts: tuple[str, ...]
    streams: Callable[[Parts, Mapping[str, Any]], bool]
    update: Callable[[TunedTarget], Update]
    bias_update: Callable[[TunedTarget], Update | None] = lambda _target: None
    also_in: tuple[str, ...] = ()
    alone: bool = False
    trains_rows: bool = False
