"""Merges that are packed for servers, proved against plain base and adapter; what is wrong with others is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from folders import write_tensors
from kept_models import pack
from tiny_models import make_adapter, make_base, merge_with_mergedesk, tensors

from mergedesk.domain.findings import CheckCode, CheckStatus, Code
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.packed_export import ExportRequest, ExportStatus
from mergedesk.domain.progress import CancelToken, unheard
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import Verdict, VerifyStatus
from mergedesk.export.packed.linear_layers import linear_weights
from mergedesk.export.packed.scheme import SCHEMES
from mergedesk.pipelines import packing_plan
from mergedesk.pipelines.export_packed import export_packed
from mergedesk.pipelines.merge_packed import merge_packed
from mergedesk.pipelines.verify import verify

SIZES = {"hidden_size": 384, "intermediate_size": 640, "num_key_value_heads": 4, "head_dim": 96}
EVERY = pytest.mark.parametrize("form", SCHEMES)
Damage = Callable[[dict[str, torch.Tensor]], None]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama, an adapter for all of it, and their merge."""
    folder = tmp_path_factory.mktemp("home")
    torch.manual_seed(0)
    make_base("llama", folder / "base", "bfloat16", **SIZES)
    make_adapter("llama", folder / "base", folder / "adapter")
    merge_with_mergedesk(folder / "base", folder / "adapter", folder / "merged")
    return folder


