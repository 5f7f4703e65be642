"""One window for a person and a screen: later starts hand over what they were given, whatever became of the first."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine
from window_helpers import ADAPTER, BASE, PATIENCE_MS, get_ready, start_merge

from mergedesk.domain.requests import AdapterChoice
from mergedesk.output.folder_lock import FolderInUse
from mergedesk_gui.instance import first_window
from mergedesk_gui.instance.first_window import first_or_handed, hand_over, instance_folder, listen
from mergedesk_gui.instance.handed import MOST_BYTES, Handed, handed_of, message_of
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.wiring.arrivals import Arrivals

# The real program, which also writes what is in its form to the file SAID.
PROGRAM = """
import json, os, runpy, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
enter, said = QApplication.exec, Path(os.environ["SAID"])
def watched(*_application):
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow))
    def tell():
        form = window.inputs.choices
        told = {"base": str(form.base), "adapters": [str(one.folder) for one in form.adapters]}
        said.with_suffix(".new").write_text(json.dumps(told))
        said.with_suffix(".new").replace(said)
    timer = QTimer(window, interval=50)
    timer.timeout.connect(tell)
    timer.start()
    return enter()
setattr(QApplication, "exec", watched)
sys.argv[0] = "mergedesk"
runpy.run_module("mergedesk", run_name="__main__", alter_sys=False)
"""
SECONDS = 60
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program; each start that becomes a window writes into a file of its number."""
    started: list[subprocess.Popen[bytes]] = []
    names = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **{name: str(tmp_path / name) for name in names}}

    def one(*arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
        said = str(tmp_path / f"said-{len(started)}.json")
        started.append(subprocess.Popen(command, env={**environment, "SAID": said}))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def said(home: Path, number: int = 0) -> dict[str, Any]:
    try:
        return dict(json.loads((home / f"said-{number}.json").read_text()))
    except FileNotFoundError:
        return {}


def adapter_in(folder: Path) -> Path:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], "base_model_name_or_path": ""}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    (folder / "adapter_model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    return folder


@pytest.mark.slow
def test_later_starts_go_to_the_first_window_until_it_is_killed(tmp_path: Path, start: Start) -> None:
    adapter = adapter_in(tmp_path / "适配器 a")
    first = start("--base", "/models/base")
    wait_for(lambda: said(tmp_path).get("base") == "/models/base")
    assert start(adapter).wait(SECONDS) == 0
    wait_for(lambda: said(tmp_path)["adapters"] == [str(adapter)])
    assert said(tmp_path)["base"] == "/models/base"
    assert not said(tmp_path, 1), "it had no window"
    assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait()
    third = start("--base", "/models/other")
    wait_for(lambda: said(tmp_path, 2).get("base") == "/models/other")
    apart = start("--new-window", "--base", "/models/apart")
    wait_for(lambda: said(tmp_path, 3).get("base") == "/models/apart")
    assert said(tmp_path, 2)["base"] == "/models/other"
    assert (third.poll(), apart.poll()) == (None, None)


@pytest.mark.slow
def test_a_window_that_was_killed_has_its_form_again(tmp_path: Path, start: Start) -> None:
    adapter = adapter_in(tmp_path / "adapter")
    first = start(adapter)
    wait_for(lambda: said(tmp_path).get("adapters") == [str(adapter)])
    settings = tmp_path / "XDG_CONFIG_HOME" / "MergeDesk" / "MergeDesk.conf"
    wait_for(lambda: settings.exists() and str(adapter) in settings.read_text())
    first.kill()
    first.wait()
    start()
    wait_for(lambda: said(tmp_path, 1).get("adapters") == [str(adapter)])


@pytest.mark.slow
def test_of_many_starts_at_once_one_has_a_window(tmp_path: Path, start: Start) -> None:
    adapters = [adapter_in(tmp_path / f"adapter-{number}") for number in range(20)]
    started = [start(adapter) for adapter in adapters]
    wait_for(lambda: sum(process.poll() is None for process in started) == 1)
    assert {process.poll() for process in started} == {None, 0}
    (number,) = [number for number, process in enumerate(started) if process.poll() is None]
    wait_for(lambda: len(said(tmp_path, number).get("adapters", [])) == 20)
    assert {*said(tmp_path, number)["adapters"]} == {*map(str, adapters)}


# Messages


def test_a_message_comes_back_with_whole_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "leave to come to the front")
    given = Handed(Path("base"), (AdapterChoice(Path("a"), 0.5),), Path("out"), None, (Path("模型"),))
    adapters, paths = (AdapterChoice(tmp_path / "a", 0.5),), (tmp_path / "模型",)
    expected = Handed(tmp_path / "base", adapters, tmp_path / "out", None, paths, "leave to come to the front")
    assert handed_of(message_of(given)) == expected


