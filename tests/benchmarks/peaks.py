"""How much memory a chunk of work takes above what its process held before. Linux only."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_STATUS, _STATM, _CLEAR = (Path("/proc/self") / name for name in ("status", "statm", "clear_refs"))
_RESET_PEAK = "5"
_SAMPLE_SECONDS = 0.005
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Peaks:
    """Within ``with``: ``resident`` is the kernel's own high-water mark, ``anonymous`` is sampled. Both in bytes."""

    def __init__(self) -> None:
        self.resident = self.anonymous = 0
        self._stop = threading.Event()
        self._sampler = threading.Thread(target=self._sample, name="memory sampler", daemon=True)
        self._highest = 0

    def __enter__(self) -> Self:
        gc.collect()
        self._sampler.start()
        _CLEAR.write_text(_RESET_PEAK)
        self._resident_before = _status_bytes("VmRSS")
        self._highest = self._anonymous_before = _anonymous_bytes()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.resident = _status_bytes("VmHWM") - self._resident_before
        self._stop.set()
        self._sampler.join()
        self.anonymous = self._highest - self._anonymous_before

    def _sample(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            self._highest = max(self._highest, _anonymous_bytes())


def _status_bytes(key: str) -> int:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(key)


def _anonymous_bytes() -> int:
    """What ``RssAnon`` says, from the file that costs the kernel less to write."""
    _, resident, shared = _STATM.read_text().split()[:3]
    return (int(resident) - int(shared)) * _PAGE
