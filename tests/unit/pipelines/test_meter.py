"""What a job took: imports count for neither its time nor its memory, and earlier jobs do not count."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from mergedesk.domain.messages import peak_memory
from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.pipelines.meter import Meter

MB = 1_000_000


def measured(meter: Meter) -> Verdict:
    return meter.measured(Verdict(VerifyStatus.PROVED, Path("merged")))


def touched(size: int) -> bytearray:
    return bytearray(b"\1") * size


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a peak is the whole process's")
def test_memory_is_the_job_s_own_and_whole() -> None:
    earlier = touched(300 * MB)
    del earlier
    meter = Meter()
    with meter.importing():
        library = touched(150 * MB)
        time.sleep(1)
    work = touched(60 * MB)
    del work
    verdict = measured(meter)
    assert 55 * MB < verdict.peak_rss_beyond_imports_bytes < 90 * MB
    assert verdict.peak_rss_bytes > 210 * MB
    assert verdict.seconds < 1
    assert library


def test_both_are_named() -> None:
    assert peak_memory(52 * MB, 389 * MB) == "52.0 MB for the job, 389 MB with the libraries"
    assert peak_memory(52 * MB, 389 * MB, "de") == "52,0 MB für die Arbeit, 389 MB mit den Bibliotheken"
    assert peak_memory(0, 389 * MB) == "389 MB", "reports of earlier versions know no more"
    assert peak_memory(0, 0) == ""


def test_stages_are_timed_one_after_the_other_without_imports() -> None:
    heard = list[Progress]()
    meter = Meter()
    report = meter.hearing(heard.append)
    report(Progress(Stage.PREFLIGHT))
    with meter.importing():
        time.sleep(0.2)
    report(Progress(Stage.MERGE))
    time.sleep(0.05)
    report(Progress(Stage.MERGE, 5, 10))
    report(Progress(Stage.VERIFY))
    seconds = meter.stage_seconds
    assert [progress.stage for progress in heard] == [Stage.PREFLIGHT, Stage.MERGE, Stage.MERGE, Stage.VERIFY]
    assert list(seconds) == ["preflight", "merge", "verify"]
    assert seconds["preflight"] < 0.15
    assert seconds["merge"] >= 0.05
    assert sum(seconds.values()) <= measured(meter).seconds
