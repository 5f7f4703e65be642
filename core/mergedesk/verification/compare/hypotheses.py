"""What else a merged model may be, tried on samples: each hypothesis is another plan, which fits or does not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np
import torch
from msgspec import structs

from ...checkpoints.checkpoint import Checkpoint
from ...domain.findings import Code, Finding, error
from ...domain.folder_names import spoken_name
from ...domain.requests import Combination, Precision
from ...methods.reference import rows_after
from ...planning.plan import Action, Plan, PlannedTensor, make_plan
from ...planning.resolved_adapter import ResolvedAdapter
from ...planning.task_heads import NewHead, add_head
from ...quantization.packing_format import Rounding
from ...quantization.registry import FORMATS
from ...storage.open_files import OpenFiles, open_files
from .outcome import AS_IT_SHOULD
from .rows import rows_of
from .step_sizes import step_sizes
from .tensor_comparison import Comparison, compare
from .tied_plan import as_stored

_MOST_SUBSETS = 4
_LOOKED_AT = 6
_ROWS = 64
# Factors nearer to 1 are no other factors.
_SAME = 0.02
# What may be left of a low-rank change beside its largest singular values, as shares of Σ(M−W)².
_ROUNDING_ROOM, _LEAST_ROUNDING, _MOST_ROUNDING = 6.0, 1e-3, 0.3
# Roundings of a quantised base and of the result; how far above one of them an error must be; what may be unexplained.
_ROUNDINGS, _CLEARLY, _NEARLY_NOTHING = 3.0, 4.0, 0.1

# What a quantisation makes of rows (rows, width), float64.
Quantize = Callable[[torch.Tensor], torch.Tensor]
# What is said if these tensors are what the merged folder holds.
Hypothesis = tuple[Finding, Sequence[PlannedTensor]]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What the merge was to be made of, the folder that it went to, and how the two were compared.

    It reads weights again, so that it is asked last.
    """

    base: Checkpoint
    merged: Checkpoint
    mapped: tuple[ResolvedAdapter, ...]
    head: NewHead | None
    combination: Combination
    plan: Plan
    comparison: Comparison


def find_hypothesis(look: SecondLook) -> Finding | None:
    """The first hypothesis that explains every tensor. Raises Cancelled, UserError(read_failed)."""
    quick = replace(look.comparison, quick=True)
    fitting = (finding for finding, tensors in _hypotheses(look) if _fits(tensors, quick))
    return next(fitting, None) or quantized(look)


def quantized(look: SecondLook) -> Finding | None:
    """Whether the adapter was merged onto quantised weights, or the result is made of such."""
    targeted = [tensor for tensor in look.plan.tensors if tensor.action is Action.MERGE and tensor.updates]
    blocks = _blocks([tensor for tensor in targeted if _is_stored_matrix(tensor, look.comparison)], look.comparison)
    findings = (_of_quantized(blocks, method, quantize) for method, quantize in _quantizations())
    return next(filter(None, findings), None) if blocks else None


def _hypotheses(look: SecondLook) -> Iterator[Hypothesis]:
    plain = [_without_magnitude(tensor) for tensor in look.plan.tensors]
    changed = [tensor.name for tensor, before in zip(plain, look.plan.tensors, strict=True) if tensor is not before]
    if changed:
        yield error(Code.MERGE_DROPPED_MAGNITUDE, names=changed, count=len(changed)), plain
    if 1 < len(look.mapped) <= _MOST_SUBSETS:
        yield from _subsets(look)
    if len(look.mapped) <= _MOST_SUBSETS:
        yield from _other_weights(look)
    if len(look.mapped) == 1:
        yield from _factors(look)


def _without_magnitude(tensor: PlannedTensor) -> PlannedTensor:
    plain = tuple(update.without_magnitude for update in tensor.updates)
    return tensor if plain == tensor.updates else structs.replace(tensor, updates=plain)


