"""JobRunner with real threads and a merge under the test's control."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QObject, QTimer
from pytestqt.qtbot import QtBot
from window_fakes import a_report

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Cancelled, CancelToken, Progress, Report, Stage
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.support.failures import Failure
from mergedesk_gui.jobs.job_runner import JobRunner

REQUEST = MergeRequest(Path("base"), (AdapterChoice(Path("adapter")),), Path("out"))
REPORTS = 200_000
PATIENCE_MS = 10_000


class Record:
    """Everything a runner announces, in order, and the threads it was announced in."""

    def __init__(self, runner: JobRunner) -> None:
        self.events: list[tuple[str, object]] = []
        self.threads: set[int] = set()
        runner.started.connect(lambda: self._note("started"))
        runner.progressed.connect(lambda progress: self._note("progressed", progress))
        runner.finished.connect(lambda report: self._note("finished", report))
        runner.failed.connect(lambda failure: self._note("failed", failure))
        runner.cancelled.connect(lambda: self._note("cancelled"))

    def _note(self, name: str, what: object = None) -> None:
        self.events.append((name, what))
        self.threads.add(threading.get_ident())

    @property
    def readings(self) -> list[object]:
        return [what for name, what in self.events if name == "progressed"]

    @property
    def endings(self) -> list[str]:
        return [name for name, _ in self.events if name in {"finished", "failed", "cancelled"}]


def good(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
    return a_report(request)


def until_cancelled(_request: MergeRequest, _report: Report, cancel: CancelToken) -> MergeReport:
    while True:
        cancel.check()
        time.sleep(0.001)


def make(merge: Callable[..., MergeReport] = good, warm_up: Callable[[], None] = lambda: None) -> JobRunner:
    return JobRunner(merge, warm_up)


def run_to_end(qtbot: QtBot, runner: JobRunner) -> Record:
    record = Record(runner)
    runner.start(REQUEST)
    qtbot.waitUntil(lambda: not runner.running, timeout=PATIENCE_MS)
    settle(qtbot)
    return record


def settle(qtbot: QtBot) -> None:
    """Give a second ending, if there is one, the time to arrive."""
    qtbot.wait(150)


@pytest.mark.slow
@pytest.mark.alone
def test_a_flood_of_reports_makes_few_repaints(qtbot: QtBot) -> None:
    def flood(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        for number in range(1, REPORTS + 1):
            report(Progress(Stage.MERGE, number, REPORTS, 1.0))
        return a_report(request)

    began = time.monotonic()
    record = run_to_end(qtbot, make(flood))
    tenths = (time.monotonic() - began) * 10
    assert 1 <= len(record.readings) <= tenths + 1
    last = record.readings[-1]
    assert isinstance(last, Progress)
    assert last.done_bytes == REPORTS, "the last reading must not be lost"


@pytest.mark.slow
@pytest.mark.alone
def test_readings_come_before_the_end_and_in_order(qtbot: QtBot) -> None:
    def slow(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        for number in range(30):
            report(Progress(Stage.MERGE, number, 30, 1.0))
            time.sleep(0.02)
        return a_report(request)

    record = run_to_end(qtbot, make(slow))
    names = [name for name, _ in record.events]
    assert names[0] == "started"
    assert names[-1] == "finished"
    counts = [reading.done_bytes for reading in record.readings if isinstance(reading, Progress)]
    assert counts == sorted(counts)
    assert 4 <= len(counts) <= 9, "about ten readings a second"


@pytest.mark.slow
def test_an_old_reading_is_never_published_after_a_newer_one(qtbot: QtBot) -> None:
    def in_a_burst(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        for number in (1, 2, 3):
            report(Progress(Stage.MERGE, number, 3, 1.0))
        time.sleep(0.35)
        return a_report(request)

    record = run_to_end(qtbot, make(in_a_burst))
    assert [reading.done_bytes for reading in record.readings if isinstance(reading, Progress)] == [3]


@pytest.mark.slow
def test_byte_counts_beyond_32_bits_arrive_whole(qtbot: QtBot) -> None:
    huge = 5_000_000_000_000

    def merge(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        report(Progress(Stage.MERGE, huge, 2 * huge, 1.0))
        return a_report(request)

    record = run_to_end(qtbot, make(merge))
    assert [reading.done_bytes for reading in record.readings if isinstance(reading, Progress)] == [huge]


def test_everything_is_announced_on_the_gui_thread(qtbot: QtBot) -> None:
    where: list[int] = []

    def merge(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        where.append(threading.get_ident())
        report(Progress(Stage.PLAN))
        return a_report(request)

    record = run_to_end(qtbot, make(merge))
    assert record.threads == {threading.get_ident()}
    assert where[0] != threading.get_ident()


@pytest.mark.slow
@pytest.mark.parametrize("status", [MergeStatus.MERGED, MergeStatus.REFUSED, MergeStatus.FAILED])
def test_a_report_finishes_exactly_once(qtbot: QtBot, status: MergeStatus) -> None:
    def merge(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        return a_report(request, status=status)

    record = run_to_end(qtbot, make(merge))
    assert record.endings == ["finished"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("shapes differ"), Code.INTERNAL),
        (MemoryError(), Code.OUT_OF_MEMORY),
        (type("OutOfMemoryError", (RuntimeError,), {})("CUDA"), Code.OUT_OF_MEMORY),
        (KeyboardInterrupt(), Code.INTERNAL),
        (SystemExit(3), Code.INTERNAL),
        (GeneratorExit(), Code.INTERNAL),
        (UserError(Code.DISK_FULL, folder="/x", needed_bytes=2, free_bytes=1), Code.DISK_FULL),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_exception_fails_exactly_once_with_details(qtbot: QtBot, error: BaseException, code: Code) -> None:
    def broken(_request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        raise error

    record = run_to_end(qtbot, make(broken))
    assert record.endings == ["failed"]
    failure = record.events[-1][1]
    assert isinstance(failure, Failure)
    assert failure.finding.code is code
    assert "in broken" in failure.details, "the traceback must be whole"


def test_cancelling_stops_the_merge_exactly_once(qtbot: QtBot) -> None:
    runner = make(until_cancelled)
    record = Record(runner)
    runner.start(REQUEST)
    assert not runner.cancelling
    runner.cancel()
    runner.cancel()
    assert runner.cancelling
    qtbot.waitUntil(lambda: not runner.running, timeout=1000)
    settle(qtbot)
    assert record.endings == ["cancelled"]
    assert not runner.cancelling


def test_a_report_that_says_cancelled_counts_as_cancelled(qtbot: QtBot) -> None:
    def merge(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        return a_report(request, status=MergeStatus.CANCELLED)

    assert run_to_end(qtbot, make(merge)).endings == ["cancelled"]


def test_cancelling_between_merges_does_not_touch_the_next_one(qtbot: QtBot) -> None:
    runner = make()
    runner.cancel()
    assert run_to_end(qtbot, runner).endings == ["finished"]


@pytest.mark.slow
def test_a_runner_runs_many_merges_one_after_the_other(qtbot: QtBot) -> None:
    runner = make()
    for _ in range(5):
        assert run_to_end(qtbot, runner).endings == ["finished"]


def test_two_merges_at_once_are_refused(qtbot: QtBot) -> None:
    runner = make(until_cancelled)
    runner.start(REQUEST)
    with pytest.raises(RuntimeError, match="already running"):
        runner.start(REQUEST)
    runner.cancel()
    qtbot.waitUntil(lambda: not runner.running, timeout=1000)


def test_when_the_system_has_no_more_threads_the_merge_fails(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_more)
    record = run_to_end(qtbot, make())
    assert record.endings == ["failed"]


@pytest.mark.slow
def test_a_running_runner_can_be_destroyed(qtbot: QtBot) -> None:
    stopped: list[bool] = []

    def merge(_request: MergeRequest, report: Report, cancel: CancelToken) -> MergeReport:
        try:
            while True:
                report(Progress(Stage.MERGE, 1, 2, 1.0))
                cancel.check()
        except Cancelled:
            stopped.append(True)
            raise

    for _ in range(30):
        owner = QObject()
        runner = JobRunner(merge, lambda: None, owner)
        record = Record(runner)
        runner.start(REQUEST)
        del runner
        owner.deleteLater()
        del owner
        qtbot.wait(5)
        assert record.endings == []
    qtbot.waitUntil(lambda: len(stopped) == 30, timeout=PATIENCE_MS)


@pytest.mark.slow
def test_warming_up_happens_once_and_before_the_merge(qtbot: QtBot) -> None:
    steps: list[str] = []

    def warm_up() -> None:
        time.sleep(0.1)
        steps.append("warm")

    def merge(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        steps.append("merge")
        return a_report(request)

    runner = make(merge, warm_up)
    runner.warm_up()
    runner.warm_up()
    run_to_end(qtbot, runner)
    run_to_end(qtbot, runner)
    assert steps == ["warm", "merge", "merge"]


def test_a_failed_warm_up_is_tried_again_and_then_told(qtbot: QtBot) -> None:
    tries: list[int] = []

    def warm_up() -> None:
        tries.append(1)
        raise ImportError("no torch here")

    runner = make(good, warm_up)
    runner.warm_up()
    qtbot.waitUntil(lambda: len(tries) == 1, timeout=1000)
    record = run_to_end(qtbot, runner)
    assert len(tries) == 2
    failure = record.events[-1][1]
    assert isinstance(failure, Failure)
    assert "no torch here" in failure.details


def test_cancelling_during_the_warm_up_keeps_the_merge_from_starting(qtbot: QtBot) -> None:
    go_on, merged = threading.Event(), []

    def warm_up() -> None:
        go_on.wait(5)

    def merge(request: MergeRequest, _report: Report, _cancel: CancelToken) -> MergeReport:
        merged.append(True)
        return a_report(request)

    runner = make(merge, warm_up)
    record = Record(runner)
    runner.start(REQUEST)
    runner.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not runner.running, timeout=1000)
    assert record.endings == ["cancelled"]
    assert not merged


@pytest.mark.slow
@pytest.mark.alone
def test_the_event_loop_keeps_beating_while_a_merge_reports(qtbot: QtBot) -> None:
    """What starves it does so in every run; the system may take the processor away in one of them."""
    assert min(longest_gap_beside_a_merge(qtbot) for _ in range(3)) < 0.1


def longest_gap_beside_a_merge(qtbot: QtBot) -> float:
    """The longest time in seconds between two beats of 5 ms while a merge reports without a pause."""

    def busy(request: MergeRequest, report: Report, _cancel: CancelToken) -> MergeReport:
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            report(Progress(Stage.MERGE, 1, 2, 1.0))
        return a_report(request)

    runner, beats = make(busy), [time.monotonic()]
    heartbeat = QTimer(interval=5)
    heartbeat.timeout.connect(lambda: beats.append(time.monotonic()))
    heartbeat.start()
    run_to_end(qtbot, runner)
    heartbeat.stop()
    return max(later - earlier for earlier, later in pairwise(beats))


@pytest.mark.slow
def test_thousands_of_signals_do_not_end_the_process() -> None:
    """PySide6 6.12.0 aborts Python 3.11 after some hundred or thousand signals unless the window guards itself."""
    program = (
        "import mergedesk_gui\n"
        "from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal\n"
        "application = QCoreApplication([])\n"
        "class Sender(QObject):\n"
        "    sent = Signal()\n"
        "    def hear(self):\n"
        "        pass\n"
        "sender = Sender()\n"
        "sender.sent.connect(sender.hear)\n"
        "sender.objectNameChanged.connect(sender.hear)\n"
        "for number in range(50_000):\n"
        "    sender.sent.emit()\n"
        "    sender.setObjectName(str(number))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_announced_before_the_event_loop_runs(qtbot: QtBot) -> None:
    runner = make()
    record = Record(runner)
    runner.start(REQUEST)
    time.sleep(0.1)
    assert record.endings == [], "the end must come by queued signal"
    loop = QEventLoop()
    runner.finished.connect(loop.quit)
    loop.exec()
    assert record.endings == ["finished"]
