"""Reading and writing at a position: every path, on every platform's implementation, and what goes wrong."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code, UserError
from mergedesk.storage import positional_io
from mergedesk.storage.positional_io import PositionalFile, _PosixFile, _SeekingFile, open_positional

Opener = Callable[[Path, bool], PositionalFile]


@pytest.fixture(params=[_PosixFile, _SeekingFile])
def opener(request: pytest.FixtureRequest) -> Opener:
    opened: Opener = request.param
    return opened


@pytest.fixture(autouse=True)
def _small_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positional_io, "COPY_BYTES", 7)


@contextmanager
def opened(opener: Opener, path: Path, writable: bool = False) -> Iterator[PositionalFile]:
    file = opener(path, writable)
    try:
        yield file
    finally:
        file.close()


def source_file(tmp_path: Path, size: int = 100) -> Path:
    path = tmp_path / "source"
    path.write_bytes(bytes(range(size)))
    return path


def test_reads_and_writes_at_their_places(opener: Opener, tmp_path: Path) -> None:
    with opened(opener, tmp_path / "target", True) as file:
        file.resize(10)
        file.write_from(memoryview(b"defg"), 4)
        file.write_from(memoryview(b"ab"), 0)
        buffer = bytearray(3)
        file.read_into(memoryview(buffer), 4)
    assert buffer == b"def"
    assert (tmp_path / "target").read_bytes() == b"ab\0\0defg\0\0"


def test_writing_never_takes_a_file_that_exists(opener: Opener, tmp_path: Path) -> None:
    path = source_file(tmp_path)
    with pytest.raises(OSError, match="exists"):
        opener(path, True)
    with pytest.raises(UserError) as caught:
        open_positional(path, writable=True)
    assert caught.value.code == Code.WRITE_FAILED
    assert path.read_bytes() == bytes(range(100))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        open_positional(tmp_path / "absent")
    assert caught.value.code == Code.READ_FAILED


def test_reading_past_the_end_says_the_input_changed(opener: Opener, tmp_path: Path) -> None:
    with opened(opener, source_file(tmp_path)) as file, pytest.raises(UserError) as caught:
        file.read_into(memoryview(bytearray(8)), 95)
    assert caught.value.code == Code.INPUT_CHANGED


@pytest.mark.parametrize("count", [0, 1, 7, 50])
def test_copies(opener: Opener, count: int, tmp_path: Path) -> None:
    with opened(opener, source_file(tmp_path)) as source, opened(opener, tmp_path / "target", True) as target:
        target.resize(80)
        target.copy_from(source, 20, 5, count)
    expected = bytes(5) + bytes(range(20, 20 + count)) + bytes(75 - count)
    assert (tmp_path / "target").read_bytes() == expected


def test_copying_past_the_end_says_the_input_changed(opener: Opener, tmp_path: Path) -> None:
    with (
        opened(opener, source_file(tmp_path)) as source,
        opened(opener, tmp_path / "target", True) as target,
        pytest.raises(UserError) as caught,
    ):
        target.copy_from(source, 90, 0, 11)
    assert caught.value.code == Code.INPUT_CHANGED


@pytest.mark.parametrize("number", [errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP])
@pytest.mark.parametrize("after", [0, 1])
def test_copy_goes_on_where_the_kernel_gives_up(
    number: int, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def gives_up(source: int, target: int, count: int, begin: int, end: int) -> int:
        calls.append(count)
        if len(calls) > after:
            raise OSError(number, os.strerror(number))
        return os.pwrite(target, os.pread(source, 9, begin), end)

    monkeypatch.setattr(os, "copy_file_range", gives_up)
    with opened(_PosixFile, source_file(tmp_path)) as source, opened(_PosixFile, tmp_path / "target", True) as target:
        target.copy_from(source, 3, 0, 60)
    assert (tmp_path / "target").read_bytes() == bytes(range(3, 63))
    assert len(calls) == after + 1


def test_copy_without_a_kernel_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "copy_file_range")
    with opened(_PosixFile, source_file(tmp_path)) as source, opened(_PosixFile, tmp_path / "target", True) as target:
        target.copy_from(source, 3, 0, 60)
    assert (tmp_path / "target").read_bytes() == bytes(range(3, 63))


def test_kernel_copy_in_pieces_needs_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_pieces(source: int, target: int, count: int, begin: int, end: int) -> int:
        return os.pwrite(target, os.pread(source, min(count, 7), begin), end)

    monkeypatch.setattr(os, "copy_file_range", in_pieces)
    monkeypatch.setattr(positional_io, "copy_through_memory", None)
    with opened(_PosixFile, source_file(tmp_path)) as source, opened(_PosixFile, tmp_path / "target", True) as target:
        target.copy_from(source, 3, 0, 60)
    assert (tmp_path / "target").read_bytes() == bytes(range(3, 63))


def test_short_reads_and_writes_are_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.preadv, os.pwrite
    monkeypatch.setattr(os, "preadv", lambda fd, views, at: read(fd, [view[:3] for view in views], at))
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: write(fd, data[:5], at))
    buffer = bytearray(40)
    with opened(_PosixFile, source_file(tmp_path)) as source, opened(_PosixFile, tmp_path / "target", True) as target:
        source.read_into(memoryview(buffer), 11)
        target.write_from(memoryview(buffer), 2)
    assert (tmp_path / "target").read_bytes() == bytes(2) + bytes(range(11, 51))


def test_threads_do_not_move_each_other_s_place(opener: Opener, tmp_path: Path) -> None:
    pieces, size = 400, 64
    content = os.urandom(pieces * size)
    (tmp_path / "source").write_bytes(content)
    with (
        opened(opener, tmp_path / "source") as source,
        opened(opener, tmp_path / "target", True) as target,
        ThreadPoolExecutor(8) as pool,
    ):
        target.resize(len(content))

        def move(piece: int) -> None:
            buffer = bytearray(size)
            source.read_into(memoryview(buffer), piece * size)
            target.write_from(memoryview(buffer), piece * size)

        list(pool.map(move, reversed(range(pieces))))
    assert (tmp_path / "target").read_bytes() == content


def test_closing_closes_every_thread_s_handle(tmp_path: Path) -> None:
    file = _SeekingFile(source_file(tmp_path), False)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda at: file.read_into(memoryview(bytearray(1)), at), range(30)))
    handles = list(file._handles)
    file.close()
    assert handles
    assert all(handle.closed for handle in handles)


@pytest.mark.parametrize("step", ["resize", "write_from", "copy_from"])
def test_a_file_size_limit_is_told_apart_from_a_full_disk(opener: Opener, step: str, tmp_path: Path) -> None:
    with opened(opener, source_file(tmp_path)) as source, opened(opener, tmp_path / "target", True) as target:
        steps: dict[str, Callable[[], None]] = {
            "resize": lambda: target.resize(60),
            "write_from": lambda: target.write_from(memoryview(bytes(60)), 0),
            "copy_from": lambda: target.copy_from(source, 0, 0, 60),
        }
        with file_size_limit(50), pytest.raises(UserError) as caught:
            steps[step]()
    assert caught.value.code == Code.FILE_TOO_BIG


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_says_so(tmp_path: Path) -> None:
    with opened(_PosixFile, tmp_path / "target", True) as file:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, file._handle.descriptor)  # type: ignore[attr-defined]
        os.close(full)
        with pytest.raises(UserError) as caught:
            file.write_from(memoryview(b"x"), 0)
    assert (caught.value.code, caught.value.data["file"]) == (Code.DISK_FILLED_UP, "target")


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_other_trouble_keeps_its_reason(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "pwrite", fails)
    monkeypatch.setattr(os, "preadv", fails)
    monkeypatch.setattr(os, "copy_file_range", fails)
    with opened(_PosixFile, source_file(tmp_path)) as source, opened(_PosixFile, tmp_path / "target", True) as target:
        steps: dict[Code, Callable[[], None]] = {
            Code.READ_FAILED: lambda: source.read_into(memoryview(bytearray(4)), 0),
            Code.WRITE_FAILED: lambda: target.write_from(memoryview(b"x"), 0),
        }
        for code, step in steps.items():
            with pytest.raises(UserError) as caught:
                step()
            assert (caught.value.code, caught.value.data["reason"]) == (code, os.strerror(number))
        with pytest.raises(UserError):
            target.copy_from(source, 0, 0, 9)
