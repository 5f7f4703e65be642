"""Two runs in two containers of one host name, with one process number: neither takes the other's folder away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rounds import FULL, Forge, Tally, rounds, while_there_is_time

from mergedesk.runtime.codec import to_text

pytestmark = pytest.mark.slow

MERGE = """
import sys, time
from pathlib import Path
from mergedesk.domain.progress import CancelToken, Stage
from mergedesk.domain.requests import MergeRequest
from mergedesk.pipelines import merge as job
from mergedesk.runtime.codec import from_text

def report(progress):
    if progress.stage is Stage.VERIFY and sys.argv[2] and not progress.done_bytes:
        Path(sys.argv[2]).touch()
        for _ in range(600):
            if Path(sys.argv[2] + "-go").exists():
                break
            time.sleep(0.1)

done = job.merge(from_text(sys.argv[1], MergeRequest), report, CancelToken())
print(done.status, *(finding.code for finding in done.findings))
"""


def start(forge: Forge, wait: Path | None, overwrite: bool) -> subprocess.Popen[str]:
    inside = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-c", MERGE]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [*inside, to_text(forge.request(overwrite=overwrite)), str(wait or "")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.parametrize("overwrite", [False, True] if FULL else [True])
def test_second_run_leaves_the_first_one_alone(overwrite: bool, forge: Forge, tally: Tally, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "--pid", "--fork", "true"], check=False).returncode:
        pytest.skip("namespaces are not to be had here")
    for number in while_there_is_time(range(rounds(10, 1)), 0.015):
        wait = tmp_path / f"waiting-{number}"
        with start(forge, wait, overwrite) as first:
            while not wait.exists():
                assert first.poll() is None
            [staged] = forge.place.glob(".mergedesk-*")
            with start(forge, None, overwrite) as second:
                said = str(second.communicate(timeout=200)[0])
            kept = staged.is_dir()
            wait.with_name(f"{wait.name}-go").touch()
            other = str(first.communicate(timeout=200)[0])
        fine = kept and said.startswith("merged") and forge.is_whole() and not forge.untold()
        fine = fine and (other.startswith("merged") if overwrite else "output_not_empty" in other)
        tally.count("two process namespaces, one output", not fine)
        assert fine, (kept, said, other)
        forge.clear()
