"""What is dropped on the window goes where it belongs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

from mergedesk.domain.folder_info import FolderKind

from ..inputs.drop_router import DropRouter, Routed
from ..inputs.inputs_panel import InputsPanel
from ..widgets.drop_hint import DropHint
from ..widgets.path_edit import folders_in, reference_in, take_copied
from .leaving import LeavingWindow


class DropWindow(LeavingWindow):
    """Takes folders anywhere, and names of models on a hub."""

    inputs: InputsPanel
    router: DropRouter
    _drop_hint: DropHint

    def receive(self, routed: Routed) -> None:
        """Put a dropped folder where it belongs."""
        self.inputs.receive(routed.folder, routed.kind, is_merge=routed.is_merge)

    def receive_name(self, path: Path, kind: FolderKind) -> None:
        """Put a dropped name into the field of its kind, which goes on with it."""
        self._drop_hint.hide()
        self.receive(Routed(path, kind))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Welcome folders anywhere, and names of models on a hub."""
        dropped = event.mimeData()
        if folders_in(dropped) or reference_in(dropped):
            take_copied(event)
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 (Qt's name)
        """Back to normal."""
        self._drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Find out what was dropped; it goes where it belongs."""
        self._drop_hint.hide()
        take_copied(event)
        folders, name = folders_in(event.mimeData()), reference_in(event.mimeData())
        if folders:
            self.router.route(folders)
        elif name is not None and self.hub.find_place(name):
            self._drop_hint.say_looking(name.text)
