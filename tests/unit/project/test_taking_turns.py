"""Tests that judge by the clock have the machine to themselves, also where others wait for nobody."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from taking_turns import turn, worker_count

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there tests run one after the other")

EACH = 0.02


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    door, room = tmp_path / "door", tmp_path / "room"
    door.touch()
    room.touch()
    return door, room


def test_nothing_runs_beside_one_that_wants_to_be_alone(files: tuple[Path, Path]) -> None:
    inside: list[bool] = []
    together: list[int] = []
    beside_alone: list[int] = []

    def run(alone: bool) -> None:
        with turn(alone, *files):
            inside.append(alone)
            time.sleep(EACH)
            (beside_alone if alone else together).append(len(inside))
            inside.remove(alone)

    threads = [threading.Thread(target=run, args=(number % 4 == 3,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert beside_alone == [1] * 4
    assert max(together) > 1


def test_one_that_waits_is_let_in_before_those_who_come_later(files: tuple[Path, Path]) -> None:
    entered = threading.Event()
    over = threading.Event()
    turns: list[str] = []

    def always_another() -> None:
        with turn(False, *files):
            turns.append("other")
            time.sleep(EACH)

    def crowd() -> None:
        while not over.is_set():
            always_another()

    def patient() -> None:
        with turn(True, *files):
            entered.set()

    threads = [threading.Thread(target=crowd) for _ in range(3)]
    for thread in threads:
        thread.start()
    waiting = threading.Thread(target=patient)
    waiting.start()
    came_in = entered.wait(5)
    over.set()
    for thread in (*threads, waiting):
        thread.join(10)
    assert came_in
    assert len(turns) < 30


def test_there_is_at_least_one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taking_turns.GIGABYTES_EACH", 10**6)
    assert worker_count() == 1
