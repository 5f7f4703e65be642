"""Models on a hub, and how far they have come, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.transfer import Transfer
from mergedesk.hub.questions import Access, HubModel, Pushed

from .folder_text import adapter_summary, model_summary
from .lines import Description, joined
from .messages import say
from .numbers import human_bytes, human_seconds

if TYPE_CHECKING:
    from mergedesk.hub.outgoing import Outgoing
    from mergedesk.planning.preflight import Preflight


def describe_hub_model(model: HubModel) -> Description:
    """What a repository holds, and what it would take to have it here."""
    info = model.info
    what = adapter_summary(info) if info.kind is FolderKind.ADAPTER else model_summary(info)
    access = "" if model.access is Access.OPEN else say(f"hub.access.{model.access}")
    licence = say("hub.licence", name=model.licence) if model.licence else ""
    size = say("hub.to_download", size=human_bytes(model.missing_bytes))
    return Description(what.title, joined(what.details, licence, access, size))


def rooms_sentence(model: HubModel, preflight: Preflight | None) -> str:
    """What room a base takes that is kept, and what one takes that is not."""
    kept = say("hub.room_kept", size=human_bytes(model.missing_bytes))
    if preflight is None or preflight.pieces_bytes is None:
        return f"{kept} {say('hub.room_pieces')}"
    return f"{kept} {say('hub.room_of_pieces', size=human_bytes(preflight.pieces_bytes))}"


def transfer_sentence(reading: Transfer) -> str:
    """What is done, how much, how fast, and how long it will take."""
    speed = reading.bytes_per_second
    done, total = human_bytes(reading.done_bytes), human_bytes(reading.total_bytes)
    return joined(
        say(f"hub.stage.{reading.stage}"),
        say("progress.amount", done=done, total=total) if reading.total_bytes else "",
        f"{human_bytes(round(speed))}/s" if speed else "",
        say("progress.left", time=human_seconds(reading.left)) if reading.left else "",
    )


def describe_outgoing(going: Outgoing) -> str:
    """What would be uploaded."""
    return say("hub.going", count=len(going.files), size=human_bytes(going.bytes))


def describe_pushed(pushed: Pushed) -> str:
    """What an upload came to."""
    sent, size = human_bytes(pushed.sent_bytes), human_bytes(pushed.bytes)
    return say("hub.pushed", address=pushed.address, count=pushed.files, sent=sent, size=size)
