"""The process that works lets the one that answers go first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mergedesk.runtime import subprocess_module
from mergedesk.runtime.priority import step_back

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes and no numbers")
PRINT = "import os; from mergedesk.runtime.priority import step_back; step_back(); print(os.nice(0))"


def test_a_process_that_steps_back_is_nicer_than_the_one_that_started_it() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PRINT], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert int(said.stdout) == min(19, os.nice(0) + 5)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel shares by process alone")
def test_its_session_steps_back_as_a_whole() -> None:
    print_session = PRINT + "; print(open('/proc/self/autogroup').read())"
    said = subprocess.run(
        [sys.executable, "-c", print_session], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert said.stdout.strip().endswith("nice 5")


def test_where_nothing_may_be_changed_all_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_steps: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "nice", refuse)
    monkeypatch.setattr("mergedesk.runtime.priority._SESSION", tmp_path)
    step_back()


def test_the_worker_steps_back() -> None:
    worker = subprocess_module.start(
        "mergedesk.pipelines.worker", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        worker.stdin.write(b'{"kind":"ask","number":1,"name":"nothing of the kind","body":null}\n')
        worker.stdin.flush()
        assert worker.stdout.readline()
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) > os.getpriority(os.PRIO_PROCESS, 0)
    finally:
        worker.stdin.close()
        worker.stdout.close()
        worker.wait(30)
