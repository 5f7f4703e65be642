"""What goes wrong while tiles are written, or after they were judged: each is caught, and nothing is published."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from folders import HIDDEN, VOCABULARY, failed, lora_tensors, make_lora, make_model, make_tokenizer, request
from packed_bases import pack_float8

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Precision
from mergedesk.engines import streaming
from mergedesk.output import shards
from mergedesk.pipelines import write_output
from mergedesk.pipelines.merge import merge as run_merge
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.writing import Written
from mergedesk.storage import positional_io
from mergedesk.storage.open_files import open_files
from mergedesk.storage.positional_io import PositionalFile
from mergedesk.storage.safetensors_header import TensorRecord
from mergedesk.verification.compare.statistics import TensorStatistics
from mergedesk.verification.hot.chunk_proof import ChunkProof, cover
from mergedesk.verification.hot.word_sum import stored_sum, word_sum
from mergedesk.verification.staged import values

Q = "model.layers.0.self_attn.q_proj.weight"
NORM = "model.norm.weight"
EMBEDDINGS = "model.embed_tokens.weight"
WEIGHTS = "model.safetensors"
ROW = 2 * HIDDEN


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Base and adapter; one worker and tiles of 16 rows, three of them in q_proj."""
    make_tokenizer(make_model(tmp_path / "base"))
    copy = {"base_model.model.lm_head.weight": torch.randn(VOCABULARY, HIDDEN)}
    make_lora(tmp_path / "adapter", lora_tensors() | copy, modules_to_save=["lm_head"])
    for name, size in {"TILE_ELEMENTS": 16 * HIDDEN, "COPY_BYTES": 512, "MIN_WORKERS": 1, "MAX_WORKERS": 1}.items():
        monkeypatch.setattr(streaming, name, size)
    return tmp_path


def merge(home: Path, **options: Any) -> MergeReport:
    return run_merge(request(home / "base", home / "adapter", home / "out", **options), lambda _: None, CancelToken())


def place(home: Path, name: str) -> int:
    """Where a tensor begins in the result, whose layout is the base's."""
    record = read_checkpoint(home / "base").tensors[name]
    assert isinstance(record, TensorRecord)
    return record.offset


def refused(home: Path, **options: Any) -> set[str]:
    """The checks that failed in a merge that was not published."""
    report = merge(home, **options)
    assert report.status is MergeStatus.FAILED
    assert not (home / "out").exists()
    return failed(report.checks)


Write = Callable[[PositionalFile, memoryview, int], None]
Instead = Callable[[Write, PositionalFile, memoryview, int], None]


@pytest.fixture
def writes(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[Write, PositionalFile, memoryview, int], None]], None]:
    """``writes(instead)``: what is done in place of every write to a weight file."""

    def put(instead: Instead) -> None:
        kind = type(positional_io.open_positional(Path(__file__)))
        real: Write = kind.write_from
        monkeypatch.setattr(kind, "write_from", lambda file, view, offset: instead(real, file, view, offset))

    return put


@pytest.fixture
def afterwards(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Path], None]], None]:
    """``afterwards(change)``: the weight file is changed once all of it was judged."""

    def put(change: Callable[[Path], None]) -> None:
        real = write_output.write_output

        def write(job: MergeJob) -> Written:
            written = real(job)
            change(job.folder / WEIGHTS)
            return written

        monkeypatch.setattr(write_output, "write_output", write)

    return put


def flip(file: Path, offset: int) -> None:
    """Flip the lowest bit of one byte."""
    with file.open("r+b") as stream:
        stream.seek(offset)
        [byte] = stream.read(1)
        stream.seek(offset)
        stream.write(bytes([byte ^ 1]))


def test_what_is_right_is_not_looked_at_twice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def anew(*_: object) -> None:
        raise AssertionError("a tensor that was proved is looked at anew")

    monkeypatch.setattr(values, "_judge_anew", anew)
    assert merge(home).status is MergeStatus.MERGED


