"""How to use a model folder elsewhere, tool by tool, as data and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..domain.findings import Code, Data, Finding, error, errors_of
from ..domain.json_objects import as_json, json_object
from ..inspection.inspect_folder import read_folder
from .codes import Remark, Tool, ToolUsage, remark_message
from .folder_facts import read_facts
from .shell_quoting import Shell, this_shell
from .tools import usage_with


@dataclass(frozen=True, slots=True)
class Usage:
    """A folder and what each tool makes of it; ``tools`` is empty where the folder is not a model (``findings``)."""

    folder: Path
    shell: Shell
    class_name: str | None = None
    task: str | None = None
    dtype: str | None = None
    is_chat: bool = False
    tools: tuple[ToolUsage, ...] = ()
    findings: tuple[Finding, ...] = ()


def usage_of(folder: Path, shell: Shell | None = None, *, follow_links: bool = False) -> Usage:
    """How to use ``folder``, with commands for ``shell`` (this platform's, if none is named).

    Never raises for what the folder holds; trouble becomes findings.
    """
    contents, spoken = read_folder(folder, follow_links), shell or this_shell()
    facts = read_facts(contents)
    if facts is None:
        errors = errors_of(contents.folder_info.findings)
        return Usage(folder.absolute(), spoken, findings=errors or (error(Code.NOT_A_WHOLE_MODEL, path=str(folder)),))
    return Usage(
        folder=facts.folder,
        shell=spoken,
        class_name=facts.architecture or None,
        task=facts.task.value,
        dtype=facts.dtype or None,
        is_chat=facts.is_chat,
        tools=tuple(usage_with(tool, facts, spoken) for tool in Tool),
    )


def usage_json(usage: Usage) -> dict[str, Data]:
    """What ``usage --json`` prints."""
    return json_object(
        usage,
        *("folder", "class", "task", "dtype", "chat", "shell", "tools", "findings"),
        **{"class": usage.class_name},
        chat=usage.is_chat,
        tools=[{**as_json(made), "remarks": [*map(_remark_json, made.remarks)]} for made in usage.tools],
    )


def _remark_json(said: Remark) -> dict[str, Data]:
    """In the form of the contract's checks."""
    keys = ("code", "status", "message", "data")
    return json_object(said, *keys, status=said.code.outcome, message=remark_message(said))
