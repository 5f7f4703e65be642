"""CI's script says of each part how it ended, and fails with any of them. Here its commands do nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for bash")

SCRIPT = Path(__file__).resolve().parents[3] / ".ci/run"
PARTS = {
    "libraries": "",
    "setup": "setup",
    "lint": "lint",
    "test": "test",
    "bundle": "bundle",
    "installers": "installers",
    "packaging": "test-installers",
}
MAKE = """#!/bin/sh
[ "$1" = -s ] && exit 0
echo "made $1"
case " $BROKEN " in *" $1 "*) exit 3;; esac
"""


def run(folder: Path, *broken: str, cores: int = 2) -> tuple[int, dict[str, str], list[str]]:
    """Exit code, how each part ended, and what was made, with some targets that fail."""
    tools = folder / "tools"
    tools.mkdir()
    (folder / ".ci").mkdir()
    shutil.copy(SCRIPT, folder / ".ci/run")
    programs = {"make": MAKE, "nproc": f"#!/bin/sh\necho {cores}\n", "dpkg-deb": "#!/bin/sh\n"}
    for name, text in programs.items():
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "BROKEN": " ".join(broken)}
    command = ["bash", str(folder / ".ci/run")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    lines = done.stdout.splitlines()
    table = [line.split() for line in lines[lines.index("") + 1 :]]
    assert table[-1][:3] == ["all", "in", "all"]
    ends = {words[0]: words[3].rstrip(":") for words in table[:-1]}
    assert all(words[1].isdigit() or words[1] == "-" for words in table[:-1])
    return done.returncode, ends, [line.removeprefix("made ") for line in lines if line.startswith("made ")]


@pytest.mark.parametrize("cores", [1, 2])
def test_all_parts_pass(cores: int, tmp_path: Path) -> None:
    code, ends, made = run(tmp_path, cores=cores)
    assert code == 0
    assert ends == dict.fromkeys(PARTS, "passed")
    assert sorted(made) == sorted(filter(None, PARTS.values()))


@pytest.mark.parametrize("part", ["lint", "test", "packaging"])
def test_any_part_that_fails_is_named_and_the_others_still_run(part: str, tmp_path: Path) -> None:
    code, ends, made = run(tmp_path, PARTS[part])
    assert code == 1
    assert ends == {name: "FAILED" if name == part else "passed" for name in PARTS}
    assert len(made) == len(PARTS) - 1


def test_what_was_not_built_is_not_tested_and_that_is_a_failure(tmp_path: Path) -> None:
    code, ends, made = run(tmp_path, "bundle")
    assert code == 1
    assert [name for name, end in ends.items() if end != "passed"] == ["bundle", "installers", "packaging"]
    assert "test-installers" not in made


def test_without_an_environment_nothing_runs(tmp_path: Path) -> None:
    code, _ends, made = run(tmp_path, "setup")
    assert (code, made) == (1, ["setup"])
