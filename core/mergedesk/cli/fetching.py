"""Models on a hub that commands were given in the place of folders: downloaded first, and said so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer

from ..domain.findings import UserError
from ..domain.hub_reference import HubReference, host, reference_of
from ..domain.json_objects import as_json as as_json_value
from ..domain.progress import Cancelled, CancelToken
from ..domain.refused_names import refused_path
from ..domain.requests import CheckRequest
from ..hub.bring import bring, must_stay_offline
from ..hub.questions import Outline
from ..pipelines.check_on_hub import outline_of
from .interrupt import ctrl_c_cancels
from .output import ExitCode, print_json, told
from .rendering import progress_bar
from .words import say, tell

Request = TypeVar("Request")
# What requests call the folders that they read: the first is one, or a tuple of choices.
_FOLDERS = ("base", "adapter", "adapters", "merged")


@contextmanager
def asking() -> Iterator[CancelToken]:
    """While a hub is asked, Ctrl+C ends that: the command ends as cancelled. Raises Exit."""
    cancel = CancelToken()
    try:
        with ctrl_c_cancels(cancel):
            yield cancel
    except Cancelled as end:
        typer.echo(say("stopped_download"), err=True)
        raise typer.Exit(ExitCode.CANCELLED) from end


def with_folders(request: Request, *, as_json: bool) -> Request:
    """A request with folders in the place of names, downloaded in the order base, adapters, result. Raises Exit."""
    changed: dict[str, Any] = {}
    for name in _FOLDERS:
        given = getattr(request, name, None)
        if isinstance(given, Path):
            changed[name] = local(given, as_json=as_json)
        elif given:
            changed[name] = tuple(replace(each, folder=local(each.folder, as_json=as_json)) for each in given)
    return replace(request, **changed)  # type: ignore[type-var] # requests are dataclasses


@contextmanager
def with_outline(request: CheckRequest, *, as_json: bool) -> Iterator[tuple[CheckRequest, Outline | None]]:
    """``with_folders``, but of a base on a hub no more comes than tells what it is, while the block lasts. Raises Exit.

    The base stays a name where it came as an outline; all of it comes where an outline would not do.
    """
    reference = reference_of(request.base)
    if reference is None:
        yield with_folders(request, as_json=as_json), None
        return
    with ExitStack() as kept:
        outline = _outline(reference, kept, as_json=as_json)
        if outline.folder is None:
            yield with_folders(request, as_json=as_json), None
        else:
            rest = with_folders(replace(request, base=outline.folder), as_json=as_json)
            yield replace(rest, base=request.base), outline


def _outline(reference: HubReference, kept: ExitStack, *, as_json: bool) -> Outline:
    """Raises Exit."""
    if not must_stay_offline():
        print(say("reading_headers", name=reference.text, host=host()), file=sys.stderr)
    try:
        with asking() as cancel:
            return kept.enter_context(outline_of(reference, cancel))
    except UserError as trouble:
        end_failed(trouble, as_json=as_json)


def local(path: Path, *, as_json: bool = False) -> Path:
    """The folder; of a model on a hub the one that it is downloaded into. Raises Exit where that fails."""
    reference = reference_of(path)
    if reference is None and (refused := refused_path(path)):
        end_failed(refused, as_json=as_json)
    return path if reference is None else download_of(reference, as_json=as_json)


def download_of(reference: HubReference, *, as_json: bool) -> Path:
    """Download with a bar on stderr. Raises Exit."""
    asked = not must_stay_offline()
    if asked:
        print(say("fetching", name=reference.text, host=host()), file=sys.stderr)
    try:
        with asking() as cancel, progress_bar() as show:
            folder = bring(reference, cancel, show)
    except UserError as trouble:
        end_failed(trouble, as_json=as_json)
    if not asked:
        print(say("from_cache", name=reference.text, host=host(), path=str(folder)), file=sys.stderr)
    return folder


def end_failed(trouble: UserError, *, as_json: bool) -> NoReturn:
    """Tell what went wrong at a hub. Raises Exit."""
    finding = trouble.finding()
    with told(ExitCode.FAILED):
        if as_json:
            print_json({"status": "failed", "findings": [as_json_value(finding)]})
        else:
            tell(finding)
    raise AssertionError("told has raised Exit")
