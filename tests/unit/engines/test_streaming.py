"""The engine around the arithmetic: files, workers, odd tensors, and what stops it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hollow import HollowTensor, write_hollow
from peft import PeftModel
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    WEIGHTS,
    assert_same_tensors,
    load,
    make_adapter,
    make_base,
    merge_with_mergedesk,
    merge_with_peft,
    peft_model,
    same_bits,
    sha256,
    tensors,
    third_party_noise_off,
)

from mergedesk.checkpoints.adapter import read_adapter
from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.requests import Precision
from mergedesk.engines import streaming
from mergedesk.output.shards import create_shards
from mergedesk.planning.layout import Layout, make_layout
from mergedesk.planning.plan import Action, make_plan
from mergedesk.planning.resolved_adapter import map_adapter

MakeBase = Callable[..., Path]
INDEX = f"{WEIGHTS}.index.json"
ADAPTER = "adapter_model.safetensors"


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_workers_and_ragged_cuts_do_not_change_the_file(
    workers: int, base_of: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = base_of("llama", "bfloat16", attention_bias=True, mlp_bias=True)
    adapter = make_adapter("llama", base, tmp_path / "adapter", lora_bias=True, lora_alpha=7)
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft")
    sizes = {"MIN_WORKERS": workers, "MAX_WORKERS": workers, "TILE_ELEMENTS": 17, "CHUNK_BYTES": 900}
    for name, value in sizes.items():
        monkeypatch.setattr(streaming, name, value)
    merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)


def test_sharded_base_keeps_its_files(tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16", max_shard_size="40KB")
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft")
    merge_with_mergedesk(base, adapter, tmp_path / "ours")
    files = sorted(file.name for file in base.glob("*.safetensors"))
    assert len(files) > 2
    for name in files:
        assert load_file(tmp_path / "ours" / name).keys() == load_file(base / name).keys()
    assert_same_tensors(tmp_path / "ours", theirs)
    assert (tmp_path / "ours" / INDEX).read_bytes() == (base / INDEX).read_bytes()


@pytest.mark.parametrize("limit", [1, 30_000, 10**9])
@pytest.mark.parametrize("base_shards", ["5GB", "40KB"])
def test_new_shard_size(limit: int, base_shards: str, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", max_shard_size=base_shards)
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    theirs = merge_with_peft("llama", base, adapter, tmp_path / "peft")
    _, layout = merge_with_mergedesk(base, adapter, tmp_path / "ours", max_shard_size=limit)
    ours = tmp_path / "ours"
    assert_same_tensors(ours, theirs)
    for shard in layout.shards:
        assert len(shard.tensors) == 1 or sum(one.tensor.nbytes for one in shard.tensors) <= limit
        assert (ours / shard.name).stat().st_size == shard.nbytes
    assert (len(layout.shards) == 1) is (limit == 10**9)
    assert (ours / INDEX).exists() is (len(layout.shards) > 1)
    if layout.index is not None:
        stored = tensors(ours)
        index = json.loads((ours / INDEX).read_text(encoding="utf-8"))
        assert index["metadata"]["total_size"] == sum(one.nbytes for one in stored.values())
        assert index["metadata"]["total_parameters"] == sum(one.numel() for one in stored.values())
        assert {name: set(load_file(ours / file)) & {name} for name, file in index["weight_map"].items()} == {
            name: {name} for name in stored
        }
    loaded, expected = load("llama", ours).state_dict(), load("llama", theirs).state_dict()
    assert all(torch.equal(loaded[name], expected[name]) for name in expected)


ODD: dict[str, torch.Tensor] = {
    "proj.weight": torch.linspace(-3, 3, 24 * 20).view(24, 20),
    "scalar": torch.tensor(2.5),
    "scalar_int": torch.tensor(-7),
    "vector": torch.linspace(-1, 1, 37),
    "empty": torch.empty(0, 5),
    "empty_int": torch.empty(3, 0, dtype=torch.int32),
    "cube": torch.linspace(-2, 2, 3 * 5 * 7).view(3, 5, 7),
    "flags": torch.tensor([True, False, True]),
    "bytes": torch.arange(11, dtype=torch.uint8),
    "half": torch.linspace(-9, 9, 13).half(),
    "brain": torch.linspace(-9, 9, 13).bfloat16(),
    "double": torch.linspace(-9, 9, 13, dtype=torch.float64),
    "eight": torch.linspace(-9, 9, 13).to(torch.float8_e4m3fn),
    "infinite": torch.tensor([float("inf"), -float("inf"), float("nan"), 1.0]),
}


def write_base(folder: Path, stored: dict[str, torch.Tensor], model_type: str = "odd") -> Path:
    folder.mkdir()
    save_file(stored, folder / WEIGHTS, {"format": "pt"})
    config = {"model_type": model_type, "architectures": ["Odd"]}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def write_adapter(folder: Path, stored: dict[str, torch.Tensor], **config: object) -> Path:
    folder.mkdir()
    save_file({f"base_model.model.{name}": tensor for name, tensor in stored.items()}, folder / ADAPTER)
    stated = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["proj"], **config}
    (folder / "adapter_config.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder


def pair(outputs: int = 24, inputs: int = 20, rank: int = 2, scale: float = 1.0) -> dict[str, torch.Tensor]:
    return {
        "proj.lora_A.weight": torch.randn(rank, inputs) * scale,
        "proj.lora_B.weight": torch.randn(outputs, rank) * scale,
    }


@pytest.mark.parametrize("precision", ["auto", "float32", "bfloat16", "float16"])
def test_tensors_of_every_kind_arrive(precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "TILE_ELEMENTS", 16)
    monkeypatch.setattr(streaming, "CHUNK_BYTES", 64)
    base = write_base(tmp_path / "base", ODD)
    delta = pair()
    adapter = write_adapter(tmp_path / "adapter", delta)
    merge_with_mergedesk(base, adapter, tmp_path / "ours", precision)
    ours = tensors(tmp_path / "ours")
    expected = {
        name: tensor.to(DTYPES[precision]) if precision != "auto" and tensor.dtype in DTYPES.values() else tensor
        for name, tensor in ODD.items()
    }
    merged = ODD["proj.weight"] + (delta["proj.lora_B.weight"] @ delta["proj.lora_A.weight"]) * 2.0
    expected["proj.weight"] = merged.to(expected["proj.weight"].dtype)
    assert ours.keys() == expected.keys()
    assert [name for name in ours if not same_bits(ours[name], expected[name])] == []


def test_keep_float32_is_searched_for_as_transformers_does(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", {"a.wo.weight": torch.randn(4, 4), "proj.weight": torch.randn(24, 20)})
    adapter = write_adapter(tmp_path / "adapter", pair())
    merge_with_mergedesk(base, adapter, tmp_path / "ours", "float16", keep_float32=["wo"])
    dtypes = {name: tensor.dtype for name, tensor in tensors(tmp_path / "ours").items()}
    assert dtypes == {"a.wo.weight": torch.float32, "proj.weight": torch.float16}


def failure(base: Path, adapter: Path, folder: Path, precision: str = "auto") -> UserError:
    with pytest.raises(UserError) as caught:
        merge_with_mergedesk(base, adapter, folder, precision)
    return caught.value


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_broken_adapter_is_refused_by_name(bad: float, tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", {"proj.weight": torch.randn(24, 20)})
    broken = pair()
    broken["proj.lora_B.weight"][23, 1] = bad
    trouble = failure(base, write_adapter(tmp_path / "adapter", broken), tmp_path / "ours")
    assert (trouble.code, trouble.data["tensor"]) == (Code.NOT_FINITE, "proj.weight")


def test_broken_copy_is_refused_by_name(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", {"norm.weight": torch.randn(24)})
    adapter = write_adapter(tmp_path / "adapter", {"norm.weight": torch.full((24,), float("nan"))})
    trouble = failure(base, adapter, tmp_path / "ours")
    assert (trouble.code, trouble.data["tensor"]) == (Code.NOT_FINITE, "norm.weight")


@pytest.mark.parametrize("name", ["proj.weight", "other.weight"])
def test_what_float16_cannot_hold_is_refused_by_name(name: str, tmp_path: Path) -> None:
    stored = {"proj.weight": torch.randn(24, 20), "other.weight": torch.randn(24, 20)}
    stored[name][3, 7] = -70_000.0
    adapter = write_adapter(tmp_path / "adapter", pair(scale=0.01))
    trouble = failure(write_base(tmp_path / "base", stored), adapter, tmp_path / "ours", "float16")
    assert (trouble.code, trouble.data["tensor"]) == (Code.FLOAT16_OVERFLOW, name)
    assert trouble.data["largest"] == pytest.approx(70_000, abs=1)


@pytest.mark.parametrize("name", ["proj.weight", "other.weight"])
def test_what_bfloat16_cannot_hold_is_refused_by_name(name: str, tmp_path: Path) -> None:
    """float32 goes on for a little beyond the largest bfloat16."""
    stored = {"proj.weight": torch.randn(24, 20), "other.weight": torch.randn(24, 20)}
    stored[name][3, 7] = torch.finfo(torch.float32).max
    adapter = write_adapter(tmp_path / "adapter", pair(scale=0.01))
    trouble = failure(write_base(tmp_path / "base", stored), adapter, tmp_path / "ours", "bfloat16")
    assert (trouble.code, trouble.data["tensor"]) == (Code.FLOAT16_OVERFLOW, name)


def test_the_largest_float16_is_held(tmp_path: Path) -> None:
    """65519 still rounds down to 65504, the largest there is."""
    stored = {"other": torch.tensor([65_519.0, -65_504.0]), "proj.weight": torch.zeros(24, 20)}
    base = write_base(tmp_path / "base", stored)
    merge_with_mergedesk(base, write_adapter(tmp_path / "adapter", pair()), tmp_path / "ours", "float16")
    assert tensors(tmp_path / "ours")["other"].tolist() == [65_504.0, -65_504.0]


def prepared(tmp_path: Path) -> tuple[Path, Layout]:
    matrices = {f"{n}.proj.weight": torch.randn(24, 20) for n in range(6)}
    base = write_base(tmp_path / "base", {**matrices, "copied": torch.zeros(9)})
    updates = {f"{n}.{name}": tensor for n in range(6) for name, tensor in pair().items()}
    checkpoint = read_checkpoint(base)
    mapped = [map_adapter(checkpoint, read_adapter(write_adapter(tmp_path / "adapter", updates)))]
    (tmp_path / "ours").mkdir()
    return base, make_layout(make_plan(checkpoint, mapped, Precision.AUTO), checkpoint)


def test_cancelling_stops_between_tiles(tmp_path: Path) -> None:
    _, layout = prepared(tmp_path)
    cancel, seen = CancelToken(), list[str]()

    def advance(_count: int, name: str) -> None:
        seen.append(name)
        cancel.cancel()

    with create_shards(tmp_path / "ours", layout) as outputs, pytest.raises(Cancelled):
        streaming.stream(layout, outputs, advance, cancel)
    assert 0 < len(seen) < len(layout.shards[0].tensors)


def test_after_a_failure_no_other_chunk_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gigabytes that nobody will keep are neither read nor written."""
    checkpoint = read_checkpoint(write_base(tmp_path / "base", {"copied": torch.zeros(1600)}))
    (tmp_path / "ours").mkdir()
    layout = make_layout(make_plan(checkpoint, [], Precision.AUTO), checkpoint)
    pieces, begun = len(cut_up(layout, 64, monkeypatch)["copied"]), list[str]()

    def fill(_run: object, numbered: tuple[int, streaming.Chunk]) -> None:
        begun.append(numbered[1].shard)
        time.sleep(0.02)
        if len(begun) > 3:
            raise UserError(Code.NOT_FINITE, name="any")

    monkeypatch.setattr(streaming, "_fill", fill)
    with create_shards(tmp_path / "ours", layout) as outputs, pytest.raises(UserError):
        streaming.stream(layout, outputs, lambda count, name: None, CancelToken())
    assert 4 <= len(begun) < pieces / 2


