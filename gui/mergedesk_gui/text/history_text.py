"""Past merges in words: what was made of what, how it ended, and where its result is."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from mergedesk.domain.findings import Finding
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.merge_record import ResultStanding
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.messages import Message

from ..state.past_merge import PastMerge
from .folder_text import sum_of
from .messages import finding_message, say
from .numbers import human_bytes, human_seconds, written

PICTURES = {
    MergeStatus.MERGED: ("pass", "success"),
    MergeStatus.REFUSED: ("error", "error"),
    MergeStatus.FAILED: ("error", "error"),
    MergeStatus.CANCELLED: ("skipped", "quiet"),
}


def when_text(past: PastMerge) -> str:
    """The day and the time of its end."""
    moment = QDateTime.fromSecsSinceEpoch(int(past.record.when.timestamp()))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def made_of_text(past: PastMerge) -> str:
    """Base and adapters with their strengths."""
    request = past.record.request
    return sum_of([(spoken_name(one.folder), one.weight) for one in request.adapters], spoken_name(request.base))


def result_text(past: PastMerge) -> str:
    """The folder's name, and what became of it where it is not there any more."""
    name, standing = spoken_name(past.record.request.output), past.where.standing
    if standing is ResultStanding.MOVED and past.folder is not None:
        return say("history.moved", name=spoken_name(past.folder))
    if standing in (ResultStanding.GONE, ResultStanding.REPLACED):
        return say(f"history.{standing.name.lower()}", name=name)
    return name


def outcome_text(past: PastMerge) -> str:
    """How it ended, in a word."""
    return say(f"history.status.{past.record.status}")


def size_text(past: PastMerge) -> str:
    """Of the result; empty where there is none."""
    return human_bytes(past.record.nbytes) if past.record.nbytes else ""


def duration_text(past: PastMerge) -> str:
    """How long it took; empty where that is not known."""
    return human_seconds(past.record.seconds) if past.record.seconds > 0 else ""


def searched_text(past: PastMerge) -> str:
    """All by which it is found."""
    request = past.record.request
    paths = (request.base, *(one.folder for one in request.adapters), request.output, past.folder or "")
    told = (made_of_text(past), result_text(past), outcome_text(past), when_text(past), past.record.precision)
    return " ".join([*told, *map(str, paths), *map(_sentence, past.record.findings)]).lower()


def about(past: PastMerge) -> str:
    """Where it was asked for, why there is no result, and every folder: what has no room in a row."""
    record, request = past.record, past.record.request
    lines = [
        say(f"history.front.{record.front}", outcome=outcome_text(past), when=when_text(past)),
        *(_said(finding).whole for finding in record.findings),
        say("history.base", path=str(request.base)),
        *(
            say("history.adapter", path=str(one.folder), strength=written(f"{one.weight:g}"))
            for one in request.adapters
        ),
        say("history.output", path=str(past.folder or request.output)),
    ]
    return "\n".join(lines)


def _sentence(finding: Finding) -> str:
    return _said(finding).sentence


def _said(finding: Finding) -> Message:
    """What another version kept may not have all that the sentence of this one tells."""
    try:
        return finding_message(finding)
    except (LookupError, ValueError, TypeError, AttributeError):
        return Message(finding.code, "")