@pytest.fixture(autouse=True)
def _asked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in another process, which would import transformers each time."""
    monkeypatch.setattr(packing_plan, "bounded", lambda _asked, folder, **_limits: linear_weights(folder))


def packed(model: Path, output: Path, form: str) -> Path:
    assert export_packed(ExportRequest(model, output, form), unheard, CancelToken()).status is ExportStatus.EXPORTED
    return output


def in_one_pass(home: Path, output: Path, form: str, strength: float = 1.0) -> Path:
    request = MergeRequest(home / "base", (AdapterChoice(home / "adapter", strength),), output)
    assert merge_packed(request, form, unheard, CancelToken()).status is MergeStatus.MERGED
    return output


def proof(home: Path, merged: Path, quick: bool = False) -> Verdict:
    return verify(VerifyRequest(home / "base", (AdapterChoice(home / "adapter"),), merged, quick))


def reason(verdict: Verdict) -> Code:
    assert verdict.status is VerifyStatus.PROVED, verdict.findings
    assert verdict.reason is not None
    return verdict.reason.code


def nearest(verdict: Verdict) -> CheckStatus:
    [check] = [check for check in verdict.checks if check.code is CheckCode.PACKED_AS_ROUNDED]
    return check.status


@EVERY
def test_our_own_is_proved_to_be_rounded_to_nearest(form: str, home: Path, tmp_path: Path) -> None:
    out = in_one_pass(home, tmp_path / "out", form)
    verdict = proof(home, out)
    assert (reason(verdict), verdict.matches) == (Code.MERGE_PACKED_PROVED, True), verdict.reason
    assert all(check.status is CheckStatus.PASS for check in verdict.checks)
    assert {module.story for module in verdict.modules} == {"right"}
    assert verdict.reason
    assert verdict.reason.data["count"] == len([name for name in tensors(home / "base") if "_proj" in name])
    assert reason(proof(home, out, quick=True)) is Code.MERGE_PACKED_PROVED


@EVERY
def test_the_base_packed_is_no_merge(form: str, home: Path, tmp_path: Path) -> None:
    assert reason(proof(home, packed(home / "base", tmp_path / "out", form))) is Code.MERGE_IS_THE_BASE


@EVERY
def test_another_strength_is_told(form: str, home: Path, tmp_path: Path) -> None:
    twice = proof(home, in_one_pass(home, tmp_path / "twice", form, 2.0))
    assert reason(twice) is Code.MERGE_APPLIED_TWICE
    half = proof(home, in_one_pass(home, tmp_path / "half", form, 0.5))
    assert reason(half) is Code.MERGE_SCALED
    assert half.reason
    assert half.reason.data["factor"] == pytest.approx(0.5, abs=0.02)


CODES = {"fp8": "weight", "fp8-block": "weight", "int8": "weight", "int4": "weight_packed", "int4-32": "weight_packed"}
MODULE = "model.layers.1.mlp.up_proj"


def bytes_of(stored: dict[str, torch.Tensor], form: str) -> torch.Tensor:
    return stored[f"{MODULE}.{CODES[form]}"].view(torch.uint8)


@EVERY
@pytest.mark.parametrize("damage", ["code", "scale", "coarse", "plain", "rows"])
def test_damage_is_seen(form: str, damage: str, home: Path, tmp_path: Path) -> None:
    out = packed(home / "merged", tmp_path / "out", form)
    stored = {name: tensor.clone() for name, tensor in tensors(out).items()}
    if damage == "code":
        bytes_of(stored, form)[300, 5] ^= 0x40  # the upper half of a byte, or most of it
    elif damage == "scale":
        stored[f"{MODULE}.weight_scale"][1] *= 1.25 if form.startswith("int4") else 1.05
    elif damage == "coarse":
        make_coarse(stored, home, form)
    elif damage == "plain":
        stored["model.layers.0.input_layernorm.weight"][3] += 0.125
    else:
        swapped = bytes_of(stored, form)
        swapped[[7, 250]] = swapped[[250, 7]]
    write_tensors(out / "model.safetensors", stored)
    verdict = proof(home, out)
    assert reason(verdict) not in (Code.MERGE_PACKED_PROVED, Code.MERGE_PACKED_WITHIN_STEP)
    assert verdict.matches is False
    if damage != "plain":
        assert nearest(verdict) is CheckStatus.FAIL


@pytest.mark.parametrize("factor", [0.9, 0.95, 1.05, 1.1])
@pytest.mark.parametrize("form", ["fp8", "fp8-block", "int8"])
@pytest.mark.parametrize("where", ["a row", "a weight", "all"])
def test_a_scale_that_its_codes_were_not_made_with_is_refuted(
    form: str, factor: float, where: str, home: Path, tmp_path: Path
) -> None:
    out = packed(home / "merged", tmp_path / "out", form)
    stored = {name: tensor.clone() for name, tensor in tensors(out).items()}
    scales = [name for name in stored if name.endswith("weight_scale")]
    for name in scales if where == "all" else [f"{MODULE}.weight_scale"]:
        stored[name][1 if where == "a row" else slice(None)] *= factor
    write_tensors(out / "model.safetensors", stored)
    verdict = proof(home, out)
    assert verdict.matches is False, verdict.reason
    assert nearest(verdict) is CheckStatus.FAIL


def make_coarse(stored: dict[str, torch.Tensor], home: Path, form: str) -> None:
    """Rounded to nearest by scales eight times as large as they need be; of small floats, which lose nothing, 4096."""
    values, scales = tensors(home / "merged")[f"{MODULE}.weight"].float(), stored[f"{MODULE}.weight_scale"]
    scales *= 4096 if form.startswith("fp8") else 8
    rows, columns = (128, 128) if form == "fp8-block" else (1, values.shape[1] // scales.shape[1])
    spread = scales.float().repeat_interleave(rows, 0).repeat_interleave(columns, 1)[: len(values), : values.shape[1]]
    if form.startswith("fp8"):
        stored[f"{MODULE}.weight"] = (values / spread).to(torch.float8_e4m3fn)
    elif form == "int8":
        stored[f"{MODULE}.weight"] = (values / spread).round().to(torch.int8)
    else:
        stored[f"{MODULE}.weight_packed"] = in_words(values / spread)


def in_words(values: torch.Tensor) -> torch.Tensor:
    """Values in scales, eight in each word."""
    codes = (values.round().clamp(-8, 7) + 8).to(torch.int64).view(len(values), -1, 8)
    return (codes << (4 * torch.arange(8))).sum(-1).to(torch.int32)


def test_a_part_that_is_not_there_is_told(home: Path, tmp_path: Path) -> None:
    out = packed(home / "merged", tmp_path / "out", "int4")
    write_tensors(out / "model.safetensors", {k: v for k, v in tensors(out).items() if k != f"{MODULE}.weight_scale"})
    assert proof(home, out).matches is not True


OTHERS = ("int4 group", "int4 group asymmetric", "packed int8 group", "int8 channel", "int8 tensor", "fp8 tensor",
          "fp8 channel", "fp8 block", "fp8 group", "mxfp4", "mxfp8", "nvfp4")  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_tools_results_are_judged_by_their_scheme(name: str, home: Path, tmp_path: Path) -> None:
    (tmp_path / "of").mkdir()
    (tmp_path / "of" / "base").symlink_to(home / "merged")
    verdict = proof(home, pack(name, tmp_path / "of", tmp_path / "out"))
    assert reason(verdict) is Code.MERGE_PACKED_PROVED, (verdict.reason, verdict.modules[:3])
    shutil.rmtree(tmp_path / "of")
    (tmp_path / "of").mkdir()
    (tmp_path / "of" / "base").symlink_to(home / "base")
    assert reason(proof(home, pack(name, tmp_path / "of", tmp_path / "unmerged"))) is Code.MERGE_IS_THE_BASE


def test_what_is_not_rounded_to_nearest_is_within_a_step(home: Path, tmp_path: Path) -> None:
    """As calibrating does: each value to one of its two neighbours, by chance."""
    out = packed(home / "merged", tmp_path / "out", "int8")
    stored = {name: tensor.clone() for name, tensor in tensors(out).items()}
    torch.manual_seed(1)
    for name, scale in [(name, tensor) for name, tensor in stored.items() if name.endswith("weight_scale")]:
        weight = name.removesuffix("_scale")
        exact = tensors(home / "merged")[weight].float() / scale.float()
        stored[weight] = (exact + torch.rand_like(exact)).floor().clamp(-128, 127).to(torch.int8)
    write_tensors(out / "model.safetensors", stored)
    verdict = proof(home, out)
    assert (reason(verdict), verdict.matches) == (Code.MERGE_PACKED_WITHIN_STEP, True)
    assert nearest(verdict) is CheckStatus.WARN


@pytest.mark.parametrize("factor", [0.8, 0.9, 0.95, 1.05, 1.1, 1.3])
def test_other_scales_that_codes_were_made_with_are_within_a_step(factor: float, home: Path, tmp_path: Path) -> None:
    """As observers choose them, or somebody by hand: of them all values are as near as they can be."""
    out = packed(home / "merged", tmp_path / "out", "fp8")
    stored = {name: tensor.clone() for name, tensor in tensors(out).items()}
    for name in [name for name in stored if name.endswith("weight_scale")]:
        weight = name.removesuffix("_scale")
        stored[name] *= factor
        scaled = tensors(home / "merged")[weight].float() / stored[name].float()
        stored[weight] = scaled.clamp(-448, 448).to(torch.float8_e4m3fn)
    write_tensors(out / "model.safetensors", stored)
    verdict = proof(home, out)
    assert verdict.matches is True, (verdict.reason, verdict.modules)
    assert reason(verdict) in (Code.MERGE_PACKED_WITHIN_STEP, Code.MERGE_PACKED_PROVED)


def test_smaller_scales_that_cut_off_the_largest_are_within_a_step(home: Path, tmp_path: Path) -> None:
    """As observers do that look for the least error."""
    out = packed(home / "merged", tmp_path / "out", "int4")
    stored = {name: tensor.clone() for name, tensor in tensors(out).items()}
    for name in [name for name in stored if name.endswith("weight_packed")]:
        module = name.removesuffix(".weight_packed")
        values = tensors(home / "merged")[f"{module}.weight"].float()
        stored[f"{module}.weight_scale"] *= 0.9
        stored[name] = in_words(values / stored[f"{module}.weight_scale"].float().repeat_interleave(128, 1))
    write_tensors(out / "model.safetensors", stored)
    verdict = proof(home, out)
    assert verdict.matches is True, (verdict.reason, verdict.modules)
    assert reason(verdict) is Code.MERGE_PACKED_WITHIN_STEP
