"""Heavy work in a process of its own: real merges through the window, and every way in which such a process can end."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import misbehaving_worker
import psutil
import pytest
from misbehaving_worker import HOW, PLACE
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import OpenWindow
from window_helpers import find, merge_button

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Cancelled, CancelToken, Progress
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.output.folder_lock import held
from mergedesk.output.leftovers import LeftoverKind, find_leftovers
from mergedesk.pipelines.hub_merge import hub_merge
from mergedesk.pipelines.worker.jobs import MAKE_DEMO_BASE, MERGE, WARM_UP
from mergedesk.pipelines.worker.pool import Workers
from mergedesk.pipelines.worker.process import WorkerProcess
from mergedesk.support.failures import Failed
from mergedesk_gui.jobs.engine_api import EngineApi
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.jobs.job_runner import JobRunner
from mergedesk_gui.main_window import MainWindow

LONG_MS = 120_000
PATIENCE = 1.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning"), pytest.mark.slow]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama in ``base`` and a LoRA adapter in ``lora``."""
    from tiny_models import make_adapter, make_base

    home = tmp_path_factory.mktemp("models")
    make_adapter("llama", make_base("llama", home / "base", "bfloat16"), home / "lora")
    return home


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a misbehaving worker says that it has begun to."""
    monkeypatch.setenv("PYTHONPATH", str(Path(misbehaving_worker.__file__).parent))
    monkeypatch.setenv(PLACE, str(tmp_path / "place"))
    return tmp_path / "place"


@pytest.fixture
def misbehaving(place: Path) -> Iterator[Workers]:
    """Workers whose merges go wrong as the environment says when they start."""
    workers = Workers(PATIENCE, partial(WorkerProcess, misbehaving_worker.__name__))
    yield workers
    workers.close()


@pytest.fixture
def real() -> Iterator[EngineApi]:
    api = real_engine()
    yield api
    api.close()


def pids_of(workers: Workers) -> tuple[int, ...]:
    """The numbers of the processes there are, the idle one first."""
    return tuple(one.pid for one in (workers._idle, *workers._busy) if one is not None)


def request_for(models: Path, output: Path) -> MergeRequest:
    return MergeRequest(models / "base", (AdapterChoice(models / "lora"),), output)


def merge(workers: Workers, request: MergeRequest, cancel: CancelToken | None = None) -> MergeReport:
    return workers.run(MERGE, hub_merge(request), lambda _piece: None, cancel or CancelToken())


def once_there(place: Path, do: Callable[[int], object]) -> None:
    """Call ``do`` with the worker's number, in a thread, as soon as it has begun to misbehave."""

    def watch() -> None:
        deadline = time.monotonic() + LONG_MS / 1000
        while not (place.is_file() and place.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        do(int(place.read_text()))

    threading.Thread(target=watch).start()


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def wait_until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


# --- A process that does what it should -------------------------------------------------------------------------------


def test_one_worker_does_job_after_job(models: Path, tmp_path: Path, misbehaving: Workers) -> None:
    misbehaving.warm_up()
    (first,) = pids_of(misbehaving)
    pieces: list[object] = []
    request = request_for(models, tmp_path / "out")
    report = misbehaving.run(MERGE, hub_merge(request), pieces.append, CancelToken())
    assert (report.status, report.output) == (MergeStatus.MERGED, tmp_path / "out")
    assert all(isinstance(one, Progress) for one in pieces)
    assert next(one.stage.value for one in pieces if isinstance(one, Progress)) == "preflight"
    assert merge(misbehaving, request).status is MergeStatus.REFUSED
    misbehaving.warm_up()
    assert pids_of(misbehaving) == (first,)
    misbehaving.close()
    wait_until(lambda: not psutil.pid_exists(first))
    with pytest.raises(Cancelled):
        merge(misbehaving, request)


def test_relative_folders_are_those_of_the_window(
    models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(models)
    output = Path(os.path.relpath(tmp_path / "out", models))
    request = MergeRequest(Path("base"), (AdapterChoice(Path("lora")),), output)
    assert merge(misbehaving, request).status is MergeStatus.MERGED
    assert (tmp_path / "out" / "config.json").is_file()


def test_what_libraries_print_does_not_break_the_protocol(
    models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "print")
    assert merge(misbehaving, request_for(models, tmp_path / "out")).status is MergeStatus.MERGED


def test_a_job_s_own_error_comes_over_with_its_code(tmp_path: Path, misbehaving: Workers) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(UserError) as caught:
        misbehaving.run(MAKE_DEMO_BASE, tmp_path / "a file" / "base", print, CancelToken())
    assert isinstance(caught.value, Failed)
    assert "Traceback" in caught.value.failure.details
    assert str(tmp_path) not in caught.value.failure.details


# --- A process that ends too early ------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("SIGKILL", Code.WORKER_KILLED),
        ("SIGSEGV", Code.WORKER_CRASHED),
        ("SIGBUS", Code.WORKER_LOST_FILE),
        ("exit", Code.WORKER_EXITED),
    ],
)
def test_a_death_is_told_and_what_was_written_is_gone_on_with(
    how: str, code: Code, models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, how)
    wanted = request_for(models, tmp_path / "results" / "deep" / "out")
    with pytest.raises(Failed) as caught:
        merge(misbehaving, wanted)
    failure = caught.value.failure
    assert failure.finding.code is code
    assert failure.kept is not None
    assert failure.kept.code is Code.WORKER_LEFT_WORK
    assert Path(str(failure.kept.data["path"])).parent == wanted.output.parent
    assert failure.may_merge_again
    assert ("Fatal Python error" in failure.details) == (how in ("SIGSEGV", "SIGBUS"))
    monkeypatch.delenv(HOW)
    report = merge(misbehaving, replace(wanted, resume=True))
    assert report.status is MergeStatus.MERGED
    assert Code.RESUMED in {one.code for one in report.findings}
    assert names_in(wanted.output.parent) == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_death_before_anything_was_written_leaves_nothing(
    models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "early SIGKILL")
    (tmp_path / "results").mkdir()
    with pytest.raises(Failed) as caught:
        merge(misbehaving, request_for(models, tmp_path / "results" / "deep" / "out"))
    assert caught.value.failure.kept is not None
    assert caught.value.failure.kept.code is Code.WORKER_LEFT_NOTHING
    assert names_in(tmp_path / "results") == [], "staging folder, and the parent that was made for it"


