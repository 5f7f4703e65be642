"""A disk that fills up, and a file that grows too large for it: one sentence, and nothing left."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from folders import assert_says, contents, make_lora, make_model, make_tokenizer, request, the

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Engine
from mergedesk.pipelines.merge import merge
from mergedesk.planning import preflight


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, which holds the weights and little more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize("taken", [52_000, 14_000, 8_000])
def test_disk_that_fills_up(
    taken: int, engine: Engine, home: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filled before the weights are written, while they are, or by the files beside them."""
    (small_disk / "mine").write_bytes(b"x" * taken)
    before = contents(home)
    monkeypatch.setattr(preflight, "free_bytes", lambda _: None)
    output = small_disk / "new" / "out"
    report = merge(request(home / "base", home / "adapter", output, engine=engine), lambda _: None, CancelToken())
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.DISK_FILLED_UP), Severity.ERROR, "full", "Free some space")
    assert [path.name for path in small_disk.iterdir()] == ["mine"]
    assert contents(home) == before


def test_whole_model_merge_fills_the_disk(home: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lora(home / "adapter", init_lora_weights="olora")
    (small_disk / "mine").write_bytes(b"x" * 40_000)
    monkeypatch.setattr(preflight, "free_bytes", lambda _: None)
    output = small_disk / "out"
    report = merge(request(home / "base", home / "adapter", output), lambda _: None, CancelToken())
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.DISK_FILLED_UP), Severity.ERROR)
    assert [path.name for path in small_disk.iterdir()] == ["mine"]


def test_folder_that_is_replaced_stays_where_the_disk_fills_up(
    home: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lora(small_disk / "out")
    before = contents(small_disk)
    monkeypatch.setattr(preflight, "free_bytes", lambda _: None)
    asked = request(home / "base", home / "adapter", small_disk / "out", overwrite=True)
    report = merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.FAILED
    assert contents(small_disk) == before


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process grows beyond ``size``, as on a disk with such a limit."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "method"),
    [(Engine.STREAMING, {}), (Engine.PEFT, {}), (Engine.PEFT, {"init_lora_weights": "olora"})],
    ids=["streaming", "layers", "whole"],
)
def test_file_too_large_for_its_disk(engine: Engine, method: dict[str, Any], home: Path) -> None:
    make_lora(home / "adapter", **method)
    before = contents(home)
    asked = request(home / "base", home / "adapter", home / "new" / "out", engine=engine)
    with files_of_at_most(20_000):
        report = merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.FAILED
    finding = the(report.findings, Code.FILE_TOO_BIG)
    assert_says(finding, Severity.ERROR, "smaller files")
    assert contents(home) == before
    assert not (home / "new").exists()
