"""``mergedesk inspect``: what a folder is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...domain.folder_info import FolderKind
from ...inspection.inspect_folder import inspect_folder
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..rendering import print_recognition, recognition_json


def inspect(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Any folder.")], as_json: JsonOption = False
) -> None:
    """Say what a folder is."""
    folder_info = inspect_folder(folder)
    with told(ExitCode.FAILED if folder_info.kind is FolderKind.MISSING else ExitCode.DONE):
        if as_json:
            print_json(recognition_json(folder_info))
        else:
            print_recognition(folder_info)
