"""All that the window has to do with hubs: one ``HubField`` for each field of an input, the token, and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.hub.questions import HubModel

from ..jobs.engine_api import EngineApi
from ..jobs.task_runner import Publish, TaskRunner
from ..widgets import dialogs
from ..widgets.folder_field import FolderField
from .hub_field import HubField
from .token_dialog import Tokens

if TYPE_CHECKING:
    from .upload_dialog import UploadDialog


class HubController(QObject):
    """Follows fields that come and go."""

    queued = Signal(object)
    """An ``UploadRequest`` for the queue."""
    placed = Signal(object, object)
    """The path that stands for a dropped name, and what kind of folder it will be."""

    def __init__(self, window: QWidget, backend: EngineApi) -> None:
        super().__init__(window)
        self._window, self._backend = window, backend
        self.tokens = Tokens(window, backend)
        self.tokens.setParent(self)
        self._fields: dict[FolderField, HubField] = {}
        self._dropped: HubReference | None = None
        self.finder = TaskRunner("dropped name", self)
        self.finder.ended.connect(self._on_found)

    @property
    def running(self) -> bool:
        """Whether a hub is asked, or something comes from it."""
        return self.finder.running or any(field.runner.running for field in self._fields.values())

    def watch(self, fields: Sequence[FolderField]) -> None:
        """Look at names in these fields from now on, and in no others."""
        for gone in set(self._fields) - set(fields):
            del self._fields[gone]  # it ends with its field
        for field in fields:
            if field not in self._fields:
                self._fields[field] = self._made(field)

    def of(self, field: FolderField) -> HubField:
        """What looks at the names in a field."""
        return self._fields[field]

    def find_place(self, reference: HubReference) -> bool:
        """Ask what a dropped name stands for, and tell its place; whether that is done now, or still something else."""
        if self.finder.running:
            return False
        self._dropped = reference
        self.finder.start(partial(_kind_of, self._backend, reference, self.tokens.typed))
        return True

    def _on_found(self, outcome: object) -> None:
        """Of a name that could not be looked at the field that it lands in says why."""
        dropped, self._dropped = self._dropped, None
        if dropped is not None and not isinstance(outcome, Cancelled):
            self.placed.emit(dropped.path, outcome if isinstance(outcome, FolderKind) else FolderKind.UNKNOWN)

    def stop(self) -> None:
        """End what runs."""
        self.finder.stop()
        for field in self._fields.values():
            field.stop()

    def upload(self, model: Path) -> UploadDialog:
        """Let the person look at what would go, and send it."""
        from .upload_dialog import UploadDialog

        dialog = UploadDialog(dialogs.topmost(self._window), self._backend, self.tokens, model)
        dialog.queued.connect(self.queued)
        dialog.open()
        return dialog

    def _made(self, field: FolderField) -> HubField:
        made = HubField(field, self._backend, self.tokens)
        made.token_asked.connect(self.tokens.ask)
        self.tokens.changed.connect(made.look)
        return made


def _kind_of(
    backend: EngineApi, reference: HubReference, token: str | None, _publish: Publish, cancel: CancelToken
) -> FolderKind:
    given = backend.describe_on_hub(reference, cancel, token)
    return given.info.kind if isinstance(given, HubModel) else given.kind
