"""The merge as data: every output tensor, where it comes from, what is done to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain
from operator import attrgetter

from msgspec import Struct, structs

from ..checkpoints.checkpoint import Checkpoint, PackedTensor, StoredTensor
from ..checkpoints.folded import FoldedTensors
from ..domain.findings import Code, UserError
from ..domain.requests import SUM, Combination, Precision, RoundingChoice
from ..methods.update import Update
from ..quantization.packing_format import Repacks
from ..quantization.registry import FORMATS, written_again
from ..storage.safetensors_header import Header, TensorRecord, stored_bytes
from .changes import Change, collect_changes
from .resolved_adapter import ResolvedAdapter
from .tied_embeddings import Tie, equal_bytes, find_tie

# The only embeddings that PEFT's ensure_weight_tying ties (its EMBEDDING_LAYER_NAMES); elsewhere it does nothing.
_TIED_BY_PEFT = ("embed_tokens", "lm_head")


class Action(StrEnum):
    """What happens to one tensor on its way to the output."""

    COPY = "copy"
    CAST = "cast"
    MERGE = "merge"
    REPLACE = "replace"
    REPACK = "repack"
    """The codes of a packed weight that is merged into and packed again."""
    PART = "part"
    """What is written along with such codes."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What rounding by chance draws with: ``name`` is the tensor's, or that of the one that it is tied to."""

    seed: int
    name: str


