"""Mistakes that one click can put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mergedesk.checkpoints.recognise import FolderKind

from .inspection import MODEL_KINDS, Inspection

if TYPE_CHECKING:
    from mergedesk.checkpoints.recognise import Recognition

ADAPTER_KINDS = frozenset({FolderKind.ADAPTER, FolderKind.TRAINING_RUN})


class Slot(StrEnum):
    """The field an offer belongs to."""

    BASE = "base"
    ADAPTER = "adapter"


class OfferKind(StrEnum):
    """What is offered."""

    SWAP = "swap"
    MOVE = "move"
    USE_BASE = "use_base"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; ``folders`` are what can be chosen, the best one first."""

    slot: Slot
    kind: OfferKind
    folders: tuple[Path, ...] = ()


def offers(inspection: Inspection) -> tuple[Offer, ...]:
    """Everything that can be offered about what was found, at most one for each field."""
    base = inspection.base
    adapter = inspection.adapters[0] if inspection.adapters else None
    exchanged = _exchange(base, adapter)
    if exchanged:
        return (exchanged,)
    found = inspection.found_base
    candidates = (
        Offer(Slot.BASE, OfferKind.USE_BASE, (found,)) if found else _checkpoints(Slot.BASE, base),
        _checkpoints(Slot.ADAPTER, adapter),
    )
    return tuple(offer for offer in candidates if offer)


def _exchange(base: Recognition | None, adapter: Recognition | None) -> Offer | None:
    adapter_as_base = base is not None and base.kind in ADAPTER_KINDS
    model_as_adapter = adapter is not None and adapter.kind in MODEL_KINDS
    if adapter_as_base and model_as_adapter:
        return Offer(Slot.BASE, OfferKind.SWAP)
    if adapter_as_base and adapter is None:
        return Offer(Slot.BASE, OfferKind.MOVE)
    if model_as_adapter and base is None:
        return Offer(Slot.ADAPTER, OfferKind.MOVE)
    return None


def _checkpoints(slot: Slot, recognition: Recognition | None) -> Offer | None:
    if recognition is None or not recognition.checkpoint_folders:
        return None
    if recognition.kind is not FolderKind.TRAINING_RUN:
        return None
    return Offer(slot, OfferKind.CHECKPOINTS, tuple(reversed(recognition.checkpoint_folders)))
