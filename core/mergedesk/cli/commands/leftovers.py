"""``mergedesk leftovers``: what runs left behind that ended early."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ...domain import json_objects
from ...domain.findings import Finding, UserError
from ...output.leftovers import Leftover, LeftoverKind, find_leftovers, put_back_set_aside, remove
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..words import print_findings, say

_HERE = "output"  # any name stands for all that lies in a folder


def leftovers(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A folder to look in, beside your own known places.")
    ] = None,
    remove_them: Annotated[bool, typer.Option("--remove", help="Remove what is found.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List what ended runs left on the disk, and remove it."""
    said = _put_back(folder)
    found = find_leftovers(folder / _HERE if folder else None)
    removed, failed = _removed(found) if remove_them else ([], [])
    with told(ExitCode.FAILED if failed else ExitCode.DONE):
        if as_json:
            objects = [_object(left, left in removed) for left in found]
            print_json(json_objects.as_json({"leftovers": objects, "findings": [*said, *failed]}))
        else:
            _print(found, removed, [*said, *failed])


def _put_back(folder: Path | None) -> list[Finding]:
    """A folder that an ended run set aside is no leftover: it gets its name back."""
    found = find_leftovers(folder / _HERE if folder else None)
    outputs = {left.home.output for left in found if left.kind is LeftoverKind.SET_ASIDE}
    return [said for output in outputs if output for said in put_back_set_aside(output)]


def _removed(found: Sequence[Leftover]) -> tuple[list[Leftover], list[Finding]]:
    """What could be removed, and why the rest could not. The only copy of a folder is not removed."""
    removed, failed = [], []
    for left in found:
        if left.kind is LeftoverKind.SET_ASIDE:
            continue
        try:
            remove(left)
            removed.append(left)
        except UserError as trouble:
            failed.append(trouble.finding())
    return removed, failed


def _object(left: Leftover, removed: bool) -> dict[str, Any]:
    home = left.home
    return {"path": home.path, "output": home.output, "kind": left.kind, "bytes": left.nbytes, "removed": removed}


def _print(found: Sequence[Leftover], removed: Sequence[Leftover], said: Sequence[Finding]) -> None:
    print_findings(said)
    print_findings(left.finding for left in found if left not in removed)
    for left in removed:
        print(say("leftover_removed", path=str(left.home.path), bytes=left.nbytes))
    if not found:
        print(say("no_leftovers"))