@pytest.mark.parametrize(
    "message",
    [
        b"", b"{", b"[]", b"\xff\xfe", b'{"paths": ["relative"]}', b'{"paths": 7}', b'{"base": "x"}',
        b'{"output": "x"}', b'{"token": "' + b"x" * 600 + b'"}', b'{"adapters": [{"folder": "/a", "weight": 99}]}',
        b'{"paths": [' + b",".join([b'"/x"'] * 65) + b"]}", b"[" * 60_000,
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_no_message(message: bytes) -> None:
    assert handed_of(message) is None


# Who listens


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        yield Path(folder)


@pytest.mark.parametrize("far", [False, True])
def test_only_sound_messages_are_taken(short: Path, far: bool) -> None:
    """By a socket, and where its path would be too long by a port; what is sent in between keeps nobody out."""
    folder = short / ("x" * 100 if far else "x")
    folder.mkdir()
    taken: list[bytes] = []
    listener = listen(folder, lambda message: bool(taken.append(message)) or message != b"no")
    address = json.loads((folder / "address.json").read_text())
    assert ("port" in address) is (far or sys.platform == "win32")
    if not far and sys.platform != "win32":
        assert (folder / "socket").stat().st_mode & 0o777 == 0o600
        assert (folder / "address.json").stat().st_mode & 0o777 == 0o600
    word = address["word"].encode()
    for garbage in (b"", b"\x00" * 9, b"wrong word\n{}", word + b"\n" + b"x" * (3 * MOST_BYTES), word, word + b"\n"):
        with first_window._connected(address) as connection:
            try:
                connection.sendall(garbage)
                connection.shutdown(socket.SHUT_WR)
                assert connection.recv(9) == b""
            except OSError:
                assert len(garbage) > MOST_BYTES
    assert taken == []
    assert hand_over(folder, b"yes")
    assert not hand_over(folder, b"no")
    assert taken == [b"yes", b"no"]
    listener.close()
    assert not hand_over(folder, b"yes")


def test_somebody_who_says_nothing_keeps_no_other_out_for_long(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_window, "_SECONDS", 1.0)
    listener = listen(short, lambda _message: True)
    with first_window._connected(json.loads((short / "address.json").read_text())):
        time.sleep(0.2)  # by now it is being listened to
        monkeypatch.setattr(first_window, "_SECONDS", 5.0)
        assert hand_over(short, b"yes")
    listener.close()


def test_what_a_killed_window_left_misleads_nobody(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (short / "socket").write_text("old")
    (short / "address.json").write_text(json.dumps({"path": str(short / "socket"), "word": "x"}))
    lock = first_or_handed(short, b"yes")
    assert lock is not None
    with lock:
        listener = listen(short, lambda message: message == b"yes")
        assert first_or_handed(short, b"yes") is None
        listener.close()
        monkeypatch.setattr(first_window, "_PATIENCE", 0.2)
        with pytest.raises(FolderInUse):
            first_or_handed(short, b"yes")
    again = first_or_handed(short, b"yes")
    assert again is not None
    again.close()


def test_another_screen_has_a_window_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    here = instance_folder()
    monkeypatch.setenv("DISPLAY", ":77")
    assert instance_folder() != here


# What comes of it


@pytest.fixture
def arrivals(window: MainWindow) -> Arrivals:
    return Arrivals(window)


def question(qtbot: QtBot, window: MainWindow) -> QMessageBox:
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=PATIENCE_MS)
    (box,) = window.findChildren(QMessageBox)
    return box


def test_folders_are_put_where_they_belong(qtbot: QtBot, window: MainWindow, arrivals: Arrivals) -> None:
    arrivals.open(Handed(paths=(ADAPTER, BASE)))
    qtbot.waitUntil(lambda: window.inputs.choices.base == BASE, timeout=PATIENCE_MS)
    assert window.inputs.choices.adapters == (AdapterChoice(ADAPTER),)
    arrivals.open(Handed(paths=(Path("/models/another-lora"),)))
    qtbot.waitUntil(lambda: len(window.inputs.choices.adapters) == 2, timeout=PATIENCE_MS)
    assert not window.findChildren(QMessageBox), "nothing had to go"


@pytest.mark.parametrize("agrees", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_what_is_chosen_goes_only_if_that_is_agreed(
    qtbot: QtBot, window: MainWindow, arrivals: Arrivals, agrees: bool, named: bool
) -> None:
    get_ready(qtbot, window)
    other = Path("/models/other")
    arrivals.open(Handed(base=other) if named else Handed(paths=(other,)))
    box = question(qtbot, window)
    assert window.inputs.choices.base == BASE
    wanted = "Replace" if agrees else "Keep what is chosen"
    next(button for button in box.buttons() if button.text() == wanted).click()
    assert window.inputs.choices.base == (other if agrees else BASE)


def test_a_job_that_runs_is_not_disturbed(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, arrivals: Arrivals
) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    arrivals.open(Handed(paths=(Path("/models/another-lora"),)))
    qtbot.waitUntil(lambda: len(window.inputs.choices.adapters) == 2, timeout=PATIENCE_MS)
    assert window.jobs.running
    engine.hold = False
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=PATIENCE_MS)
    assert [len(request.adapters) for request in engine.requests] == [1]


def test_a_file_of_jobs_goes_to_the_queue(qtbot: QtBot, window: MainWindow, arrivals: Arrivals, tmp_path: Path) -> None:
    file = tmp_path / "jobs.yaml"
    file.write_text(json.dumps({"jobs": [{"merge": {"base": "b", "adapter": "a", "output": "o"}}]}))
    arrivals.open(Handed(paths=(file,)))
    qtbot.waitUntil(lambda: len(window.queue.jobs.jobs) == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.queue.jobs.jobs[0].has_ended, timeout=PATIENCE_MS)


def test_a_folder_to_verify_turns_the_window(window: MainWindow, arrivals: Arrivals) -> None:
    arrivals.open(Handed(base=BASE, merged=Path("/models/merged")))
    assert (window.inputs.choices.mode, window.inputs.choices.merged) == (Mode.VERIFY, Path("/models/merged"))


def test_what_macos_tells_a_running_program_is_opened(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, arrivals: Arrivals
) -> None:
    assert arrivals.eventFilter(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(BASE))))
    qtbot.waitUntil(lambda: window.inputs.choices.base == BASE, timeout=PATIENCE_MS)


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_message_is_taken_from_a_thread_and_brings_the_window_to_the_front(
    qtbot: QtBot, window: MainWindow, arrivals: Arrivals, short: Path
) -> None:
    listener = listen(short, arrivals.take_message)
    window.showMinimized()
    done: list[bool] = []
    handing = threading.Thread(target=lambda: done.append(hand_over(short, message_of(Handed(paths=(BASE,))))))
    handing.start()
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)
    handing.join()
    assert done == [True]
    assert not window.isMinimized()
    qtbot.waitUntil(lambda: window.inputs.choices.base == BASE, timeout=PATIENCE_MS)
    listener.close()
