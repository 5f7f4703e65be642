"""The check before a merge: what its folders' headers tell, and whether it may start."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from threading import Timer

from ..domain.findings import Finding
from ..domain.requests import CheckRequest
from ..planning.preflight import Preflight, prepare
from ..runtime import subprocess_module
from ..runtime.codec import from_text, to_text

# The second is counted once the libraries are there; what takes longer is told by the merge.
_IMPORT_SECONDS, _ANSWER_SECONDS = 120.0, 8.0


def check(request: CheckRequest) -> Preflight:
    """The preflight alone; torch stays unimported. Never raises for bad folders: trouble becomes findings."""
    return prepare(request).preflight


def check_with_libraries(request: CheckRequest) -> Preflight:
    """The same, and what transformers and PEFT say of a merge that seems ready, asked in another process."""
    preflight = check(request)
    return preflight if preflight.refused else preflight.saying(_asked(request))


def _asked(request: CheckRequest) -> list[Finding]:
    """Nothing, where the process could not be started, or did not end in time."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with suppress(OSError, ValueError), subprocess_module.start("mergedesk.pipelines.dry_run", **pipes) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(to_text(request, whole_paths=True).encode())
        child.stdin.close()
        for seconds in (_IMPORT_SECONDS, _ANSWER_SECONDS):
            timer = Timer(seconds, child.kill)
            timer.start()
            line = child.stdout.readline()
            timer.cancel()
        return from_text(line, list[Finding])
    return []
