"""A process that has every library imported and forks one child for each merge that is to be harmed.

Spoken to in lines of JSON: a merge request, and what shall befall it, or that at a stage another file is written into
one of the inputs. It answers with how the child ended, how many
calls were counted, and what the merge reported. Run with ``faults.c`` preloaded.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from mergedesk.domain.merge_report import report_json
from mergedesk.domain.progress import CancelToken, Progress
from mergedesk.domain.requests import MergeRequest
from mergedesk.pipelines import merge as job
from mergedesk.runtime.codec import from_plain

MODES = ("off", "count", "kill", "kill after", "once", "sticky", "short")
_PATIENCE = 120


def main() -> None:
    import torch
    import transformers.models.llama.modeling_llama  # noqa: F401

    torch.set_num_threads(1)
    job.warm_up()
    faults = ctypes.CDLL(os.environ["LD_PRELOAD"])
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_round(faults, json.loads(line))), flush=True)


def _round(faults: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(_child(faults, wanted, writing))
    os.close(writing)
    if wanted.get("seconds") is not None:
        time.sleep(wanted["seconds"])
        _end(child)
    watch = threading.Timer(_PATIENCE, _end, [child])
    watch.start()
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    watch.cancel()
    return {"ended": ended, **(json.loads(said) if said else {})}


def _end(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def _child(faults: Any, wanted: dict[str, Any], writing: int) -> int:
    """Merge, harmed from the moment on that the merge begins; 0 if there was a report."""
    if wanted.get("small_chunks"):
        from killed_merge import small_chunks

        small_chunks()
    request = from_plain(wanted["request"], MergeRequest)

    saved: list[str] = []

    def report(progress: Progress) -> None:
        if wanted.get("stage") == progress.stage and not saved:
            saved.append(wanted["file"])
            Path(wanted["file"]).write_bytes(Path(wanted["source"]).read_bytes())

    mode = MODES.index(wanted.get("mode", "off"))
    faults.arm(wanted.get("place", "").encode(), mode, ctypes.c_long(wanted.get("at", 0)), wanted.get("error", 5))
    try:
        done: dict[str, Any] = report_json(job.merge(request, report, CancelToken()))
    except BaseException as trouble:
        done = {"raised": repr(trouble)}
    faults.counted.restype = ctypes.c_long
    calls = faults.counted()
    faults.arm(b"", 0, ctypes.c_long(0), 0)
    os.write(writing, json.dumps({"calls": calls, "report": done}).encode())
    return 0


if __name__ == "__main__":
    main()
