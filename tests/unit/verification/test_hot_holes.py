"""What is a hole on both sides is not read, and nothing else is passed over."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import torch

from mergedesk.domain.progress import CancelToken
from mergedesk.planning.layout import PlacedTensor
from mergedesk.planning.plan import Action, PlannedTensor
from mergedesk.storage.open_files import OpenFiles, open_files
from mergedesk.storage.safetensors_header import TensorRecord
from mergedesk.verification.hot.hot_judge import HotJudge
from mergedesk.verification.hot.last_pass import Standing, standing
from mergedesk.verification.hot.word_sum import stored_sum, word_sum

MB = 1 << 20
SIZE = 8 * MB
TILE = 2 * MB


def sparse(file: Path, data: dict[int, bytes]) -> Path:
    with file.open("wb") as stream:
        stream.truncate(SIZE)
        for at, content in data.items():
            stream.seek(at)
            stream.write(content)
    return file


def planned(source: Path) -> PlannedTensor:
    record = TensorRecord("weight", "U8", (SIZE,), source, 0, SIZE)
    return PlannedTensor("weight", "U8", (SIZE,), Action.COPY, record, record)


def judged(files: OpenFiles, tensor: PlannedTensor, folder: Path, tile: int = TILE) -> HotJudge:
    """After all tiles of ``folder``'s file ``copy`` were looked at."""
    judge = HotJudge(folder, files)
    chunk = judge.watch("copy", PlacedTensor(tensor, 0), (0, SIZE), ())
    for begin in range(0, SIZE, tile):
        chunk.look(begin, begin + tile)
    chunk.close()
    return judge


def stands(files: OpenFiles, tensor: PlannedTensor, judge: HotJudge) -> Standing:
    written = TensorRecord("weight", "U8", (SIZE,), judge.folder / "copy", 0, SIZE)
    return standing(tensor, written, judge.proofs, files, CancelToken())


def test_the_sum_of_a_hole_is_that_of_its_zeros(tmp_path: Path) -> None:
    content = {TILE + 5: os.urandom(MB), 7 * MB: b"\1"}
    file = sparse(tmp_path / "file", content)
    record = TensorRecord("weight", "U8", (SIZE,), file, 0, SIZE)
    with open_files() as files:
        whole = torch.frombuffer(bytearray(file.read_bytes()), dtype=torch.uint8)
        assert stored_sum(files, record, 0, SIZE) == word_sum(whole)
        assert stored_sum(files, record, 0, TILE) == word_sum(torch.zeros(TILE, dtype=torch.uint8)) == 0


def test_sums_of_any_pattern_of_holes_are_those_of_its_bytes(tmp_path: Path) -> None:
    drawn = random.Random(7)
    for begin, end in [(0, SIZE), (5, SIZE - 3), (MB + 4072, 3 * MB + 4073), (11, 19)]:
        data = {drawn.randrange(SIZE - 9000): os.urandom(drawn.randrange(1, 9000)) for _ in range(drawn.randrange(40))}
        file = sparse(tmp_path / "file", data)
        record = TensorRecord("weight", "U8", (end - begin,), file, begin, end - begin)
        tensor = torch.frombuffer(bytearray(file.read_bytes()[begin:end]), dtype=torch.uint8)
        with open_files() as files:
            assert stored_sum(files, record, 0, end - begin) == word_sum(tensor)


@pytest.mark.parametrize("tile", [TILE, SIZE])
def test_holes_of_both_sides_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tile: int) -> None:
    tensor = planned(sparse(tmp_path / "base", {3 * MB: b"data"}))
    sparse(tmp_path / "copy", {3 * MB: b"data"})
    shown: list[int] = []
    real = OpenFiles.show

    def show(files: OpenFiles, record: TensorRecord, begin: int, end: int, side: str) -> bytearray | memoryview:
        shown.extend(range(begin, end))
        return real(files, record, begin, end, side)

    monkeypatch.setattr(OpenFiles, "show", show)
    with open_files() as files:
        if files[tmp_path / "copy"].next_data(0, SIZE) == 0:
            pytest.skip("this file system keeps no holes")
        judge = judged(files, tensor, tmp_path, tile)
        assert stands(files, tensor, judge) is Standing.PROVED
    around = 64 << 10
    assert 3 * MB in shown
    assert set(shown) <= set(range(3 * MB - around, 3 * MB + around))


