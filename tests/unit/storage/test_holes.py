"""Holes stay holes in a copy, and a copy is equal all the same."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from mergedesk.domain.findings import Code, UserError
from mergedesk.storage.holes import data_in, data_in_either, hole_bytes
from mergedesk.storage.positional_io import open_positional, opened

MB = 1 << 20
BLOCK = 4096


def sparse(file: Path, size: int, data: dict[int, bytes]) -> Path:
    with file.open("wb") as stream:
        stream.truncate(size)
        for offset, content in data.items():
            stream.seek(offset)
            stream.write(content)
    return file


@pytest.fixture
def keeps_holes(tmp_path: Path) -> Path:
    probe = sparse(tmp_path / "probe", 4 * MB, {})
    if not hasattr(os, "SEEK_DATA") or probe.stat().st_blocks:
        pytest.skip("no file system with holes")
    return tmp_path


def copied(source: Path, target: Path, before: dict[int, bytes] | None = None) -> bytes:
    size = source.stat().st_size
    sparse(target, size, before or {})
    with opened(source) as origin:
        file = open_positional(target, writable=True, again=True)
        file.copy_from(origin, 0, 0, size)
        file.close()
    return target.read_bytes()


def test_a_copy_of_a_sparse_file_takes_no_more_room(keeps_holes: Path) -> None:
    source = sparse(keeps_holes / "source", 64 * MB, {0: b"begin", 20 * MB: os.urandom(MB), 64 * MB - 3: b"end"})
    target = keeps_holes / "target"
    assert copied(source, target) == source.read_bytes()
    assert target.stat().st_blocks * 512 < 3 * MB


def test_what_stood_in_the_place_of_a_hole_is_overwritten(keeps_holes: Path) -> None:
    source = sparse(keeps_holes / "source", 8 * MB, {3 * MB: os.urandom(MB)})
    left = {0: os.urandom(MB), 2 * MB + 17: b"left", 6 * MB: os.urandom(2 * MB)}
    assert copied(source, keeps_holes / "target", left) == source.read_bytes()


def test_any_pattern_of_data_is_copied(keeps_holes: Path) -> None:
    drawn = random.Random(5)
    for number in range(20):
        patterns = [
            {block * BLOCK: os.urandom(BLOCK) for block in range(64) if drawn.random() < share}
            for share in (drawn.random(), drawn.random() / 2)
        ]
        source = sparse(keeps_holes / f"source{number}", 64 * BLOCK, patterns[0])
        assert copied(source, keeps_holes / f"target{number}", patterns[1]) == source.read_bytes()


def test_parts_of_one_file_are_its_data(keeps_holes: Path) -> None:
    file = sparse(keeps_holes / "file", 40 * BLOCK, {at * BLOCK: bytes([1]) * BLOCK for at in (4, 5, 20, 39)})
    with opened(file) as source:
        parts = list(data_in(source, 0, 40 * BLOCK))
        within = list(data_in(source, 4 * BLOCK + 9, BLOCK))
        nothing = list(data_in(source, 6 * BLOCK, 14 * BLOCK))
    assert parts == [range(4 * BLOCK, 6 * BLOCK), range(20 * BLOCK, 21 * BLOCK), range(39 * BLOCK, 40 * BLOCK)]
    assert within == [range(BLOCK)]
    assert nothing == []


def test_parts_cover_all_data_of_both_sides_and_no_more(keeps_holes: Path) -> None:
    one = sparse(keeps_holes / "one", 40 * BLOCK, {4 * BLOCK: bytes([1]) * BLOCK})
    other = sparse(keeps_holes / "other", 40 * BLOCK, {20 * BLOCK: bytes([1]) * (2 * BLOCK)})
    with opened(one) as source, opened(other) as target:
        parts = list(data_in_either(source, 0, target, 0, 40 * BLOCK))
        shifted = list(data_in_either(source, 2 * BLOCK, target, 18 * BLOCK, 10 * BLOCK))
        nothing = list(data_in_either(source, 8 * BLOCK, target, 30 * BLOCK, 9 * BLOCK))
    assert parts == [range(4 * BLOCK, 5 * BLOCK), range(20 * BLOCK, 22 * BLOCK)]
    assert shifted == [range(2 * BLOCK, 3 * BLOCK), range(3 * BLOCK, 4 * BLOCK)]
    assert nothing == []


def test_where_nothing_tells_of_holes_every_byte_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = sparse(tmp_path / "source", 8 * MB, {5 * MB: b"data"})
    monkeypatch.delattr(os, "SEEK_DATA", raising=False)
    monkeypatch.delattr(os, "SEEK_HOLE", raising=False)
    with opened(source) as one, opened(source) as other:
        assert list(data_in_either(one, 0, other, 0, 8 * MB)) == [range(8 * MB)]
    assert copied(source, tmp_path / "target") == source.read_bytes()


def test_holes_are_counted_on_one_file_system(keeps_holes: Path) -> None:
    files = [sparse(keeps_holes / "a", 8 * MB, {0: os.urandom(MB)}), sparse(keeps_holes / "b", 2 * MB, {})]
    assert 8.5 * MB < hole_bytes(files, keeps_holes) <= 9 * MB
    full = keeps_holes / "full"
    full.write_bytes(os.urandom(MB))
    assert hole_bytes([full], keeps_holes) == 0


def test_what_lies_past_the_end_is_no_hole(keeps_holes: Path) -> None:
    short = sparse(keeps_holes / "short", 8 * BLOCK, {BLOCK: b"data"})
    with opened(short) as source:
        file = open_positional(sparse(keeps_holes / "target", 16 * BLOCK, {}), writable=True, again=True)
        with pytest.raises(UserError) as raised:
            file.copy_from(source, 0, 0, 16 * BLOCK)
        file.close()
    assert raised.value.code is Code.INPUT_CHANGED
