"""The fields that take a folder; recent folders are stored under these names."""

from __future__ import annotations

from enum import StrEnum


class FolderRole(StrEnum):
    """What a folder is chosen as."""

    BASE = "base"
    ADAPTER = "adapter"
    OUTPUT = "output"
    MERGED = "merged"
