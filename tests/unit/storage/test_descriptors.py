"""More files than a process may have open at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.descriptors import DescriptorPool, most_open
from mergedesk.storage.positional_io import PositionalFile, open_positional

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there each thread has handles of its own")


@pytest.fixture
def pool() -> DescriptorPool:
    return DescriptorPool(3)


@pytest.fixture
def files(tmp_path: Path, pool: DescriptorPool) -> Iterator[list[PositionalFile]]:
    found = []
    for number in range(20):
        (tmp_path / f"{number}").write_bytes(bytes([number]) * 100)
        found.append(open_positional(tmp_path / f"{number}", pool=pool))
    yield found
    for file in found:
        file.close()


def open_now() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def first_byte(file: PositionalFile, offset: int = 0) -> int:
    buffer = bytearray(1)
    file.read_into(memoryview(buffer), offset)
    return buffer[0]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted in /proc")
def test_few_are_open_and_all_can_be_read(files: list[PositionalFile], pool: DescriptorPool) -> None:
    assert len(pool.handles) == 3
    before = open_now()
    assert [first_byte(file) for file in [*files, *reversed(files)]] == [*range(20), *reversed(range(20))]
    assert open_now() == before


def test_one_that_is_in_use_stays_open(files: list[PositionalFile], pool: DescriptorPool) -> None:
    held = files[0]._handle  # type: ignore[attr-defined]
    with pool.use(held) as descriptor:
        assert [first_byte(file) for file in files] == list(range(20))
        assert os.pread(descriptor, 1, 5) == b"\0"


def test_threads(files: list[PositionalFile]) -> None:
    with ThreadPoolExecutor(8) as workers:
        wanted = [number % 20 for number in range(2000)]
        assert list(workers.map(lambda number: first_byte(files[number], number), wanted)) == wanted


def test_what_is_written_is_all_there(tmp_path: Path, pool: DescriptorPool) -> None:
    files = [open_positional(tmp_path / f"{number}", writable=True, pool=pool) for number in range(10)]
    for part in range(5):
        for number, file in enumerate(files):
            file.write_from(memoryview(bytes([number])), part)
            file.start_writeback(part, 1)
    for file in files:
        file.sync()
        file.close()
    assert [(tmp_path / f"{number}").read_bytes() for number in range(10)] == [bytes([n]) * 5 for n in range(10)]


def test_file_that_was_replaced_while_it_was_closed_is_noticed(files: list[PositionalFile], tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x" * 100)
    (tmp_path / "other").replace(tmp_path / "0")
    with pytest.raises(UserError) as caught:
        first_byte(files[0])
    assert (caught.value.code, caught.value.data["file"]) == (Code.INPUT_CHANGED, "0")


def test_file_that_is_gone_is_told_as_unreadable(files: list[PositionalFile], tmp_path: Path) -> None:
    (tmp_path / "0").unlink()
    with pytest.raises(UserError) as caught:
        first_byte(files[0])
    assert caught.value.code is Code.READ_FAILED


@pytest.mark.parametrize(("limit", "most"), [(256, 32), (1024, 128), (64, 16), (1 << 20, 1024)])
def test_share_of_what_a_process_may_have(limit: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    assert most_open() == most
