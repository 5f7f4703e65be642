"""A past merge as the window lists it: what is kept of it, where its result is now, and its choices for the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mergedesk.domain.hub_reference import reference_of
from mergedesk.domain.merge_record import MergeRecord, Whereabouts

from .form import Form, form_of
from .stored_form import is_sensible


@dataclass(frozen=True, slots=True)
class PastMerge:
    """``name`` is the record's own in the list; ``words``, in a ``language``, are those by which it is found."""

    name: str
    record: MergeRecord
    where: Whereabouts
    language: str = ""
    words: str = ""

    @property
    def folder(self) -> Path | None:
        """The folder that its result is in now; None where there is none any more, or never was."""
        return self.where.folder

    @property
    def choices(self) -> Form:
        """Its settings for another merge: into the same folder only if it came to nothing."""
        form = replace(self._with_inputs(_as_typed), overwrite=False)
        return replace(form, output=None) if self.record.is_made else form

    @property
    def may_repeat(self) -> bool:
        """Whether the form can hold these settings: commands take some that it does not."""
        return is_sensible(self._with_inputs(_stand_in))

    def _with_inputs(self, change: Callable[[Path], Path]) -> Form:
        form = form_of(self.record.request)
        adapters = tuple(replace(one, folder=change(one.folder)) for one in form.adapters)
        return replace(form, base=change(self.record.request.base), adapters=adapters)


def _as_typed(path: Path) -> Path:
    """A name on a hub as the form's fields take it."""
    reference = reference_of(path)
    return path if reference is None else Path(reference.text)


def _stand_in(path: Path) -> Path:
    """A folder; for a name on a hub any that makes sense."""
    return path if reference_of(path) is None else Path("/")
