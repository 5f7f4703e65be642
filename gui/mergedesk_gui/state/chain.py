"""Adapters that were trained one on top of another: the earlier one belongs before the later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mergedesk.domain.findings import Code, Finding
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.requests import AdapterChoice


@dataclass(frozen=True, slots=True)
class EarlierAdapter:
    """``folder`` is what the adapter of the folder name ``before`` was trained on."""

    folder: Path
    before: str


def earlier_adapter(finding: Finding) -> EarlierAdapter | None:
    """The adapter on this computer that a finding says must be merged as well."""
    if finding.code is not Code.ADAPTER_ON_ADAPTER:
        return None
    return EarlierAdapter(Path(str(finding.data["path"])), str(finding.data["adapter"]))


def with_earlier(choices: Sequence[AdapterChoice], earlier: EarlierAdapter) -> tuple[AdapterChoice, ...]:
    """The choices with that one, at its full strength, right before the one that was trained on it."""
    names = [spoken_name(choice.folder) for choice in choices]
    place = names.index(earlier.before) if earlier.before in names else 0
    return (*choices[:place], AdapterChoice(earlier.folder), *choices[place:])
