"""What a field for a folder says and offers, by the folder's role."""

from __future__ import annotations

from functools import partial

from ..state.folder_roles import FolderRole
from ..state.settings import Settings
from ..text.messages import say
from ..widgets.folder_field import FieldTexts
from ..widgets.recent_menu import RecentFolders

_PICTURES = {
    FolderRole.BASE: "model",
    FolderRole.ADAPTER: "adapter",
    FolderRole.OUTPUT: "output",
    FolderRole.MERGED: "proof",
}


def field_texts(role: FolderRole) -> FieldTexts:
    """What the field of a role is called."""
    words = (say(f"field.{role}.{part}") for part in ("label", "placeholder", "dialog_title"))
    return FieldTexts(_PICTURES[role], *words)


def recent_folders(settings: Settings, role: FolderRole) -> RecentFolders:
    """What was chosen as ``role`` lately."""
    return RecentFolders(partial(settings.recent, role), partial(settings.clear_recent, role))
