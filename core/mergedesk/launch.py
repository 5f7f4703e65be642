"""From the engine's commands to the window."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any


def open_window(base: Path | None = None, adapter: Path | None = None, output: Path | None = None) -> int:
    """Open the window and return its exit code.

    The one place where the engine's package names the window's, and only when a person asks for it.
    """
    run: Any = import_module("mergedesk_gui.app").run
    return int(run(base=base, adapter=adapter, output=output))
