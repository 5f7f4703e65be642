"""What the window is used for, and what folders are chosen as: words that the settings store."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """To merge, or to verify what was merged, by whatever tool."""

    MERGE = "merge"
    VERIFY = "verify"

    @classmethod
    def _missing_(cls, value: object) -> Mode | None:
        return cls.VERIFY if value == "check" else None  # as earlier versions stored it


class FolderRole(StrEnum):
    """What a folder is chosen as."""

    BASE = "base"
    ADAPTER = "adapter"
    OUTPUT = "output"
    MERGED = "merged"
