"""A screen of one's own, with eyes and a hand that know nothing of a program's insides."""

from __future__ import annotations

import os
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shipped_program import Program

WIDTH, HEIGHT = 1400, 1000
_POLL = 0.02
_BOX = 10, 24  # pixels of a box's edge, at least and at most
_CORNER = 8  # pixels by which a button's round corners make its first row shorter on either side
_HEADER, _COLOUR = 25, 12  # of the X window dump: numbers before the picture, bytes of one entry of its colour table


@dataclass(frozen=True)
class Screen:
    """A running Xvfb: ``name`` is its display, ``folder`` holds the file that it draws into."""

    name: str
    folder: Path

    def hand(self, *arguments: object) -> str:
        """Do something with mouse or keyboard, or look for windows, by xdotool; its output."""
        environment = {"DISPLAY": self.name, "PATH": "/usr/bin:/bin"}
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

    def window(self, title: str = "MergeDesk") -> str:
        """The number of the visible window with that title, a regular expression; empty while there is none."""
        return self.hand("search", "--onlyvisible", "--name", title).strip().partition("\n")[0]

    def picture(self) -> list[bytes]:
        """What is to be seen: rows of pixels, each of them blue, green, red and a zero."""
        dump = bytearray((self.folder / "Xvfb_screen0").read_bytes())
        numbers = struct.unpack_from(f">{_HEADER}I", dump)
        first, row = numbers[0] + _COLOUR * numbers[19], numbers[12]
        unused = slice(first + 3, first + row * HEIGHT, 4)
        dump[unused] = bytes(len(dump[unused]))
        return [bytes(dump[first + row * line : first + row * line + 4 * WIDTH]) for line in range(HEIGHT)]

    def button(self, colour: str, least: tuple[int, int] = (60, 24)) -> tuple[int, int] | None:
        """The middle of a filled button of that colour (as ``#rrggbb``), by its even margin above the words."""
        run = _pixel(colour) * least[0]
        rows = [(line, place) for line, row in enumerate(self.picture()) if (place := _find(row, run)) is not None]
        # The line below a tab is of that colour too, but nothing lies a button's height below it.
        for first, place in rows:
            last = max(line for line, other in rows if abs(other - place) <= _CORNER)
            if last - first >= least[1]:
                return place + least[0] // 2, (first + last) // 2
        return None

    def ticked(self, colour: str, left: int) -> tuple[int, int] | None:
        """The middle of the uppermost ticked box of that colour, right of ``left``; a tick leaves its margins even."""
        run = _pixel(colour) * _BOX[0]
        rows = [(line, _find(row[4 * left :], run)) for line, row in enumerate(self.picture())]
        edges = [(line, place) for line, place in rows if place is not None]
        # A tab's line is of that colour too, but nothing lies a box's height below it.
        for line, place in edges:
            if any(_BOX[0] <= other - line <= _BOX[1] and abs(x - place) <= 2 for other, x in edges):
                return left + place + _BOX[1] // 2, line + _BOX[1] // 2
        return None

    def shows(self, colour: str) -> bool:
        """Whether that colour (as ``#rrggbb``) is anywhere to be seen."""
        return any(_find(row, _pixel(colour)) is not None for row in self.picture())


@contextmanager
def screen(folder: Path) -> Iterator[Screen]:
    """A screen that ends with the block."""
    told, tell = os.pipe()
    size = f"{WIDTH}x{HEIGHT}x24"
    options = ["-screen", "0", size, "-nolisten", "tcp", "-noreset", "-fbdir", str(folder), "-displayfd", str(tell)]
    with subprocess.Popen(["Xvfb", *options], pass_fds=[tell], stderr=subprocess.DEVNULL) as server:
        os.close(tell)
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        try:
            yield Screen(f":{number}", folder)
        finally:
            server.terminate()


@contextmanager
def opened(program: Program, desk: Screen, *given: object) -> Iterator[subprocess.Popen[str]]:
    """The program with its window; fails on anything it says on stderr until its window was closed by a key."""
    with program.start(*given) as child:
        try:
            wait_for(lambda: desk.window() or child.poll() is not None, 30, "the window")
            yield child
            complained = _closed_by_a_key(child, desk)
        finally:
            child.kill()
    wait_for(lambda: not desk.window(), 10, "the window's end")
    assert (child.returncode, complained) == (0, "")


def _closed_by_a_key(child: subprocess.Popen[str], desk: Screen) -> str:
    """What it said on stderr until its end. On a busy machine a key may come before the window has the focus."""
    for _ in range(6):
        if window := desk.window():
            desk.hand("windowfocus", "--sync", window, "key", "ctrl+q")
        with suppress(subprocess.TimeoutExpired):
            return child.communicate(timeout=5)[1]
    raise AssertionError("the window does not close")


def wait_for(is_so: Callable[[], object], seconds: float, what: str) -> None:
    """Return when it is so; fails after that many seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(_POLL)


def _pixel(colour: str) -> bytes:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return bytes([blue, green, red, 0])


def _find(row: bytes, pixels: bytes) -> int | None:
    """Where in a row those pixels first stand; None if nowhere."""
    place = row.find(pixels)
    while place % 4 and place >= 0:
        place = row.find(pixels, place + 1)
    return place // 4 if place >= 0 else None
