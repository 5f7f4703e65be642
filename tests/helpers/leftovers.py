"""A watch for threads and timers that outlive their test; a plugin, so that it can be tried by itself."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from weakref import WeakSet

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

PATIENCE_SECONDS = 5.0


class TimerWatch:
    """Every timer that Python holds, found without walking through all objects after every test.

    What was there before is remembered weakly, and then frozen: the collector neither visits nor lists it again.
    """

    def __init__(self) -> None:
        self._known: WeakSet[QTimer] = WeakSet()

    def note(self) -> None:
        """Remember the timers made since the last call. What is garbage by now is collected."""
        gc.collect()
        # The type, not isinstance: that asks other libraries' objects for their class, and some answer with a warning.
        self._known.update(item for item in gc.get_objects() if issubclass(type(item), QTimer))
        gc.freeze()

    def running(self) -> list[QTimer]:
        """The timers that run now, whenever they were made."""
        self.note()
        return [timer for timer in self._known if isValid(timer) and timer.isActive()]


@pytest.fixture(scope="session")
def timer_watch() -> TimerWatch:
    """One for the whole session."""
    return TimerWatch()


@pytest.fixture(scope="module", autouse=True)
def _collect_what_was_frozen() -> Iterator[None]:
    """Circles that became garbage after they were frozen are freed with the next test."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest, qapp: QApplication, timer_watch: TimerWatch) -> Iterator[None]:
    """Fail a test that leaves a thread or a running timer behind."""
    before = set(threading.enumerate())
    if "qtbot" not in request.fixturenames:
        yield
        return
    timer_watch.note()
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    threads = [thread.name for thread in _still_alive(before)]
    timers = [timer for timer in timer_watch.running() if timer.parent() is not qapp]
    assert not threads, f"threads left behind: {threads}"
    assert not timers, f"timers left running: {[(timer, timer.parent()) for timer in timers]}"


def _still_alive(before: set[threading.Thread]) -> list[threading.Thread]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left := [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.005)
    return []
