"""What short trials make of disks: slow and fast ones, and one that still writes what somebody left."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from mergedesk.storage.disk_speed import (
    DiskSpeed,
    DiskTrial,
    disk_speed,
    memory_speed,
    read_speed,
    synced_speed,
)

MB = 1 << 20
SPEED = DiskSpeed(1.0, 2.0, 3.0)


def disk(speed: float, latency: float, delays: Iterator[float] | None = None) -> Callable[[int], float]:
    """One that syncs with this speed and latency; each turn waits for one of ``delays`` besides."""
    waits = delays or repeat(0.0)
    return lambda count: latency + count / speed + next(waits)


@pytest.mark.parametrize(("speed", "latency"), [(2e9, 0.002), (500e6, 0.0), (150e6, 0.015), (16e6, 0.03), (2e6, 0.0)])
def test_latency_and_bandwidth_are_told_apart(speed: float, latency: float) -> None:
    found, waited = synced_speed(disk(speed, latency))
    assert found == pytest.approx(speed, rel=0.01)
    assert waited == pytest.approx(latency, abs=1e-6)


def test_turns_in_which_a_disk_wrote_what_others_left_are_distrusted() -> None:
    delays = chain([37.0, 0.0, 5.0], repeat(0.0))
    found, waited = synced_speed(disk(2e9, 0.002, delays))
    assert found == pytest.approx(2e9, rel=0.01)
    assert waited == pytest.approx(0.002)


@pytest.mark.parametrize("speed", [2e9, 150e6, 16e6, 2e6])
def test_the_trial_of_a_slow_disk_is_short_as_well(speed: float) -> None:
    spent = list[float]()

    def timed(count: int) -> float:
        spent.append(count / speed)
        return spent[-1]

    synced_speed(timed)
    assert sum(spent) < max(0.6, 6.5 * MB / speed)


def test_a_fast_disk_is_not_made_to_write_much() -> None:
    written = list[int]()

    def timed(count: int) -> float:
        written.append(count)
        return 0.002 + count / 2e9

    synced_speed(timed)
    assert sum(written) <= 34 * MB


def test_a_disk_that_does_not_come_back_says_nothing(tmp_path: Path) -> None:
    flushed = Event()

    def measure(_folder: Path) -> DiskSpeed:
        flushed.wait(20)
        return SPEED

    started = time.monotonic()
    trial = DiskTrial(tmp_path, measure)
    assert trial.speed() is None
    assert time.monotonic() - started < 5
    flushed.set()
    assert trial.speed() is None, "what was measured at such a time is good for nothing"


def test_a_trial_goes_on_beside_what_else_is_done(tmp_path: Path) -> None:
    began, may_end = Event(), Event()

    def measure(_folder: Path) -> DiskSpeed:
        began.set()
        may_end.wait(20)
        return SPEED

    trial = DiskTrial(tmp_path, measure)
    assert began.wait(20)
    may_end.set()
    assert trial.speed() == SPEED


def test_what_a_trial_takes_of_the_disk_counts_as_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, free = Event(), [900]
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free[0]))

    def measure(_folder: Path) -> DiskSpeed:
        may_end.wait(20)
        return SPEED

    trial = DiskTrial(tmp_path, measure)
    free[0] = 800
    assert trial.free == 900
    may_end.set()
    assert trial.speed() == SPEED
    assert trial.free == 800


def test_a_disk_that_cannot_be_written_says_nothing(tmp_path: Path) -> None:
    def measure(_folder: Path) -> DiskSpeed:
        raise OSError(errno.EROFS, "Read-only file system")

    assert DiskTrial(tmp_path, measure).speed() is None
    assert DiskTrial(tmp_path / "gone").speed() is None


def test_the_trial_is_short_and_leaves_nothing(tmp_path: Path) -> None:
    started = time.process_time()
    found = disk_speed(tmp_path)
    assert time.process_time() - started < 2
    assert not list(tmp_path.iterdir())
    assert min(found.buffered, found.synced, memory_speed()) > 1_000_000
    assert found.latency >= 0


def test_a_base_in_many_shards_is_read_all_over(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.bin" for number in range(96)]
    for file in files:
        file.write_bytes(bytes(4096))
    assert read_speed(files) > 0


def test_a_base_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        read_speed([tmp_path / "gone"])