def test_the_folder_that_was_to_be_replaced_stays(
    models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "early exit")
    output = tmp_path / "results" / "out"
    shutil.copytree(models / "base", output)
    before = names_in(output)
    request = MergeRequest(models / "base", (AdapterChoice(models / "lora"),), output, overwrite=True)
    with pytest.raises(Failed) as caught:
        merge(misbehaving, request)
    assert caught.value.failure.kept is not None
    assert caught.value.failure.kept.code is Code.WORKER_LEFT_OLD
    assert names_in(tmp_path / "results") == ["out"]
    assert names_in(output) == before


def test_memory_that_ran_out_is_told_by_the_kernel_s_counters(
    models: Path, tmp_path: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mergedesk.pipelines.worker import ending

    counts = iter([(3, 7), (3, 8)])
    monkeypatch.setattr(ending, "oom_kills", lambda: next(counts))
    monkeypatch.setenv(HOW, "SIGKILL")
    with pytest.raises(Failed) as caught:
        merge(misbehaving, request_for(models, tmp_path / "out"))
    assert caught.value.failure.finding.code is Code.WORKER_OUT_OF_MEMORY


def test_one_that_died_while_it_waited_is_replaced(models: Path, tmp_path: Path, misbehaving: Workers) -> None:
    misbehaving.warm_up()
    (first,) = pids_of(misbehaving)
    psutil.Process(first).kill()
    assert merge(misbehaving, request_for(models, tmp_path / "out")).status is MergeStatus.MERGED
    assert first not in pids_of(misbehaving)


def test_one_whose_death_was_noticed_is_closed_whole(models: Path, tmp_path: Path, misbehaving: Workers) -> None:
    misbehaving.warm_up()
    first = psutil.Process(*pids_of(misbehaving))
    first.kill()
    wait_until(lambda: first.status() == psutil.STATUS_ZOMBIE)
    assert merge(misbehaving, request_for(models, tmp_path / "out")).status is MergeStatus.MERGED
    assert first.pid not in pids_of(misbehaving)
    gc.collect()  # a pipe that nobody has closed would warn here, and warnings fail


def test_a_process_that_cannot_be_started_is_told() -> None:
    def fails() -> WorkerProcess:
        raise OSError(12, "Cannot allocate memory")

    workers = Workers(start=fails)
    workers.warm_up()
    with pytest.raises(Failed) as caught:
        workers.run(WARM_UP, None, print, CancelToken())
    assert caught.value.code is Code.WORKER_NOT_STARTED


# --- Cancelling -------------------------------------------------------------------------------------------------------


def test_cancel_is_a_message_and_the_worker_lives_on(
    models: Path, tmp_path: Path, place: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "wait")
    (tmp_path / "results").mkdir()
    cancel = CancelToken()
    once_there(place, lambda _pid: cancel.cancel())
    with pytest.raises(Cancelled):
        merge(misbehaving, request_for(models, tmp_path / "results" / "out"), cancel)
    assert pids_of(misbehaving) == (int(place.read_text()),)
    assert names_in(tmp_path / "results") == []


def test_one_that_does_not_stop_is_ended(
    models: Path, tmp_path: Path, place: Path, misbehaving: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "hang")
    (tmp_path / "results").mkdir()
    cancel, asked = CancelToken(), []
    once_there(place, lambda _pid: (asked.append(time.monotonic()), cancel.cancel()))
    with pytest.raises(Cancelled):
        merge(misbehaving, request_for(models, tmp_path / "results" / "out"), cancel)
    assert PATIENCE <= time.monotonic() - asked[0] < PATIENCE + 4
    assert not psutil.pid_exists(int(place.read_text()))
    assert names_in(tmp_path / "results") == []
    assert pids_of(misbehaving) == ()


def test_a_job_that_waits_for_the_imports_is_cancelled_too(models: Path, tmp_path: Path, misbehaving: Workers) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        merge(misbehaving, request_for(models, tmp_path / "out"), cancel)


# --- In the window ----------------------------------------------------------------------------------------------------


def open_on(open_window: OpenWindow, qtbot: QtBot, api: EngineApi, models: Path, output: Path) -> MainWindow:
    window = open_window(backend=api)
    for name, folder in (("basePathEdit", "base"), ("adapterPathEdit", "lora")):
        find(window, QLineEdit, name).setText(str(models / folder))
    find(window, QLineEdit, "outputPathEdit").setText(str(output))
    qtbot.waitUntil(lambda: merge_button(window).isEnabled(), timeout=LONG_MS)
    return window


@linux
def test_while_a_merge_runs_the_window_s_process_has_nothing_of_torch(models: Path, tmp_path: Path) -> None:
    program = (
        "import json, sys, threading\n"
        "from pathlib import Path\n"
        "from functools import partial\n"
        "from mergedesk_gui import app\n"
        "from mergedesk_gui.jobs.engine_api import engine\n"
        "from mergedesk_gui.state.form import Form\n"
        "from mergedesk.pipelines.worker.process import WorkerProcess\n"
        "from mergedesk.pipelines.worker.pool import Workers\n"
        "from mergedesk.domain.requests import AdapterChoice\n"
        "base, lora, output, place = map(Path, sys.argv[1:])\n"
        "application = app.create_application()\n"
        "api = engine(lambda: Workers(1, partial(WorkerProcess, 'misbehaving_worker')))\n"
        "window = app.build_window(Form(base, (AdapterChoice(lora),), output), backend=api)\n"
        "window.show()\n"
        "while not window.merging.start_bar.button.isEnabled():\n"
        "    application.processEvents()\n"
        "window.merging.start_bar.button.click()\n"
        "while not place.is_file():\n"
        "    application.processEvents()\n"
        "maps = Path('/proc/self/maps').read_text()\n"
        "named = ('torch', 'transformers', 'peft', 'numpy')\n"
        "heavy = [one for one in named if one in sys.modules or f'/{one}/' in maps]\n"
        "facts = dict(line.split(':') for line in Path('/proc/self/status').read_text().splitlines())\n"
        "window.merging.cancel()\n"
        "while window.jobs.running:\n"
        "    application.processEvents()\n"
        "print(json.dumps([heavy, int(facts['VmRSS'].split()[0]) / 1000]))\n"
        "window.close()\n"
    )
    place = tmp_path / "place"
    arguments = [models / "base", models / "lora", tmp_path / "out", place]
    helpers = str(Path(misbehaving_worker.__file__).parent)
    surroundings = {"PYTHONPATH": helpers, HOW: "wait", PLACE: str(place), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **surroundings},
        capture_output=True,
        text=True,
        timeout=LONG_MS / 1000,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heavy, megabytes = json.loads(done.stdout)
    assert heavy == []
    assert megabytes < 150
    print(f"the window's process while merging: {megabytes:.0f} MB")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_worker_is_told_and_merge_again_goes_on(
    qtbot: QtBot, open_window: OpenWindow, models: Path, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOW, "hang")
    api = real_engine(lambda: Workers(PATIENCE, partial(WorkerProcess, misbehaving_worker.__name__)))
    (tmp_path / "results").mkdir()
    window = open_on(open_window, qtbot, api, models, tmp_path / "results" / "out")
    once_there(place, lambda pid: os.kill(pid, signal.SIGKILL))
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        merge_button(window).click()
    said = window.outcome.failure.sentence
    assert "was ended from outside (SIGKILL)" in said
    assert "merging again goes on with it" in said
    assert len(names_in(tmp_path / "results")) == 1
    again = find(window, QPushButton, "mergeAgainButton")
    assert again.isVisible()
    monkeypatch.delenv(HOW)
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        again.click()
    assert window.merging.published == tmp_path / "results" / "out"
    assert names_in(tmp_path / "results") == ["out"]
    assert any("were on the disk already" in said for said in window.outcome.verification.findings.texts)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("button", ["goOnButton", "removeLeftoverButton"])
def test_what_an_ended_run_left_is_gone_on_with_or_removed_from_the_window(
    button: str,
    qtbot: QtBot,
    open_window: OpenWindow,
    models: Path,
    tmp_path: Path,
    misbehaving: Workers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "results").mkdir()
    output = tmp_path / "results" / "out"
    monkeypatch.setenv(HOW, "SIGKILL")
    with pytest.raises(Failed):
        merge(misbehaving, request_for(models, output))
    monkeypatch.delenv(HOW)
    real = real_engine(lambda: misbehaving)
    window = open_on(open_window, qtbot, real, models, output)
    [told] = [said for said in window.results.preflight.findings.texts if "A run that ended early left" in said]
    assert "kB" in told
    assert str(output) in told
    assert "--" not in told, "what commands do, buttons do here"
    pressed = find(window.results.preflight, QPushButton, button)
    if button == "goOnButton":
        with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
            pressed.click()
        assert window.merging.published == output
        assert any("were on the disk already" in said for said in window.outcome.verification.findings.texts)
    else:
        with qtbot.waitSignal(window.follow_ups.removed, timeout=LONG_MS):
            pressed.click()
        assert not any("ended early" in said for said in window.results.preflight.findings.texts)
    assert names_in(tmp_path / "results") == (["out"] if button == "goOnButton" else [])


def test_what_cannot_be_removed_is_told(
    qtbot: QtBot, open_window: OpenWindow, models: Path, tmp_path: Path, real: EngineApi
) -> None:
    (tmp_path / "results" / ".mergedesk-00c0ffee" / "model").mkdir(parents=True)
    window = open_on(open_window, qtbot, real, models, tmp_path / "results" / "out")
    with (
        held(tmp_path / "results" / ".mergedesk-00c0ffee"),
        qtbot.waitSignal(window.merging.ended, timeout=LONG_MS),
    ):
        find(window.results.preflight, QPushButton, "removeLeftoverButton").click()
    assert "Another run is working in" in window.merging.start_bar.status.text()


def test_the_runner_announces_a_real_merge_once(qtbot: QtBot, real: EngineApi, models: Path, tmp_path: Path) -> None:
    runner = JobRunner(real.merge, real.warm_up)
    endings: list[str] = []
    for name in ("finished", "failed", "cancelled"):
        getattr(runner, name).connect(lambda *_given, name=name: endings.append(name))
    runner.warm_up()
    runner.start(request_for(models, tmp_path / "out"))
    qtbot.waitUntil(lambda: not runner.running, timeout=LONG_MS)
    qtbot.wait(150)
    assert endings == ["finished"]


# --- The window's end -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", ["wait", "hang"])
def test_the_worker_ends_when_its_window_is_killed(
    how: str, models: Path, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import sys\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "from mergedesk.pipelines.worker.process import WorkerProcess\n"
        "from mergedesk.pipelines.worker.pool import Workers\n"
        "from mergedesk.pipelines.hub_merge import hub_merge\n"
        "from mergedesk.pipelines.worker.jobs import MERGE\n"
        "from mergedesk.domain.progress import CancelToken\n"
        "from mergedesk.domain.requests import AdapterChoice, MergeRequest\n"
        "base, lora, output = map(Path, sys.argv[1:])\n"
        "workers = Workers(1, partial(WorkerProcess, 'misbehaving_worker'))\n"
        "workers.run(MERGE, hub_merge(MergeRequest(base, (AdapterChoice(lora),), output)), print, CancelToken())\n"
    )
    monkeypatch.setenv(HOW, how)
    (tmp_path / "results").mkdir()
    arguments = [str(models / "base"), str(models / "lora"), str(tmp_path / "results" / "out")]
    with subprocess.Popen([sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL) as parent:
        wait_until(lambda: place.is_file() and bool(place.read_text()), LONG_MS / 1000)
        worker = int(place.read_text())
        assert len(names_in(tmp_path / "results")) == 1
        parent.kill()
    wait_until(lambda: not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie", 10)
    if how == "hang":  # a thread that waits for the disk keeps the folder's lock for a while
        wait_until(lambda: bool(find_leftovers(tmp_path / "results" / "out")), LONG_MS / 1000)
    kinds = [left.kind for left in find_leftovers(tmp_path / "results" / "out")]
    assert kinds == ([] if how == "wait" else [LeftoverKind.RESUMABLE]), "one that could not stop is told of"
    assert len(names_in(tmp_path / "results")) == len(kinds)
