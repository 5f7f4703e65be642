"""``mergedesk usage`` and ``mergedesk modelfile``: a merged folder elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ...deployment.codes import TOOL_NAMES, Outcome, ToolUsage, remark_message, step_heading
from ...deployment.modelfile import modelfile_of
from ...deployment.unmerged import any_usage_of
from ...deployment.usage import Usage, usage_json
from ...domain.findings import Code, UserError
from ...domain.hub_reference import folder_or_name
from ...domain.messages import environment_language
from ..fetching import local
from ..options import FileOption, FolderArgument, FollowLinksOption, JsonOption
from ..output import ExitCode, print_json, show_or_write, told
from ..words import print_findings

_MARKS = {Outcome.PASS: "ok", Outcome.WARN: "WARN", Outcome.FAIL: "FAIL", Outcome.UNKNOWN: "?"}


def usage(
    folder: FolderArgument,
    base: Annotated[
        Path | None,
        typer.Option(
            "--base", help="Folder of the base model, or its name on a hub.", metavar="DIR", parser=folder_or_name
        ),
    ] = None,
    follow_links: FollowLinksOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say how to use a merged folder elsewhere, or an adapter unmerged, and what in it would break there."""
    near = local(base, as_json=as_json) if base else None
    usage = any_usage_of(local(folder, as_json=as_json), near, follow_links=follow_links)
    with told(ExitCode.DONE if usage.tools else ExitCode.FAILED):
        if as_json:
            print_json(usage_json(usage))
        else:
            _print_usage(usage)


def _print_usage(usage: Usage) -> None:
    """Each tool's steps, and what was looked at; what holds a model back goes to stderr."""
    print_findings(usage.findings)
    for tool in usage.tools:
        _print_tool(tool)


def _print_tool(usage: ToolUsage) -> None:
    name, language = TOOL_NAMES[usage.tool], environment_language()
    print(f"{name}\n{'=' * len(name)}")
    for step in usage.steps:
        print(f"{step_heading(step.code, language)}:\n")
        print("\n".join(f"    {line}".rstrip() for line in step.text.splitlines()) + "\n")
    for remark in usage.remarks:
        print(f"{_MARKS[remark.code.outcome]:>4}  {remark_message(remark, language)}")
    print()


def modelfile(
    folder: FolderArgument,
    output: FileOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Allow replacing FILE.")] = False,
    follow_links: FollowLinksOption = False,
) -> None:
    """Make a Modelfile for Ollama: show it, or write it."""
    model = local(folder)
    show_or_write(lambda: _modelfile_text(model, output, overwrite=overwrite, follow_links=follow_links), output)


def _modelfile_text(folder: Path, target: Path | None, *, overwrite: bool, follow_links: bool) -> str:
    """The Modelfile of a folder, to be written to ``target``; what is to be said of it goes to stderr.

    Raises UserError(not_a_whole_model or file_exists).
    """
    if target is not None and target.exists() and not overwrite:
        raise UserError(Code.FILE_EXISTS, file=str(target))
    made = modelfile_of(folder, target, follow_links=follow_links)
    if made is None:
        raise UserError(Code.NOT_A_WHOLE_MODEL, path=str(folder))
    for remark in made.remarks:
        print(remark_message(remark, environment_language()), file=sys.stderr)
    return made.text
