"""As much of a window manager as is needed to hear what programs ask of it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_int, c_long, c_ulong, c_void_p
from dataclasses import dataclass

_MAP_REQUEST, _CLIENT_MESSAGE = 20, 33
_REDIRECT, _SEEN, _CHANGES = 1 << 20, 1 << 19, 1 << 22


@dataclass(frozen=True)
class Asked:
    """A message: its kind, the window it is about, and its five numbers or 20 bytes."""

    kind: str
    window: int
    numbers: tuple[int, ...]
    content: bytes


class _Event(ctypes.Structure):
    # The names that XClientMessageEvent and XMapRequestEvent have in common, and more than the largest event needs.
    _fields_ = (
        ("type", c_int),
        ("serial", c_ulong),
        ("sent", c_int),
        ("display", c_void_p),
        ("window", c_ulong),
        ("kind", c_ulong),  # of a map request: the window to be mapped
        ("format", c_int),
        ("data", c_long * 5),
        ("rest", c_long * 24),
    )


class WindowManager:
    """Shows every window, and notes what it is asked."""

    def __init__(self, xlib: ctypes.CDLL, display: int) -> None:
        self._xlib, self._display = xlib, display
        self.asked: list[Asked] = []

    def wait_for(self, kind: str, seconds: float = 20) -> Asked:
        """The next message of that kind."""
        until = time.monotonic() + seconds
        while not (found := [asked for asked in self.asked if asked.kind == kind]):
            assert time.monotonic() < until, f"nobody asked for {kind}: {self.asked}"
            self.listen()
            time.sleep(0.02)
        self.asked.remove(found[0])
        return found[0]

    def listen(self) -> None:
        """Take in what has come."""
        event = _Event()
        while self._xlib.XPending(self._display):
            self._xlib.XNextEvent(self._display, byref(event))
            if event.type == _MAP_REQUEST:
                self._xlib.XMapWindow(self._display, event.kind)
            elif event.type == _CLIENT_MESSAGE:
                name = self._xlib.XGetAtomName(self._display, event.kind).decode()
                content = bytes(event.data)[:20] if event.format == 8 else b""
                self.asked.append(Asked(name, event.window, tuple(event.data), content))


@contextmanager
def window_manager(screen: str) -> Iterator[WindowManager]:
    """Manage the windows of a screen till the end of the block."""
    xlib = ctypes.CDLL("libX11.so.6")
    for name, kinds, result in (
        ("XOpenDisplay", [c_char_p], c_void_p),
        ("XDefaultRootWindow", [c_void_p], c_ulong),
        ("XSelectInput", [c_void_p, c_ulong, c_long], c_int),
        ("XPending", [c_void_p], c_int),
        ("XNextEvent", [c_void_p, c_void_p], c_int),
        ("XMapWindow", [c_void_p, c_ulong], c_int),
        ("XGetAtomName", [c_void_p, c_ulong], c_char_p),
        ("XCloseDisplay", [c_void_p], c_int),
    ):
        getattr(xlib, name).argtypes, getattr(xlib, name).restype = kinds, result
    display = xlib.XOpenDisplay(screen.encode())
    assert display
    try:
        xlib.XSelectInput(display, xlib.XDefaultRootWindow(display), _REDIRECT | _SEEN | _CHANGES)
        yield WindowManager(xlib, display)
    finally:
        xlib.XCloseDisplay(display)
