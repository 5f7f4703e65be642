"""What one click does about a finding: which ways out there are for which code, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mergedesk.domain.findings import Code, Finding
from mergedesk.domain.folder_names import cached_name

from .form import Form
from .form_changes import FormChange, with_change
from .inspection import MODEL_KINDS, Inspection
from .mode import FolderRole
from .places import FieldPlace, place_of
from .ways_by_code import CHOOSE_IT, WAYS, Act


@dataclass(frozen=True, slots=True)
class WayOut:
    """``way`` is a change of the form or something to do; ``place`` the field, ``path`` or ``name`` what it needs."""

    way: FormChange | Act
    place: FieldPlace | None = None
    path: Path | None = None
    name: str = ""

    def applied_to(self, form: Form) -> Form:
        """The form once the way was taken; unchanged where it is no change of it."""
        if not isinstance(self.way, FormChange):
            return form
        return with_change(form, self.way, self.place, self.path)


def ways_out(finding: Finding, known: Inspection) -> Iterator[WayOut]:
    """What can be done about a finding on what is ``known``; a way that would change nothing is not among it."""
    place = place_of(finding, known.choices)
    for way in WAYS.get(finding.code, ()):
        made = _MADE.get(way, _plain)(_Situation(way, finding, known, place))
        if made is not None and (isinstance(made.way, Act) or made.applied_to(known.choices) != known.choices):
            yield made


@dataclass(frozen=True, slots=True)
class _Situation:
    way: StrEnum
    finding: Finding
    known: Inspection
    place: FieldPlace | None

    @property
    def adapter(self) -> int | None:
        """Which adapter it is about."""
        return self.place.adapter if self.place and self.place.role is FolderRole.ADAPTER else None

    @property
    def folder(self) -> Path | None:
        """The chosen folder that it is about."""
        form, place = self.known.choices, self.place
        if place is None:
            return None
        if place.role is FolderRole.ADAPTER:
            return form.adapters[place.adapter].folder
        chosen = {FolderRole.BASE: form.base, FolderRole.MERGED: form.merged}
        return chosen.get(place.role, self.known.output)


def _plain(at: _Situation) -> WayOut | None:
    return WayOut(at.way, at.place) if isinstance(at.way, (FormChange, Act)) else None


def _swap(at: _Situation) -> WayOut | None:
    models = (number for number, one in enumerate(at.known.adapters) if one.kind in MODEL_KINDS)
    number = next(models, None)
    return None if number is None else WayOut(FormChange.SWAP, FieldPlace(FolderRole.ADAPTER, number))


def _of_adapter(at: _Situation) -> WayOut | None:
    return None if at.adapter is None else _plain(at)


def _one_of_several(at: _Situation) -> WayOut | None:
    return _of_adapter(at) if len(at.known.choices.adapters) > 1 else None


def _latest(at: _Situation) -> WayOut | None:
    looked_at = {FolderRole.BASE: at.known.base, FolderRole.MERGED: at.known.merged}
    if at.place is None:
        return None
    info = at.known.adapters[at.place.adapter] if at.adapter is not None else looked_at.get(at.place.role)
    folders = info.checkpoint_folders if info else ()
    return WayOut(FormChange.LATEST_CHECKPOINT, at.place, folders[-1]) if folders else None


def _beside(step: int) -> Callable[[_Situation], WayOut | None]:
    def neighbour(at: _Situation) -> WayOut | None:
        folders = at.known.siblings
        if at.adapter is None or at.folder not in folders:
            return None
        target = folders.index(at.folder) + step
        return WayOut(FormChange(at.way), at.place, folders[target]) if 0 <= target < len(folders) else None

    return neighbour


def _parent(at: _Situation) -> WayOut | None:
    parent = at.finding.data.get("parent")
    return WayOut(FormChange.PARENT_FOLDER, at.place, Path(str(parent))) if at.place and parent else None


def _named_base(at: _Situation) -> WayOut | None:
    found = at.known.found_base
    return WayOut(FormChange.NAMED_BASE, path=found) if found else None


def _inside(at: _Situation) -> WayOut | None:
    return WayOut(FormChange.INSIDE_DRIVE, path=Path(str(at.finding.data.get("path", ""))))


def _choose_it(at: _Situation) -> WayOut | None:
    acts = {
        FolderRole.BASE: Act.CHOOSE_BASE,
        FolderRole.ADAPTER: Act.CHOOSE_ADAPTER,
        FolderRole.OUTPUT: Act.CHOOSE_OUTPUT,
        FolderRole.MERGED: Act.CHOOSE_MERGED,
    }
    return WayOut(acts[at.place.role], at.place) if at.place else None


def _choose_adapter(at: _Situation) -> WayOut | None:
    is_known = at.adapter is not None
    return WayOut(Act.CHOOSE_ADAPTER, at.place if is_known else FieldPlace(FolderRole.ADAPTER))


def _show_folder(at: _Situation) -> WayOut | None:
    said = at.finding.data.get("folder")
    folder = at.folder or (Path(said) if isinstance(said, str) else None)
    return WayOut(Act.SHOW_FOLDER, at.place, folder) if folder is not None and folder.is_absolute() else None


def _show_disk(at: _Situation) -> WayOut | None:
    said = at.finding.data.get("folder")
    return WayOut(Act.SHOW_DISK, path=Path(said)) if isinstance(said, str) and said else None


def _download(at: _Situation) -> WayOut | None:
    """A model by its name, or what is missing of one in the hub cache."""
    typed = at.finding.data.get("name") if at.finding.code is Code.LOOKS_LIKE_HUB_NAME else ""
    name = str(typed or (cached_name(at.folder) if at.folder else ""))
    is_place = at.place is not None and at.place.role is not FolderRole.OUTPUT
    return WayOut(Act.DOWNLOAD, at.place, name=name) if name and is_place else None


_MADE: Mapping[StrEnum, Callable[[_Situation], WayOut | None]] = {
    FormChange.SWAP: _swap,
    FormChange.LATEST_CHECKPOINT: _latest,
    FormChange.EARLIER_CHECKPOINT: _beside(-1),
    FormChange.LATER_CHECKPOINT: _beside(1),
    FormChange.PARENT_FOLDER: _parent,
    FormChange.NAMED_BASE: _named_base,
    FormChange.AS_BASE: _of_adapter,
    FormChange.FULL_STRENGTH: _of_adapter,
    FormChange.LEAVE_OUT: _one_of_several,
    FormChange.INSIDE_DRIVE: _inside,
    Act.CHOOSE_ADAPTER: _choose_adapter,
    Act.SHOW_FOLDER: _show_folder,
    Act.SHOW_DISK: _show_disk,
    Act.DOWNLOAD: _download,
    CHOOSE_IT: _choose_it,
}
