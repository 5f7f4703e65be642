"""What a field for a folder says and offers, by the folder's role."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from ..state.mode import FolderRole
from ..state.settings import Settings
from ..text.messages import say
from ..theme.typography import TextRole
from ..widgets.folder_field import FieldTexts
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import row
from ..widgets.recent_menu import RecentFolders

_PICTURES = {
    FolderRole.BASE: "model",
    FolderRole.ADAPTER: "adapter",
    FolderRole.OUTPUT: "output",
    FolderRole.MERGED: "proof",
}


def field_parts(role: FolderRole, settings: Settings) -> tuple[FieldTexts, str, RecentFolders]:
    """What the field of a role is called, for people and for scripts, and the folders that were chosen in it lately."""
    words = (say(f"field.{role}.{part}") for part in ("label", "placeholder", "dialog_title"))
    recent = RecentFolders(partial(settings.recent, role), partial(settings.clear_recent, role))
    return FieldTexts(_PICTURES[role], *words), f"{role}PathEdit", recent


def options_heading(text: str) -> QHBoxLayout:
    """The heading over what is asked besides folders."""
    return row(IconLabel("tune", "accent", 20), Text(text, TextRole.HEADING), grows=1)