class PlannedTensor(Struct, frozen=True, gc=False):
    """One tensor of the output. ``source`` holds its starting values, in the base or in the adapter.

    ``base`` is the base's own tensor of that name or, for a tensor that ties no longer, the one it was tied to. Where a
    weight is packed again, both are what its codes stand for; ``dtype`` and ``shape`` are those of the codes.
    ``drawing``: how it is rounded to 16 bits by chance; None where that is to nearest.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    action: Action
    source: StoredTensor
    base: StoredTensor
    updates: tuple[Update, ...] = ()
    drawing: Drawing | None = None

    @property
    def nbytes(self) -> int:
        """Bytes it takes in the output."""
        return stored_bytes(self.dtype, self.shape)

    @property
    def width(self) -> int:
        """Elements of a row that a tile must hold whole; 1 where any cut will do."""
        packed = self.source.width if isinstance(self.source, PackedTensor) else 1
        return max((packed, *(update.width for update in self.updates)))

    @property
    def targeted(self) -> bool:
        """Whether the adapter changes it."""
        return self.action in (Action.MERGE, Action.REPLACE, Action.REPACK)

    @property
    def merges(self) -> bool:
        """Whether the adapter adds to it."""
        return self.action in (Action.MERGE, Action.REPACK)

    @property
    def draws(self) -> bool:
        """Whether it is rounded by chance."""
        return self.drawing is not None and self.dtype in ("BF16", "F16")


@dataclass(frozen=True, slots=True, eq=False)
class PlannedTensors(Collection[PlannedTensor]):
    """Those of a base of which no records are held: each is made anew by ``planned`` when they are gone through."""

    records: Mapping[str, TensorRecord]
    planned: Callable[[TensorRecord], PlannedTensor]

    def __iter__(self) -> Iterator[PlannedTensor]:
        """Every tensor, in the order of the files."""
        return map(self.planned, self.records.values())

    def __len__(self) -> int:
        """Number of tensors."""
        return len(self.records)

    def __contains__(self, tensor: object) -> bool:
        """Whether it is planned so."""
        record = self.records.get(tensor.name) if isinstance(tensor, PlannedTensor) else None
        return record is not None and self.planned(record) == tensor

    def within(self, header: Header) -> PlannedTensors:
        """Those of one file."""
        return replace(self, records=header.tensors)


@dataclass(frozen=True)
class Plan:
    """The whole merge. ``splits_tie``: the output stores a head of its own and its config must say so."""

    tensors: Collection[PlannedTensor]
    splits_tie: bool
    targeted_modules: int

    @cached_property
    def tensor_bytes(self) -> int:
        """Bytes of all tensors, headers not counted."""
        return bytes_of(self.tensors)


def bytes_of(tensors: Iterable[StoredTensor | PlannedTensor]) -> int:
    """Bytes of all of them: worked out once for each of the few dtypes and shapes that a model has."""
    kinds = Counter(map(attrgetter("dtype", "shape"), tensors))
    return sum(count * stored_bytes(*kind) for kind, count in kinds.items())


def make_plan(
    base: Checkpoint,
    mapped: Sequence[ResolvedAdapter],
    precision: Precision,
    keep_float32: Sequence[str] = (),
    combination: Combination = SUM,
    *,
    outline: bool = False,
) -> Plan:
    """Plan every output tensor. Call only for adapters that preflight let through.

    ``keep_float32`` are the class's patterns of tensors that stay float32 in a 16-bit model. ``outline``: nothing will
    be merged by it, as for ``collect_changes``.
    """
    changes = collect_changes(base, mapped, combination, outline=outline)
    tie = find_tie(base)
    splits = tie is not None and _comes_apart(tie, changes, mapped)
    new = dict[str, StoredTensor]()
    if tie is not None and splits:
        if tie.feeds_more:
            raise UserError(Code.SHARED_EMBEDDING_UNCLEAR, names=[tie.head])
        new |= {} if tie.head in base.tensors else {tie.head: base.tensors[tie.embeddings]}
        _share_base_copy(base, tie, changes)
    elif tie is not None:
        _keep_together(tie, changes)
    if lost := sorted(name for name in changes if name not in base.tensors and name not in new):
        raise UserError(Code.KEYS_UNMATCHED, count=len(lost), total=len(changes), names=lost)

    def planned(record: StoredTensor, name: str) -> PlannedTensor:
        return _plan_tensor(record, changes.get(name), name, precision, keep_float32)

    return Plan(_all_planned(base, new, planned), splits, len(set().union(*(one.modules for one in mapped))))


def _all_planned(
    base: Checkpoint, new: Mapping[str, StoredTensor], planned: Callable[[StoredTensor, str], PlannedTensor]
) -> Collection[PlannedTensor]:
    """Of all that is stored, and of what is ``new``."""
    if isinstance(base.tensors, FoldedTensors) and not new and not base.stored:
        return PlannedTensors(base.tensors, lambda record: planned(record, record.name))
    tensors = tuple(planned(record, name) for name, record in chain(base.tensors.items(), new.items()))
    return tuple(_in_parts(tensors, base)) if base.stored else tensors


def with_rounding(plan: Plan, base: Checkpoint, rounding: RoundingChoice) -> Plan:
    """The same plan, what adapters change being rounded as was asked for; both sides of a tie that lasts alike."""
    if not rounding.draws:
        return plan
    tie = None if plan.splits_tie else find_tie(base)
    names = {tie.head: tie.embeddings} if tie is not None else {}
    return replace(plan, tensors=tuple(_drawn(tensor, rounding.seed, names) for tensor in plan.tensors))


def _drawn(tensor: PlannedTensor, seed: int, names: Mapping[str, str]) -> PlannedTensor:
    if tensor.action is not Action.MERGE:
        return tensor
    return structs.replace(tensor, drawing=Drawing(seed, names.get(tensor.name, tensor.name)))


def _comes_apart(tie: Tie, changes: Mapping[str, Change], mapped: Sequence[ResolvedAdapter]) -> bool:
    """Whether the two sides of a tie differ after the merge."""
    embeddings, head = changes.get(tie.embeddings), changes.get(tie.head)
    ensured = any(adapter.adapter.config.get("ensure_weight_tying") for adapter in mapped)
    if embeddings is not None and head is not None:
        return not (ensured or _same_copy(embeddings, head))
    rows = [update.single_rows for update in embeddings.updates] if embeddings is not None else []
    if embeddings is not None and embeddings.replacement is None and None not in rows:
        return False  # PEFT trains the rows of both sides at once
    changed = tie.embeddings if embeddings is not None else tie.head
    return (embeddings or head) is not None and not (ensured and changed.split(".")[-2] in _TIED_BY_PEFT)


def _same_copy(change: Change, other: Change) -> bool:
    if change.updates or other.updates or change.replacement is None or other.replacement is None:
        return False
    return equal_bytes(change.replacement, other.replacement)


def _share_base_copy(base: Checkpoint, tie: Tie, changes: dict[str, Change]) -> None:
    """PEFT saves a targeted embedding's base weights too; loading them changes the shared tensor, so both sides."""
    for side, other in ((tie.embeddings, tie.head), (tie.head, tie.embeddings)):
        change = changes.get(side)
        if change is None or change.replacement is None or not change.updates or other in changes:
            continue
        if not equal_bytes(change.replacement, base.tensors[tie.embeddings]):
            changes[other] = Change(change.replacement, [])


