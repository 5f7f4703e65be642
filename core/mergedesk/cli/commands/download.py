"""``mergedesk download``: a model on a hub into the hub cache; ``login`` and ``logout``: the token for it."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from ...domain.findings import Code, UserError
from ...domain.hub_reference import HubReference, host, parse_reference
from ...domain.refused_names import refused_name
from ...hub.ask import ask
from ...hub.questions import FORGET_TOKEN, KEEP_TOKEN
from ..fetching import asking, download_of, end_failed
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..words import say


def download(
    name: Annotated[str, typer.Argument(metavar="NAME", help="owner/name, or the address of its page.")],
    revision: Annotated[
        str | None, typer.Option("--revision", help="Branch, tag or commit; else the main branch.", metavar="REV")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Download a model or adapter from a hub: what a merge needs of it, and nothing else."""
    reference = parse_reference(name)
    if reference is None:
        end_failed(refused_name(name) or UserError(Code.HUB_NAME_WRONG, name=name), as_json=as_json)
    wanted = HubReference(reference.repository, revision or reference.revision)
    folder = download_of(wanted, as_json=as_json)
    with told(ExitCode.DONE):
        if as_json:
            print_json({"status": "downloaded", "name": wanted.text, "path": str(folder), "findings": []})
        else:
            print(say("fetched", name=wanted.text, path=str(folder)))


def login() -> None:
    """Enter a token for the hub, which the system's keyring keeps."""
    token = _typed()
    try:
        with asking() as cancel:
            ask(KEEP_TOKEN, token, cancel)
    except UserError as trouble:
        end_failed(trouble, as_json=False)
    with told(ExitCode.DONE):
        print(say("token_kept", host=host()))


def _typed() -> str:
    """The token, by the terminal without showing it, else the first line of stdin. Raises Exit where there is none."""
    typed = getpass.getpass(f"{say('token_asked', host=host())} ") if sys.stdin.isatty() else sys.stdin.readline()
    if not typed.strip():
        raise typer.Exit(ExitCode.USAGE)
    return typed.strip()


def logout() -> None:
    """Take the token for the hub out of the system's keyring."""
    try:
        with asking() as cancel:
            ask(FORGET_TOKEN, "", cancel)
    except UserError as trouble:
        end_failed(trouble, as_json=False)
    with told(ExitCode.DONE):
        print(say("token_gone", host=host()))
