"""What a merge does otherwise where pieces of its base come one by one: preflight, plan, what is looked at anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from ..checkpoints.checkpoint import Checkpoint, StoredTensor, files_of
from ..domain.findings import Code, error
from ..domain.requests import Engine, MergeRequest
from ..export.packed.plan import PackedPlan
from ..planning.layout import Layout, PlacedTensor, PlacedTensors
from ..planning.plan import Action, Plan, PlannedTensor, PlannedTensors
from ..planning.preflight import Ready, Refused, Room, prepare
from ..planning.tied_embeddings import find_tie
from .base_pieces import all_plain_files
from .merge_job import Supplies

if TYPE_CHECKING:
    from ..verification.hot.kept_proofs import KeptProofs

Moved = Callable[[StoredTensor], StoredTensor]


def prepare_in_pieces(request: MergeRequest, reused: int, supply: Supplies) -> Ready | Refused:
    """``prepare``, with room for the pieces; refuses what needs all of the base. Raises UserError and Cancelled."""
    room = Room(reused=reused - supply.beside_bytes, holes_stay=False)
    prepared = prepare(request, room)
    copied = list(_copied(prepared))
    if copied and (isinstance(prepared, Ready) or len(request.adapters) > 1):
        if compared := list(_compared(prepared, copied)):
            supply.bring_early(compared)
        prepared = prepare(request, replace(room, reused=room.reused - supply.kept_bytes(copied)))
    if isinstance(prepared, Refused) or _may_come_in_pieces(prepared):
        return prepared
    return Refused(prepared.preflight.saying([error(Code.BASE_NEEDED_WHOLE)]), prepared.base, prepared.mapped)


def _may_come_in_pieces(ready: Ready) -> bool:
    """Whether every tensor of the base is read by itself, in the place where it is stored."""
    inner = any(resolved.adapter.inner for resolved in ready.mapped)
    return ready.engine is Engine.STREAMING and not inner and all_plain_files(ready.base.tensors.values())


def _copied(prepared: Ready | Refused) -> Iterator[StoredTensor]:
    """The base's tensors of which an adapter brings a full copy: the proof compares them once more at the end."""
    if prepared.base is None:
        return
    names = dict.fromkeys(name for one in prepared.mapped for name in one.contents.copies)
    tensors = prepared.base.tensors
    yield from (tensors[name] for name in _with_tied(prepared.base, names) if name in tensors)


def _with_tied(base: Checkpoint, names: Iterable[str]) -> dict[str, None]:
    tie, every = find_tie(base), dict.fromkeys(names)
    if tie is not None and {tie.embeddings, tie.head} & every.keys():
        every[tie.embeddings] = None
    return every


def _compared(prepared: Ready | Refused, copied: Sequence[StoredTensor]) -> Iterator[StoredTensor]:
    """Those whose values count before the merge: with several adapters all of them, else both sides of a tie."""
    assert prepared.base is not None
    tie = find_tie(prepared.base)
    sides = {tie.embeddings, tie.head} if tie is not None else set()
    yield from (one for one in copied if len(prepared.mapped) > 1 or one.name in sides)


def planned_in_pieces(plan: Plan, layout: Layout, supply: Supplies) -> tuple[Plan, Layout]:
    """The same, of what the pieces hold."""
    moved = partial(moved_tensor, move=supply.moved)
    return replace(plan, tensors=_all_moved(plan.tensors, moved)), moved_layout(layout, supply)


def packed_in_pieces(plan: PackedPlan, supply: Supplies) -> PackedPlan:
    """The same, of what the pieces hold."""
    moved = partial(moved_tensor, move=supply.moved)
    packed = {module: moved(tensor) for module, tensor in plan.packed.items()}
    return replace(plan, plan=replace(plan.plan, tensors=_all_moved(plan.plan.tensors, moved)), packed=packed)


def moved_layout(layout: Layout, supply: Supplies) -> Layout:
    """The same, made of what the pieces hold."""
    moved = partial(moved_tensor, move=supply.moved)
    shards = (replace(shard, tensors=_placed_moved(shard.tensors, moved)) for shard in layout.shards)
    return replace(layout, shards=tuple(shards))


def moved_tensor(tensor: PlannedTensor, move: Moved) -> PlannedTensor:
    """A planned tensor made of what the pieces hold."""
    base = move(tensor.base)
    source = base if tensor.source is tensor.base else move(tensor.source)
    return structs.replace(tensor, base=base, source=source)


def _all_moved(
    tensors: Iterable[PlannedTensor], moved: Callable[[PlannedTensor], PlannedTensor]
) -> PlannedTensors | tuple[PlannedTensor, ...]:
    if isinstance(tensors, PlannedTensors):
        planned = tensors.planned
        return replace(tensors, planned=lambda record: moved(planned(record)))
    return tuple(map(moved, tensors))


def _placed_moved(
    placed: Iterable[PlacedTensor], moved: Callable[[PlannedTensor], PlannedTensor]
) -> PlacedTensors | tuple[PlacedTensor, ...]:
    if isinstance(placed, PlacedTensors):
        tensors = _all_moved(placed.tensors, moved)
        assert isinstance(tensors, PlannedTensors)
        return replace(placed, tensors=tensors)
    return tuple(PlacedTensor(moved(one.tensor), one.offset) for one in placed)


def begin_supply(supply: Supplies, tensors: Iterable[PlannedTensor]) -> None:
    """From now on the base is there in pieces; those that the proof looks at once more at the end stay."""
    kept = (files_of(tensor.base) for tensor in tensors if tensor.action is Action.REPLACE)
    supply.begin(frozenset().union(*kept))


def bring_back_unproved(supply: Supplies, tensors: Iterable[PlannedTensor], proofs: KeptProofs) -> None:
    """What could not be proved as it was written is looked at anew, beside what it was made of."""
    from ..verification.hot.last_pass import Standing, standing_when_written

    looked_at = (tensor for tensor in tensors if tensor.nbytes and tensor.action is not Action.PART)
    supply.bring_back([
        stored
        for tensor in looked_at
        if standing_when_written(tensor, proofs) is not Standing.PROVED
        for stored in (tensor.base, tensor.source)
    ])  # fmt: skip