def test_tile_at_a_wrong_offset(home: Path, writes: Any) -> None:
    """The second tile of q_proj lands on the first, which was right; its own place stays empty."""
    begin = place(home, Q)

    def misplaced(real: Write, file: PositionalFile, view: memoryview, offset: int) -> None:
        real(file, view, begin if offset == begin + 16 * ROW else offset)

    writes(misplaced)
    assert "samples_as_expected" in refused(home)


@pytest.mark.parametrize("name", [Q, EMBEDDINGS])
def test_tile_that_lands_on_a_judged_place_too(name: str, home: Path, writes: Any) -> None:
    """Every tile is where it should be, and the last also where another was judged already."""
    landed: list[bool] = []
    target = place(home, name)
    last = max(
        record.offset for record in tensors(home) if record.offset > target and record.name.endswith("_proj.weight")
    )

    def twice(real: Write, file: PositionalFile, view: memoryview, offset: int) -> None:
        real(file, view, offset)
        if offset >= last and not landed:
            landed.append(True)
            real(file, view[:64], target)

    writes(twice)
    wrong = refused(home)
    assert landed
    assert wrong & {"samples_as_expected", "others_identical"}


def tensors(home: Path) -> Iterator[TensorRecord]:
    for record in read_checkpoint(home / "base").tensors.values():
        assert isinstance(record, TensorRecord)
        yield record


def test_tile_that_is_not_written(home: Path, writes: Any) -> None:
    begin = place(home, Q)

    def lost(real: Write, file: PositionalFile, view: memoryview, offset: int) -> None:
        if offset != begin + 16 * ROW:
            real(file, view, offset)

    writes(lost)
    assert "samples_as_expected" in refused(home)


@pytest.mark.parametrize("name", [Q, EMBEDDINGS])
def test_chunk_that_is_never_begun(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes it, and nobody judges it."""
    real = streaming.chunks
    monkeypatch.setattr(streaming, "CHUNK_BYTES", 16 * ROW)

    def without_one(layout: Any) -> Iterator[streaming.Chunk]:
        found = [chunk for chunk in real(layout) if chunk.placed.tensor.name == name]
        return (chunk for chunk in real(layout) if chunk != found[len(found) // 2])

    monkeypatch.setattr(streaming, "chunks", without_one)
    assert refused(home) & {"samples_as_expected", "others_identical"}


def test_file_cut_after_it_was_judged(home: Path, afterwards: Any) -> None:
    afterwards(lambda file: file.write_bytes(file.read_bytes()[:-2]))
    assert "opens_with_safetensors" in refused(home)


@pytest.mark.parametrize("name", [Q, EMBEDDINGS, NORM, "lm_head.weight"])
@pytest.mark.parametrize("byte", [0, 31, 2 * HIDDEN - 1])
def test_bit_flipped_after_it_was_judged(name: str, byte: int, home: Path, afterwards: Any) -> None:
    """Whichever it is: also where no sample looks, and too little to be out of bounds."""
    afterwards(lambda file: flip(file, place(home, name) + byte))
    assert refused(home) & {"samples_as_expected", "others_identical", "replaced_equal_adapter"}


def test_rows_that_change_places_after_they_were_judged(home: Path, afterwards: Any) -> None:
    def swap(file: Path) -> None:
        begin, data = place(home, Q), bytearray(file.read_bytes())
        first, second = data[begin : begin + ROW], data[begin + ROW : begin + 2 * ROW]
        data[begin : begin + 2 * ROW] = second + first
        file.write_bytes(data)

    afterwards(swap)
    assert "samples_as_expected" in refused(home)


def test_value_flipped_while_an_untouched_tensor_is_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = place(home, EMBEDDINGS)
    kind = type(positional_io.open_positional(Path(__file__)))
    real = kind.copy_from

    def copy(file: PositionalFile, source: PositionalFile, source_offset: int, offset: int, count: int) -> None:
        real(file, source, source_offset, offset, count)
        if offset <= begin + 700 < offset + count:
            flip(file.path, begin + 700)

    monkeypatch.setattr(kind, "copy_from", copy)
    assert refused(home) == {"others_identical"}


def changed_when_rounded(monkeypatch: pytest.MonkeyPatch, change: Callable[[torch.Tensor], None]) -> None:
    """The first tile of q_proj is changed in the engine, after its arithmetic."""
    real, done = streaming._round, []

    def rounded(tensor: Any, exact: torch.Tensor, buffers: Any) -> torch.Tensor:
        result = real(tensor, exact, buffers)
        if tensor.name == Q and not done:
            done.append(True)
            change(result)
        return result

    monkeypatch.setattr(streaming, "_round", rounded)


@pytest.mark.parametrize("column", [0, 5, HIDDEN - 1])
@pytest.mark.parametrize("step", [1, -1])
def test_engine_off_by_one_in_the_last_place(
    column: int, step: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nudge(values: torch.Tensor) -> None:
        values.view(torch.int16)[7 * HIDDEN + column] += step

    changed_when_rounded(monkeypatch, nudge)
    assert refused(home) == {"samples_as_expected"}


@pytest.mark.parametrize("step", [1, -1])
def test_engine_off_by_one_on_a_packed_base(step: int, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nudge(values: torch.Tensor) -> None:
        values.view(torch.int16)[7 * HIDDEN + 5] += step

    plain = (home / "base").rename(home / "plain")
    pack_float8(plain, home / "base", columns=16)
    assert merge(home, dequantize=True).status is MergeStatus.MERGED
    shutil.rmtree(home / "out")
    changed_when_rounded(monkeypatch, nudge)
    assert refused(home, dequantize=True) == {"samples_as_expected"}


def test_not_a_number_in_one_tile(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also should the engine's own look miss it."""
    changed_when_rounded(monkeypatch, lambda values: void(values.__setitem__(3, float("nan"))))
    report = merge(home)
    assert report.status is MergeStatus.FAILED
    assert {Code.NOT_FINITE, Code.FLOAT16_OVERFLOW} & {finding.code for finding in report.findings}
    changed_when_rounded(monkeypatch, lambda values: void(values.__setitem__(3, float("nan"))))
    monkeypatch.setattr(streaming, "refuse_what_cannot_be_held", lambda *_: None)
    assert refused(home) == {"targeted_finite", "samples_as_expected"}


def void(_: object) -> None:
    """For lambdas that give something back."""


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.FLOAT16])
def test_conversions_are_proved_while_hot_too(
    precision: Precision, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "_judge_anew", None)
    assert merge(home, precision=precision).status is MergeStatus.MERGED


