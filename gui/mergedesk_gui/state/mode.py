"""What the window is used for at the moment."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """To merge, or to check what was merged, by whatever tool."""

    MERGE = "merge"
    CHECK = "check"
