"""The paths that a job names, changed all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ...domain.hub_reference import reference_of
from ...domain.job_list import Task

_INPUTS = ("base", "source", "model", "merged")


def with_paths(task: Task, change: Callable[[Path], Path]) -> Task:
    """The task with every path changed, its output's too."""
    changed = with_inputs(task, change)
    output = getattr(changed, "output", None)
    return cast(Task, replace(cast(Any, changed), output=change(output))) if output else changed


def with_inputs(task: Task, change: Callable[[Path], Path]) -> Task:
    """The task with the path of everything that it reads changed, in the order base, adapters, result."""
    new: dict[str, Any] = {name: change(path) for name in _INPUTS if (path := getattr(task, name, None)) is not None}
    if adapters := getattr(task, "adapters", ()):
        new["adapters"] = tuple(replace(adapter, folder=change(adapter.folder)) for adapter in adapters)
    return cast(Task, replace(cast(Any, task), **new))


def whole(path: Path) -> Path:
    """The path from the root on; names on a hub stay as they are."""
    return path if reference_of(path) else path.absolute()
