"""From the engine's commands to the window."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..domain.errors import UserError
from ..domain.findings import Code
from ..domain.requests import AdapterChoice


def open_window(
    base: Path | None = None,
    adapters: Sequence[AdapterChoice] = (),
    output: Path | None = None,
    merged: Path | None = None,
) -> int:
    """Open the window, prefilled with what is given, and return its exit code. With ``merged`` it opens to verify that.

    The one place where the engine's package names the window's, and only when a person asks for it.

    Raises:
        UserError: ``no_window`` if something that windows need is not on this computer.
    """
    try:
        run: Any = import_module("mergedesk_gui.app").run
    except ImportError as error:
        raise UserError(Code.NO_WINDOW, reason=str(error).strip(". ")) from error
    return int(run(base=base, adapters=tuple(adapters), output=output, merged=merged))
