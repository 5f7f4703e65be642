"""How to use a model folder elsewhere, tool by tool, as data and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..domain.findings import Code, Data, Finding, Severity, error
from ..domain.merge_report import finding_json
from ..inspection.inspect_folder import read_folder
from .codes import Remark, ToolUsage, UsageStep, outcome_of
from .folder_facts import read_facts
from .messages import remark_message
from .shell_quoting import Shell, this_shell
from .tools import TOOLS


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


def usage_of(folder: Path, shell: Shell | None = None) -> Usage:
    """How to use ``folder``, with commands for ``shell`` (this platform's, if none is named).

    Never raises for what the folder holds; trouble becomes findings.
    """
    found, spoken = read_folder(folder), shell or this_shell()
    facts = read_facts(found)
    if facts is None:
        told = tuple(one for one in found.folder_info.findings if one.severity is Severity.ERROR)
        return Usage(folder.absolute(), spoken, findings=told or (error(Code.NOT_A_WHOLE_MODEL, path=str(folder)),))
    return Usage(
        folder=facts.folder,
        shell=spoken,
        class_name=facts.architecture or None,
        task=facts.task.value,
        dtype=facts.dtype or None,
        is_chat=facts.is_chat,
        tools=tuple(make(facts, spoken) for make in TOOLS.values()),
    )


def usage_json(usage: Usage) -> dict[str, Data]:
    """What ``usage --json`` prints."""
    return {
        "folder": str(usage.folder),
        "class": usage.class_name,
        "task": usage.task,
        "dtype": usage.dtype,
        "chat": usage.is_chat,
        "shell": usage.shell.value,
        "tools": [_tool_json(one) for one in usage.tools],
        "findings": [finding_json(one) for one in usage.findings],
    }


def remark_json(one: Remark) -> dict[str, Data]:
    """A remark as an object, in the form of the contract's checks."""
    status = outcome_of(one.code).value
    return {"code": one.code.value, "status": status, "message": remark_message(one), "data": dict(one.data)}


def _tool_json(usage: ToolUsage) -> dict[str, Data]:
    return {
        "tool": usage.tool.value,
        "steps": [_step_json(one) for one in usage.steps],
        "remarks": [remark_json(one) for one in usage.remarks],
    }


def _step_json(step: UsageStep) -> dict[str, Data]:
    return {"code": step.code.value, "language": step.language.value, "text": step.text}
