"""Tiles of packed weights are judged as they are written, and a run that ended is gone on with after them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import failed
from kept_models import asked_to_keep, keep, pack, plain_home
from killed_merge import run_killed, with_small_chunks

from mergedesk.checkpoints.checkpoint import PackedTensor
from mergedesk.domain.findings import CheckCode
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.engines import packed_tiles, streaming
from mergedesk.output import journal
from mergedesk.output.leftovers import find_leftovers
from mergedesk.pipelines import write_output
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.writing import Written
from mergedesk.quantization.repack import Repacked, WholeRange
from mergedesk.verification.staged import values

ONE_OF_EACH = ("int4 group", "int4 group asymmetric", "fp8 tensor", "fp8 block", "nvfp4")
WEIGHT = "model.layers.0.mlp.up_proj.weight"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama and its adapters."""
    return plain_home(tmp_path_factory.mktemp("plain"))


@pytest.fixture(autouse=True)
def _small_chunks() -> Iterator[None]:
    """Several chunks of most weights; killed runs are cut as these are."""
    with with_small_chunks():
        yield


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_what_was_proved_hot_is_not_looked_at_again(
    name: str, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("looked at again")

    monkeypatch.setattr(values, "_judge_anew", never)
    report = keep(pack(name, plain, tmp_path / "base"), plain / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.MERGED


@pytest.mark.parametrize("name", ONE_OF_EACH)
@pytest.mark.parametrize("what", ["codes", "scales"])
def test_a_tile_that_is_packed_wrongly_is_found(
    what: str, name: str, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = packed_tiles.packer

    def packer(packing: str) -> Any:
        def pack_wrongly(packed: PackedTensor, rows: torch.Tensor, limits: WholeRange | None) -> Repacked:
            found = real(packing)(packed, rows, limits)
            wrong = found.parts[what].clone().contiguous()
            if packed.name == WEIGHT:
                wrong.view(-1).view(torch.uint8)[1::2] ^= 0x10
            return replace(found, parts={**found.parts, what: wrong})

        return pack_wrongly

    monkeypatch.setattr(packed_tiles, "packer", packer)
    monkeypatch.setattr(values, "compare", lambda *_: [])  # so that nothing but hot proofs tells
    report = keep(pack(name, plain, tmp_path / "base"), plain / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.FAILED
    assert CheckCode.SAMPLES_AS_EXPECTED in failed(report.checks)


@pytest.mark.parametrize("part", ["weight_packed", "weight_scale", "weight_zero_point"])
def test_one_byte_that_falls_over_after_it_was_judged_is_found(
    part: str, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = write_output.write_output

    def write(job: MergeJob) -> Written:
        written = real(job)
        place = next(t for t in job.ready.base.stored.values() if t.name == WEIGHT.removesuffix("weight") + part)
        with (job.folder / place.file.name).open("r+b") as stream:
            stream.seek(place.offset + place.nbytes - 1)
            [byte] = stream.read(1)
            stream.seek(place.offset + place.nbytes - 1)
            stream.write(bytes([byte ^ 1]))
        return written

    monkeypatch.setattr(write_output, "write_output", write)
    monkeypatch.setattr(values, "compare", lambda *_: [])
    base = pack("int4 group asymmetric", plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.FAILED
    assert CheckCode.SAMPLES_AS_EXPECTED in failed(report.checks)


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended by a signal")
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_what_is_done_is_not_packed_again(
    name: str, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = pack(name, plain, tmp_path / "base")
    whole = keep(base, plain / "adapter", tmp_path / "whole")
    asked = asked_to_keep(base, plain / "adapter", tmp_path / "ours")
    assert run_killed(asked, "chunk:60") == -9
    [left] = find_leftovers(tmp_path / "ours")
    done = journal.read_journal(left.home).done
    filled: set[int] = set()
    real = streaming._fill

    def fill(run: Any, numbered: tuple[int, streaming.Chunk]) -> None:
        filled.add(numbered[0])
        real(run, numbered)

    monkeypatch.setattr(streaming, "_fill", fill)
    resumed = merge(replace(asked, resume=True), lambda _: None, CancelToken())
    assert resumed.status is MergeStatus.MERGED
    assert len(done) >= 60
    assert filled
    assert not filled & set(done)
    assert resumed.effect == whole.effect
    ours, theirs = (tmp_path / folder / "model.safetensors" for folder in ("ours", "whole"))
    assert ours.read_bytes() == theirs.read_bytes()
