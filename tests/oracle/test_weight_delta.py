"""What a report says an adapter does, against float64 values of PEFT's own merge and of really rounding them."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from merges import weak
from safetensors.torch import load_file, save_file
from tiny_models import DTYPES, make_adapter, make_base, merge_with_peft, tensors

from mergedesk.checkpoints.files import REPORT
from mergedesk.domain.findings import Code
from mergedesk.domain.merge_report import MergeReport, MergeStatus, report_json
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta, advice, effect_from_json, effect_json
from mergedesk.engines import delta_stats as effect_gauge
from mergedesk.engines import streaming
from mergedesk.pipelines.merge import merge

MakeBase = Callable[..., Path]
Tensors = Mapping[str, torch.Tensor]


def merged(base: Path, adapter: Path, output: Path, precision: str = "auto", engine: str = "auto") -> MergeReport:
    request = MergeRequest(
        base, (AdapterChoice(adapter),), output, precision=Precision(precision), engine=Engine(engine)
    )
    return merge(request, lambda _: None, CancelToken())


def effect_of(report: MergeReport) -> WeightDelta:
    assert report.status is MergeStatus.MERGED, report.findings
    assert report.effect is not None
    return report.effect


def exactly(kind: str, base: Path, adapter: Path, folder: Path) -> tuple[Tensors, Tensors]:
    """The base's values, and those of PEFT's merge in float64."""
    before = {name: one.double() for name, one in tensors(base).items()}
    return before, tensors(merge_with_peft(kind, base, adapter, folder, "float64"))


def really_kept(before: torch.Tensor, after: torch.Tensor, dtype: str) -> float:
    """⟨R − W, ΔW⟩ / ⟨ΔW, ΔW⟩, by really rounding."""
    delta = (after - before).flatten()
    rounded = (after.to(DTYPES[dtype]).double() - before).flatten()
    return float(rounded @ delta / (delta @ delta))


def assert_told(effect: WeightDelta, before: Tensors, after: Tensors, tolerance: float = 1e-3) -> None:
    """Every number of every changed tensor."""
    changed = {name for name, one in after.items() if not torch.equal(one, before[name])}
    assert {one.name for one in effect.modules} == changed
    for one in effect.modules:
        delta = after[one.name] - before[one.name]
        assert one.delta_norm == pytest.approx(float(delta.norm()), rel=tolerance)
        assert one.weight_norm == pytest.approx(float(before[one.name].norm()), rel=tolerance)
        assert one.largest == pytest.approx(float(delta.abs().amax()), rel=tolerance)
        for dtype in ("bfloat16", "float16", "float32"):
            kept = really_kept(before[one.name], after[one.name], dtype)
            assert getattr(one.kept, dtype) == pytest.approx(kept, abs=5 * tolerance), (one.name, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["llama", "gpt2", "bert", "t5", "mixtral"])
@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_numbers_are_those_of_peft_s_merge(kind: str, dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of(kind, dtype)
    adapter = make_adapter(kind, base, tmp_path / "adapter")
    effect = effect_of(merged(base, adapter, tmp_path / "ours"))
    assert_told(effect, *exactly(kind, base, adapter, tmp_path / "exact"))
    assert effect.precision == dtype
    assert not any(one.sampled for one in effect.modules)


@pytest.mark.parametrize("options", [{"use_dora": True}, {"modules_to_save": ["lm_head"]}, {"r": 24, "lora_alpha": 7}])
def test_other_updates_too(options: dict[str, object], base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    adapter = make_adapter("llama", base, tmp_path / "adapter", **options)
    effect = effect_of(merged(base, adapter, tmp_path / "ours"))
    assert_told(effect, *exactly("llama", base, adapter, tmp_path / "exact"))


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["bfloat16", "float16", "float32"])
def test_what_was_written_is_what_is_kept(precision: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "float32")
    adapter = weak("llama", base, tmp_path / "adapter", 1e-3)
    effect = effect_of(merged(base, adapter, tmp_path / "ours", precision))
    before, after, written = *exactly("llama", base, adapter, tmp_path / "exact"), tensors(tmp_path / "ours")
    for one in effect.modules:
        delta = (after[one.name] - before[one.name]).flatten()
        found = (written[one.name].double() - before[one.name]).flatten()
        assert one.kept.written == pytest.approx(float(found @ delta / (delta @ delta)), abs=5e-3)
        assert one.kept.written == getattr(one.kept, precision)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A base with tensors large enough to be sampled, and an adapter a step of bfloat16 strong or so."""
    folder = tmp_path_factory.mktemp("large")
    sizes = {"hidden_size": 512, "intermediate_size": 1024, "num_hidden_layers": 1, "num_attention_heads": 8}
    base = make_base("llama", folder / "base", "bfloat16", num_key_value_heads=8, head_dim=64, **sizes)
    return base, weak("llama", base, folder / "adapter", 4e-3)


