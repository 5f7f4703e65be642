"""A module in a process of its own: it is this program's, whatever lies where the person happens to be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from mergedesk.runtime import subprocess_module
from mergedesk.runtime.bounded_call import Limits, bounded
from mergedesk.verification.staged.tokenizer import load_here

MODULE = "mergedesk.runtime.bounded_call"


@pytest.mark.parametrize("search", ["", os.pathsep, "."])
def test_modules_of_the_current_folder_are_not_run(
    search: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "was-run"
    for name in ("mergedesk", "json", "tokenizers", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", search)
    assert bounded(load_here, tmp_path / "none", limits=Limits(seconds=60)).trouble
    assert not marker.exists()


def test_a_frozen_program_runs_its_own_modules_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["mergedesk"])
    monkeypatch.setattr(subprocess_module.runpy, "run_module", lambda name, run_name: run.append(name))
    assert subprocess_module.command(MODULE, "a")[1:] == ["--own-process", MODULE, "a"]
    assert subprocess_module.run_if_asked(["--own-process", MODULE, "a"])
    assert sys.argv == ["mergedesk", "a"]
    for others in (["--own-process", "os"], ["--own-process", "mergedesk_gui.app"], ["--own-process"], ["merge"], []):
        assert not subprocess_module.run_if_asked(others)
    assert run == [MODULE]


def test_what_is_not_frozen_never_takes_its_arguments_for_a_module() -> None:
    assert not subprocess_module.run_if_asked(["--own-process", MODULE])


@pytest.mark.slow
def test_the_program_as_a_module_never_takes_the_current_folder_s(tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    for name in ("json", "typer", "tokenizers", "msgspec", "safetensors", "psutil"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mergedesk", "inspect", "."], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not marker.exists()


STARTS = {"Popen", "run", "call", "check_call", "check_output", "system", "popen", "startfile", "fork"}


@pytest.mark.slow
def test_there_is_one_way_to_start_a_process() -> None:
    """All others would have to be as careful."""
    starts = []
    for root in ("mergedesk", "mergedesk_gui"):
        folder = Path(import_module(root).__file__ or "").parent
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    is_start = node.func.attr in STARTS or node.func.attr.startswith(("exec", "spawn", "posix_spawn"))
                    if ast.unparse(node.func.value) in ("os", "subprocess", "QProcess") and is_start:
                        starts.append(file.name)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                    assert not any(name.startswith("multiprocessing") for name in names), file
    # Besides: Ollama's own command, and what keeps the system awake.
    assert sorted(starts) == ["awake.py", "create_in_ollama.py", "subprocess_module.py"]
