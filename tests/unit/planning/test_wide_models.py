"""Models of many experts: what headers tell suffices, and nothing grows faster than their number."""

from __future__ import annotations

import shutil
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from folders import request
from hollow import attention_modules, expert_modules, kimi, moe, write_adapter, write_base
from msgspec import structs
from safetensors.torch import save_file

from mergedesk.checkpoints import adapter_keys, checkpoint
from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import PackedTensor, folded, read_checkpoint
from mergedesk.checkpoints.folded import FoldedTensors
from mergedesk.checkpoints.weight_index import PlacedNames
from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest, MergeRequest, Precision
from mergedesk.pipelines.merge import merge
from mergedesk.planning import adapter_repair, preflight
from mergedesk.planning.layout import index_text, make_layout
from mergedesk.planning.plan import PlannedTensors, make_plan
from mergedesk.planning.preflight import Ready, prepare
from mergedesk.quantization import pack_quantized
from mergedesk.quantization.detect import packed_in, unpacked
from mergedesk.storage import plain_entries, safetensors_header
from mergedesk.storage.stored_values import begins_not_finite, reading, which_begin_not_finite
from mergedesk.verification.staged.staged_check import StagedMerge


def checked(base: Path, adapter: Path, **options: bool) -> Ready:
    prepared = prepare(CheckRequest(base, (AdapterChoice(adapter),), **options))
    assert isinstance(prepared, Ready), prepared.preflight.findings
    return prepared


def taken(base: Path, adapter: Path, **options: bool) -> float:
    started = time.process_time()
    checked(base, adapter, **options)
    return time.process_time() - started


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    model = kimi(layers=3, experts=24, shards=5)
    write_base(model, folder / "base")
    write_adapter(folder / "attention", attention_modules(model))
    write_adapter(folder / "experts", expert_modules(model))
    return folder


@pytest.mark.parametrize(("adapter", "modules"), [("attention", 15), ("experts", 144)])
def test_packed_experts_are_planned_by_headers(packed: Path, adapter: str, modules: int) -> None:
    ready = checked(packed / "base", packed / adapter, dequantize=True)
    assert (ready.preflight.modules.targeted, ready.preflight.modules.matched) == (modules, modules)
    assert len(list(packed_in(ready.base))) == 144
    assert {tensor.shape for tensor in packed_in(ready.base)} == {(2048, 7168), (7168, 2048)}


def test_shapes_told_by_headers_are_those_that_are_stored(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = read_checkpoint(packed / "base")
    stored = dict(unpacked(checkpoint).tensors)
    monkeypatch.setattr(pack_quantized, "_FEW", 0)
    monkeypatch.setattr(pack_quantized, "_shape", lambda _: pytest.fail("a stored shape was read"))
    told = dict(unpacked(checkpoint).tensors)
    assert any(isinstance(tensor, PackedTensor) for tensor in told.values())
    assert told == stored


@pytest.mark.parametrize(
    ("codes", "scales", "bits", "told"),
    [
        ((5, 896), (5, 224), {4}, (5, 7168)),
        ((5, 12), (5, 3), {4}, None),  # 93 and 96 numbers go into as many words, in as many groups
        ((5, 12), (5, 1), {4}, None),
        ((5, 896), (5, 224), {4, 8}, None),
        ((5, 896), (5, 224), set[int](), None),
        ((5, 896), (5,), {4}, None),
    ],
)
def test_what_headers_leave_open_is_not_told(
    codes: tuple[int, ...], scales: tuple[int, ...], bits: set[int], told: tuple[int, int] | None
) -> None:
    assert pack_quantized._told_by_headers(codes, scales, frozenset(bits)) == told


def test_a_header_is_read_alike_in_both_ways(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sorted((packed / "base").glob("*.safetensors"))[1]
    with file.open("rb") as stream:
        length = struct.unpack("<Q", stream.read(8))[0]
        assert plain_entries.read_plain(stream.read(length)) is not None, "the fast way takes what writers write"
    quick = safetensors_header.read_header(file)
    monkeypatch.setattr(safetensors_header, "read_plain", lambda _: None)
    assert safetensors_header.read_header(file) == quick


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        b'{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}',
        b'{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}',
        b'["a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b'{"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b"\xff{}",
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[-0,4]}}',
        b'{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}',
        b'{"a":{"dtype":"F32","shape":[1]}}',
        b'{"a":["F32",[1],[0,4]]}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[9000000000000000000,9000000000000000004]}}',
        b'{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b'{"__metadata__":{"a":"b"},"__metadata__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}\n',
    ],
)
def test_the_fast_way_leaves_what_is_odd_to_the_strict_one(raw: bytes) -> None:
    assert plain_entries.read_plain(raw) is None


