"""What `mergedesk usage` prints, and what `mergedesk modelfile` writes."""

from __future__ import annotations

import sys
from pathlib import Path

from ..deployment.codes import TOOL_NAMES, Outcome, ToolUsage, remark_message, step_heading
from ..deployment.modelfile import modelfile_of
from ..deployment.usage import Usage
from ..domain.catalogue import environment_language
from ..domain.findings import Code, UserError
from .words import print_findings

_MARKS = {Outcome.PASS: "ok", Outcome.WARN: "WARN", Outcome.FAIL: "FAIL", Outcome.UNKNOWN: "?"}


def print_usage(usage: Usage) -> None:
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
    for one in usage.remarks:
        print(f"{_MARKS[one.code.outcome]:>4}  {remark_message(one, language)}")
    print()


def modelfile_text(folder: Path, target: Path | None, *, overwrite: bool) -> str:
    """The Modelfile of a folder, to be written to ``target``; what is to be said of it goes to stderr.

    Raises UserError(not_a_whole_model or file_exists).
    """
    if target is not None and target.exists() and not overwrite:
        raise UserError(Code.FILE_EXISTS, file=str(target))
    made = modelfile_of(folder, target)
    if made is None:
        raise UserError(Code.NOT_A_WHOLE_MODEL, path=str(folder))
    for one in made.remarks:
        print(remark_message(one, environment_language()), file=sys.stderr)
    return made.text