def _subsets(look: SecondLook) -> Iterator[Hypothesis]:
    for size in range(len(look.mapped) - 1, 0, -1):
        for chosen in combinations(look.mapped, size):
            missing = [spoken_name(resolved.adapter.folder) for resolved in look.mapped if resolved not in chosen]
            yield error(Code.MERGE_LACKS_ADAPTER, names=missing, count=len(missing)), _plan(look, chosen)


def _other_weights(look: SecondLook) -> Iterator[Hypothesis]:
    """Strengths left out, or one adapter added twice."""
    if any(abs(resolved.weight - 1) > _SAME for resolved in look.mapped):
        stated = [resolved.weight for resolved in look.mapped]
        plain = [replace(resolved, weight=1.0) for resolved in look.mapped]
        yield error(Code.MERGE_IGNORES_WEIGHTS, weights=stated), _plan(look, plain)
    for place, twice in enumerate(look.mapped):
        changed = [*look.mapped]
        changed[place] = replace(twice, weight=2 * twice.weight)
        name = spoken_name(twice.adapter.folder)
        yield error(Code.MERGE_APPLIED_TWICE, names=[name]), _plan(look, changed)


def _factors(look: SecondLook) -> Iterator[Hypothesis]:
    """Other factors that tools get wrong: the sign, half, and what comes of scaling or rank taken otherwise."""
    [resolved] = look.mapped
    for factor in dict.fromkeys([0.5, -1.0, *_likely(resolved)]):
        changed = [replace(resolved, weight=factor * resolved.weight)]
        yield error(Code.MERGE_SCALED, factor=float(f"{factor:.3g}")), _plan(look, changed)


def _likely(resolved: ResolvedAdapter) -> Iterator[float]:
    """With lora_alpha or the whole scaling left out, and with rsLoRA taken for LoRA or the other way round."""
    rank, alpha = resolved.adapter.config.get("r"), resolved.adapter.config.get("lora_alpha")
    if isinstance(rank, int) and isinstance(alpha, int | float) and rank > 0 and alpha:
        stated = alpha / (math.sqrt(rank) if resolved.adapter.config.get("use_rslora") else rank)
        ratios = [other / stated for other in (1.0, alpha, alpha / rank, alpha / math.sqrt(rank))]
        yield from (ratio for ratio in ratios if abs(ratio - 1) > _SAME)


def _plan(look: SecondLook, mapped: Sequence[ResolvedAdapter]) -> tuple[PlannedTensor, ...]:
    plan = make_plan(look.base, mapped, Precision.AUTO, combination=look.combination)
    plan = add_head(plan, look.head, Precision.AUTO)
    return as_stored(plan.tensors, look.base, look.merged).tensors


