"""What a check of a merge that waits for its name is given, and what one is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import cast

from ...checkpoints.checkpoint import Checkpoint, read_checkpoint
from ...checkpoints.files import REPORT
from ...checkpoints.tokenizer_files import has_tokenizer
from ...domain.findings import Check, SkipReason, UserError
from ...domain.progress import CancelToken
from ...planning.plan import PlannedTensor
from ...storage.safetensors_header import TensorRecord
from ..hot.kept_proofs import KeptProofs
from .model_load import Loaded, NotLoaded, load_model
from .tokenizer import TokenizerFacts, tokenizer_facts


class Needs(IntEnum):
    """What must hold before a check has anything to say: each of them includes those before it."""

    NOTHING = 0
    HEADERS = 1
    """Config and headers can be read."""
    TENSORS = 2
    """The same tensors were written as were planned."""


# No slots: what several checks look at is worked out once, when it is first asked for.
@dataclass(frozen=True)
class StagedMerge:
    """A written result in its staging folder, and what it should be.

    ``base`` is the base's folder; ``files`` are the names that the folder should hold, ``stated_dtype`` what its config
    should say; ``unmoved`` names targeted tensors in which the method itself changes nothing. ``advance`` is told the
    bytes and the name of each tensor that is compared. ``kept_packed`` are tensors that stay packed as the base's are;
    ``stays_packed``: the result is packed as the base is. ``proofs``: what was judged of each tile as it was written.
    ``load`` really loads a folder; ``read_all`` is called when only checks that wait are left. ``packs``: the result is
    packed where the base is plain. ``written_last``: the card and the report, which tells what checks found: with them
    there are as many files as are listed.
    """

    folder: Path
    base: Path
    planned: Collection[PlannedTensor]
    files: tuple[str, ...]
    stated_dtype: str | None
    cancel: CancelToken
    advance: Callable[[int, str], None] = lambda _count, _name: None
    unmoved: Container[str] = ()
    kept_packed: Collection[str] = frozenset()
    stays_packed: bool = False
    proofs: KeptProofs = field(default_factory=KeptProofs)
    load: Callable[[Checkpoint, Callable[[], None]], Loaded | NotLoaded] = load_model
    read_all: Callable[[], None] = lambda: None
    packs: bool = False
    written_last: tuple[str, ...] = ("README.md", REPORT)

    @cached_property
    def written(self) -> Checkpoint | UserError:
        """Config and headers, read anew from the disk, or why they cannot be.

        No more than some files' records are held at a time.
        """
        try:
            return read_checkpoint(self.folder, folds=True)
        except UserError as trouble:
            return trouble

    @property
    def readable(self) -> Checkpoint:
        """The same, for checks that need the headers."""
        if isinstance(self.written, UserError):
            raise self.written
        return self.written

    @property
    def stored(self) -> Mapping[str, TensorRecord]:
        """Its tensors, none of which is seen as anything else than it is stored."""
        return cast(Mapping[str, TensorRecord], self.readable.tensors)

    @property
    def side_by_side(self) -> Iterator[tuple[PlannedTensor, TensorRecord | None]]:
        """Every planned tensor and the written one of its name, which is looked for only where files' order differs."""
        records = iter(self.stored.values())
        for tensor in self.planned:
            record = next(records, None)
            yield tensor, record if record is not None and record.name == tensor.name else self.stored.get(tensor.name)

    @property
    def holds(self) -> Needs:
        """The most that checks may need."""
        if isinstance(self.written, UserError):
            return Needs.NOTHING
        whole = len(self.written.tensors) == len(self.planned)
        same = whole and all(record is not None for _, record in self.side_by_side)
        return Needs.TENSORS if same else Needs.HEADERS

    @cached_property
    def loaded(self) -> Loaded | NotLoaded:
        """What really loading it with transformers gave.

        What stays packed would need its format's library, and often a GPU; it loads as the base does.
        """
        if self.stays_packed:
            return NotLoaded(SkipReason.STAYS_PACKED)
        return self.load(self.readable, self.cancel.check)

    @cached_property
    def tokenizer(self) -> TokenizerFacts | None:
        """What really loading its tokenizer gave; None where it has none. Raises Cancelled."""
        return tokenizer_facts(self.folder, self.cancel) if has_tokenizer(self.folder) else None


@dataclass(frozen=True, slots=True)
class StagedCheck:
    """One module of checks. ``run`` gives them, and raises Cancelled, UserError(read_failed).

    ``beside``: it mostly waits, and runs while the others read.
    """

    run: Callable[[StagedMerge], Iterable[Check]]
    needs: Needs = Needs.HEADERS
    beside: bool = False
