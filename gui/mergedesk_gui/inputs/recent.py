"""The folders used last in each role, from the settings to the fields' menus."""

from __future__ import annotations

from functools import partial

from ..state.folder_roles import FolderRole
from ..state.settings import Settings
from ..widgets.recent_menu import RecentFolders


def recent_folders(settings: Settings, role: FolderRole) -> RecentFolders:
    """What was chosen as ``role`` lately."""
    return RecentFolders(partial(settings.recent, role), partial(settings.clear_recent, role))
