"""Where on the form that is which a finding is about."""

from __future__ import annotations

from dataclasses import dataclass

from mergedesk.domain.findings import Code, Finding

from .form import Form
from .mode import FolderRole


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A field of a folder; ``adapter`` counts the adapters that are chosen from 0."""

    role: FolderRole
    adapter: int = 0


_OF_BASE = frozenset(
    {
        Code.CUSTOM_CODE,
        Code.GENERATION_CONFIG_ODD,
        Code.HEAD_DRAWN,
        Code.COMPANION_ABSENT,
        Code.TOKENIZER_ABSENT,
        Code.WEIGHTS_ABSENT,
        Code.CLASS_NOT_TOLD,
        Code.CONFIG_UNBUILDABLE,
        Code.BASE_HOLDS_ADAPTER,
        Code.OWN_ADAPTER_NEEDS_ALPHA,
        Code.PACKED_SCALES_BROKEN,
    }
)
_OF_OUTPUT = frozenset(
    {
        Code.DISK_FULL,
        Code.DISK_FILLED_UP,
        Code.FILE_TOO_BIG,
        Code.WRITE_FAILED,
        Code.OUTPUT_IS_INPUT,
        Code.OUTPUT_NOT_EMPTY,
        Code.OUTPUT_WILL_BE_REPLACED,
        Code.OUTPUT_NOT_REPLACEABLE,
        Code.OUTPUT_IS_DRIVE,
        Code.OUTPUT_NOT_WRITABLE,
        Code.OUTPUT_MOVED,
        Code.OUTPUT_SET_ASIDE,
    }
)


def place_of(finding: Finding, form: Form) -> FieldPlace | None:
    """The field that a finding is about; None where it is about several, or about none."""
    if finding.about:
        return _chosen(finding.about, form)
    if finding.code in _OF_OUTPUT:
        return FieldPlace(FolderRole.OUTPUT)
    return FieldPlace(FolderRole.BASE) if finding.code in _OF_BASE and form.base else None


def _chosen(path: str, form: Form) -> FieldPlace | None:
    for number, adapter in enumerate(form.adapters):
        if str(adapter.folder) == path:
            return FieldPlace(FolderRole.ADAPTER, number)
    named = ((FolderRole.BASE, form.base), (FolderRole.MERGED, form.merged if form.verifies else None))
    return next((FieldPlace(role) for role, folder in named if folder is not None and str(folder) == path), None)


def is_one_of_many(place: FieldPlace | None, form: Form) -> bool:
    """Whether it is an adapter beside others, so that it has to be said which."""
    return place is not None and place.role is FolderRole.ADAPTER and len(form.adapters) > 1
