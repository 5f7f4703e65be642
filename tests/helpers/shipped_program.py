"""A program as a person gets it, run in an empty world, and dpkg at work in a folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 300

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """A program in a world of its own: no variables but those below, no Python to be found, no network."""

    path: Path
    home: Path
    isolation: Sequence[str] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()

    @property
    def tools(self) -> Path:
        """The one folder on the path, in which there is nothing."""
        folder = self.home / "tools"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def environment(self) -> dict[str, str]:
        """All the variables there are: a home, so that the tester's own stays as it is, and a path to nothing."""
        return {"HOME": str(self.home), "PATH": str(self.tools), **self.extra}

    def start(self, *arguments: object, asked: str | None = None, within: Path | None = None) -> subprocess.Popen[str]:
        """Start it in a folder; the caller waits for its end. ``asked`` is what it will be told on its stdin."""
        command = [*self.isolation, str(self.path), *self.options, *map(str, arguments)]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        environment = self.environment()
        stdin = nothing if asked is None else pipe
        streams = {"stdin": stdin, "stdout": pipe, "stderr": pipe}
        return subprocess.Popen(command, env=environment, cwd=within, **streams, encoding="utf-8")

    def run(self, *arguments: object, code: int = 0, asked: str | None = None, within: Path | None = None) -> str:
        """Its stdout; fails on another exit code, and on anything at all on stderr."""
        with self.start(*arguments, asked=asked, within=within) as child:
            said, complained = heard(child, asked)
        assert (child.returncode, complained) == (code, ""), said
        return said


def heard(child: subprocess.Popen[str], asked: str | None = None, seconds: float = TIMEOUT) -> tuple[str, str]:
    """What it says until its end, on both streams. One that does not end fails the test, and ends with all it began."""
    try:
        return child.communicate(asked, timeout=seconds)
    except subprocess.TimeoutExpired:
        tree = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
        seen = "\n".join(map(_state_of, tree))
        for process in tree:
            with suppress(psutil.Error):
                process.kill()
        said, complained = child.communicate()
        pytest.fail(f"It has not ended after {seconds:g} s.\n{seen}\n{said}\n{complained}")


def _state_of(process: psutil.Process) -> str:
    """Which process it is, how much it has computed, and where in the system each of its threads waits."""
    with suppress(psutil.Error, OSError):
        tasks = Path(f"/proc/{process.pid}/task").iterdir()
        waits = ", ".join((task / "wchan").read_text(encoding="utf-8") or "-" for task in tasks)
        times = process.cpu_times()
        return f"{process.pid} {process.status()} {times.user + times.system:.1f} s, {waits}: {process.cmdline()}"
    return f"{process.pid} has ended"


def install(root: Path, package: Path) -> None:
    """Let dpkg install into a folder as if it were an empty system."""
    (root / "var/lib/dpkg/updates").mkdir(parents=True)
    (root / "var/lib/dpkg/info").mkdir()
    (root / "var/lib/dpkg/status").touch()
    dpkg(root, "--force-depends", "--install", str(package))


def dpkg(root: Path, *arguments: str) -> None:
    """Let dpkg work in a folder. It wants to be root, or to believe so, and tools that only root has on the path."""
    believing = [] if os.geteuid() == 0 else ["fakeroot"]
    command = [*believing, "dpkg", f"--root={root}", "--force-not-root", "--force-script-chrootless", *arguments]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
