"""What the adapter does to each tensor, summed up while its tiles go by: no second pass, and hardly any time.

Small tensors are measured whole. Of larger ones, short runs of elements spread evenly over rows and columns are looked
at, SAMPLED_ELEMENTS in all: good to a percent or two of ‖W‖, ‖ΔW‖ and of what rounding keeps. Of updates that can tell
it themselves, as low-rank ones can, ‖ΔW‖ needs no sample.

Differences are of float32 values: relative to ‖W‖ they are exact to about 2⁻²⁵, so that a sampled ‖ΔW‖ / ‖W‖ has three
digits from 10⁻⁵ up. Of a change below float32's own step no precision is said to keep anything.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, replace

import torch

from ..domain.weight_delta import PRECISIONS, KeptShare, ModuleDelta, WeightDelta
from ..planning.plan import Action, PlannedTensor
from ..storage.torch_dtypes import torch_dtype

SAMPLED_ELEMENTS = 1 << 15
RUN = 64
ZONE = 1 << 19
_SAMPLED_ZONES = 4
_BLOCK_ELEMENTS = 1 << 20


@dataclass(frozen=True, slots=True)
class Sums:
    """Over sampled elements: ``base`` ΣW², ``delta`` ΣΔ², ``due_…`` Σ(R−W)·Δ with R being W + Δ in that precision.

    ``largest`` is the largest |Δ|. ``exact_delta`` is ΣΔ² over all elements, except in the ``estimated_parts``, of
    which there is only the sample. ``off``: Σ(R−W−Δ)² of values that are drawn or packed again.
    """

    elements: int = 0
    base: float = 0.0
    delta: float = 0.0
    due_written: float = 0.0
    due_bfloat16: float = 0.0
    due_float16: float = 0.0
    due_float32: float = 0.0
    exact_delta: float = 0.0
    estimated_parts: int = 0
    largest: float = 0.0
    off: float = 0.0


def added(parts: Sequence[Sums]) -> Sums:
    """The sums over all parts, the same for any order of them."""
    columns = {column.name: [getattr(part, column.name) for part in parts] for column in fields(Sums)}
    largest, elements, estimated = (columns.pop(name) for name in ("largest", "elements", "estimated_parts"))
    sums = {name: math.fsum(values) for name, values in columns.items()}
    counts = Sums(sum(elements), estimated_parts=sum(estimated), largest=max(largest))
    return Sums(**{**asdict(counts), **sums})


def measure_delta(before: torch.Tensor, after: torch.Tensor, written: torch.dtype | torch.Tensor) -> Sums:
    """The sums over some elements: flat tensors of one dtype, float32 or float64.

    ``written``: the dtype that they are rounded to, or R where they are drawn or packed again.
    """
    delta = after - before

    def due(dtype: torch.dtype) -> float:
        return _dot(after.to(dtype).to(after.dtype).sub_(before), delta) if dtype != after.dtype else square

    square = _dot(delta, delta)
    shares = {getattr(torch, name): due(getattr(torch, name)) for name in PRECISIONS}
    if isinstance(written, torch.Tensor):
        due_written, off = _dot(written.to(after.dtype) - before, delta), float((written - after).square().sum())
    else:
        due_written, off = shares[written] if written in shares else due(written), 0.0
    return Sums(
        elements=before.numel(),
        base=_dot(before, before),
        delta=square,
        due_written=due_written,
        due_bfloat16=shares[torch.bfloat16],
        due_float16=shares[torch.float16],
        due_float32=shares[torch.float32],
        largest=float(delta.abs().amax()) if delta.numel() else 0.0,
        off=off,
    )


def _dot(first: torch.Tensor, second: torch.Tensor) -> float:
    """Not a number where the sum is not finite: such sums have no order in which they may be added."""
    product = torch.dot(first, second).item()
    return float(product) if math.isfinite(product) else math.nan


@dataclass(frozen=True, slots=True)
class Sample:
    """Which elements of a tensor are looked at: of every ``zones``-th zone, every ``step``-th run; all, if both are 1.

    Zones are about as long as tiles, so that most tiles need no look. An odd step goes through the columns in turn, as
    rows are mostly an even number of runs long.
    """

    zones: int
    step: int

    @property
    def is_whole(self) -> bool:
        """Whether every element is looked at."""
        return self.zones == self.step == 1

    def places(self, begin: int, count: int) -> list[range]:
        """Where the sampled runs start that lie in ``count`` elements from ``begin`` on, by the tensor's elements."""
        first, last = begin // ZONE, (begin + count - 1) // ZONE
        zones = range(first + -first % self.zones, last + 1, self.zones)
        sampled = (self._runs(max(begin, zone * ZONE), min(begin + count, (zone + 1) * ZONE)) for zone in zones)
        return [runs for runs in sampled if runs]

    def _runs(self, begin: int, end: int) -> range:
        first = -(-begin // RUN)
        first += -first % self.step
        return range(first * RUN, end - RUN + 1, RUN * self.step)

    def of(self, tile: torch.Tensor, begin: int) -> torch.Tensor:
        """The sampled elements of a flat tile whose first element is the tensor's ``begin``-th; flat, a copy."""
        if self.is_whole:
            return tile.clone()
        stretches = (tile[runs[0] - begin : runs[-1] - begin + RUN] for runs in self.places(begin, len(tile)))
        pieces = [values.view(-1, RUN)[:: self.step].reshape(-1) for values in stretches]
        return torch.cat(pieces) if pieces else tile[:0].clone()


def sample_of(tensor: PlannedTensor) -> Sample:
    """What is looked at of ``tensor``, however it is cut into tiles."""
    elements = _elements(tensor)
    zones = max(1, elements // ZONE // _SAMPLED_ZONES)
    step = elements // zones // SAMPLED_ELEMENTS
    return Sample(zones, max(1, step - (step % 2 == 0)))


def _elements(tensor: PlannedTensor) -> int:
    return tensor.source.elements if tensor.action is Action.REPACK else math.prod(tensor.shape)


@dataclass(slots=True)
class DeltaStats:
    """Sums by tensor, from any thread; the same numbers whichever worker came first.

    ``rounded`` are tensors of which only rounded values were seen.
    """

    parts: dict[str, list[Sums]] = field(default_factory=dict)
    rounded: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, sums: Sums) -> None:
        """Count some sums towards tensor ``name``."""
        with self._lock:
            self.parts.setdefault(name, []).append(sums)

    def add_whole(self, tensor: PlannedTensor, before: torch.Tensor, after: torch.Tensor) -> None:
        """Count a tensor whose values before and after are at hand, as PEFT merged them.

        Where PEFT rounded to 16 bits already, what that took away cannot be seen any more.
        """
        if before.shape != after.shape or not before.is_floating_point():
            return
        old, new = before.detach().reshape(-1), after.detach().reshape(-1)
        sample, exact = sample_of(tensor), new.dtype if new.dtype.itemsize > 2 else torch.float32
        for begin in range(0, old.numel(), _BLOCK_ELEMENTS):
            pair = [sample.of(values[begin : begin + _BLOCK_ELEMENTS], begin).to(exact) for values in (old, new)]
            sums = measure_delta(pair[0], pair[1], torch_dtype(tensor.dtype))
            self.add(tensor.name, replace(sums, estimated_parts=1))
        if after.dtype.itemsize <= 2:
            self.rounded.add(tensor.name)

    def effect(self, planned: Iterable[PlannedTensor]) -> WeightDelta:
        """What was measured of the targeted tensors among ``planned``, in their order."""
        targeted = [tensor for tensor in planned if tensor.targeted and tensor.name in self.parts]
        modules = tuple(self._module(tensor) for tensor in targeted)
        dtypes = {precision for tensor in targeted if (precision := _precision(tensor))}
        return WeightDelta(modules, dtypes.pop() if len(dtypes) == 1 else "")

    def _module(self, tensor: PlannedTensor) -> ModuleDelta:
        sums = added(self.parts[tensor.name])
        share = _elements(tensor) / sums.elements if sums.elements else 0.0
        delta = sums.delta * share if sums.estimated_parts else sums.exact_delta
        kept = KeptShare() if tensor.name in self.rounded else _kept(sums, delta)
        norms = math.sqrt(sums.base * share), math.sqrt(delta)
        noise = math.sqrt(sums.off * share) if tensor.action is Action.REPACK else None
        return ModuleDelta(tensor.name, *norms, sums.largest, kept, sampled=share > 1, noise=noise)


def _precision(tensor: PlannedTensor) -> str:
    """What values are rounded to; empty where they are packed again."""
    if tensor.action is Action.REPACK:
        return ""
    return str(torch_dtype(tensor.dtype)).removeprefix("torch.")


def _kept(sums: Sums, delta: float) -> KeptShare:
    if not delta:
        return KeptShare()
    dues = {share.name: getattr(sums, f"due_{share.name}") for share in fields(KeptShare)}
    shares = {name: due / sums.delta if sums.delta else 0.0 for name, due in dues.items()}
    return KeptShare(**{name: share if math.isfinite(share) else None for name, share in shares.items()})
