"""Files that stay open: opened once, from any thread, and closed at the end."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.open_files import open_files
from mergedesk.storage.safetensors_header import TensorRecord


def record(file: Path, offset: int = 2, nbytes: int = 8) -> TensorRecord:
    return TensorRecord("one", "U8", (nbytes,), file, offset, nbytes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "bytes").write_bytes(bytes(range(64)))
    return tmp_path / "bytes"


def test_each_file_is_opened_once_from_any_thread(file: Path) -> None:
    with open_files() as files, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: id(files[file]), range(64)))) == 1


def test_files_are_closed(file: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at /proc")
    with open_files() as files:
        files.read(record(file), 0, 1)
        assert file in [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert file not in [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]


def test_bytes_are_counted_from_the_tensor_s_first(file: Path) -> None:
    with open_files() as files:
        assert files.read(record(file), 3, 6) == bytes([5, 6, 7])


def test_a_side_is_read_into_the_same_memory_by_one_thread_only(file: Path) -> None:
    with open_files() as files, ThreadPoolExecutor(1) as other:
        first = files.read(record(file), 0, 4, "ours")
        assert files.read(record(file), 1, 3, "ours") is first
        assert first[:2] == bytes([3, 4])
        assert files.read(record(file), 0, 4, "theirs") is not first
        assert other.submit(files.read, record(file), 0, 4, "ours").result() is not first
        assert files.read(record(file), 0, 8, "ours") == bytes(range(2, 10))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with open_files() as files, pytest.raises(UserError) as caught:
        files.read(record(tmp_path / "absent"), 0, 1)
    assert caught.value.code is Code.READ_FAILED
