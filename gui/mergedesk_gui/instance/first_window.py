"""Who is the first window: it holds a lock, and listens at a socket for what later starts hand over.

The kernel lets go of the lock however a process ends, so a socket that was left behind misleads nobody. The socket's
folder is the person's alone; where it has to be a port on this computer, only who can read the folder knows the word
that each message begins with.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from platformdirs import user_state_path

from mergedesk.output.folder_lock import FolderInUse, held

from .handed import MOST_BYTES

Take = Callable[[bytes], bool]
"""Is given a message, in a thread; whether it was taken."""
_ADDRESS, _SOCKET = "address.json", "socket"
_MOST_LETTERS = 90  # a socket's path has hardly more
_SECONDS, _PATIENCE, _PAUSE = 4.0, 6.0, 0.05
_BACKLOG = 64
_TAKEN = b"taken"
_SCREENS = ("WAYLAND_DISPLAY", "DISPLAY", "SESSIONNAME", "QT_QPA_PLATFORM")


def instance_folder() -> Path:
    """Where the first window of this person on this screen has its lock; it need not exist."""
    screen = "\n".join(os.environ.get(name, "") for name in _SCREENS)
    name = sha256(screen.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return user_state_path("mergedesk", appauthor=False) / "windows" / name


def first_or_handed(folder: Path, message: bytes) -> ExitStack | None:
    """The lock of the first window; None where another one is that and has taken the message.

    A window that ends meanwhile is waited for. Raises OSError and FolderInUse where neither comes to pass.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + _PATIENCE
    while True:
        lock = ExitStack()
        try:
            lock.enter_context(held(folder))
        except FolderInUse:
            if hand_over(folder, message):
                return None
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return lock


def hand_over(folder: Path, message: bytes) -> bool:
    """Give a message to the window that listens; whether it took it."""
    try:
        address = json.loads((folder / _ADDRESS).read_text(encoding="utf-8"))
        with _connected(address) as connection:
            connection.sendall(f"{address['word']}\n".encode() + message)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(len(_TAKEN)) == _TAKEN
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _connected(address: dict[str, str]) -> socket.socket:
    """Raises OSError, and LookupError where there is no such address."""
    if "path" in address:
        connection = socket.socket(socket.AF_UNIX)
        place: str | tuple[str, int] = address["path"]
    else:
        connection = socket.socket(socket.AF_INET)
        place = ("127.0.0.1", int(address["port"]))
    connection.settimeout(_SECONDS)
    try:
        connection.connect(place)
    except OSError:
        connection.close()
        raise
    return connection


@dataclass(frozen=True, slots=True)
class Listener:
    """A thread that takes messages till it is closed."""

    folder: Path
    server: socket.socket
    word: str
    take: Take

    def close(self) -> None:
        """Take no more."""
        for name in (_ADDRESS, _SOCKET):
            with suppress(OSError):
                (self.folder / name).unlink()
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    def run(self) -> None:
        """Take one message after the other; one that makes no sense, or never ends, keeps no other from its turn."""
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        word, _, message = _received(connection).partition(b"\n")
        if hmac.compare_digest(word, self.word.encode()) and message and self.take(message):
            connection.sendall(_TAKEN)


def _received(connection: socket.socket) -> bytes:
    """All that is sent; raises OSError where that is too much or takes too long."""
    until, size = time.monotonic() + _SECONDS, 0
    pieces: list[bytes] = []
    while True:
        connection.settimeout(max(0.01, until - time.monotonic()))
        piece = connection.recv(MOST_BYTES)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES or time.monotonic() > until:
            raise TimeoutError("too much, or too slow")


def listen(folder: Path, take: Take) -> Listener:
    """Listen from now on, for whoever holds the folder's lock. Raises OSError."""
    path, word = folder / _SOCKET, secrets.token_hex(16)
    with suppress(OSError):
        path.unlink()
    if sys.platform != "win32" and len(os.fsencode(path)) <= _MOST_LETTERS:
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        path.chmod(0o600)
        address = {"path": str(path), "word": word}
    else:
        server = socket.socket(socket.AF_INET)
        server.bind(("127.0.0.1", 0))
        address = {"port": str(server.getsockname()[1]), "word": word}
    server.listen(_BACKLOG)
    _write(folder / _ADDRESS, json.dumps(address))
    listener = Listener(folder, server, word, take)
    threading.Thread(target=listener.run, name="later starts", daemon=True).start()
    return listener


def _write(file: Path, text: str) -> None:
    """For the person's eyes alone, and whole as soon as it is there. Raises OSError."""
    fresh = file.with_name(f"{file.name}.new")
    with suppress(OSError):
        fresh.unlink()
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(file)
