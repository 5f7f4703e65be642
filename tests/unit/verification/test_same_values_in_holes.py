"""Comparing passes over holes, and over nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mergedesk.domain.progress import CancelToken
from mergedesk.storage.open_files import open_files
from mergedesk.storage.safetensors_header import TensorRecord
from mergedesk.verification.compare.rows import same_values

MB = 1 << 20


def record(file: Path, at: int | None, content: bytes = b"\1") -> TensorRecord:
    with file.open("wb") as stream:
        stream.truncate(16 * MB)
        if at is not None:
            stream.seek(at)
            stream.write(content)
    return TensorRecord("weight", "BF16", (8 * MB,), file, 0, 16 * MB)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [(None, None, True), (9 * MB, 9 * MB, True), (9 * MB, None, False), (None, 16 * MB - 1, False), (3, 5, False)],
)
def test_one_byte_tells(tmp_path: Path, ours: int | None, theirs: int | None, same: bool) -> None:
    sides = record(tmp_path / "ours", ours), record(tmp_path / "theirs", theirs)
    with open_files() as files:
        assert same_values(files, *sides, CancelToken()) is same


def test_zeros_that_were_written_are_those_of_a_hole(tmp_path: Path) -> None:
    sides = record(tmp_path / "ours", 5 * MB, bytes(4 * MB)), record(tmp_path / "theirs", None)
    with open_files() as files:
        assert same_values(files, *sides, CancelToken())
