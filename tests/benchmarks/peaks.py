"""How much memory a chunk of work takes above what its process held before. Linux only.

The kernel's own high-water mark costs nothing, so every run has it. What of it is anonymous and what is pages of mapped
files can only be sampled, which takes processor time: that is done in runs whose time does not count.
"""

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
    """Within ``with``, in bytes: ``resident`` is the kernel's mark, ``anonymous`` and ``mapped`` are sampled.

    ``mapped`` are pages of files, which the kernel may take back at any time; ``anonymous`` cannot be taken back. Both
    are None where nothing was sampled.
    """

    def __init__(self, *, sampled: bool) -> None:
        self.resident = 0
        self.anonymous: int | None = None
        self.mapped: int | None = None
        self._sampler = _Sampler() if sampled else None

    def __enter__(self) -> Self:
        gc.collect()
        if self._sampler is not None:
            self._sampler.start()
        _CLEAR.write_text(_RESET_PEAK)
        self._before = _resident_bytes("VmRSS")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.resident = _resident_bytes("VmHWM") - self._before
        if self._sampler is not None:
            self.anonymous, self.mapped = self._sampler.stop()


class _Sampler:
    """Looks every few milliseconds at how much is anonymous and how much is mapped."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory sampler", daemon=True)
        self._before = self._highest = (0, 0)

    def start(self) -> None:
        self._thread.start()
        self._before = self._highest = _anonymous_and_mapped()

    def stop(self) -> tuple[int, int]:
        """What the highest of each was above what there was at the start."""
        self._ended.set()
        self._thread.join()
        return self._highest[0] - self._before[0], self._highest[1] - self._before[1]

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            anonymous, mapped = _anonymous_and_mapped()
            self._highest = max(self._highest[0], anonymous), max(self._highest[1], mapped)


def _resident_bytes(key: str) -> int:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(key)


def _anonymous_and_mapped() -> tuple[int, int]:
    """What ``RssAnon`` and ``RssFile`` say, from the file that costs the kernel less to write."""
    _, resident, shared = _STATM.read_text().split()[:3]
    return (int(resident) - int(shared)) * _PAGE, int(shared) * _PAGE
