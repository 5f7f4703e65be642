"""Mistakes that one click can put right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from mergedesk.domain.folder_info import FolderKind

from .inspection import MODEL_KINDS, Inspection
from .mode import FolderRole

if TYPE_CHECKING:
    from mergedesk.domain.folder_info import FolderInfo

ADAPTER_KINDS = frozenset({FolderKind.ADAPTER, FolderKind.TRAINING_RUN})


class SuggestionKind(StrEnum):
    """What is offered."""

    SWAP = "swap"
    MOVE = "move"
    USE_BASE = "use_base"
    CHECKPOINTS = "checkpoints"
    HUB_BASE = "hub_base"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer; ``folders`` are what can be chosen, the best one first, ``name`` a model on a hub.

    ``adapter`` counts the adapters from 0.
    """

    slot: FolderRole
    kind: SuggestionKind
    folders: tuple[Path, ...] = ()
    adapter: int = 0
    name: str = ""


def suggestions_for(inspection: Inspection) -> tuple[Suggestion, ...]:
    """Everything that can be offered about what was found, at most one for each field."""
    base = inspection.base
    exchanged = _exchange(base, inspection.adapters)
    if exchanged:
        return (exchanged,)
    found_base = inspection.found_base
    candidates = (
        Suggestion(FolderRole.BASE, SuggestionKind.USE_BASE, (found_base,))
        if found_base
        else _on_hub(inspection) or _checkpoints(FolderRole.BASE, base),
        *(_checkpoints(FolderRole.ADAPTER, adapter, number) for number, adapter in enumerate(inspection.adapters)),
    )
    return tuple(offer for offer in candidates if offer)


def _on_hub(inspection: Inspection) -> Suggestion | None:
    """The base that an adapter names, where none is chosen and it is not on this computer."""
    name = inspection.hub_base
    return Suggestion(FolderRole.BASE, SuggestionKind.HUB_BASE, name=name) if name and not inspection.base else None


def _exchange(base: FolderInfo | None, adapters: tuple[FolderInfo, ...]) -> Suggestion | None:
    adapter_as_base = base is not None and base.kind in ADAPTER_KINDS
    model = next((number for number, adapter in enumerate(adapters) if adapter.kind in MODEL_KINDS), None)
    if adapter_as_base and model is not None:
        return Suggestion(FolderRole.BASE, SuggestionKind.SWAP, adapter=model)
    if adapter_as_base and not adapters:
        return Suggestion(FolderRole.BASE, SuggestionKind.MOVE)
    if model is not None and base is None:
        return Suggestion(FolderRole.ADAPTER, SuggestionKind.MOVE, adapter=model)
    return None


def _checkpoints(slot: FolderRole, folder_info: FolderInfo | None, adapter: int = 0) -> Suggestion | None:
    if folder_info is None or not folder_info.checkpoint_folders:
        return None
    if folder_info.kind is not FolderKind.TRAINING_RUN:
        return None
    return Suggestion(slot, SuggestionKind.CHECKPOINTS, tuple(reversed(folder_info.checkpoint_folders)), adapter)
