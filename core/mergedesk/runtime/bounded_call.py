"""A function of this program in a process of its own, whose time and memory are bounded.

For whatever is a small program that strangers wrote, or may be made to take all there is: a chat template, a regular
expression, a tokenizer, a model's class built from a config. The process is this program's, see ``subprocess_module``.
"""

from __future__ import annotations

import faulthandler
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Generic, TypeVar, get_type_hints

import psutil

from .asked_process import answer_of
from .codec import from_plain, to_text
from .garbage import importing_heavily
from .process_end import end_group
from .subprocess_module import start

T = TypeVar("T")
_ABSENT = "-"
_NO_MEMORY = 4
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a call may take: seconds, and bytes of memory of its own beside what it maps from files.

    ``idle_seconds``: for so long it may stand still, computing nothing at all.
    """

    seconds: float = 5.0
    nbytes: int = 500_000_000
    idle_seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class Elsewhere(Generic[T]):
    """A function, ``package.module:name``, of a module that this process is not to import, and the type it gives."""

    name: str
    gives: type[T]


class LimitMet(Exception):
    """The call took too long, took too much memory, or ended without an answer. ``reason`` says which, in English."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@contextmanager
def waiting(*modules: str, absent: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes] | None]:
    """A process that imports these modules while this one works, and waits for a call to be made there: only one.

    Libraries that are to be ``absent`` there seem not to be installed. None where no process can be started. It ends
    with the block, or with this process.
    """
    try:
        child = _start(*(_ABSENT + name for name in absent), *modules)
    except OSError:
        yield None
        return
    with child:
        try:
            yield child
        finally:
            end_group(child)


def _start(*modules: str) -> subprocess.Popen[bytes]:
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return start(__name__, *modules, **streams)


def bounded(
    function: Callable[..., T] | Elsewhere[T],
    *arguments: object,
    limits: Limits,
    check: Callable[[], None] = lambda: None,
    process: subprocess.Popen[bytes] | None = None,
) -> T:
    """``function(*arguments)``, called elsewhere. It is a module's own; it and what it gives state their types.

    ``check`` is called while it runs, and may raise; ``process`` is one that waits for it. Raises LimitMet, also where
    no process can be started.
    """
    try:
        child = process or _start()
    except OSError as trouble:
        raise LimitMet(trouble.strerror or "no process can be started") from trouble
    watch = _Watch(child, limits, time.monotonic() + limits.seconds)

    def meanwhile() -> None:
        check()
        watch.look()

    with child:
        try:
            said = answer_of(child, _question(function, arguments, limits), meanwhile)
        finally:
            end_group(child)
    if not said:
        raise LimitMet(_too_much(limits) if child.returncode == _NO_MEMORY else "it ended without an answer")
    kind: Any = function.gives if isinstance(function, Elsewhere) else get_type_hints(function)["return"]
    made: T = from_plain(json.loads(said), kind)
    return made


def _question(function: Callable[..., T] | Elsewhere[T], arguments: Sequence[object], limits: Limits) -> bytes:
    name = function.name if isinstance(function, Elsewhere) else f"{function.__module__}:{function.__name__}"
    asked = {"name": name, "arguments": arguments, "nbytes": limits.nbytes, "seconds": limits.seconds}
    return to_text(asked, whole_paths=True).encode()


@dataclass(slots=True)
class _Watch:
    """What is looked at while a call runs; times on the monotonic clock, ``computed`` in the process's own seconds."""

    child: subprocess.Popen[bytes]
    limits: Limits
    end: float
    computed: float = -1.0
    since: float = 0.0

    def look(self) -> None:
        """Raises LimitMet."""
        now = time.monotonic()
        if now > self.end:
            raise LimitMet(f"it takes longer than {self.limits.seconds:g} s")
        with suppress(psutil.Error):
            process = psutil.Process(self.child.pid)
            memory, times = process.memory_info(), process.cpu_times()
            if memory.rss - getattr(memory, "shared", 0) > self.limits.nbytes:
                raise LimitMet(_too_much(self.limits))
            if times.user + times.system > self.computed:
                self.computed, self.since = times.user + times.system, now
            elif now > self.since + self.limits.idle_seconds:
                raise LimitMet(f"it has not moved for {self.limits.idle_seconds:g} s")


def _too_much(limits: Limits) -> str:
    return f"it takes more than {limits.nbytes // 1_000_000} MB of memory"


def _limit_this_process(nbytes: int, seconds: float) -> None:
    """Bounds that hold where the one who asks is killed, each as far as the system has it: Windows has but the first.

    The clock is not Python's, which whatever holds its lock would stop. What was imported before does not count.
    """
    faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS, exit=True, file=sys.__stderr__ or sys.stderr)
    with suppress(ImportError):
        import resource

        processor_seconds = math.ceil(time.process_time() + seconds * (os.cpu_count() or 1)) + 1
        for name, most in (("RLIMIT_DATA", nbytes), ("RLIMIT_CORE", 0), ("RLIMIT_CPU", processor_seconds)):
            with suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))


def _serve(modules: Sequence[str]) -> int:
    """Answer the one question on standard input; the exit code says how that went."""
    _import(modules)
    question = json.load(sys.stdin.buffer)
    _limit_this_process(question["nbytes"], question["seconds"])
    module, _, name = question["name"].partition(":")
    function = getattr(import_module(module), name)
    hints = list(get_type_hints(function).values())
    arguments = (from_plain(plain, kind) for plain, kind in zip(question["arguments"], hints, strict=False))
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as stream:
        os.dup2(2, 1)  # whatever libraries print is no answer
        try:
            stream.write(to_text(function(*arguments)))
        except MemoryError:
            return _NO_MEMORY
    return 0


def _import(modules: Sequence[str]) -> None:
    with importing_heavily():
        for module in modules:
            if module.startswith(_ABSENT):
                sys.modules[module.removeprefix(_ABSENT)] = None  # type: ignore[assignment]
            else:
                import_module(module)


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1:]))