def test_a_plan_and_a_result_hold_what_the_base_holds_already(packed: Path) -> None:
    """Texts of headers and names of tensors are the most of what a wide model takes in memory."""
    base = read_checkpoint(packed / "base")
    plan = make_plan(base, [], Precision.AUTO)
    layout = make_layout(plan, base)
    assert all(shard.packed is header.packed for shard, header in zip(layout.shards, base.headers, strict=True))
    merge = StagedMerge(base.folder, base.folder, plan.tensors, (), None, CancelToken())
    assert merge.readable.tensors == base.tensors
    # Of a result nothing lasts: each record is made anew, and no name is there twice.
    assert isinstance(merge.readable.tensors, FoldedTensors)
    assert merge.readable.index is not None
    assert base.index is not None
    assert isinstance(merge.readable.index["weight_map"], PlacedNames)
    assert layout.index is not None
    assert layout.index["weight_map"] is base.index["weight_map"]
    pairs = list(merge.side_by_side)
    assert [tensor for tensor, _ in pairs] == list(plan.tensors)
    assert [record for _, record in pairs] == list(base.tensors.values())


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the few tensors of a test are very many."""
    monkeypatch.setattr(checkpoint, "_FEW", 0)


@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FLOAT32])
def test_what_is_made_anew_is_planned_and_placed_as_what_is_held(
    packed: Path, folds: None, precision: Precision
) -> None:
    ready = checked(packed / "base", packed / "attention")
    held, again = ready.base, folded(ready.base)
    assert isinstance(held.tensors, dict)
    assert isinstance(again.tensors, FoldedTensors)
    assert list(again.kept_packed) == list(held.kept_packed)
    plans = [make_plan(base, ready.mapped, precision) for base in (held, again)]
    assert isinstance(plans[0].tensors, tuple)
    assert isinstance(plans[1].tensors, PlannedTensors)
    assert list(plans[1].tensors) == list(plans[0].tensors)
    assert any(tensor.targeted for tensor in plans[1].tensors)
    layouts = [make_layout(plan, base) for plan, base in zip(plans, (held, again), strict=True)]
    placed = [[(shard.name, one) for shard, one in layout.placed] for layout in (*layouts, layouts[1])]
    assert placed[0] == placed[1] == placed[2]
    assert [shard.prefix for shard in layouts[1].shards] == [shard.prefix for shard in layouts[0].shards]
    assert [shard.nbytes for shard in layouts[1].shards] == [shard.nbytes for shard in layouts[0].shards]
    assert layouts[0].index is not None
    assert layouts[1].index is not None
    assert dict(layouts[1].index["weight_map"]) == dict(layouts[0].index["weight_map"])
    assert index_text(layouts[1]) == index_text(layouts[0])


def test_a_base_that_is_seen_otherwise_than_it_is_stored_stays_held(packed: Path, folds: None) -> None:
    base = read_checkpoint(packed / "base")
    name, record = next(iter(base.tensors.items()))
    others = [{**base.tensors, "new": record}, {**base.tensors, name: structs.replace(record, dtype="F16")}]
    for tensors in others:
        seen = replace(base, tensors=tensors)
        assert folded(seen) is seen


NAMES = [
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
    "base_model.model.model.layers.1.mlp.experts.7.up_proj.lora_B.weight",
]
ALTERED = [
    "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight",
    "base_model.model._orig_mod.model.layers.0.self_attn.q_proj.lora_A.weight",
    "base_model.model.module.layers.0.self_attn.q_proj.lora_A.weight",
    "base_model.model.base_model.model.layers.0.self_attn.q_proj.lora_A.weight",
    "model.layers.0.self_attn.q_proj.lora_A.weight",
    "module.base_model.model.layers.0.self_attn.q_proj.lora_A.weight",
    "base_model.model.lm_head.modules_to_save.lora_A.weight",
    "base_model.model.a.lora_A.lora_B.weight",
    "base_model.model.lm_head.weight",
    "base_model.model.a.lora_A.weight\nbase_model.model.b.lora_A.weight",
]


@pytest.mark.parametrize("name", ALTERED)
def test_one_altered_name_among_many_is_found(name: str) -> None:
    assert adapter_repair._are_plain(NAMES)
    assert not adapter_repair._are_plain([NAMES[0], name, NAMES[1]])


def test_names_that_are_plain_need_no_repair(packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, base = read_adapter(packed / "experts"), read_checkpoint(packed / "base")
    assert adapter_repair._are_plain(adapter.tensors.keys())
    quick = adapter_repair.find_repair(adapter, base)
    monkeypatch.setattr(adapter_repair, "_are_plain", lambda _: False)
    assert adapter_repair.find_repair(adapter, base) == quick


@pytest.mark.parametrize("name", [*NAMES, *ALTERED, "lora_A.weight", ".lora_A.weight", "model.lora_A.lora_A.weight"])
def test_a_name_is_taken_apart_alike_in_both_ways(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = adapter_keys.parse_adapter_key(name)
    monkeypatch.setattr(adapter_keys, "_PLAIN_ENDS", {})
    assert adapter_keys.parse_adapter_key(name) == quick


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("bad", [None, 0, 7, 15])
def test_small_tensors_in_a_row_are_judged_as_each_alone(tmp_path: Path, dtype: torch.dtype, bad: int | None) -> None:
    values = [torch.full((3, 50), 1.5 + number).to(dtype) for number in range(16)]
    values[3] = torch.zeros(3000, 3).to(dtype)  # so large that only its beginning counts
    values[3][-1, -1] = float("inf")
    if bad is not None:
        values[bad][-1, -1] = float("inf")
    save_file({f"{number:02d}": value for number, value in enumerate(values)}, tmp_path / "model.safetensors")
    records = [*safetensors_header.read_header(tmp_path / "model.safetensors").tensors.values()]
    with reading() as read:
        alone = [record for record in records if begins_not_finite(read, record)]
        assert which_begin_not_finite(read, records) == alone
        assert [record.name for record in alone] == ([] if bad is None else [f"{bad:02d}"])


@pytest.mark.slow
@pytest.mark.alone
def test_twice_as_many_experts_take_about_twice_as_long(tmp_path: Path) -> None:
    seconds = []
    for experts in (32, 128):
        model, folder = moe(layers=24, experts=experts, shards=4), tmp_path / str(experts)
        write_base(model, folder / "base")
        write_adapter(folder / "experts", expert_modules(model))
        seconds.append(min(taken(folder / "base", folder / "experts") for _ in range(3)))
        shutil.rmtree(folder)
    assert seconds[1] < 6 * seconds[0]
    assert seconds[1] < 3


def test_a_disk_smaller_than_the_holes_is_large_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = moe(layers=2, experts=64)
    write_base(model, tmp_path / "base")
    write_adapter(tmp_path / "adapter", attention_modules(model))
    monkeypatch.setattr(preflight, "free_bytes", lambda _: 500_000_000)
    asked = request(tmp_path / "base", tmp_path / "adapter", output=tmp_path / "out")
    prepared = prepare(asked)
    assert prepared.preflight.predicted_bytes is not None
    assert prepared.preflight.predicted_bytes > 1_500_000_000
    assert not prepared.preflight.refused
    monkeypatch.setattr(preflight, "hole_bytes", lambda *_: 0)
    assert [finding.code for finding in prepare(asked).preflight.findings] == [Code.DISK_FULL]


@pytest.mark.slow
def test_a_hollow_base_is_merged_into_a_hollow_result(tmp_path: Path) -> None:
    model = moe(layers=2, experts=32, shards=3)
    write_base(model, tmp_path / "base")
    write_adapter(tmp_path / "adapter", attention_modules(model, ("q_proj",)), rank=4)
    done = merge(MergeRequest(tmp_path / "base", (AdapterChoice(tmp_path / "adapter"),), tmp_path / "out"))
    assert done.status is MergeStatus.MERGED, done.findings
    apparent = sum(file.stat().st_size for file in (tmp_path / "out").iterdir())
    real = sum(file.stat().st_blocks * 512 for file in (tmp_path / "out").iterdir())
    assert apparent > 1_500_000_000
    assert real < 100_000_000
    assert {"preflight", "plan", "merge", "verify"} <= set(done.stage_seconds)