@pytest.mark.parametrize(("data", "tiles"), [(b"\1", 1), (b"\1" * (5 << 20), 8)])
def test_a_tensor_of_holes_is_one_tile(data: bytes, tiles: int, tmp_path: Path) -> None:
    """What is neither read nor written costs the same, however large; what is goes through memory in pieces."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "config.json").write_text("{}", encoding="utf-8")
    write_hollow(tmp_path / "base" / WEIGHTS, [HollowTensor("copied", "U8", (16 << 20,), data)])
    if (tmp_path / "base" / WEIGHTS).stat().st_blocks * 512 > 8 << 20:
        pytest.skip("this file system keeps no holes")
    checkpoint = read_checkpoint(tmp_path / "base")
    layout, seen = make_layout(make_plan(checkpoint, [], Precision.AUTO), checkpoint), list[int]()
    (tmp_path / "ours").mkdir()
    with create_shards(tmp_path / "ours", layout) as outputs:
        streaming.stream(layout, outputs, lambda count, _: seen.append(count), CancelToken())
    assert (len(seen), sum(seen)) == (tiles, 16 << 20)
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(tmp_path / "base" / WEIGHTS)


@pytest.mark.parametrize("bytes_left", [0, 40, 3000])
def test_a_base_that_shrinks_meanwhile_is_noticed(bytes_left: int, tmp_path: Path) -> None:
    base, layout = prepared(tmp_path)
    with (base / WEIGHTS).open("r+b") as file:
        file.truncate(bytes_left)
    with create_shards(tmp_path / "ours", layout) as outputs, pytest.raises(UserError) as caught:
        streaming.stream(layout, outputs, lambda count, name: None, CancelToken())
    assert caught.value.code == Code.INPUT_CHANGED


def test_torch_gets_its_threads_back(tmp_path: Path) -> None:
    _, layout = prepared(tmp_path)
    torch.set_num_threads(2)
    with create_shards(tmp_path / "ours", layout) as outputs:
        streaming.stream(layout, outputs, lambda count, name: None, CancelToken())
    assert torch.get_num_threads() == 2
    torch.set_num_threads(1)


def cut_up(layout: Layout, chunk: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[int, int]]]:
    monkeypatch.setattr(streaming, "CHUNK_BYTES", chunk)
    pieces: dict[str, list[tuple[int, int]]] = {}
    for piece in streaming.chunks(layout):
        pieces.setdefault(piece.placed.tensor.name, []).append((piece.begin, piece.end))
    return pieces


@pytest.mark.parametrize("chunk", [1, 500, 1700, 10**6])
def test_chunks_cover_each_tensor_once(chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = write_base(tmp_path / "base", ODD | {"proj.weight": torch.zeros(103, 20)})
    checkpoint = read_checkpoint(base)
    mapped = [map_adapter(checkpoint, read_adapter(write_adapter(tmp_path / "adapter", pair(outputs=103))))]
    plan = make_plan(checkpoint, mapped, Precision.AUTO)
    pieces = cut_up(make_layout(plan, checkpoint), chunk, monkeypatch)
    assert pieces.keys() == {tensor.name for tensor in plan.tensors if tensor.nbytes}
    for tensor in plan.tensors:
        if tensor.nbytes:
            begins, ends = zip(*pieces[tensor.name], strict=True)
            assert (begins[0], *ends) == (*begins, tensor.nbytes if tensor.action is Action.COPY else 103)
    # MKL rounds differently for products thinner than this.
    assert all(end - begin >= 16 for begin, end in pieces["proj.weight"])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("weights", [(1.0, 1.0), (0.7, -0.4)])
def test_two_adapters_are_peft_s_weighted_cat(
    weights: tuple[float, float], dtype: str, base_of: MakeBase, tmp_path: Path
) -> None:
    base, targets = base_of("llama", dtype), ["q_proj", "down_proj", "embed_tokens", "lm_head"]
    one = make_adapter("llama", base_of("llama"), tmp_path / "one", 1, r=3, lora_alpha=7, target_modules=targets)
    other = make_adapter("llama", base_of("llama"), tmp_path / "two", 2, r=5, lora_alpha=3, target_modules=targets)
    merge_with_mergedesk(base, [(one, weights[0]), (other, weights[1])], tmp_path / "ours")
    ours, theirs = tensors(tmp_path / "ours"), weighted_cat(base, (one, other), weights, dtype)
    assert ours.keys() == theirs.keys()
    if dtype == "float32":
        assert [name for name in ours if not same_bits(ours[name], theirs[name])] == []
    # In 16 bits PEFT rounds the combined factors to the base's dtype first.
    exact = weighted_cat(base, (one, other), weights, "float64")
    for name, tensor in exact.items():
        assert (ours[name].double() - tensor).abs().sum() <= (theirs[name].double() - tensor).abs().sum()


def weighted_cat(
    base: Path, adapters: tuple[Path, Path], weights: tuple[float, float], dtype: str
) -> dict[str, torch.Tensor]:
    with third_party_noise_off():
        model = PeftModel.from_pretrained(load("llama", base, dtype), adapters[0], adapter_name="one")
        model.load_adapter(adapters[1], adapter_name="two")
        model.add_weighted_adapter(["one", "two"], list(weights), "both", combination_type="cat")
        model.set_adapter("both")
        merged: dict[str, torch.Tensor] = model.merge_and_unload().state_dict()
    return merged


@pytest.mark.slow
@pytest.mark.parametrize("strength", [0.35, 2.0, -1.0, 0.0])
def test_one_adapter_at_a_strength(strength: float, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama")
    adapter = make_adapter("llama", base, tmp_path / "adapter", lora_alpha=7)
    before, full = (model.state_dict() for model in (load("llama", base), merged_in_float64(base, adapter)))
    merge_with_mergedesk(base, [(adapter, strength)], tmp_path / "ours")
    for name, tensor in tensors(tmp_path / "ours").items():
        expected = before[name] + strength * (full[name] - before[name])
        torch.testing.assert_close(tensor.double(), expected, atol=1e-7, rtol=1e-6)


def merged_in_float64(base: Path, adapter: Path) -> torch.nn.Module:
    merged: torch.nn.Module = peft_model("llama", base, adapter, "float64").merge_and_unload()
    return merged
