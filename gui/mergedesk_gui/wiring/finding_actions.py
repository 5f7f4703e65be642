"""What the button of a finding does in the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..state.chain import EarlierAdapter, with_earlier
from ..state.follow_up import FollowUp
from ..state.form_changes import FormChange
from ..state.mode import FolderRole
from ..state.places import FieldPlace
from ..state.ways_by_code import Act
from ..state.ways_out import WayOut
from ..widgets.layouts import show_whole
from ..widgets.opening import show_folder

if TYPE_CHECKING:
    from ..main_window import MainWindow
    from ..widgets.folder_field import FolderField

_Sent = Path | FollowUp | EarlierAdapter | WayOut | FieldPlace


def act(window: MainWindow, sent: _Sent) -> None:
    """Do what the button that sent this asks for; a bare folder is to be the base."""
    if isinstance(sent, FollowUp):
        window.follow_ups.take(sent)
    elif isinstance(sent, EarlierAdapter):
        window.inputs.adapters.set_choices(with_earlier(window.inputs.adapters.choices, sent))
    elif isinstance(sent, WayOut):
        _take(window, sent)
    elif isinstance(sent, FieldPlace):
        _lead_to(window, sent)
    else:
        window.inputs.base.set_folder(sent)


def _take(window: MainWindow, chosen: WayOut) -> None:
    if isinstance(chosen.way, FormChange):
        inputs = window.inputs
        inputs.set_choices(chosen.applied_to(inputs.choices))
        inputs.confirmed.emit()
    else:
        _ACTS[chosen.way](window, chosen)


def _lead_to(window: MainWindow, place: FieldPlace) -> None:
    """Show the field, and put the focus into it."""
    field = _field(window, place)
    show_whole(field)
    field.edit.setFocus()
    field.edit.selectAll()


def _field(window: MainWindow, place: FieldPlace | None) -> FolderField:
    inputs = window.inputs
    if place is None or place.role is FolderRole.BASE:
        return inputs.base
    if place.role is FolderRole.ADAPTER:
        filled = inputs.adapters.filled_rows
        return filled[place.adapter] if place.adapter < len(filled) else inputs.adapters.rows[-1]
    return inputs.output if place.role is FolderRole.OUTPUT else inputs.verify.merged


def _choose(role: FolderRole) -> Callable[[MainWindow, WayOut], None]:
    def browse(window: MainWindow, chosen: WayOut) -> None:
        is_there = chosen.place is not None and chosen.place.role is role
        _field(window, chosen.place if is_there else FieldPlace(role)).browse()

    return browse


def _show(window: MainWindow, chosen: WayOut) -> None:
    if chosen.path is not None:
        show_folder(window, chosen.path)


def _download(window: MainWindow, chosen: WayOut) -> None:
    """Put the model's name into the field, and bring what it stands for."""
    field = _field(window, chosen.place)
    field.set_folder(chosen.name)
    window.hub.of(field).download()


_ACTS: Mapping[Act, Callable[[MainWindow, WayOut], None]] = {
    Act.CHOOSE_BASE: _choose(FolderRole.BASE),
    Act.CHOOSE_ADAPTER: _choose(FolderRole.ADAPTER),
    Act.CHOOSE_OUTPUT: _choose(FolderRole.OUTPUT),
    Act.CHOOSE_MERGED: _choose(FolderRole.MERGED),
    Act.DOWNLOAD: _download,
    Act.SHOW_FOLDER: _show,
    Act.SHOW_DISK: _show,
    Act.LOOK_AGAIN: lambda window, _chosen: window.merging.look_again(),
}
