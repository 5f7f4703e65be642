"""What an adapter's config and values tell before a merge, for every method."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import (
    HIDDEN,
    INNER,
    LLAMA,
    VOCABULARY,
    assert_says,
    codes,
    linear_modules,
    lora_config,
    lora_tensors,
    make_lora,
    make_model,
    request,
    the,
    write_json,
    write_tensors,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from peft import LoraConfig, PeftConfig
from tiny_models import third_party_noise_off

from mergedesk.checkpoints.adapter import Adapter
from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.methods.lora.config import scaling
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge
from mergedesk.planning.checks.untrained import value_findings
from mergedesk.storage.safetensors_header import TensorRecord, read_header
from mergedesk.storage.stored_values import begins_not_finite, is_all, reading, rows_in_use

PREFIX = "base_model.model."
ROWS = {"q_proj": HIDDEN, "up_proj": INNER, "down_proj": HIDDEN}


def findings(folder: Path, tensors: dict[str, torch.Tensor] | None = None, **config: Any) -> tuple[Finding, ...]:
    """What preflight says of this adapter on a base that fits."""
    if not (folder / "base").exists():
        make_model(folder / "base")
    make_lora(folder / "adapter", tensors, **config)
    return check(request(folder / "base", folder / "adapter")).findings


# Fields that this PEFT does not have


@pytest.mark.parametrize(
    "fields",
    [
        {"eva_config_2": None, "use_warp": False, "warps": {}, "targets_2": []},
        {"use_warp": False, "warp_size": 16},
        {"lora_dtype": "bfloat16", "lorap_lr_ratio": 16.0, "lorap_emb_lr": 1e-6},
        {"enable_lora": [], "merge_weights": False},
        {"save_projection": True},
    ],
)
def test_fields_that_ask_for_nothing_are_ignored_and_named(fields: dict[str, Any], tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    write_json(tmp_path / "adapter" / "adapter_config.json", {**lora_config(), **fields})
    found = check(request(tmp_path / "base", tmp_path / "adapter"))
    shown = {name for name in fields if name not in ("eva_config",)}
    finding = the(found.findings, Code.UNKNOWN_FIELDS_IGNORED)
    assert set(finding.data["fields"]) == shown  # type: ignore[arg-type]
    assert finding.severity is Severity.INFO
    assert not found.refused


@pytest.mark.parametrize("field", [{"use_warp": True, "warp_size": 16}, {"warp_size": 16}, {"alpha_warp": 0.5}])
def test_fields_that_ask_for_something_stop(field: dict[str, Any], tmp_path: Path) -> None:
    assert_says(the(findings(tmp_path, **field), Code.UNKNOWN_FIELDS_MEANINGFUL), Severity.ERROR, "warp")


def ia3(folder: Path, value: float = 1.5, **config: Any) -> Path:
    tensors = {f"{PREFIX}{name}.ia3_l": torch.full((32, 1), value) for name in linear_modules(("k_proj", "v_proj"))}
    write_tensors(folder / "adapter_model.safetensors", tensors)
    plain = {"peft_type": "IA3", "target_modules": ["k_proj", "v_proj"], "feedforward_modules": []}
    write_json(folder / "adapter_config.json", {**plain, "task_type": "CAUSAL_LM", **config})
    return folder


def test_unknown_fields_of_other_methods_and_peft_takes_what_is_let_through(tmp_path: Path) -> None:
    base = make_model(tmp_path / "base")
    stopped = check(request(base, ia3(tmp_path / "new", use_warp=True)))
    assert_says(the(stopped.findings, Code.UNKNOWN_FIELDS_MEANINGFUL), Severity.ERROR, "use_warp")
    adapter = ia3(tmp_path / "idle", use_warp=False, warp_size=3)
    with third_party_noise_off():
        report = merge(request(base, adapter, tmp_path / "out"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    finding = the(report.findings, Code.UNKNOWN_FIELDS_IGNORED)
    assert_says(finding, Severity.INFO, "use_warp", "warp_size")


def test_fields_of_lora_are_unknown_to_others(tmp_path: Path) -> None:
    found = check(request(make_model(tmp_path / "base"), ia3(tmp_path / "adapter", use_dora=True)))
    assert_says(the(found.findings, Code.UNKNOWN_FIELDS_MEANINGFUL), Severity.ERROR, "use_dora")


# Empty tensors


@pytest.mark.parametrize("method", ["LORA", "IA3", "LOHA"])
def test_empty_tensors_of_any_method(method: str, tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    part = {"LORA": "lora_B.weight", "IA3": "ia3_l", "LOHA": "hada_w1_a"}[method]
    tensors = {f"{PREFIX}{name}.{part}": torch.zeros(0) for name in linear_modules()}
    write_tensors(tmp_path / "adapter" / "adapter_model.safetensors", tensors)
    write_json(tmp_path / "adapter" / "adapter_config.json", {"peft_type": method, "target_modules": ["q_proj"]})
    found = check(request(tmp_path / "base", tmp_path / "adapter"))
    assert_says(the(found.findings, Code.EMPTY_TENSORS), Severity.ERROR, "14 tensors", "ZeRO")


def test_empty_tensors_in_a_pickled_file(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    adapter = make_lora(tmp_path / "adapter")
    (adapter / "adapter_model.safetensors").unlink()
    torch.save({name: torch.zeros(0) for name in lora_tensors()}, adapter / "adapter_model.bin")
    found = check(request(tmp_path / "base", adapter))
    assert_says(the(found.findings, Code.EMPTY_TENSORS), Severity.ERROR, "28 tensors", "ZeRO")


@pytest.mark.parametrize("transposed", [False, True])
def test_dead_adapter_in_a_pickled_file(transposed: bool, tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    adapter = make_lora(tmp_path / "adapter")
    (adapter / "adapter_model.safetensors").unlink()
    stored = untrained(linear_modules())
    views = {name: value.t().contiguous().t() if transposed else value for name, value in stored.items()}
    torch.save(views, adapter / "adapter_model.bin")
    found = check(request(tmp_path / "base", adapter))
    assert_says(the(found.findings, Code.ADAPTER_UNTRAINED), Severity.ERROR, "14 modules")


# Adapters that were never trained


def untrained(modules: list[str], zero: float = 0.0) -> dict[str, torch.Tensor]:
    tensors = lora_tensors()
    for module in modules:
        tensors[f"{PREFIX}{module}.lora_B.weight"] = tensors[f"{PREFIX}{module}.lora_B.weight"] * 0.0 + zero
    return tensors


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_dead_adapter_refuses(zero: float, dtype: torch.dtype, tmp_path: Path) -> None:
    dead = {name: value.to(dtype) for name, value in untrained(linear_modules()).items()}
    dead = {name: torch.full_like(value, zero) if "lora_B" in name else value for name, value in dead.items()}
    found = findings(tmp_path, dead)
    assert_says(the(found, Code.ADAPTER_UNTRAINED), Severity.ERROR, "all its 14 modules")


def test_dead_modules_are_named(tmp_path: Path) -> None:
    found = findings(tmp_path, untrained(linear_modules(("q_proj",))))
    finding = the(found, Code.MODULES_UNTRAINED)
    assert_says(finding, Severity.WARNING, "2 of the adapter's 14", "layers.1.self_attn.q_proj")
    assert Code.SLICES_LOST not in codes(found)


@pytest.mark.parametrize("place", [(0, 0), (31, 3), (16, 2)])
def test_one_value_is_enough_to_live(place: tuple[int, int], tmp_path: Path) -> None:
    tensors = untrained(linear_modules())
    tensors[f"{PREFIX}model.layers.1.self_attn.q_proj.lora_B.weight"][place] = 1e-30
    found = findings(tmp_path, tensors)
    assert the(found, Code.MODULES_UNTRAINED).data["count"] == 13


def test_dead_but_with_a_head_of_its_own(tmp_path: Path) -> None:
    copies = {f"{PREFIX}lm_head.weight": torch.ones(VOCABULARY, HIDDEN)}
    found = findings(tmp_path, untrained(linear_modules()) | copies, modules_to_save=["lm_head"])
    assert the(found, Code.MODULES_UNTRAINED).severity is Severity.WARNING


def test_dead_adapters_of_other_methods(tmp_path: Path) -> None:
    found = check(request(make_model(tmp_path / "base"), ia3(tmp_path / "adapter", 1.0)))
    assert_says(the(found.findings, Code.ADAPTER_UNTRAINED), Severity.ERROR)


def test_altered_base_is_not_judged(tmp_path: Path) -> None:
    found = findings(tmp_path, untrained(linear_modules()), init_lora_weights="pissa")
    assert Code.ADAPTER_UNTRAINED not in codes(found)


# Slices of one process


def sliced(parts: int, rank: int = 4) -> dict[str, torch.Tensor]:
    """What rank 0 of ``parts`` holds, as ``fully_shard`` splits: along rows, the first part rounded up."""
    return {name: value.chunk(parts)[0].contiguous() for name, value in lora_tensors(rank=rank).items()}


@pytest.mark.parametrize("parts", [2, 4])
def test_only_the_first_slice_was_saved(parts: int, tmp_path: Path) -> None:
    found = findings(tmp_path, sliced(parts))
    finding = the(found, Code.SLICES_LOST)
    assert_says(finding, Severity.ERROR, f"one row in {parts}", "FSDP")
    assert {Code.RANK_DIFFERS, Code.SHAPE_MISMATCH}.isdisjoint(codes(found))


@pytest.mark.parametrize("index", [0, 1, 3])
def test_all_rows_but_one_slice_are_zero(index: int, tmp_path: Path) -> None:
    tensors = lora_tensors()
    for name, value in tensors.items():
        if "lora_B" in name:
            kept = value.chunk(4)[index].clone()
            value.zero_()
            value.chunk(4)[index].copy_(kept)
    finding = the(findings(tmp_path, tensors), Code.SLICES_LOST)
    assert_says(finding, Severity.ERROR, "Of 14 modules", "one row in 4")


def test_some_modules_half_blank_are_a_warning(tmp_path: Path) -> None:
    tensors = lora_tensors()
    for module in linear_modules(("up_proj",)):
        tensors[f"{PREFIX}{module}.lora_B.weight"][INNER // 2 :] = 0
    finding = the(findings(tmp_path, tensors), Code.SLICES_LOST)
    assert_says(finding, Severity.WARNING, "Of 2 modules", "up_proj")


def test_a_few_blank_rows_are_no_trouble(tmp_path: Path) -> None:
    tensors = lora_tensors()
    for name, value in tensors.items():
        if "lora_B" in name:
            value[-8:] = 0
    assert findings(tmp_path, tensors) == ()


# Strength


def test_patterns_that_name_no_module(tmp_path: Path) -> None:
    config = {"alpha_pattern": {"q_proj": 4, "qproj": 2}, "rank_pattern": {"layers.7.mlp.up_proj": 2}}
    finding = the(findings(tmp_path, **config), Code.PATTERN_UNMATCHED)
    assert_says(finding, Severity.WARNING, "2 entries", "alpha_pattern.qproj", "rank_pattern.layers.7.mlp.up_proj")


def test_rank_pattern_against_stored_shapes(tmp_path: Path) -> None:
    finding = the(findings(tmp_path, rank_pattern={"up_proj": 2}), Code.RANK_DIFFERS)
    assert_says(finding, Severity.ERROR, "up_proj", "rank 2", "rank 4")
    assert finding.data["count"] == 2


def test_rank_stabilised_strength_is_said(tmp_path: Path) -> None:
    finding = the(findings(tmp_path, use_rslora=True, lora_alpha=6), Code.SCALING_RANK_STABILISED)
    assert_says(finding, Severity.INFO, "3")
    assert finding.data["scaling"] == 6 / math.sqrt(4) == scaling({"use_rslora": True, "lora_alpha": 6, "r": 4}, "x", 4)


# A config of something else


def test_an_adapter_config_of_a_model_says_whose_and_where_the_right_one_lies(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    adapter = make_lora(tmp_path / "adapter")
    (adapter / "adapter_config.json").rename(adapter / "config.json")
    write_json(adapter / "adapter_config.json", {**LLAMA, "_name_or_path": "acme/Little-7B"})
    make_lora(adapter / "checkpoint-5")
    finding = the(check(request(tmp_path / "base", adapter)).findings, Code.ADAPTER_CONFIG_IS_MODEL_CONFIG)
    assert_says(
        finding, Severity.ERROR, "LlamaForCausalLM", str(adapter), "config.json, checkpoint-5/adapter_config.json"
    )


def test_an_adapter_config_with_neither_method_nor_model(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    adapter = make_lora(tmp_path / "adapter", peft_type=None)
    finding = the(check(request(tmp_path / "base", adapter)).findings, Code.ADAPTER_CONFIG_WITHOUT_METHOD)
    assert_says(finding, Severity.ERROR, "not known")


# Values that are no numbers


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_diverged_adapter_refuses(value: float, dtype: torch.dtype, tmp_path: Path) -> None:
    tensors = {name: one.to(dtype) for name, one in lora_tensors().items()}
    name = f"{PREFIX}model.layers.0.mlp.up_proj.lora_A.weight"
    tensors[name][1, 2] = value
    finding = the(findings(tmp_path, tensors), Code.ADAPTER_NOT_FINITE)
    assert_says(finding, Severity.ERROR, name)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
def test_the_largest_number_is_one(dtype: torch.dtype, tmp_path: Path) -> None:
    tensors = {name: torch.full_like(one, torch.finfo(dtype).max, dtype=dtype) for name, one in lora_tensors().items()}
    assert findings(tmp_path, tensors) == ()


# The reading itself, against torch

FLOATS = (torch.float32, torch.bfloat16, torch.float16, torch.float64)


def record_of(folder: Path, value: torch.Tensor) -> TensorRecord:
    write_tensors(folder / "one.safetensors", {"one": value})
    return read_header(folder / "one.safetensors").tensors["one"]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    rows=st.integers(1, 9),
    columns=st.sampled_from([1, 3, 700, 5000]),
    dtype=st.sampled_from(FLOATS),
    kept=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4999)), max_size=3),
)
def test_blank_rows_and_zeros_are_those_torch_sees(
    rows: int, columns: int, dtype: torch.dtype, kept: list[tuple[int, int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    value = torch.zeros(rows, columns, dtype=dtype)
    for row, column in kept:
        value[row % rows, column % columns] = 2.0**-10
    record = record_of(tmp_path_factory.mktemp("one"), value)
    used = value.any(dim=1).nonzero().flatten().tolist()
    with reading() as read:
        assert rows_in_use(read, record) == ((used[0], used[-1] + 1) if used else (0, 0))
        assert is_all(read, record, 0) is not bool(used)
        assert not is_all(read, record, 1)
        assert not begins_not_finite(read, record)


def test_smallest_value_is_not_zero(tmp_path: Path) -> None:
    for dtype in FLOATS:
        value = torch.zeros(70_000, dtype=dtype)
        value[-1] = -torch.finfo(dtype).smallest_normal
        assert not holds(tmp_path, value, 0)
        assert holds(tmp_path, torch.full_like(value, -0.0), 0)
        assert holds(tmp_path, torch.ones_like(value), 1)


def holds(folder: Path, tensor: torch.Tensor, value: float) -> bool:
    record = record_of(folder, tensor)
    with reading() as read:
        return is_all(read, record, value)


def test_whole_numbers_are_not_judged(tmp_path: Path) -> None:
    with reading() as read:
        record = record_of(tmp_path, torch.zeros(4, dtype=torch.int64))
        assert not is_all(read, record, 0)
        assert not begins_not_finite(read, record)


def test_a_file_that_vanished_is_not_this_check_s_business(tmp_path: Path) -> None:
    record = record_of(tmp_path, torch.zeros(2, 2))
    record.file.unlink()
    adapter = Adapter(tmp_path, {"peft_type": "LORA"}, {"x.lora_B.weight": record}, record.file)
    assert list(value_findings(adapter)) == []


def test_peft_itself_passes_over_unknown_fields(tmp_path: Path) -> None:
    """So that what is let through above is loaded by PEFT without a copy of the config."""
    write_json(
        tmp_path / "adapter_config.json", {**LoraConfig(r=4).to_dict(), "use_warp": False} | {"peft_type": "LORA"}
    )
    with pytest.warns(UserWarning, match="use_warp"):
        assert PeftConfig.from_pretrained(tmp_path).r == 4  # type: ignore[attr-defined]
    assert json.loads((tmp_path / "adapter_config.json").read_text())["use_warp"] is False
