"""``mergedesk push``: a model's folder or a GGUF file to a hub, after a look at what goes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ...domain.findings import Code, UserError
from ...domain.hub_reference import parse_reference
from ...domain.refused_names import refused_name
from ...hub.ask import ask
from ...hub.outgoing import Outgoing, outgoing, push_json
from ...hub.questions import PUSH, Pushed, PushRequest
from ..fetching import asking, end_failed
from ..option_sets import takes
from ..options import JsonOption
from ..output import ExitCode, print_json, told
from ..rendering import progress_bar
from ..words import print_findings, say


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOptions:
    """What ``push`` takes."""

    model: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a model or adapter, or a GGUF file.")]
    repository: Annotated[str | None, typer.Argument(metavar="REPO", help="owner/name; made if need be.")] = None
    repo: Annotated[str | None, typer.Option("--repo", help="The same as REPO.", metavar="REPO")] = None
    private: Annotated[bool, typer.Option("--private/--public", help="Who may see a repository that is made.")] = True
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before anything goes.")] = False
    as_json: JsonOption = False

    def target(self) -> str:
        """``owner/name``. Raises BadParameter and UserError(hub_name_wrong)."""
        given = self.repository or self.repo
        if not given or (self.repository and self.repo):
            raise typer.BadParameter("Name the repository once, as owner/name.")
        reference = parse_reference(given)
        if reference is None or reference.revision:
            raise refused_name(given) or UserError(Code.HUB_NAME_WRONG, name=given)
        return reference.repository


@takes(PushOptions)
def push(options: PushOptions) -> None:
    """Upload a model's folder or a GGUF file to a hub; private, if not said otherwise."""
    with TemporaryDirectory(prefix="mergedesk-push-") as scratch:
        try:
            repository = options.target()
            going = outgoing(options.model, Path(scratch))
            pushed = _pushed(options, PushRequest(repository, going.files, options.private), going)
        except UserError as trouble:
            end_failed(trouble, as_json=options.as_json)
    with told(ExitCode.DONE):
        _print_end(pushed, going, as_json=options.as_json)


def _pushed(options: PushOptions, request: PushRequest, going: Outgoing) -> Pushed:
    """Raises Exit where the person does not want it, UserError where the hub does not."""
    if not options.yes:
        _show(request, going)
        if not _agreed():
            typer.echo(say("push_not"), err=True)
            raise typer.Exit(ExitCode.USAGE)
    with asking() as cancel, progress_bar() as show:
        return ask(PUSH, request, cancel, show)


def _show(request: PushRequest, going: Outgoing) -> None:
    """On stderr: what goes where, who will see it, and the card."""
    who = say("push_private") if request.private else say("push_public")
    plan = say("push_plan", name=request.repository, count=len(going.files), bytes=going.bytes)
    print(plan, who, file=sys.stderr)
    print_findings(going.findings, of_failure=True)
    print(f"{say('push_card')}\n\n{going.card}\n", file=sys.stderr)


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(say("push_ask"), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in say("push_yes").split()


def _print_end(pushed: Pushed, going: Outgoing, *, as_json: bool) -> None:
    if as_json:
        print_json(push_json(pushed, going))
        return
    print_findings(going.findings)
    print(say("pushed", address=pushed.address, count=pushed.files, bytes=pushed.bytes, sent_bytes=pushed.sent_bytes))