@pytest.mark.slow
def test_a_sample_is_near_the_whole(large: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = large
    effect = effect_of(merged(base, adapter, tmp_path / "ours"))
    before, after = exactly("llama", base, adapter, tmp_path / "exact")
    assert all(one.sampled for one in effect.modules)
    for one in effect.modules:
        delta = after[one.name] - before[one.name]
        assert one.delta_norm == pytest.approx(float(delta.norm()), rel=1e-3)  # of all elements, by the factors
        assert one.weight_norm == pytest.approx(float(before[one.name].norm()), rel=0.02)
        assert one.largest == pytest.approx(float(delta.abs().amax()), rel=0.1)
        for dtype in ("bfloat16", "float16"):
            kept = really_kept(before[one.name], after[one.name], dtype)
            assert getattr(one.kept, dtype) == pytest.approx(kept, abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"use_dora": True}, {"modules_to_save": ["lm_head"]}])
def test_a_sample_of_other_updates(options: dict[str, object], large: tuple[Path, Path], tmp_path: Path) -> None:
    base, _ = large
    adapter = make_adapter("llama", base, tmp_path / "adapter", **options)
    effect = effect_of(merged(base, adapter, tmp_path / "ours"))
    before, after = exactly("llama", base, adapter, tmp_path / "exact")
    for one in effect.modules:
        assert one.delta_norm == pytest.approx(float((after[one.name] - before[one.name]).norm()), rel=0.03), one.name


