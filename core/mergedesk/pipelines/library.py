"""What is on this computer to be merged, what was merged here before and of what among it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..domain.library import Library, LibraryPlaces
from ..domain.progress import CancelToken
from ..inspection.look_through import Report, look_through
from .history.store import records

_MOST_PAST = 200


def library(places: LibraryPlaces, report: Report, cancel: CancelToken) -> Library:
    """As ``look_through``, with the folders of past merges among those that were chosen."""
    return look_through(replace(places, chosen=tuple(dict.fromkeys((*places.chosen, *_past())))), report, cancel)


def _past() -> Iterator[Path]:
    for record in records(most=_MOST_PAST).values():
        request = record.request
        yield from (request.output, request.base, *(adapter.folder for adapter in request.adapters))
