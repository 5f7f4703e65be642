"""Bounded calls that are forks of a process with the modules imported: the same code, the same limits, no start-up.

As a module it is that process. ``bounded_call`` is given ``Forks.start`` in place of its own ``start``.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

_IMPORTED = ("mergedesk.deployment.chat_template", "mergedesk.planning.pattern_cost")


class ForkedCall:
    """As much of a ``Popen`` as bounded calls need."""

    def __init__(self, server: socket.socket) -> None:
        asked, asking = os.pipe()
        self._answered, answering = os.pipe()
        socket.send_fds(server, [b"call"], [asked, answering])
        os.close(asked)
        os.close(answering)
        self._server, self._said = server, b""
        self.pid, self.returncode = int(server.recv(64)), None
        self.stdin: IO[bytes] | None = os.fdopen(asking, "wb")

    def communicate(self, timeout: float) -> tuple[bytes, bytes]:
        """What the call wrote until its end. Raises TimeoutExpired."""
        end = time.monotonic() + timeout
        while select.select([self._answered], [], [], max(0.0, end - time.monotonic()))[0]:
            piece = os.read(self._answered, 1 << 20)
            self._said += piece
            if not piece:
                self._reap()
                return self._said, b""
        raise subprocess.TimeoutExpired("a forked call", timeout)

    def poll(self) -> int | None:
        """How it ended; None while it goes on."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float) -> int | None:
        """The same at its end. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._server], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked call", timeout)
            self._reap()
        return self.returncode

    def kill(self) -> None:
        """End it, if it goes on."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        self.returncode = int(self._server.recv(64))  # type: ignore[assignment]

    def __enter__(self) -> ForkedCall:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._answered)


@contextmanager
def forked_calls() -> Iterator[Any]:
    """What starts such calls, in place of ``subprocess_module.start``."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    path = os.pathsep.join(entry for entry in sys.path if entry)
    command = [sys.executable, __file__, str(theirs.fileno())]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONPATH": path}) as server:
        theirs.close()
        yield lambda *_modules, **_streams: ForkedCall(ours)
        ours.close()
        server.wait(60)


def main(server: socket.socket) -> None:
    from importlib import import_module

    from mergedesk.runtime import bounded_call

    for name in _IMPORTED:
        import_module(name)
    while True:
        message, files, _, _ = socket.recv_fds(server, 64, 2)
        if not message:
            return
        child = os.fork()
        if child == 0:
            os._exit(_call(bounded_call, server, files))
        for file in files:
            os.close(file)
        server.send(str(child).encode())
        server.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _call(module: Any, server: socket.socket, files: list[int]) -> int:
    server.close()
    nothing = os.open(os.devnull, os.O_RDWR)
    for file, number in ((files[0], 0), (files[1], 1), (nothing, 2)):
        os.dup2(file, number)
    for file in (*files, nothing):
        os.close(file)
    with suppress(BaseException):
        return int(module._serve(()))
    return 1


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