@pytest.mark.slow
def test_token_rows_are_never_missed(large: tuple[Path, Path], tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16", hidden_size=512, vocab_size=4096)
    adapter = make_adapter(
        "llama", base, tmp_path / "adapter", target_modules=["q_proj"],
        trainable_token_indices={"embed_tokens": [5, 4001]},
    )  # fmt: skip
    effect = effect_of(merged(base, adapter, tmp_path / "ours"))
    before, after = exactly("llama", base, adapter, tmp_path / "exact")
    name = "model.embed_tokens.weight"
    [found] = [one for one in effect.modules if one.name == name]
    assert found.sampled
    assert found.delta_norm == pytest.approx(float((after[name] - before[name]).norm()), rel=1e-3)
    assert found.largest == pytest.approx(float((after[name] - before[name]).abs().amax()), rel=1e-3)


def test_neither_workers_nor_cuts_change_a_digit(
    large: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, adapter = large
    found = []
    for number, workers in enumerate((1, 4, 4)):
        monkeypatch.setattr(streaming, "MIN_WORKERS", workers)
        monkeypatch.setattr(streaming, "MAX_WORKERS", workers)
        monkeypatch.setattr(streaming, "CHUNK_BYTES", 200_000)
        found.append(effect_json(effect_of(merged(base, adapter, tmp_path / str(number)))))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(("zones", "step"), [(1, 1), (1, 3), (2, 11), (3, 1)])
def test_what_is_looked_at_does_not_depend_on_the_cuts(zones: int, step: int) -> None:
    count = 3_000_000
    values, sample = torch.arange(float(count)), effect_gauge.Sample(zones, step)
    whole = sample.of(values, 0)
    cut = [sample.of(values[begin : begin + 64 * 999], begin) for begin in range(0, count, 64 * 999)]
    assert torch.equal(whole, torch.cat(cut))
    assert len(whole) == pytest.approx(count / zones / step, rel=0.1)


@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_peft_s_engine_is_measured_too(dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", dtype)
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    effect = effect_of(merged(base, adapter, tmp_path / "ours", engine="peft"))
    before, after = tensors(base), tensors(tmp_path / "ours")
    for one in effect.modules:
        delta = after[one.name].double() - before[one.name].double()
        assert one.delta_norm == pytest.approx(float(delta.norm()), rel=1e-3)
        assert one.largest == pytest.approx(float(delta.abs().amax()), rel=1e-3)
        assert (one.kept.written is None) is (dtype == "bfloat16")  # PEFT has rounded before anyone can look
    assert len(effect.modules) == 14


@pytest.mark.parametrize(("factor", "code"), [(1.0, None), (6e-3, Code.PRECISION_LOSES_EFFECT)])
def test_advice_is_measured(factor: float, code: Code | None, large: tuple[Path, Path], tmp_path: Path) -> None:
    base, _ = large
    adapter = weak("llama", base, tmp_path / "adapter", factor)
    report = merged(base, adapter, tmp_path / "ours")
    found = [one for one in report.findings if one.code in (Code.PRECISION_LOSES_EFFECT, Code.EFFECT_ROUNDED_AWAY)]
    assert [one.code for one in found] == ([code] if code else [])
    before, after = exactly("llama", base, adapter, tmp_path / "exact")
    for one in found:
        names = [module.name for module in effect_of(report).modules]
        whole = [torch.cat([side[name].flatten() for name in names]) for side in (before, after)]
        really = {dtype: 100 * really_kept(whole[0], whole[1], dtype) for dtype in ("bfloat16", "float16")}
        assert one.data["precision"] == "bfloat16"
        assert one.data["better"] == "float16"
        assert float(str(one.data["kept"])) == pytest.approx(really["bfloat16"], abs=2)
        assert float(str(one.data["better_kept"])) == pytest.approx(really["float16"], abs=2)
        assert really["bfloat16"] < 90


def test_an_adapter_that_is_lost_is_said_to_be(large: tuple[Path, Path], tmp_path: Path) -> None:
    base, _ = large
    report = merged(base, weak("llama", base, tmp_path / "adapter", 1e-6), tmp_path / "ours")
    [found] = [one for one in report.findings if one.code is Code.EFFECT_ROUNDED_AWAY]
    assert found.data["better"] == "float32"
    assert report.effect is not None
    kept = report.effect.kept
    assert kept.written is not None
    assert kept.float32 is not None
    assert kept.written < 0.01 < 0.9 < kept.float32


def test_float16_is_not_advised_where_it_cannot_hold_the_values(large: tuple[Path, Path], tmp_path: Path) -> None:
    base, adapter = large
    shutil.copytree(base, tmp_path / "base")
    file = tmp_path / "base" / "model.safetensors"
    values = load_file(file)
    values["model.layers.0.mlp.up_proj.weight"][::2] = 3e5
    save_file(values, file, {"format": "pt"})
    report = merged(tmp_path / "base", adapter, tmp_path / "ours")
    assert report.effect is not None
    assert report.effect.kept.float16 is None
    assert {one.data["better"] for one in report.findings if "better" in one.data} == {"float32"}


def module(name: str, kept: KeptShare, delta: float = 1.0) -> ModuleDelta:
    return ModuleDelta(name, 10.0, delta, 0.1, kept)


def test_several_modules_count_by_their_change() -> None:
    kept = WeightDelta(
        (module("a", KeptShare(0.5), 2.0), module("b", KeptShare(1.0), 1.0), module("c", KeptShare(), 0.0))
    ).kept
    assert kept.written == pytest.approx((0.5 * 4 + 1.0) / 5)
    assert WeightDelta((module("a", KeptShare(0.5)), module("b", KeptShare()))).kept.written is None


def test_advice_prefers_the_smaller_precision_that_does() -> None:
    def told(*kept: float | None) -> dict[str, object]:
        return {
            one.code.value: one.data.get("better")
            for one in advice(WeightDelta((module("a", KeptShare(*kept)),), "bfloat16"))
        }

    assert told(0.71, 0.71, 0.99, 1.0) == {"precision_loses_effect": "float16"}
    assert told(0.71, 0.71, 0.8, 1.0) == {"precision_loses_effect": "float32"}
    assert told(0.71, 0.71, None, 1.0) == {"precision_loses_effect": "float32"}
    assert told(0.95, 0.95, 1.0, 1.0) == {}
    assert told(0.0, 0.0, 0.3, 0.97) == {"effect_rounded_away": "float32"}
    assert told(0.0, 0.0, 0.0, 0.0) == {"effect_too_small": None}
    assert told(0.5, 0.5, 0.51, 0.52) == {}
    assert told(None, None, None, None) == {}


def test_json_comes_back(base_of: MakeBase, tmp_path: Path) -> None:
    base = base_of("llama", "bfloat16")
    report = merged(base, make_adapter("llama", base, tmp_path / "adapter"), tmp_path / "ours")
    shown = json.loads(json.dumps(report_json(report)))["modules_effect"]
    stored = json.loads((tmp_path / "ours" / REPORT).read_text(encoding="utf-8"))
    assert stored["modules_effect"] == shown
    again = effect_from_json(shown)
    assert again is not None
    assert [one.name for one in again.modules] == [one["name"] for one in shown["modules"]]
    assert [one.relative for one in again.modules] == pytest.approx(
        [one["relative"] for one in shown["modules"]], rel=1e-5
    )
    assert again.kept.float16 == pytest.approx(shown["kept"]["float16"], rel=1e-5)
    assert again.precision == "bfloat16"


@pytest.mark.parametrize("stated", [None, [], {}, {"modules": 3}, {"modules": [{"name": "a"}]}, {"modules": [7]}])
def test_old_and_odd_reports_have_none(stated: object) -> None:
    assert effect_from_json(stated) is None
    assert report_json(MergeReport(MergeStatus.REFUSED, None))["modules_effect"] is None


def test_odd_numbers_are_left_out() -> None:
    good = {"name": "a", "weight_norm": 1.0, "delta_norm": 0.5, "kept": {"written": math.nan, "float32": "1"}}
    found = effect_from_json({"modules": [good, {**good, "delta_norm": -1}], "precision": ["x"]})
    assert found is not None
    assert [replace(one, kept=KeptShare()) for one in found.modules] == [ModuleDelta("a", 1.0, 0.5)]
    assert found.precision == ""
