"""The load of the reload check, in a process that imports transformers while tensors stream in this one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.config_counts import load_limits
from ...runtime.bounded_call import LimitMet, Limits, bounded, waiting
from .model_load import Loaded, NotLoaded, load_here, load_model

_LIBRARY = "transformers.modeling_utils"
_MODULES = (_LIBRARY, load_here.__module__)
# What transformers imports wherever it is installed, for its losses: slow to import, and not asked for here.
_UNNEEDED = ("scipy", "sklearn")
# However long a load takes; one that stands still for a minute, whatever holds it up, is done here instead.
_UNLIMITED = Limits(seconds=24 * 3600.0, nbytes=1 << 60, idle_seconds=60.0)


@dataclass(slots=True)
class LoadBeside:
    """Loads once in ``process``, and here whatever else is to be loaded, or where that came to nothing.

    ``ready``: when the process had all imported that it needs, on this process's clock; None before that is known.
    """

    process: subprocess.Popen[bytes] | None
    ready: float | None = None

    def load(self, checkpoint: Checkpoint, check: Callable[[], None]) -> Loaded | NotLoaded:
        """What the load gave."""
        process, self.process = self.process, None
        if process is None:
            return load_model(checkpoint, check)
        limits = load_limits(checkpoint)
        try:
            outcome = bounded(
                load_here, checkpoint.folder, False, limits=limits or _UNLIMITED, check=check, process=process
            )
        except LimitMet as met:
            return load_model(checkpoint, check) if limits is None else NotLoaded(trouble=met.reason)
        self.ready = time.perf_counter() - outcome.seconds
        return outcome.told

    def imported_after(self, moment: float) -> float:
        """Seconds after ``moment`` that went by before everything was imported."""
        return 0.0 if self.ready is None else max(0.0, self.ready - moment)


@contextmanager
def loading_beside() -> Iterator[LoadBeside]:
    """A process that gets ready to load; in vain where this process has imported transformers already."""
    if _LIBRARY in sys.modules:
        yield LoadBeside(None)
        return
    with waiting(*_MODULES, absent=_UNNEEDED) as process:
        yield LoadBeside(process)
