"""A worker whose merges go wrong once all is written and before it is checked, or early, before anything is written.

How, the environment says.

To be run as ``python -m misbehaving_worker`` with this folder on PYTHONPATH.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from mergedesk.domain.progress import CancelToken
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.worker import loop

HOW, PLACE = "MERGEDESK_TEST_MISBEHAVIOUR", "MERGEDESK_TEST_PLACE"


def misbehave(cancel: CancelToken) -> None:
    """Do what the environment says; it is told in a file that this began."""
    how = os.environ.get(HOW, "").removeprefix("early ")
    if how:
        Path(os.environ[PLACE]).write_text(str(os.getpid()), encoding="utf-8")
    if how == "wait":
        while True:
            cancel.check()
            time.sleep(0.01)
    elif how == "hang":
        time.sleep(600)
    elif how.startswith("SIG"):
        os.kill(os.getpid(), getattr(signal, how))
        time.sleep(600)
    elif how == "exit":
        os._exit(7)
    elif how == "print":
        print("a library's line", flush=True)
        os.write(1, b"{'a native': 'line'}\n")


def main() -> None:
    """Be a worker, with that in the way of every merge."""
    if os.environ.get(HOW):
        from mergedesk.pipelines import verify_staged as verifying
        from mergedesk.pipelines import write_output as writing

        verify, write = verifying.verify_staged, writing.write_output

        def write_after(job: MergeJob) -> Any:
            if os.environ[HOW].startswith("early "):
                misbehave(job.cancel)
            return write(job)

        writing.write_output = write_after

        def verify_after(job: MergeJob, written: Any) -> Any:
            misbehave(job.cancel)
            return verify(job, written)

        verifying.verify_staged = verify_after
    loop.main()


if __name__ == "__main__":
    main()
