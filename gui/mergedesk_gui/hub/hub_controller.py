"""All that the window has to do with hubs: one ``HubField`` for each field of an input, the token, and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ..jobs.engine_api import EngineApi
from ..widgets import dialogs
from ..widgets.folder_field import FolderField
from .hub_field import HubField
from .token_dialog import Tokens

if TYPE_CHECKING:
    from .upload_dialog import UploadDialog


class HubController(QObject):
    """Follows fields that come and go."""

    def __init__(self, window: QWidget, backend: EngineApi) -> None:
        super().__init__(window)
        self._window, self._backend = window, backend
        self.tokens = Tokens(window, backend)
        self._fields: dict[FolderField, HubField] = {}

    @property
    def running(self) -> bool:
        """Whether a hub is asked, or something comes from it."""
        return any(field.runner.running for field in self._fields.values())

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

    def stop(self) -> None:
        """End what runs."""
        for field in self._fields.values():
            field.stop()

    def upload(self, model: Path) -> UploadDialog:
        """Let the person look at what would go, and send it."""
        from .upload_dialog import UploadDialog

        dialog = UploadDialog(dialogs.topmost(self._window), self._backend, self.tokens, model)
        dialog.open()
        return dialog

    def _made(self, field: FolderField) -> HubField:
        made = HubField(field, self._backend, self.tokens)
        made.token_asked.connect(self.tokens.ask)
        self.tokens.changed.connect(made.look)
        return made
