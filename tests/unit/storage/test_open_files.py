"""Files that stay open: opened once, from any thread, and closed at the end."""

from __future__ import annotations

import os
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
        first = files.show(record(file), 0, 4, "ours")
        assert files.show(record(file), 1, 3, "ours") is first
        assert first[:2] == bytes([3, 4])
        assert files.show(record(file), 0, 4, "theirs") is not first
        assert other.submit(files.show, record(file), 0, 4, "ours").result() is not first
        assert files.show(record(file), 0, 8, "ours") == bytes(range(2, 10))


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is mapped elsewhere")
def test_a_long_stretch_is_shown_as_the_file_holds_it_and_is_the_caller_s_to_change(tmp_path: Path) -> None:
    content = os.urandom((1 << 20) + 16)
    (tmp_path / "long").write_bytes(content)
    stored = record(tmp_path / "long", 5, len(content) - 5)
    with open_files(maps=True) as files:
        shown = files.show(stored, 1, 1 << 20, "ours")
        assert isinstance(shown, memoryview)
        assert shown[: (1 << 20) - 1] == content[6 : 5 + (1 << 20)]
        with (tmp_path / "long").open("r+b") as stream:
            stream.seek(9)
            stream.write(b"anew")
        assert shown[3:7] == b"anew"  # what the file holds now, not what it held
        shown[0] ^= 255
        assert isinstance(files.show(stored, 0, 10, "ours"), bytearray)
    assert (tmp_path / "long").read_bytes() == content[:9] + b"anew" + content[13:]


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is mapped elsewhere")
def test_a_file_that_ends_too_soon_is_told_where_it_would_be_mapped(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(bytes(1 << 19))
    with open_files(maps=True) as files, pytest.raises(UserError) as caught:
        files.show(record(tmp_path / "short"), 0, 1 << 20, "ours")
    assert caught.value.code is Code.INPUT_CHANGED


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with open_files() as files, pytest.raises(UserError) as caught:
        files.read(record(tmp_path / "absent"), 0, 1)
    assert caught.value.code is Code.READ_FAILED