def _keep_together(tie: Tie, changes: dict[str, Change]) -> None:
    """Give both sides of a tie that lasts the one change; a head that is not stored has its embeddings' tensor."""
    change = changes.get(tie.embeddings) or changes.get(tie.head)
    if change is None:
        return
    changes[tie.embeddings] = change
    changes.pop(tie.head, None)
    if tie.head_stored:
        changes[tie.head] = change


def _plan_tensor(
    record: StoredTensor,
    change: Change | None,
    name: str,
    precision: Precision,
    keep_float32: Iterable[str],
) -> PlannedTensor:
    dtype = output_dtype(record, precision, keep_float32, name)
    if change is None:
        as_stored = dtype == record.dtype and not isinstance(record, PackedTensor)
        action = Action.COPY if as_stored else Action.CAST
        return PlannedTensor(name, dtype, record.shape, action, record, record)
    source = change.replacement or record
    action = Action.MERGE if change.updates else Action.REPLACE
    return PlannedTensor(name, dtype, source.shape, action, source, record, tuple(change.updates))


def _in_parts(tensors: Sequence[PlannedTensor], base: Checkpoint) -> Iterator[PlannedTensor]:
    """All that is stored, in its order, and then what is not; of packed weights each part."""
    plain = {tensor.name: tensor for tensor in tensors if not isinstance(tensor.base, PackedTensor)}
    packed = {
        part.name: (tensor, role)
        for tensor in tensors
        if isinstance(tensor.base, PackedTensor)
        for role, part in tensor.base.parts.items()
    }
    for name, record in base.stored.items():
        copied = PlannedTensor(name, record.dtype, record.shape, Action.COPY, record, record)
        if name in packed:
            yield _plan_part(*packed[name], copied)
        else:
            yield plain.pop(name, copied)
    yield from plain.values()


def repacks_of(tensor: PlannedTensor) -> Repacks:
    """What is written of a weight that is planned to be packed again."""
    assert isinstance(tensor.base, PackedTensor)
    return written_again(tensor.base)


def _plan_part(tensor: PlannedTensor, role: str, copied: PlannedTensor) -> PlannedTensor:
    assert isinstance(tensor.base, PackedTensor)
    repacks = FORMATS[tensor.base.packing].repacks(tensor.base) if tensor.targeted else None
    if repacks is None or role not in (*repacks.by_rows, *repacks.overall):
        return copied
    if role != "codes":
        return structs.replace(copied, action=Action.PART)
    return structs.replace(copied, action=Action.REPACK, source=tensor.source, base=tensor.base, updates=tensor.updates)


def output_dtype(record: StoredTensor, precision: Precision, keep_float32: Iterable[str] = (), name: str = "") -> str:
    """The dtype a base tensor gets in the output, under ``name`` or its own."""
    wanted = None if precision is Precision.AUTO else precision.dtype
    if wanted is None or not record.is_floating:
        return record.dtype
    if precision is not Precision.FLOAT32 and any(re.search(pattern, name or record.name) for pattern in keep_float32):
        return "F32"
    return wanted.name
