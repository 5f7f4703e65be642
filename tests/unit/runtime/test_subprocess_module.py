"""A module in a process of its own: it is this program's, whatever lies where the person happens to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mergedesk.runtime import subprocess_module

TOKENIZER = "mergedesk.verification.staged.tokenizer"


@pytest.mark.parametrize("search", ["", os.pathsep, "."])
def test_modules_of_the_current_folder_are_not_run(
    search: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "was-run"
    for name in ("mergedesk", "json", "tokenizers", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", search)
    child = subprocess_module.start(TOKENIZER, str(tmp_path / "none"), stdout=subprocess.PIPE)
    said, _ = child.communicate(timeout=60)
    assert json.loads(said)["trouble"]
    assert not marker.exists()


def test_a_frozen_program_runs_its_own_modules_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["mergedesk"])
    monkeypatch.setattr(subprocess_module.runpy, "run_module", lambda name, run_name: run.append(name))
    assert subprocess_module.command(TOKENIZER, "a")[1:] == ["--own-process", TOKENIZER, "a"]
    assert subprocess_module.run_if_asked(["--own-process", TOKENIZER, "a"])
    assert sys.argv == ["mergedesk", "a"]
    for others in (["--own-process", "os"], ["--own-process", "mergedesk_gui.app"], ["--own-process"], ["merge"], []):
        assert not subprocess_module.run_if_asked(others)
    assert run == [TOKENIZER]


def test_what_is_not_frozen_never_takes_its_arguments_for_a_module() -> None:
    assert not subprocess_module.run_if_asked(["--own-process", TOKENIZER])
