"""Packed bases that stay packed: what the library would store of the exact merge, loaded where the base loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import assert_says, codes, failed, read_json, the, write_json, write_tensors
from kept_models import IGNORED, exact_merges, keep, logits_of, pack, plain_home, rounded_rows
from repacked import by_library
from tiny_models import make_adapter, same_bits, tensors
from transformers import AutoConfig

from mergedesk.checkpoints.checkpoint import Checkpoint, PackedTensor, read_checkpoint
from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeStatus, report_json
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Engine, Precision, VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.pipelines import write_output
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.verify import verify
from mergedesk.pipelines.writing import Written
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.quantization.reference import packed_rows

EVERY = ("int4 group", "int4 group asymmetric", "packed int8 group", "int8 channel", "fp8 tensor", "fp8 channel",
         "fp8 block", "mxfp4", "nvfp4")  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama, an adapter for all of it and one for its attention."""
    return plain_home(tmp_path_factory.mktemp("plain"))


def proof(base: Path, adapter: Path, merged: Path, strength: float = 1.0, quick: bool = False) -> Verdict:
    return verify(VerifyRequest(base, (AdapterChoice(adapter, strength),), merged, quick))


def reason(verdict: Verdict) -> Code:
    assert verdict.status is VerifyStatus.PROVED, verdict.findings
    assert verdict.reason is not None
    return verdict.reason.code


def values_of(folder: Path) -> dict[str, torch.Tensor]:
    """What every packed weight of a folder is worth, by the format's description."""
    seen: Checkpoint = unpacked(read_checkpoint(folder))
    return {one.name: torch.from_numpy(packed_rows(one)(0, one.rows).copy()) for one in packed_in(seen)}


def header(folder: Path) -> bytes:
    content = (folder / "model.safetensors").read_bytes()
    return content[: 8 + int.from_bytes(content[:8], "little")]


