"""Bounds on a call elsewhere where the system has none of its own, as Windows, or refuses some, as macOS."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mergedesk.runtime import bounded_call, subprocess_module
from mergedesk.runtime.bounded_call import Elsewhere, LimitMet, Limits, bounded

_HELPER = """
import re
def backtracks(length: int) -> int:
    return len(re.findall("(?:a|aa)+$", "a" * length + "b"))
def fills(count: int) -> int:
    kept = [bytearray(10_000_000) for _ in range(count)]
    import time
    time.sleep(30)
    return len(kept)
def length(text: str) -> int:
    return len(text)
def answers(number: int) -> int:
    return number + 1
def asks_in_turn(file: str) -> int:
    import pathlib, subprocess, sys
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    pathlib.Path(file).write_text(str(child.pid))
    return child.wait()
"""
_START = (
    "import sys\nsys.path.insert(0, {folder!r})\n"
    "from mergedesk.runtime import bounded_call as b\n{change}\nsys.exit(b._serve(()))"
)
_NO_RESOURCE = "sys.modules['resource'] = None"
_REFUSES = """
import resource
def setrlimit(which, limits, real=resource.setrlimit):
    if which == resource.RLIMIT_DATA:
        raise ValueError("current limit exceeds maximum limit")
    real(which, limits)
resource.setrlimit = setrlimit
"""


def program(folder: Path, change: str) -> list[str]:
    (folder / "helper_of_bounds.py").write_text(_HELPER, encoding="utf-8")
    text = _START.format(folder=str(folder), change=change)
    return [sys.executable, "-c", text]


@pytest.fixture(params=[_NO_RESOURCE, _REFUSES], ids=["no resource module", "a limit that is refused"])
def system(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bounded call runs on a system without limits on memory."""
    monkeypatch.syspath_prepend(tmp_path)

    def start(*_modules: str, **streams: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(program(tmp_path, request.param), **streams)

    program(tmp_path, "")
    monkeypatch.setattr(bounded_call, "start", start)


@pytest.mark.usefixtures("system")
def test_time_and_memory_are_watched_from_outside() -> None:
    from helper_of_bounds import answers, backtracks, fills

    assert bounded(answers, 1, limits=Limits(60)) == 2
    started = time.monotonic()
    with pytest.raises(LimitMet, match="longer than"):
        bounded(backtracks, 200, limits=Limits(2))
    with pytest.raises(LimitMet, match="memory"):
        bounded(fills, 30, limits=Limits(60, 150_000_000))
    assert time.monotonic() - started < 40


@pytest.mark.parametrize("moment", [0.0, 0.3])
def test_a_question_that_is_taken_late_is_sent_whole(
    moment: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a pipe holds; and this process may be stopped before the first of it is sent."""
    monkeypatch.syspath_prepend(tmp_path)
    late = program(tmp_path, "import time; time.sleep(0.5)")
    monkeypatch.setattr(bounded_call, "start", lambda *_modules, **streams: subprocess.Popen(late, **streams))
    from helper_of_bounds import length

    assert bounded(length, "x" * 300_000, limits=Limits(60), check=lambda: time.sleep(moment)) == 300_000


def test_one_that_stands_still_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    stuck = program(tmp_path, "import time; time.sleep(100)")
    monkeypatch.setattr(bounded_call, "start", lambda *_modules, **streams: subprocess.Popen(stuck, **streams))
    from helper_of_bounds import length

    with pytest.raises(LimitMet, match="has not moved"):
        bounded(length, "x", limits=Limits(60, idle_seconds=1))


@pytest.mark.usefixtures("system")
def test_what_it_asked_in_its_turn_ends_with_it(tmp_path: Path) -> None:
    from helper_of_bounds import asks_in_turn

    noted = tmp_path / "number"
    with pytest.raises(LimitMet, match="longer than"):
        bounded(asks_in_turn, str(noted), limits=Limits(5))
    assert ends(int(noted.read_text()), time.monotonic() + 20)


def ends(number: int, until: float) -> bool:
    """Whether a process is gone, or only its number is left, by then."""
    while time.monotonic() < until:
        if not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_without_whoever_asked_it_ends_all_the_same(tmp_path: Path) -> None:
    """Even while a match holds Python's lock."""
    command = program(tmp_path, f"{_NO_RESOURCE}; b._GRACE_SECONDS = 0.5")
    question = json.dumps({"name": "helper_of_bounds:backtracks", "arguments": [200], "nbytes": 10**9, "seconds": 0.5})
    done = subprocess.run(command, input=question.encode(), capture_output=True, timeout=60, check=False)
    assert b"Timeout" in done.stderr
    assert done.stdout == b""


def test_the_module_that_is_started_is_this_one() -> None:
    assert bounded_call.start is subprocess_module.start


@pytest.mark.slow
def test_a_library_that_is_to_be_absent_seems_not_installed() -> None:
    with bounded_call.waiting("mergedesk.runtime.versions", absent=("psutil_of_nobody", "email")) as process:
        assert process is not None
        with pytest.raises(LimitMet, match="ended without an answer"):
            bounded(Elsewhere("email:message_from_string", str), "x", limits=Limits(), process=process)
