"""The words of each offer, and what its buttons send."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ..state.folder_roles import Slot
from ..state.suggestions import Offer, OfferKind
from ..widgets.offer_bar import Action

translate = QCoreApplication.translate


def offer_sentence(offer: Offer) -> str:
    """What is offered, and why."""
    if offer.kind is OfferKind.SWAP:
        return translate("Offers", "These two are the wrong way round.")
    if offer.kind is OfferKind.MOVE:
        return (
            translate("Offers", "An adapter belongs in the field below.")
            if offer.slot is Slot.BASE
            else translate("Offers", "A model belongs in the field above.")
        )
    if offer.kind is OfferKind.USE_BASE:
        return translate("Offers", "The adapter's base is on this computer: {path}").format(path=offer.folders[0])
    return translate("Offers", "Choose one of the checkpoints in it.")


def offer_actions(offer: Offer) -> list[Action]:
    """The buttons: each sends the folder to use, or the offer itself where two fields change."""
    if offer.kind is OfferKind.SWAP:
        return [Action(translate("Offers", "Swap them"), offer)]
    if offer.kind is OfferKind.MOVE:
        return [Action(translate("Offers", "Move it there"), offer)]
    text = translate("Offers", "Use {name}")
    return [Action(text.format(name=folder.name), folder) for folder in offer.folders]
