"""Ctrl+C from the very first moment: cancelled, with exit code 130, and no traceback of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from fresh_python import run_python

from mergedesk.domain.messages import LOCALES, template

TOP = Path(__file__).parents[3]
OURS = tuple(str(TOP / folder) for folder in ("core", "gui", "packaging"))
SCRIPT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]["mergedesk"]
STARTS = {
    "script": ["-c", "from {} import {} as main; main()".format(*SCRIPT.split(":"))],
    "module": ["-m", "mergedesk"],
    "frozen": [str(TOP / "packaging" / "start.py")],
}
COMMANDS = {
    "inspect": ["inspect", "models"],
    "check": ["check", "--base", "base", "--adapter", "adapter"],
    "merge": ["merge", "--base", "base", "--adapter", "adapter", "--output", "out"],
    "help": ["--help"],
}
MOMENTS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts consoles, not processes")


def heeds_ctrl_c() -> None:
    """Python's own handler stands at first, as in a terminal: a shell's background jobs begin without one."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupted(start: str, arguments: list[str], seconds: float, folder: Path) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    with subprocess.Popen(
        [sys.executable, *STARTS[start], *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env={**plain, "LANG": "C.UTF-8"},
        preexec_fn=heeds_ctrl_c,  # noqa: PLW1509
    ) as child:  # fmt: skip
        time.sleep(seconds)
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate(timeout=60)
    return subprocess.CompletedProcess(child.args, child.returncode, stdout, stderr)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("start", STARTS)
def test_it_is_cancelled_at_every_moment(start: str, command: str, tmp_path: Path) -> None:
    """What has ended by itself before is left alone; Python itself, before any line of ours, may die of the signal."""
    for seconds in MOMENTS:
        done = interrupted(start, COMMANDS[command], seconds, tmp_path)
        assert not any(folder in done.stderr for folder in OURS), (seconds, done.stderr)
        assert not list(tmp_path.iterdir())
        if done.returncode != 130:
            ended_by_itself = done.returncode in (0, 1, 2, 3)
            in_python_itself = done.returncode == -signal.SIGINT
            assert ended_by_itself or in_python_itself, (seconds, done.returncode, done.stderr)
            continue
        assert done.stderr.rstrip().splitlines()[-1].startswith("Cancelled"), (seconds, done.stderr)


@pytest.mark.slow
def test_it_is_cancelled_while_everything_is_imported(tmp_path: Path) -> None:
    """From the first import of ours on, told by a module that waits in the place of one of the library's."""
    (tmp_path / "typer.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(30)\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {STARTS['script'][1]}"
    with subprocess.Popen(
        [sys.executable, "-c", code, "inspect", "x"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "1"}, preexec_fn=heeds_ctrl_c,  # noqa: PLW1509
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(signal.SIGINT)
        _, stderr = child.communicate(timeout=20)
    assert (child.returncode, stderr) == (130, "Abgebrochen.\n")


def test_the_first_words_are_the_catalogues() -> None:
    code = "import json, mergedesk_start as s; print(json.dumps([s.SAID, s.SAID_IN_ENGLISH]))"
    said, in_english = json.loads(run_python(code))
    for language in (folder.name for folder in LOCALES.iterdir()):
        assert said.get(language[:2], in_english) == template("cli.cancelled", language)
