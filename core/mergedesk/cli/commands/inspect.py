"""``mergedesk inspect``: what a folder is, or a model on a hub before anything of it is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ...domain.findings import UserError
from ...domain.folder_info import FolderInfo, FolderKind
from ...domain.hub_reference import HubReference, folder_or_name, reference_of
from ...domain.refused_names import refused_path
from ...hub.bases import said_of_base
from ...hub.bring import described
from ...hub.questions import HubModel
from ...inspection.inspect_folder import inspect_folder
from ..fetching import asking
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..rendering import hub_facts, hub_json, print_recognition, recognition_json


def inspect(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Any folder, or a model's name on a hub.", parser=folder_or_name)
    ],
    as_json: JsonOption = False,
) -> None:
    """Say what a folder is, or a model on a hub."""
    reference = reference_of(folder)
    model = _described(reference) if reference else None
    info = model if isinstance(model, FolderInfo) else model.info if model else _on_this_computer(folder)
    info = replace(info, findings=(*info.findings, *said_of_base(info)))
    with told(ExitCode.FAILED if info.kind is FolderKind.MISSING else ExitCode.DONE):
        if as_json:
            print_json(recognition_json(info) | (hub_json(model) if isinstance(model, HubModel) else {}))
        else:
            print_recognition(info, hub_facts(model) if isinstance(model, HubModel) else {})


def _on_this_computer(folder: Path) -> FolderInfo:
    """What a folder is; of a name on a hub that names no model, what is wrong with it."""
    if refused := refused_path(folder):
        return FolderInfo(folder, FolderKind.MISSING, findings=(refused.finding(),))
    return inspect_folder(folder)


def _described(reference: HubReference) -> HubModel | FolderInfo:
    """What it is; as a folder where it is only looked for on this computer, or not to be had."""
    try:
        with asking() as cancel:
            return described(reference, cancel)
    except UserError as trouble:
        return FolderInfo(reference.path, FolderKind.MISSING, findings=(trouble.finding(),))
