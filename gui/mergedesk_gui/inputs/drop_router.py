"""Find out, off the GUI thread, where a folder dropped on the window belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mergedesk.checkpoints.files import has_report
from mergedesk.domain.folder_info import FolderKind

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread


@dataclass(frozen=True, slots=True)
class Routed:
    """A dropped folder and what it turned out to be."""

    folder: Path
    kind: FolderKind
    is_merge: bool = False
    """Whether a report in it says that MergeDesk merged it."""


class DropRouter(QObject):
    """Recognises dropped folders one after the other."""

    routed = Signal(object)
    """A ``Routed`` for each folder."""
    recognised = Signal(object)
    """All of them at once, as a list."""

    def __init__(self, backend: EngineApi, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend

    def route(self, folders: Sequence[Path]) -> None:
        """Recognise ``folders`` and announce each."""
        look = partial(_inspect_all, self._backend, tuple(folders))
        ask_in_thread(look, self._announce, name="dropped folders")

    def _announce(self, answer: object) -> None:
        if isinstance(answer, list):
            self.recognised.emit(answer)
            for routed in answer:
                self.routed.emit(routed)


def _inspect_all(backend: EngineApi, folders: tuple[Path, ...]) -> list[Routed]:
    return [Routed(folder, _kind_of(backend, folder), has_report(folder)) for folder in folders]


def _kind_of(backend: EngineApi, folder: Path) -> FolderKind:
    try:
        return backend.inspect_folder(folder).kind
    except Exception:  # the inspection of the field it lands in meets the same error and shows it
        return FolderKind.UNKNOWN
