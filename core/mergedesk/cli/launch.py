"""From the engine's commands to the window."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..domain.findings import Code, UserError
from ..domain.requests import AdapterChoice


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the window shall open with; with ``merged`` it opens to verify that.

    ``paths`` are sorted by what they are. ``apart``: in a window of its own, even if there is one.
    """

    base: Path | None = None
    adapters: tuple[AdapterChoice, ...] = ()
    output: Path | None = None
    merged: Path | None = None
    paths: tuple[Path, ...] = ()
    apart: bool = False


def open_window(wanted: Prefill) -> int:
    """Open the window, and return its exit code.

    The one place where the engine's package names the window's, and only when a person asks for it.

    Raises:
        UserError: ``no_window`` if something that windows need is not on this computer.
    """
    try:
        run: Any = import_module("mergedesk_gui.app").run
    except ImportError as error:
        raise UserError(Code.NO_WINDOW, reason=str(error).strip(". ")) from error
    given = wanted.base, wanted.adapters, wanted.output, wanted.merged
    return int(run(*given, paths=wanted.paths, apart=wanted.apart))
