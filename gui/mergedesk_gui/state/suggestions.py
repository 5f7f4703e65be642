"""Mistakes that one click can put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mergedesk.inspection.inspect_folder import FolderKind

from .folder_roles import Slot
from .inspection import MODEL_KINDS, Inspection

if TYPE_CHECKING:
    from mergedesk.inspection.inspect_folder import Recognition

ADAPTER_KINDS = frozenset({FolderKind.ADAPTER, FolderKind.TRAINING_RUN})


class OfferKind(StrEnum):
    """What is offered."""

    SWAP = "swap"
    MOVE = "move"
    USE_BASE = "use_base"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; ``folders`` are what can be chosen, the best one first. ``adapter`` counts the adapters from 0."""

    slot: Slot
    kind: OfferKind
    folders: tuple[Path, ...] = ()
    adapter: int = 0


def offers(inspection: Inspection) -> tuple[Offer, ...]:
    """Everything that can be offered about what was found, at most one for each field."""
    base = inspection.base
    exchanged = _exchange(base, inspection.adapters)
    if exchanged:
        return (exchanged,)
    found = inspection.found_base
    candidates = (
        Offer(Slot.BASE, OfferKind.USE_BASE, (found,)) if found else _checkpoints(Slot.BASE, base),
        *(_checkpoints(Slot.ADAPTER, one, number) for number, one in enumerate(inspection.adapters)),
    )
    return tuple(offer for offer in candidates if offer)


def _exchange(base: Recognition | None, adapters: tuple[Recognition, ...]) -> Offer | None:
    adapter_as_base = base is not None and base.kind in ADAPTER_KINDS
    model = next((number for number, one in enumerate(adapters) if one.kind in MODEL_KINDS), None)
    if adapter_as_base and model is not None:
        return Offer(Slot.BASE, OfferKind.SWAP, adapter=model)
    if adapter_as_base and not adapters:
        return Offer(Slot.BASE, OfferKind.MOVE)
    if model is not None and base is None:
        return Offer(Slot.ADAPTER, OfferKind.MOVE, adapter=model)
    return None


def _checkpoints(slot: Slot, recognition: Recognition | None, adapter: int = 0) -> Offer | None:
    if recognition is None or not recognition.checkpoint_folders:
        return None
    if recognition.kind is not FolderKind.TRAINING_RUN:
        return None
    return Offer(slot, OfferKind.CHECKPOINTS, tuple(reversed(recognition.checkpoint_folders)), adapter)
