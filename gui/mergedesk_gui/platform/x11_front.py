"""Coming to the front on X11: a window manager asks when the person did what leads to it, and Qt tells it the past.

Qt says when this window was last used. A later start has the time at which it was launched in ``DESKTOP_STARTUP_ID``;
the launcher shows a busy pointer till it is told that the start is over.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import byref, c_char_p, c_int, c_long, c_ulong, c_void_p

_TIME = re.compile(r"_TIME(\d+)$")
_CLIENT_MESSAGE, _FROM_AN_APPLICATION = 33, 1
_TO_WINDOW_MANAGERS = 1 << 19 | 1 << 20  # substructure notify and redirect
_TO_ALL = 1 << 22  # property changes
_PIECE = 20  # bytes of a message
_STRING = 31  # Xlib's number for the type

# How each of Xlib's events begins that is about a window.
_OF_EVERY_EVENT = (
    ("type", c_int),
    ("serial", c_ulong),
    ("send_event", c_int),
    ("display", c_void_p),
    ("window", c_ulong),
)


class _ClientMessage(ctypes.Structure):
    """Xlib's ``XClientMessageEvent``, as large as the largest event."""

    _fields_ = (
        *_OF_EVERY_EVENT,
        ("message_type", c_ulong),
        ("format", c_int),
        ("data", c_long * 5),
        ("rest", c_long * 24),
    )


class _PropertyChange(ctypes.Structure):
    """Xlib's ``XPropertyEvent``, as large as the largest event."""

    _fields_ = (
        *_OF_EVERY_EVENT,
        ("atom", c_ulong),
        ("time", c_ulong),
        ("state", c_int),
        ("rest", c_long * 24),
    )


def time_of(token: str) -> int | None:
    """When the person asked for the start with this id, in the X server's milliseconds; None if it does not say."""
    found = _TIME.search(token)
    return int(found[1]) & 0xFFFFFFFF if found else None


def come_to_front(window: int, token: str) -> None:
    """Ask for a window to be activated for the start with that id, and say that the start is over.

    A start without an id, as from a terminal, was asked for just now. Where there is no X server, nothing happens.
    """
    with suppress(OSError), _display() as (xlib, display):
        root = xlib.XDefaultRootWindow(display)
        own = xlib.XCreateSimpleWindow(display, root, -1, -1, 1, 1, 0, 0, 0)
        moment = time_of(token)
        kind = xlib.XInternAtom(display, b"_NET_ACTIVE_WINDOW", 0)
        message = _ClientMessage(_CLIENT_MESSAGE, 0, 1, None, window, kind, 32)
        message.data[:2] = _FROM_AN_APPLICATION, _now(xlib, display, own) if moment is None else moment
        xlib.XSendEvent(display, root, 0, _TO_WINDOW_MANAGERS, byref(message))
        if token:
            _say_it_is_over(xlib, display, (root, own), token)
        xlib.XSync(display, 0)


def _now(xlib: ctypes.CDLL, display: int, own: int) -> int:
    """The server's time, which it tells with every change of a property."""
    xlib.XSelectInput(display, own, _TO_ALL)
    name = xlib.XInternAtom(display, b"WM_NAME", 0)
    xlib.XChangeProperty(display, own, name, _STRING, 8, 0, b"", 0)
    told = _PropertyChange()
    xlib.XNextEvent(display, byref(told))
    return int(told.time)


def _say_it_is_over(xlib: ctypes.CDLL, display: int, windows: tuple[int, int], token: str) -> None:
    """As the startup notification protocol has it: a text with its end, in messages of twenty bytes."""
    root, sender = windows
    quoted = token.replace("\\", "\\\\").replace('"', '\\"')
    text = f'remove: ID="{quoted}"'.encode() + b"\0"
    kind = xlib.XInternAtom(display, b"_NET_STARTUP_INFO_BEGIN", 0)
    for start in range(0, len(text), _PIECE):
        message = _ClientMessage(_CLIENT_MESSAGE, 0, 1, None, sender, kind, 8)
        piece = text[start : start + _PIECE]
        ctypes.memmove(message.data, piece, len(piece))
        xlib.XSendEvent(display, root, 0, _TO_ALL, byref(message))
        kind = xlib.XInternAtom(display, b"_NET_STARTUP_INFO", 0)


@contextmanager
def _display() -> Iterator[tuple[ctypes.CDLL, int]]:
    """Xlib with a connection of its own. Raises OSError where there is none."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.argtypes, xlib.XOpenDisplay.restype = [c_char_p], c_void_p
    for name, kinds, result in (
        ("XDefaultRootWindow", [c_void_p], c_ulong),
        ("XInternAtom", [c_void_p, c_char_p, c_int], c_ulong),
        ("XSendEvent", [c_void_p, c_ulong, c_int, c_long, c_void_p], c_int),
        ("XCreateSimpleWindow", [c_void_p, c_ulong, *[c_int] * 5, c_ulong, c_ulong], c_ulong),
        ("XSelectInput", [c_void_p, c_ulong, c_long], c_int),
        ("XChangeProperty", [c_void_p, c_ulong, c_ulong, c_ulong, c_int, c_int, c_char_p, c_int], c_int),
        ("XNextEvent", [c_void_p, c_void_p], c_int),
        ("XSync", [c_void_p, c_int], c_int),
        ("XCloseDisplay", [c_void_p], c_int),
    ):
        getattr(xlib, name).argtypes, getattr(xlib, name).restype = kinds, result
    display = xlib.XOpenDisplay(None)
    if not display:
        raise OSError("there is no X server")
    try:
        yield xlib, display
    finally:
        xlib.XCloseDisplay(display)