@pytest.mark.parametrize("name", EVERY)
def test_what_is_written_is_what_the_library_stores_of_the_merge(name: str, plain: Path, tmp_path: Path) -> None:
    base = pack(name, plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert_says(the(report.findings, Code.PACKED_AGAIN), Severity.INFO, "compressed-tensors")
    assert header(tmp_path / "ours") == header(base)
    assert (tmp_path / "ours" / "config.json").read_bytes() == (base / "config.json").read_bytes()
    stored, found = tensors(base), tensors(tmp_path / "ours")
    overall = {part.rpartition(".")[0]: tensor for part, tensor in found.items() if part.endswith("global_scale")}
    same, total = 0, 0
    for weight, exact in exact_merges(base, plain / "adapter").items():
        module = weight.removesuffix(".weight")
        theirs = by_library(name, exact.float(), torch.bfloat16, overall.get(module))
        for part, tensor in theirs.items():
            same += int((raw(found.pop(f"{module}.{part}")) == raw(tensor)).sum())
            total += raw(tensor).numel()
            stored.pop(f"{module}.{part}")
    # float32 and float64 may differ where a value lies between two codes.
    assert same >= 0.999 * total
    merged = f"model.{IGNORED}.weight"
    assert not same_bits(found.pop(merged), stored.pop(merged))
    assert found.keys() == stored.keys()
    assert all(same_bits(found[part], stored[part]) for part in found)
    assert reason(proof(base, plain / "adapter", tmp_path / "ours")) is Code.MERGE_PROVED
    assert reason(proof(base, plain / "adapter", tmp_path / "ours", quick=True)) is Code.MERGE_PROVED
    assert reason(proof(base, plain / "adapter", base)) is Code.MERGE_IS_THE_BASE


def raw(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.contiguous().view(-1).view(torch.uint8)


@pytest.mark.parametrize("name", EVERY)
def test_it_is_as_near_to_the_exact_merge_as_the_library_comes(name: str, plain: Path, tmp_path: Path) -> None:
    base = pack(name, plain, tmp_path / "base")
    assert keep(base, plain / "adapter", tmp_path / "ours").status is MergeStatus.MERGED
    exact, ours = exact_merges(base, plain / "adapter"), values_of(tmp_path / "ours")
    theirs_stored = tensors(base) | {f"model.{IGNORED}.weight": tensors(tmp_path / "ours")[f"model.{IGNORED}.weight"]}
    for weight, values in exact.items():
        made = by_library(name, values.float(), torch.bfloat16)
        theirs_stored |= {f"{weight.removesuffix('.weight')}.{part}": tensor for part, tensor in made.items()}
    write_tensors(tmp_path / "theirs" / "model.safetensors", theirs_stored)
    write_json(tmp_path / "theirs" / "config.json", read_json(base / "config.json"))
    theirs = values_of(tmp_path / "theirs")
    off = [sum(float((side[weight] - exact[weight]).square().sum()) for weight in exact) for side in (ours, theirs)]
    assert off[0] <= 1.001 * off[1]
    assert reason(proof(base, plain / "adapter", tmp_path / "theirs")) is Code.MERGE_PROVED  # another tool's


def library_side(name: str, base: Path, plain: Path, ours: Path) -> dict[str, torch.Tensor]:
    """Every stored tensor as the library would have it: the float64 merge, packed by it; what is plain as in ours."""
    found = tensors(ours)
    overall = {part.rpartition(".")[0]: tensor for part, tensor in found.items() if part.endswith("global_scale")}
    for weight, exact in exact_merges(base, plain / "adapter").items():
        module = weight.removesuffix(".weight")
        made = by_library(name, exact.float(), torch.bfloat16, overall.get(module))
        found |= {f"{module}.{part}": tensor for part, tensor in made.items()}
    return found


@pytest.mark.parametrize("name", EVERY)
def test_it_answers_where_the_base_loads_as_the_float64_merge_in_that_format(
    name: str, plain: Path, tmp_path: Path
) -> None:
    """In transformers with compressed-tensors, against a 16-bit model of what the library packs of the exact merge.

    transformers does not run packed zero points; it loads such bases only to dequantise them.
    """
    base = pack(name, plain, tmp_path / "base")
    keep(base, plain / "adapter", tmp_path / "ours")
    answers = [logits_of(folder, config=as_loaded(name, folder)) for folder in (base, tmp_path / "ours")]
    write_tensors(tmp_path / "theirs" / "model.safetensors", library_side(name, base, plain, tmp_path / "ours"))
    write_json(tmp_path / "theirs" / "config.json", read_json(base / "config.json"))
    values, stored = values_of(tmp_path / "theirs"), tensors(plain / "base")
    merged = {weight: values[weight].to(tensor.dtype) for weight, tensor in stored.items() if weight in values}
    merged[f"model.{IGNORED}.weight"] = tensors(tmp_path / "ours")[f"model.{IGNORED}.weight"]
    write_tensors(tmp_path / "sixteen" / "model.safetensors", {**stored, **merged})
    write_json(tmp_path / "sixteen" / "config.json", read_json(plain / "base" / "config.json"))
    wanted = logits_of(tmp_path / "sixteen")
    assert answers[1].isfinite().all()
    effect, off = float((wanted - answers[0]).norm()), float((answers[1] - wanted).norm())
    assert off <= 0.05 * effect


def as_loaded(name: str, folder: Path) -> Any:
    told = AutoConfig.from_pretrained(folder)
    if "asymmetric" in name:
        told.quantization_config["dequantize"] = True
    return told


def test_units_that_nothing_changes_keep_their_bytes(plain: Path, tmp_path: Path) -> None:
    """A zero in B leaves rows as they are, and so their codes, though they would be rounded otherwise."""
    base = pack("int4 group", plain, tmp_path / "base")
    adapter = tmp_path / "adapter"
    stored = tensors(plain / "adapter")
    for name, tensor in stored.items():
        if "lora_B" in name:
            tensor[8:40] = 0
    write_tensors(adapter / "adapter_model.safetensors", stored)
    write_json(adapter / "adapter_config.json", read_json(plain / "adapter" / "adapter_config.json"))
    assert keep(base, adapter, tmp_path / "ours").status is MergeStatus.MERGED
    before, after = tensors(base), tensors(tmp_path / "ours")
    for part in ("weight_packed", "weight_scale"):
        name = f"model.layers.0.mlp.up_proj.{part}"
        assert same_bits(before[name][8:40], after[name][8:40])
        assert not same_bits(before[name][:8], after[name][:8])
        assert not same_bits(before[name][40:], after[name][40:])


def test_a_result_does_not_depend_on_tiles(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = pack("int4 group asymmetric", plain, tmp_path / "base")
    keep(base, plain / "adapter", tmp_path / "ours")
    monkeypatch.setattr("mergedesk.engines.streaming.TILE_ELEMENTS", 4096)
    monkeypatch.setattr("mergedesk.engines.streaming.CHUNK_BYTES", 8192)
    keep(base, plain / "adapter", tmp_path / "other")
    ours, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("ours", "other"))
    assert ours == other


def test_what_is_left_of_the_adapter_is_told(plain: Path, tmp_path: Path) -> None:
    base = pack("fp8 channel", plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours")
    told = the(report.findings, Code.PACKING_KEEPS)
    assert_says(told, Severity.INFO, " % of this adapter's effect in 13 weights")
    exact, ours = exact_merges(base, plain / "adapter"), values_of(tmp_path / "ours")
    seen = unpacked(read_checkpoint(base))
    assert report.effect is not None
    for module in report.effect.modules:
        packed = seen.tensors[module.name]
        if isinstance(packed, PackedTensor):
            start = rounded_rows(packed).double()
            delta, shift = exact[module.name] - start, ours[module.name] - start
            expected = float((shift * delta).sum() / delta.square().sum())
            assert module.kept.written == pytest.approx(expected, abs=0.02)
            assert module.noise == pytest.approx(float((shift - delta).norm()), rel=0.05)
    json.dumps(report_json(report))


def test_a_weak_adapter_is_told_to_be_lost_in_part(plain: Path, tmp_path: Path) -> None:
    base = pack("fp8 channel", plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours", 0.02)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert_says(the(report.findings, Code.PACKING_LOSES), Severity.WARNING, " % of this adapter's effect")


@pytest.mark.parametrize(("name", "strength"), [("int4 group asymmetric", 0.02), ("mxfp4", 0.05)])
def test_a_merge_that_leaves_nothing_is_refused(name: str, strength: float, plain: Path, tmp_path: Path) -> None:
    base = pack(name, plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours", strength)
    assert report.status is MergeStatus.REFUSED, report.findings
    assert_says(the(report.findings, Code.PACKING_LOSES_TOO_MUCH), Severity.ERROR, "10 %")
    assert not (tmp_path / "ours").exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["base"]


def test_a_loss_that_is_accepted_is_published(plain: Path, tmp_path: Path) -> None:
    base = pack("int4 group asymmetric", plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours", 0.02, accept_loss=True)
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    the(report.findings, Code.PACKING_LOSES)
    assert reason(proof(base, plain / "adapter", tmp_path / "ours", 0.02)) is Code.MERGE_PROVED


def spoil(part: str) -> Callable[[dict[str, torch.Tensor]], None]:
    def change(stored: dict[str, torch.Tensor]) -> None:
        tensor = stored[f"model.layers.0.mlp.up_proj.{part}"]
        tensor.view(-1).view(torch.uint8)[3:4] ^= 0x44

    return change


def next_codes(stored: dict[str, torch.Tensor]) -> None:
    """Every fourth code is the neighbour of the nearest."""
    for name, tensor in stored.items():
        if name.endswith("up_proj.weight_packed"):
            tensor.view(-1).view(torch.uint8)[1::2] ^= 0x10


def double(stored: dict[str, torch.Tensor]) -> None:
    for name, tensor in stored.items():
        if name.endswith("up_proj.weight_scale"):
            tensor.mul_(2)


SPOILT = {"code": spoil("weight_packed"), "scale": spoil("weight_scale"), "coarser": double, "next": next_codes}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_value_that_is_not_the_nearest_is_a_mismatch(kind: str, plain: Path, tmp_path: Path) -> None:
    base = pack("int4 group", plain, tmp_path / "base")
    keep(base, plain / "adapter", tmp_path / "ours")
    stored = tensors(tmp_path / "ours")
    SPOILT[kind](stored)
    write_tensors(tmp_path / "ours" / "model.safetensors", stored)
    right = (Code.MERGE_PROVED, Code.MERGE_IN_SIXTEEN_BIT)
    assert reason(proof(base, plain / "adapter", tmp_path / "ours")) not in right


@pytest.mark.parametrize("strength", [0.0, 0.5, 2.0])
def test_another_strength_is_a_mismatch(strength: float, plain: Path, tmp_path: Path) -> None:
    base = pack("int4 group", plain, tmp_path / "base")
    keep(base, plain / "adapter", tmp_path / "ours", strength or 1.0, accept_loss=True)
    claimed = 1.0 if strength else 0.25
    verdict = proof(base, plain / "adapter", tmp_path / "ours", claimed)
    assert verdict.reason is not None
    assert verdict.reason.severity is Severity.ERROR


def test_what_is_spoilt_before_it_is_published_gets_no_name(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = write_output.write_output

    def write(job: MergeJob) -> Written:
        written = real(job)
        stored = tensors(job.folder)
        double(stored)
        write_tensors(job.folder / "model.safetensors", stored)
        return written

    monkeypatch.setattr(write_output, "write_output", write)
    base = pack("int4 group", plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours")
    assert report.status is MergeStatus.FAILED
    assert CheckCode.SAMPLES_AS_EXPECTED in {one.code for one in report.checks if one.status is CheckStatus.FAIL}


def test_what_cannot_be_kept_is_named(plain: Path, tmp_path: Path) -> None:
    base = pack("int4 group", plain, tmp_path / "base")
    asked = CheckRequest(base, (AdapterChoice(plain / "adapter"),), keep_quantization=True)
    for options in ({"precision": Precision.FLOAT32}, {"engine": Engine.PEFT}):
        found = check(CheckRequest(base, asked.adapters, keep_quantization=True, **options))
        assert_says(the(found.findings, Code.KEEPING_NEEDS_STREAMING), Severity.ERROR)
    assert Code.PACKED_AGAIN in codes(check(asked).findings)


def test_only_plain_tensors_are_merged_in_place_all_the_same(plain: Path, tmp_path: Path) -> None:
    make_adapter("llama", plain / "base", tmp_path / "down", target_modules=[f"{IGNORED}"])
    base = pack("int4 group", plain, tmp_path / "base")
    report = keep(base, tmp_path / "down", tmp_path / "ours")
    assert report.status is MergeStatus.MERGED
    assert Code.PACKED_KEPT in codes(report.findings)


@pytest.mark.parametrize("name", EVERY)
def test_an_adapter_much_larger_than_the_base_is_right_too(name: str, plain: Path, tmp_path: Path) -> None:
    base = pack(name, plain, tmp_path / "base")
    report = keep(base, plain / "adapter", tmp_path / "ours", 40.0)
    assert report.status is MergeStatus.MERGED, [one.code for one in report.checks if one.status is CheckStatus.FAIL]
    assert reason(proof(base, plain / "adapter", tmp_path / "ours", 40.0)) is Code.MERGE_PROVED
