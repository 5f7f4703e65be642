"""What goes straight to the window, and what the command line parses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mergedesk.cli import entry
from mergedesk.cli.entry import window_options
from mergedesk.cli.launch import Prefill
from mergedesk.domain.requests import AdapterChoice


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], Prefill()),
        (["--base", "a b", "--output=o"], Prefill(base=Path("a b"), output=Path("o"))),
        (["--merged", "m"], Prefill(merged=Path("m"))),
        (["/models/a b", "./c"], Prefill(paths=(Path("/models/a b"), Path("c")))),
        (
            ["--base", "/b", "/x", "--adapter=/y"],
            Prefill(Path("/b"), (AdapterChoice(Path("/y")),), paths=(Path("/x"),)),
        ),
        (["--new-window", "/x"], Prefill(paths=(Path("/x"),), apart=True)),
        (["--adapter", "a"], Prefill(adapters=(AdapterChoice(Path("a")),))),
        (["--adapter=x=y"], Prefill(adapters=(AdapterChoice(Path("x=y")),))),
        (
            ["--adapter", "a=0.5", "--output", "o", "--adapter=b=-1"],
            Prefill(adapters=(AdapterChoice(Path("a"), 0.5), AdapterChoice(Path("b"), -1.0)), output=Path("o")),
        ),
    ],
)
def test_folders_alone_open_the_window(arguments: list[str], expected: Prefill) -> None:
    assert window_options(arguments) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["merge"],
        ["merge", "/x"],
        ["x"],
        ["--help"],
        ["--base"],
        ["--base", "--adapter"],
        ["--base="],
        ["demo", "--headless"],
        ["--adapter=a=inf"],
    ],
)
def test_everything_else_is_for_the_command_line(arguments: list[str]) -> None:
    assert window_options(arguments) is None


def test_the_way_to_the_window_imports_no_command_line_library() -> None:
    code = "import sys, mergedesk.cli.entry; print(sorted({'typer', 'rich', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_commands_together_import_no_torch() -> None:
    """What a merge needs is imported once one begins."""
    code = "import sys, mergedesk.cli.commands; print(sorted({'torch', 'transformers', 'peft'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_ctrl_c_while_the_command_line_loads_is_a_cancelling(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mergedesk.cli.commands.main", interrupted)
    monkeypatch.setattr("sys.argv", ["mergedesk", "inspect", "x"])
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == 130
    assert "Cancelled" in capsys.readouterr().err
