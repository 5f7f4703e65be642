"""Tests that run side by side, and those that want the machine to themselves.

A test marked ``alone`` judges by the clock: it waits until the other processes of the run (pytest-xdist's workers)
have finished their tests, and they wait for it. Two locks do that, on two files that are there anyway: every test
goes through the door, where one that wants to be alone stays until the room is empty.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
import pytest

DOOR, ROOM = Path(__file__), Path(__file__).with_name("leftovers.py")
GIGABYTES_EACH, MOST = 2, 8


def worker_count() -> int:
    """One for each core, if there is memory for that many."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, MOST, psutil.virtual_memory().available // (GIGABYTES_EACH << 30)))


@contextmanager
def turn(alone: bool, door_file: Path = DOOR, room_file: Path = ROOM) -> Iterator[None]:
    """The time of one test, beside others or not."""
    import fcntl

    with door_file.open() as door, room_file.open() as room:
        with _locked(door, fcntl.LOCK_EX):
            fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(room, fcntl.LOCK_UN)


@contextmanager
def _locked(file: IO[str], kind: int) -> Iterator[None]:
    import fcntl

    fcntl.flock(file, kind)
    try:
        yield
    finally:
        # Not left to the file's end: a process that a test forked would keep it open.
        fcntl.flock(file, fcntl.LOCK_UN)


def arrange(items: list[pytest.Item]) -> None:
    """Those that want to be alone come last; files that load a real model stay together, and are slow."""
    for item in items:
        if item.get_closest_marker("real_model"):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=wants_to_be_alone)


def wants_to_be_alone(item: pytest.Item) -> bool:
    """Whether it is marked so."""
    return item.get_closest_marker("alone") is not None
