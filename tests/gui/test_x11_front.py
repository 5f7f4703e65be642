"""On X11 the first window comes to the front for a later start, as the window manager is to be asked for that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from screen import screen
from window_manager import Asked, WindowManager, window_manager

from mergedesk_gui.platform.x11_front import come_to_front, time_of

FRONT, OVER, MORE = "_NET_ACTIVE_WINDOW", "_NET_STARTUP_INFO_BEGIN", "_NET_STARTUP_INFO"


@pytest.mark.parametrize(
    ("token", "moment"),
    [("nautilus-12-host_TIME4711", 4711), ("x_TIME4294967299", 3), ("4711", None), ("_TIME", None), ("", None)],
)
def test_an_id_says_when_the_start_was_asked_for(token: str, moment: int | None) -> None:
    assert time_of(token) == moment


def test_without_an_x_server_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    come_to_front(1, "nautilus_TIME1")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("Xvfb"), reason="there is no Xvfb")
def test_a_later_start_has_the_first_window_come_to_the_front(tmp_path: Path) -> None:
    names = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    with screen(tmp_path) as desk, window_manager(desk.name) as manager:
        own = {"DISPLAY": desk.name, "QT_QPA_PLATFORM": "xcb", **{name: str(tmp_path / name) for name in names}}
        # An id of the first start is not that of the later ones.
        environment = {name: value for name, value in os.environ.items() if not name.endswith(("TOKEN", "STARTUP_ID"))}
        command = [sys.executable, "-m", "mergedesk"]
        first = subprocess.Popen(command, env={**environment, **own})
        try:
            shown = wait_for_window(manager, desk.window)
            launched = {"DESKTOP_STARTUP_ID": 'files "1"-host_TIME123456789'}
            subprocess.run(command, env={**environment, **own, **launched}, timeout=60, check=True)
            asked = asked_with(manager, lambda moment: moment == 123456789)
            assert (asked.window, asked.numbers[0]) == (shown, 1), "an application asks for its own window"
            told = manager.wait_for(OVER).content + b"".join(manager.wait_for(MORE).content for _piece in range(2))
            assert told.rstrip(b"\0") == rb'remove: ID="files \"1\"-host_TIME123456789"'
            subprocess.run(command, env={**environment, **own}, timeout=60, check=True)
            asked = asked_with(manager, lambda moment: moment not in (0, 123456789))
            assert asked.window == shown, "a start from a terminal counts as asked for now"
        finally:
            first.kill()
            first.wait()


def wait_for_window(manager: WindowManager, find: Callable[[], str]) -> int:
    """The number of the program's window, once it is shown."""
    for _patience in range(600):
        manager.listen()
        if number := find():
            return int(number)
    raise AssertionError("there was no window")


def asked_with(manager: WindowManager, is_it: Callable[[int], bool]) -> Asked:
    """The message that asks for the front with such a time; Qt may send one with that of the last use."""
    while not is_it((asked := manager.wait_for(FRONT)).numbers[1]):
        pass
    return asked