def test_weight_files_are_read_back_by_other_descriptors(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is read through the file, never out of what the engine holds."""
    opened: list[Path] = []
    real = positional_io.open_positional

    def open_again(path: Path, *arguments: Any, **options: Any) -> PositionalFile:
        opened.append(path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(positional_io, "open_positional", open_again)
    assert shards.open_positional is not open_again
    assert merge(home).status is MergeStatus.MERGED
    assert any(path.name == WEIGHTS and "model" in path.parts[-2] for path in opened)


def test_sums_of_memory_and_file(tmp_path: Path) -> None:
    source = numpy.random.default_rng(0)
    for count in (1, 7, 8, 4071, 4072, 4080, (1 << 20) - 3, (1 << 20) + 11):
        data = source.integers(0, 256, count, dtype=numpy.uint8)
        (tmp_path / "data").write_bytes(bytes(5) + data.tobytes())
        record = TensorRecord("t", "U8", (count,), tmp_path / "data", 5, count)
        values_there = torch.from_numpy(data)
        with open_files() as files:
            assert stored_sum(files, record, 0, count) == word_sum(values_there)
        for change in (0, count // 2, count - 1):
            other = values_there.clone()
            other[change] ^= 4
            assert word_sum(other) != word_sum(values_there)


def test_what_is_covered() -> None:
    def chunk(begin: int, end: int) -> ChunkProof:
        return ChunkProof(begin, end, end - begin, array("Q", [0]), True, True, TensorStatistics())

    assert cover([chunk(0, 8), chunk(8, 12)], 12)
    assert not cover([chunk(0, 8), chunk(9, 12)], 12)
    assert not cover([chunk(0, 8), chunk(4, 12)], 12)
    assert not cover([chunk(0, 8)], 12)
    assert not cover([chunk(1, 12)], 12)
    assert not cover([], 12)