def _fits(tensors: Sequence[PlannedTensor], comparison: Comparison) -> bool:
    """Whether all of them are as supposed; a few targeted ones first, since most hypotheses are wrong in each."""
    targeted = [tensor for tensor in tensors if tensor.action is Action.MERGE]
    few = targeted[:: max(1, len(targeted) // _LOOKED_AT)]
    return _all_fit(few, comparison) and _all_fit(tensors, comparison)


def _all_fit(tensors: Sequence[PlannedTensor], comparison: Comparison) -> bool:
    measured = compare(tensors, comparison, lambda _count, _name: None)
    return all(measurement.told.outcome in AS_IT_SHOULD for measurement in measured)


@dataclass(frozen=True, slots=True)
class _SampleBlock:
    """Rows of one targeted tensor: base, what the adapter adds, merged; (rows, width) float64.

    ``rounding``: what rounding to the merged dtype leaves of Σ(merged − exact)² on average.
    """

    base: torch.Tensor
    delta: torch.Tensor
    merged: torch.Tensor
    rounding: float


def _blocks(tensors: Sequence[PlannedTensor], comparison: Comparison) -> list[_SampleBlock]:
    """The first rows of some of these matrices."""
    step = max(1, len(tensors) // _LOOKED_AT)
    with open_files() as files:
        return [_block(tensor, files, comparison) for tensor in tensors[::step]]


def _is_stored_matrix(tensor: PlannedTensor, comparison: Comparison) -> bool:
    """Whether it may hold what an adapter adds; packed codes are no numbers to add to."""
    merged = comparison.matching.whole.get(tensor.name)
    return merged is not None and merged.is_floating and merged.shape == tensor.shape and len(tensor.shape) == 2


def _block(tensor: PlannedTensor, files: OpenFiles, comparison: Comparison) -> _SampleBlock:
    comparison.cancel.check()
    width, end = tensor.shape[1], min(tensor.shape[0], _ROWS)
    start = rows_of(files, tensor.source, width)
    base = start(0, end).double()
    exact = rows_after(tensor.updates, start)(0, end)
    merged = rows_of(files, comparison.matching.whole[tensor.name], width)(0, end)
    rounding = float(step_sizes(exact, merged.dtype).square().sum()) / 12
    return _SampleBlock(base, exact - base, merged.double(), rounding)


def _quantizations() -> Iterator[tuple[str, Quantize]]:
    """What people call them, and what they do, for each that is commonly merged onto."""
    for known in FORMATS.values():
        for name, rounding in known.roundings():
            yield name, partial(_requantized, rounding)


def _requantized(rounding: Rounding, rows: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(rounding(np.ascontiguousarray(rows.numpy()))))


def _of_quantized(blocks: Sequence[_SampleBlock], method: str, quantize: Quantize) -> Finding | None:
    for turned in (False, True):
        views = [_turned(block) for block in blocks] if turned else blocks
        made = [quantize(view.base) for view in views]
        errors = [float((values - view.base).square().sum()) for values, view in zip(made, views, strict=True)]
        sides = list(zip(views, made, errors, strict=True))
        if all(_is_made(values, view.merged - view.delta, off, view.rounding) for view, values, off in sides):
            return error(Code.MERGE_ONTO_QUANTIZED, method=method)
        if all(_is_made(quantize(view.merged), view.merged, off, view.rounding) for view, _, off in sides):
            return error(Code.MERGE_QUANTIZED_AGAIN, method=method)
    return None


def _turned(block: _SampleBlock) -> _SampleBlock:
    return _SampleBlock(block.base.t(), block.delta.t(), block.merged.t(), block.rounding)


def _is_made(made: torch.Tensor, values: torch.Tensor, error: float, rounding: float) -> bool:
    """Whether ``values`` are ``made``, rounded a few times: what differs is little beside quantisation's ``error``.

    error: Σ(quantised − base)². rounding: Σ(values − exact)² that one rounding leaves. Nothing is told by an error
    that is not clearly above the roundings.
    """
    off = float((values - made).square().sum())
    return error >= _CLEARLY * rounding and off - _ROUNDINGS * rounding <= _NEARLY_NOTHING * error


def rank_of_change(tensors: Sequence[PlannedTensor], besides: bool, comparison: Comparison) -> int | None:
    """The rank of what was added to these tensors of the base, None where it is nothing of low rank.

    ``besides``: of what was added to them beside the adapter's own delta.
    Vectors have no rank: with one among ``tensors`` the answer is None.
    """
    if not all(_is_stored_matrix(tensor, comparison) for tensor in tensors):
        return None
    blocks = _blocks(tensors, comparison)
    own = 1.0 if besides else 0.0
    ranks = [_rank(block.merged - block.base - own * block.delta, block.rounding) for block in blocks]
    low = [rank for rank in ranks if rank is not None]
    return max(low, default=None) if len(low) == len(ranks) else None


def _rank(change: torch.Tensor, rounding: float) -> int | None:
    """How many singular values hold all of a change but its rounding; None for more than a quarter, 0 for nothing."""
    squares = torch.linalg.svdvals(change).square()
    total = float(squares.sum())
    if not total:
        return 0
    room = min(_MOST_ROUNDING, max(_LEAST_ROUNDING, _ROUNDING_ROOM * rounding / total))
    rank = int((squares.cumsum(0) / total < 1 - room).sum()) + 1
    return rank if rank <= max(1, len(squares) // 4) else None
