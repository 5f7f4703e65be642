"""What goes straight to the window, and what the command line parses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mergedesk.entry import window_options


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {}),
        (["--base", "a b", "--output=o"], {"base": Path("a b"), "output": Path("o")}),
        (["--adapter=x=y"], {"adapter": Path("x=y")}),
    ],
)
def test_folders_alone_open_the_window(arguments: list[str], expected: dict[str, Path]) -> None:
    assert window_options(arguments) == expected


@pytest.mark.parametrize(
    "arguments", [["merge"], ["--help"], ["--base"], ["--base", "--adapter"], ["--base="], ["demo", "--headless"]]
)
def test_everything_else_is_for_the_command_line(arguments: list[str]) -> None:
    assert window_options(arguments) is None


def test_the_way_to_the_window_imports_no_command_line_library() -> None:
    code = "import sys, mergedesk.entry; print(sorted({'typer', 'rich', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
