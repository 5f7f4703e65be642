"""What a merged tensor's values say about how it came about: sums over blocks, in float64.

With W the base's values, M the merged ones and D what the adapter adds: a right merge is W + D, rounded once to M's
dtype. Whatever else it is can be told by a few sums, so that blocks can be looked at in any order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import torch

from .step_sizes import step_sizes

# A float32 sum of products is off by a few roundings of its largest parts.
_FLOAT32_ERROR = 16 * 2.0**-24
_NEARLY_ALL = 0.999
# Errors that no arithmetic makes: beyond these steps of the dtype, this many times the usual error, this share of D.
_STEPS_ASTRAY, _ROOTS_ASTRAY, _SHARE_ASTRAY = 3.0, 16.0, 0.05


@dataclass(frozen=True, slots=True)
class TensorStatistics:
    """Counts and sums over the elements that were looked at.

    ``right``: within one step of M's dtype from W + D. ``exact``: the bits of W + D rounded once. ``twice``: the bits
    of W + D where D was rounded to M's dtype first, ``stepwise``: where each of several deltas was added and rounded
    in turn. ``unchanged``: the bits of W in M's dtype. ``lost``: where W + D rounds to W. ``neither``: neither right
    nor unchanged. ``astray``: so far from W + D that arithmetic in a few bits, which is about as far off everywhere
    and never by much of D itself, does not explain it.

    ``drawn``: the bits that a stated seed draws. ``away``: not those of W + D rounded once, but for blocks that nearly
    all are. Rounding by chance would make ``away_due`` so, give or take the root of ``away_room``, and ``luck`` is what
    it adds to the variance of ``along``. ``finer``: values of W there that M's dtype does not hold.

    ``misscaled``: groups of packed values whose scale is none that their codes were made with.

    ``delta`` is ΣD², ``due`` Σ(R−W)·D with R the right result, ``along`` Σ(M−W)·D, ``moved`` Σ(M−W)², ``base`` ΣW²,
    ``rounding`` what one rounding to M's dtype leaves of Σ(M−W−D)² on average: a twelfth of the square of each step.
    """

    elements: int = 0
    right: int = 0
    exact: int = 0
    twice: int = 0
    stepwise: int = 0
    unchanged: int = 0
    lost: int = 0
    neither: int = 0
    astray: int = 0
    not_finite: int = 0
    delta: float = 0.0
    due: float = 0.0
    along: float = 0.0
    moved: float = 0.0
    base: float = 0.0
    rounding: float = 0.0
    drawn: int = 0
    away: int = 0
    away_due: float = 0.0
    away_room: float = 0.0
    luck: float = 0.0
    finer: int = 0
    misscaled: int = 0

    def __add__(self, other: TensorStatistics) -> TensorStatistics:
        """The sums over both."""
        return TensorStatistics(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def factor(self) -> float:
        """How many times D was added, by least squares; 0 where D is nothing."""
        return self.along / self.delta if self.delta else 0.0

    @property
    def due_factor(self) -> float:
        """What ``factor`` is after a right merge: below 1 where rounding takes most of D away."""
        return self.due / self.delta if self.delta else 0.0

    @property
    def factor_error(self) -> float:
        """The standard error of ``factor`` that rounding explains."""
        return math.sqrt(self.rounding / self.elements / self.delta) if self.delta else 0.0

    @property
    def lucky_error(self) -> float:
        """The standard error of ``factor`` that rounding by chance explains."""
        return math.sqrt(self.luck) / self.delta if self.delta else 0.0

    @property
    def left_over(self) -> float:
        """Σ(M − W − factor·D)²: what adding D any number of times does not explain."""
        return max(0.0, self.moved - self.factor * self.along)


def gather(
    base: torch.Tensor,
    exact: torch.Tensor,
    merged: torch.Tensor,
    parts: Sequence[torch.Tensor] = (),
    drawn: torch.Tensor | None = None,
) -> TensorStatistics:
    """The statistics of one block. base: W, float64. exact: W + D, float64. merged: M in its own dtype.

    All of one shape. ``parts``: the deltas that D is the sum of, float64, where there are several. ``drawn``: what
    chance makes of W + D in M's dtype, where a seed is stated.
    """
    sums = _sums(base, exact, merged, parts)
    sums = replace(sums, drawn=0 if drawn is None else _count(merged == drawn))
    return _with_chances(sums, exact, merged, base) if sums.exact < _NEARLY_ALL * sums.elements else sums


def _sums(
    base: torch.Tensor, exact: torch.Tensor, merged: torch.Tensor, parts: Sequence[torch.Tensor]
) -> TensorStatistics:
    delta, values, dtype = exact - base, merged.double(), merged.dtype
    step = step_sizes(torch.maximum(exact.abs(), base.abs()), dtype)
    close = step + _FLOAT32_ERROR * (base.abs() + delta.abs().amax())
    once, unmoved = exact.to(dtype), base.to(dtype)
    shift, right, stayed = values - base, (values - exact).abs() <= close, merged == unmoved
    return TensorStatistics(
        elements=merged.numel(),
        right=_count(right),
        exact=_count(merged == once),
        twice=_count_in_turn(merged, base, [delta.to(dtype).double()]),
        stepwise=_count_in_turn(merged, base, parts) if len(parts) > 1 else 0,
        unchanged=_count(stayed),
        lost=_count(once == unmoved),
        neither=_count(~right & ~stayed),
        astray=_count(_is_astray((values - exact).abs(), close + _STEPS_ASTRAY * step, delta)),
        not_finite=_count(~merged.isfinite()),
        delta=_dot(delta, delta),
        due=_dot(once.double() - base, delta),
        along=_dot(shift, delta),
        moved=_dot(shift, shift),
        base=_dot(base, base),
        rounding=_dot(step, step) / 12,
    )


def _with_chances(
    sums: TensorStatistics, exact: torch.Tensor, merged: torch.Tensor, base: torch.Tensor
) -> TensorStatistics:
    """What would come of rounding to either neighbour by chance, and how many are the farther one."""
    if merged.dtype not in (torch.bfloat16, torch.float16):
        return sums
    step = step_sizes(exact, merged.dtype)
    above = torch.frac(exact.abs() / step)
    farther, variance = torch.minimum(above, 1 - above), above * (1 - above)
    return replace(
        sums,
        away=_count(merged != exact.to(merged.dtype)),
        away_due=float(farther.sum()),
        away_room=float(variance.sum()),
        luck=float((variance * (step * (exact - base)).square()).sum()),
        finer=_count(base.to(merged.dtype).double() != base),
    )


def _is_astray(error: torch.Tensor, explained: torch.Tensor, delta: torch.Tensor) -> torch.Tensor:
    beyond = error - explained
    return (beyond > _ROOTS_ASTRAY * error.square().mean().sqrt()) & (beyond > _SHARE_ASTRAY * delta.abs())


def _count_in_turn(merged: torch.Tensor, base: torch.Tensor, parts: Sequence[torch.Tensor]) -> int:
    """How many values are rounded after each part; 0 in wide dtypes, whose roundings are lost among those of sums."""
    if merged.dtype not in (torch.bfloat16, torch.float16):
        return 0
    values = base.to(merged.dtype)
    for part in parts:
        values = (values.double() + part).to(merged.dtype)
    return _count(merged == values)


def narrowest(merged: torch.Tensor) -> torch.Tensor:
    """float32 values that a 16-bit dtype holds as they are, in that dtype: they were made there and widened later."""
    if merged.dtype in (torch.float32, torch.float64):
        for dtype in (torch.bfloat16, torch.float16):
            if _holds(dtype, merged[:1]) and _holds(dtype, merged):
                return merged.to(dtype)
    return merged


def _holds(dtype: torch.dtype, values: torch.Tensor) -> bool:
    return torch.equal(values.to(dtype).to(values.dtype), values)


def _count(flags: torch.Tensor) -> int:
    return int(flags.sum())


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    return float(torch.dot(first.flatten(), second.flatten()))
