"""Changes of the form that put right what a finding is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from mergedesk.domain.requests import NEAREST, SUM, AdapterChoice, Engine, Precision

from .consents import Consent, changed
from .form import Form, output_name
from .mode import FolderRole
from .places import FieldPlace

_DENSITY = 0.5
_SPLIT = "2GB"
_FIRST = FieldPlace(FolderRole.ADAPTER)


class FormChange(StrEnum):
    """What is changed."""

    SWAP = "swap"
    LATEST_CHECKPOINT = "latest_checkpoint"
    EARLIER_CHECKPOINT = "earlier_checkpoint"
    LATER_CHECKPOINT = "later_checkpoint"
    PARENT_FOLDER = "parent_folder"
    NAMED_BASE = "named_base"
    AS_ADAPTER = "as_adapter"
    AS_BASE = "as_base"
    LEAVE_OUT = "leave_out"
    FULL_STRENGTH = "full_strength"
    PLAIN_SUM = "plain_sum"
    HALF_DENSITY = "half_density"
    PROPOSED_OUTPUT = "proposed_output"
    INSIDE_DRIVE = "inside_drive"
    REPLACE = "replace"
    AUTO_PRECISION = "auto_precision"
    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    AUTO_ENGINE = "auto_engine"
    STREAMING = "streaming"
    NEAREST = "nearest"
    SPLIT_FILES = "split_files"
    DEQUANTIZE = "dequantise"
    ACCEPT_LOSS = "accept_loss"


@dataclass(frozen=True, slots=True)
class _Target:
    place: FieldPlace
    path: Path | None

    @property
    def adapter(self) -> int:
        return self.place.adapter


_Change = Callable[[Form, _Target], Form]


def with_change(form: Form, change: FormChange, place: FieldPlace | None = None, path: Path | None = None) -> Form:
    """``form`` with a change, at a ``place`` where it is one of a folder; ``path`` is what comes there."""
    return _CHANGES[change](form, _Target(place or _FIRST, path))


def _with_folder(form: Form, at: _Target) -> Form:
    if at.path is None:
        return form
    if at.place.role is FolderRole.ADAPTER:
        return _with_adapter(form, at.adapter, lambda chosen: replace(chosen, folder=at.path or chosen.folder))
    return replace(form, base=at.path) if at.place.role is FolderRole.BASE else replace(form, merged=at.path)


def _with_adapter(form: Form, number: int, change: Callable[[AdapterChoice], AdapterChoice]) -> Form:
    adapters = list(form.adapters)
    if number < len(adapters):
        adapters[number] = change(adapters[number])
    return replace(form, adapters=tuple(adapters))


def _without_adapter(form: Form, at: _Target) -> Form:
    return replace(form, adapters=tuple(one for number, one in enumerate(form.adapters) if number != at.adapter))


def _swapped(form: Form, at: _Target) -> Form:
    if form.base is None or at.adapter >= len(form.adapters):
        return form
    base, model = form.base, form.adapters[at.adapter].folder
    return replace(_with_adapter(form, at.adapter, lambda chosen: replace(chosen, folder=base)), base=model)


def _base_as_adapter(form: Form, _at: _Target) -> Form:
    if form.base is None:
        return form
    others = tuple(one for one in form.adapters if one.folder != form.base)
    return replace(form, base=None, adapters=(AdapterChoice(form.base), *others))


def _adapter_as_base(form: Form, at: _Target) -> Form:
    if at.adapter >= len(form.adapters):
        return form
    return replace(_without_adapter(form, at), base=form.adapters[at.adapter].folder)


def _inside_drive(form: Form, at: _Target) -> Form:
    if form.base is None or not form.adapters or at.path is None:
        return form
    return replace(form, output=at.path / output_name(form.base, [one.folder for one in form.adapters]))


def _consenting(consent: Consent) -> _Change:
    return lambda form, _at: replace(form, consents=changed(form.consents, consent, is_given=True))


_CHANGES: Mapping[FormChange, _Change] = {
    FormChange.SWAP: _swapped,
    FormChange.LATEST_CHECKPOINT: _with_folder,
    FormChange.EARLIER_CHECKPOINT: _with_folder,
    FormChange.LATER_CHECKPOINT: _with_folder,
    FormChange.PARENT_FOLDER: _with_folder,
    FormChange.NAMED_BASE: lambda form, at: replace(form, base=at.path or form.base),
    FormChange.AS_ADAPTER: _base_as_adapter,
    FormChange.AS_BASE: _adapter_as_base,
    FormChange.LEAVE_OUT: _without_adapter,
    FormChange.FULL_STRENGTH: lambda form, at: _with_adapter(form, at.adapter, lambda one: replace(one, weight=1.0)),
    FormChange.PLAIN_SUM: lambda form, _at: replace(form, combination=SUM),
    FormChange.HALF_DENSITY: lambda form, _at: replace(form, combination=replace(form.combination, density=_DENSITY)),
    FormChange.PROPOSED_OUTPUT: lambda form, _at: replace(form, output=None, overwrite=False),
    FormChange.INSIDE_DRIVE: _inside_drive,
    FormChange.REPLACE: lambda form, _at: replace(form, overwrite=True),
    FormChange.AUTO_PRECISION: lambda form, _at: replace(form, precision=Precision.AUTO),
    FormChange.BFLOAT16: lambda form, _at: replace(form, precision=Precision.BFLOAT16),
    FormChange.FLOAT32: lambda form, _at: replace(form, precision=Precision.FLOAT32),
    FormChange.AUTO_ENGINE: lambda form, _at: replace(form, engine=Engine.AUTO),
    FormChange.STREAMING: lambda form, _at: replace(form, engine=Engine.STREAMING),
    FormChange.NEAREST: lambda form, _at: replace(form, rounding=NEAREST),
    FormChange.SPLIT_FILES: lambda form, _at: replace(form, shard_size=_SPLIT),
    FormChange.DEQUANTIZE: _consenting(Consent.DEQUANTIZE),
    FormChange.ACCEPT_LOSS: _consenting(Consent.ACCEPT_LOSS),
}
