"""A screen with a screen reader's bus, and what is asked of it through ``reader_client``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from screen import screen, wait_for

_CLIENT = Path(__file__).with_name("reader_client.py")
_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_BINDINGS = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
_PYTHON = "/usr/bin/python3"
_SETTING = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status")


def what_is_missing() -> str:
    """What this computer lacks for it, as a sentence; empty where it lacks nothing."""
    tools = [name for name in ("Xvfb", "dbus-daemon", "gdbus", _PYTHON) if shutil.which(name) is None]
    if not any(Path(one).exists() for one in _LAUNCHERS):
        tools.append("at-spi2-core")
    if not tools and subprocess.run([_PYTHON, "-c", _BINDINGS], capture_output=True, check=False).returncode != 0:
        tools.append("python3-gi with gir1.2-atspi-2.0")
    return f"There is no {', no '.join(tools)}." if tools else ""


@contextmanager
def reader_desk(folder: Path) -> Iterator[Mapping[str, str]]:
    """The variables of a session with a screen and an accessibility bus, both its own; it ends with the block."""
    config = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    silent = subprocess.DEVNULL
    launcher = next(one for one in _LAUNCHERS if Path(one).exists())
    with screen(folder) as desk, subprocess.Popen(config, stdout=subprocess.PIPE, stderr=silent, text=True) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        session = {"DISPLAY": desk.name, "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}
        session |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "LC_CTYPE": "C.UTF-8"}
        quiet = {"env": session, "stdout": silent, "stderr": silent}
        with subprocess.Popen([launcher, "--launch-immediately"], **quiet) as accessibility:  # type: ignore[call-overload]
            try:
                wait_for(lambda: _switch_on(session), 20, "the accessibility bus")
                yield {**session, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
            finally:
                accessibility.terminate()
                bus.terminate()


def _switch_on(session: Mapping[str, str]) -> bool:
    """Say on the bus that there is a screen reader; False while the bus is not there."""
    bus, place, method, kind = _SETTING
    command = ["gdbus", "call", "--session", "--dest", bus, "--object-path", place, "--method", method, kind]
    done = (
        subprocess.run([*command, name, "<true>"], env=dict(session), capture_output=True, check=False).returncode
        for name in ("IsEnabled", "ScreenReaderEnabled")
    )
    return all(code == 0 for code in done)


class ReaderAtWork:
    """Asks the client; anything that it does not find fails the test."""

    def __init__(self, client: subprocess.Popen[str]) -> None:
        self._client = client

    def ask(self, what: str, **given: object) -> Any:
        """Have it done, and hand back what it answers."""
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(json.dumps({"do": what, **given}) + "\n")
        self._client.stdin.flush()
        answer = json.loads(self._client.stdout.readline())
        assert "trouble" not in answer, answer["trouble"]
        return answer["done"]

    def press(self, role: str, name: str, seconds: float = 20) -> None:
        """Do what the control does when it is pressed."""
        self.ask("press", role=role, name=name, seconds=seconds)

    def write(self, role: str, name: str, text: str, seconds: float = 20) -> None:
        """Replace the control's text."""
        self.ask("write", role=role, name=name, text=text, seconds=seconds)

    def hear(self, *beginnings: str, seconds: float = 20) -> str:
        """Wait until something is read out that begins in one of these ways."""
        return str(self.ask("heard", beginnings=beginnings, seconds=seconds))

    def listed(self) -> set[str]:
        """Role and name of all that is shown, as ``role: name``."""
        return {f"{role}: {name}" for role, name in self.ask("listed")}

    def wait(self, role: str, name: str, seconds: float = 20) -> str:
        """Wait until there is such a control."""
        return str(self.ask("wait", role=role, name=name, seconds=seconds))


@contextmanager
def reader_at_work(session: Mapping[str, str], program: str) -> Iterator[ReaderAtWork]:
    """A screen reader that looks at the windows of ``program``."""
    pipe = subprocess.PIPE
    command = [_PYTHON, "-W", "ignore", str(_CLIENT), program]
    with subprocess.Popen(command, env=dict(session), stdin=pipe, stdout=pipe, stderr=None, text=True) as client:
        try:
            yield ReaderAtWork(client)
        finally:
            with suppress(OSError):
                client.terminate()


def reader_environment(session: Mapping[str, str]) -> dict[str, str]:
    """What a program needs to be read on that screen."""
    return {**os.environ, **session, "PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "xcb"}
