"""The base model of an adapter, by its name on a hub, where it is not on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..domain.findings import Code, Finding, info
from ..domain.folder_info import FolderInfo, FolderKind
from ..domain.hub_reference import HubReference, parse_reference
from ..inspection.find_local import find_base
from ..reports.model_card import hub_id


def missing_base(adapter: FolderInfo) -> HubReference | None:
    """What to download for an adapter; None where its base is here, or is named by no hub."""
    name = adapter.base_model_name_or_path if adapter.kind is FolderKind.ADAPTER else None
    if not name or not hub_id(name) or Path(name).exists() or find_base(adapter):
        return None
    return parse_reference(name)


def said_of_base(adapter: FolderInfo) -> Iterator[Finding]:
    """That an adapter's base can be had by its name; nothing where it need not."""
    if base := missing_base(adapter):
        yield info(Code.BASE_ON_HUB, name=base.repository)
