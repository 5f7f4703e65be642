"""A merge whose words nobody can take is a merge all the same, and is never said to be none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from folders import contents, make_lora, make_model

from mergedesk.checkpoints.files import REPORT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by the shell"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams")
    make_model(folder / "base")
    make_lora(folder / "adapter")
    return folder


def run(home: Path, output: Path, streams: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mergedesk", "merge", "--base", str(home / "base")]
    command += ["--adapter", str(home / "adapter"), "--output", str(output), *more]
    shell = ["sh", "-c", f'"$@" {streams}', "sh", *command]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(shell, capture_output=True, text=True, check=False, timeout=200, env=environment)


@pytest.mark.parametrize(
    ("streams", "more"),
    [(">/dev/full", "--json"), (">/dev/full 2>/dev/full", ""), (">&-", ""), ("<&- >&- 2>&-", "--json"), ("| true", "")],
)
def test_stdout_that_takes_nothing(streams: str, more: str, home: Path, tmp_path: Path) -> None:
    if streams.startswith(">/dev/full") and not Path("/dev/full").exists():
        pytest.skip("no full device here")
    done = run(home, tmp_path / "out", streams, *more.split())
    assert done.returncode == 0
    assert "nothing was kept" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert json.loads((tmp_path / "out" / REPORT).read_text(encoding="utf-8"))["status"] == "merged"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_that_is_printed_goes_into_a_weight_file(home: Path, tmp_path: Path) -> None:
    """A file that is opened where stdout was closed has stdout's number."""
    run(home, tmp_path / "quiet", ">&- 2>&-")
    run(home, tmp_path / "loud", "")
    digests = [contents(tmp_path / name) for name in ("quiet", "loud")]
    assert digests[0]["model.safetensors"] == digests[1]["model.safetensors"]


@pytest.mark.parametrize("streams", [">/dev/full", ">&-", ">/dev/full 2>/dev/full", "| true"])
@pytest.mark.parametrize(
    ("command", "code"),
    [("inspect BASE", 0), ("inspect BASE --json", 0), ("inspect NONE", 1), ("usage BASE", 0), ("modelfile BASE", 0)],
)
def test_other_commands_end_as_they_would(command: str, code: int, streams: str, home: Path) -> None:
    words = command.replace("BASE", str(home / "base")).replace("NONE", str(home / "none"))
    shell = f"{sys.executable} -m mergedesk {words}; echo $? >&3"
    done = subprocess.run(
        ["sh", "-c", f"exec 3>&1; {{ {shell}; }} {streams}"], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.stdout.strip() == str(code), done.stderr
    assert "Traceback" not in done.stderr
    assert "should not have" not in done.stderr


def test_a_current_folder_that_is_gone_is_said(home: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    script = f'mkdir "{gone}"; cd "{gone}"; rmdir "{gone}"; {sys.executable} -m mergedesk inspect "{home / "base"}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1
    assert "The current folder does not exist" in done.stderr