def test_what_is_proved_alike_of_thousands_is_held_once(tmp_path: Path) -> None:
    """But not where one of them is another: each keeps its own sums, and whether it was right."""
    names = [f"expert.{number}" for number in range(50)]
    odd, wrong = names[7], names[9]
    for name in names:
        sparse(tmp_path / f"of.{name}", {5: b"shape" if name != odd else b"other"})
        sparse(tmp_path / name, {5: b"other" if name in (odd, wrong) else b"shape"})
    with open_files() as files:
        judge = HotJudge(tmp_path, files)
        for name in names:
            record = TensorRecord(name, "U8", (SIZE,), tmp_path / f"of.{name}", 0, SIZE)
            tensor = PlannedTensor(name, "U8", (SIZE,), Action.COPY, record, record)
            chunk = judge.watch(name, PlacedTensor(tensor, 0), (0, SIZE), ())
            chunk.look(0, SIZE)
            chunk.close()
    proofs = {name: judge.proofs.of(name) for name in names}
    assert [name for name in names if [proof.right for proof in proofs[name]] != [True]] == [wrong]
    sums = {name: proof.sums for name, (proof,) in proofs.items()}
    assert {name for name in names if sums[name] != sums[names[0]]} == {odd, wrong}
    assert sums[odd] == sums[wrong]
    assert len(judge.proofs) == len(names)
    assert judge.proofs.of("expert.50") == ()


@pytest.mark.parametrize("tile", [TILE, SIZE])
@pytest.mark.parametrize("at", [0, 3 * MB - 1, 3 * MB + 8191, 4 * MB - 1, 4 * MB, 5 * MB + 77, SIZE - 1])
@pytest.mark.parametrize("side", ["base", "copy"])
def test_any_byte_of_a_tile_with_holes_is_seen(tmp_path: Path, side: str, at: int, tile: int) -> None:
    """Whether it lies among data, beside it or where the other side has a hole."""
    alike = {3 * MB: os.urandom(8192), 5 * MB + 77: b"\1"}
    tensor = planned(sparse(tmp_path / "base", alike))
    copy = sparse(tmp_path / "copy", alike)
    with open_files() as files:
        judge = judged(files, tensor, tmp_path, tile)
        assert stands(files, tensor, judge) is Standing.PROVED
    with (tmp_path / side).open("r+b") as stream:
        stream.seek(at)
        stream.write(bytes([1 ^ copy.read_bytes()[at]]))
    with open_files() as files:
        assert stands(files, tensor, judged(files, tensor, tmp_path, tile)) is Standing.REFUTED
        if side == "copy":
            assert stands(files, tensor, judge) is Standing.REFUTED


@pytest.mark.parametrize(
    ("base", "copy"),
    [({5 * MB: b"\1"}, {}), ({}, {5 * MB: b"\1"}), ({MB: b"\1\2"}, {MB: b"\1"})],
    ids=["a tile never written", "a tile written into a hole", "another byte"],
)
def test_one_side_s_hole_is_no_hole(tmp_path: Path, base: dict[int, bytes], copy: dict[int, bytes]) -> None:
    tensor = planned(sparse(tmp_path / "base", base))
    sparse(tmp_path / "copy", copy)
    with open_files() as files:
        assert stands(files, tensor, judged(files, tensor, tmp_path)) is Standing.REFUTED


def test_what_comes_into_a_hole_later_is_caught(tmp_path: Path) -> None:
    tensor = planned(sparse(tmp_path / "base", {}))
    copy = sparse(tmp_path / "copy", {})
    with open_files() as files:
        judge = judged(files, tensor, tmp_path)
        with copy.open("r+b") as stream:
            stream.seek(6 * MB)
            stream.write(b"\1")
        assert stands(files, tensor, judge) is Standing.REFUTED
