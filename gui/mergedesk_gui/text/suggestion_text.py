"""The words of each offer, and what its buttons send."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ..state.folder_roles import FolderRole
from ..state.suggestions import Suggestion, SuggestionKind

translate = QCoreApplication.translate


def offer_sentence(offer: Suggestion) -> str:
    """What is offered, and why."""
    if offer.kind is SuggestionKind.SWAP:
        return translate("Offers", "These two are the wrong way round.")
    if offer.kind is SuggestionKind.MOVE:
        return (
            translate("Offers", "An adapter belongs in the field below.")
            if offer.slot is FolderRole.BASE
            else translate("Offers", "A model belongs in the field above.")
        )
    if offer.kind is SuggestionKind.USE_BASE:
        return translate("Offers", "The adapter's base is on this computer: {path}").format(path=offer.folders[0])
    return translate("Offers", "Choose one of the checkpoints in it.")


def offer_actions(offer: Suggestion) -> list[tuple[str, object]]:
    """The buttons: each sends the folder to use, or the offer itself where two fields change."""
    if offer.kind is SuggestionKind.SWAP:
        return [(translate("Offers", "Swap them"), offer)]
    if offer.kind is SuggestionKind.MOVE:
        return [(translate("Offers", "Move it there"), offer)]
    text = translate("Offers", "Use {name}")
    return [(text.format(name=folder.name), folder) for folder in offer.folders]
