"""Offer to fill in what a merged folder's own report says it was made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from mergedesk.domain.folder_names import spoken_name

from ..jobs.engine_api import EngineApi
from ..jobs.queued_signal import ask_in_thread
from ..state.inspection import MODEL_KINDS, Inspection
from ..state.mode import FolderRole
from ..state.settings import Settings
from .inputs_panel import InputsPanel

if TYPE_CHECKING:
    from mergedesk.planning.provenance import Provenance


class ProvenanceSuggestions(QObject):
    """Looks once for each merged folder that is chosen, off the GUI thread: adapters are hashed for it.

    ``past`` gives the folders that past merges were about.
    """

    def __init__(
        self,
        parent: QObject,
        backend: EngineApi,
        settings: Settings,
        inputs: InputsPanel,
        past: Callable[[], Sequence[Path]],
    ) -> None:
        super().__init__(parent)
        self._backend, self._settings, self._inputs, self._past = backend, settings, inputs, past
        self._looked_at: Path | None = None
        self._origins: Provenance | None = None
        self._bar = inputs.verify.merged.offer_bar
        self._bar.taken.connect(self._take)

    def look(self, inspection: Inspection) -> None:
        """Look for what the merged folder was made of, or offer again what was found."""
        merged = inspection.choices.merged
        is_model = inspection.merged is not None and inspection.merged.kind in MODEL_KINDS
        if not inspection.complete or not is_model or merged is None:
            return
        if merged == self._looked_at:
            self._offer()
            return
        self._looked_at, self._origins = merged, None
        ask_in_thread(partial(_find, self._backend, merged, self._known()), self._receive, name="origins")

    def _known(self) -> tuple[Path, ...]:
        """Every folder that was used before."""
        recent = (*self._settings.recent(FolderRole.BASE), *self._settings.recent(FolderRole.ADAPTER))
        return tuple(dict.fromkeys((*recent, *self._past())))

    def _receive(self, answer: object) -> None:
        # An exception is met again, and shown, by whoever reads these folders next.
        if isinstance(answer, _Found) and answer.merged == self._looked_at:
            self._origins = answer.origins
            self._offer()

    def _offer(self) -> None:
        origins, choices = self._origins, self._inputs.choices
        if origins is None or choices.merged != self._looked_at or not choices.verifies:
            return
        is_base_there = origins.base in (None, choices.base)
        if is_base_there and (not origins.adapters or origins.adapters == choices.adapters):
            self._bar.withdraw()
            return
        self._bar.offer(self._sentence(origins), [(self.tr("Fill them in"), origins)])

    def _sentence(self, origins: Provenance) -> str:
        found = [*([origins.base] if origins.base else []), *(adapter.folder for adapter in origins.adapters)]
        names = [spoken_name(folder) for folder in found]
        text = self.tr("Its report says what it was made of, and here are: {names}.").format(names=", ".join(names))
        if not origins.missing:
            return text
        rest = self.tr("Not found: {names}.").format(names=", ".join(origins.missing))
        return f"{text} {rest}"

    def _take(self, taken: object) -> None:
        if self._origins is not None and taken is self._origins:
            self._bar.withdraw()
            self._inputs.take_origins(self._origins)


@dataclass(frozen=True, slots=True)
class _Found:
    merged: Path
    origins: Provenance | None


def _find(backend: EngineApi, merged: Path, known: Sequence[Path]) -> _Found:
    return _Found(merged, backend.find_origins(merged, known))
