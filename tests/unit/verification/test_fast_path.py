"""The fast path lets right tensors through and no others, with the numbers that a thorough look gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import merges
import pytest
import torch
from method_cases import train
from tiny_models import MakeBase, make_adapter, merge_with_peft

from mergedesk.domain.findings import Code
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import ModuleVerdict, Verdict
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify
from mergedesk.verification.compare import tensor_comparison as compare

NAME = "model.layers.1.mlp.up_proj.weight"
Thoroughly = Callable[[Verdict], Verdict]


def proof(base: Path, adapters: list[Path], merged: Path) -> Verdict:
    choices = tuple(AdapterChoice(one) for one in adapters)
    return verify(VerifyRequest(base, choices, merged, False), lambda _: None, CancelToken())


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the fast path was enough, for each tensor that got one."""
    seen: list[bool] = []
    judge_fast = compare.judge_fast

    def noted(*arguments: Any) -> Any:
        found = judge_fast(*arguments)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(compare, "judge_fast", noted)
    return seen


def thorough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "judge_fast", lambda *_: None)


def numbers(one: ModuleVerdict, dtype: str) -> tuple[float, ...]:
    """In float32 a sum has as many bits as its order of summation gives it, so equal ones are not counted there."""
    exact = () if dtype == "float32" else (one.exact_share,)
    return one.delta_share, one.lost_share, one.factor, *exact


def same_numbers(quickly: Verdict, thoroughly: Verdict, dtype: str) -> None:
    """Roundings of float32 sums may fall to the other side in a few of some thousand elements."""
    assert quickly.matches
    assert thoroughly.matches
    assert len(quickly.modules) == len(thoroughly.modules) > 0
    for one, other in zip(quickly.modules, thoroughly.modules, strict=True):
        assert (one.name, one.story) == (other.name, other.story)
        assert numbers(one, dtype) == pytest.approx(numbers(other, dtype), rel=1e-3, abs=1e-3)


EXPERTS = {"target_modules": ["q_proj"], "target_parameters": ["experts.gate_up_proj", "experts.down_proj"]}
CASES: dict[str, tuple[str, str, Mapping[str, Any]]] = {
    "llama": ("llama", "bfloat16", {}),
    "llama float16": ("llama", "float16", {}),
    "llama float32": ("llama", "float32", {}),
    "odd scaling": ("llama", "bfloat16", {"lora_alpha": 7}),
    "turned round": ("gpt2", "bfloat16", {}),
    "dora": ("llama", "bfloat16", {"use_dora": True}),
    "copies": ("llama", "bfloat16", {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]}),
    "tokens": ("llama", "bfloat16", {"trainable_token_indices": [3, 7]}),
    "experts": ("mixtral", "float32", EXPERTS),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_numbers_of_the_fast_path(
    name: str, base_of: MakeBase, tmp_path: Path, looks: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, dtype, options = CASES[name]
    base = base_of(kind, dtype)
    adapter = make_adapter(kind, base, tmp_path / "adapter", **options)
    merged = merge_with_peft(kind, base, adapter, tmp_path / "merged")
    quickly = proof(base, [adapter], merged)
    assert looks
    assert all(looks), "a right tensor was looked at twice"
    thorough(monkeypatch)
    same_numbers(quickly, proof(base, [adapter], merged), dtype)


@pytest.mark.parametrize("method", ["IA3", "HRA"])
def test_other_methods_by_the_fast_path(method: str, base_of: MakeBase, tmp_path: Path, looks: list[bool]) -> None:
    base = base_of("llama", "float32")
    adapter = train(method, "llama", base, tmp_path / "adapter")
    merged = merge_with_peft("llama", base, adapter, tmp_path / "merged")
    assert proof(base, [adapter], merged).matches
    assert looks
    assert all(looks)


@pytest.mark.slow
def test_two_adapters_by_the_fast_path(
    base_of: MakeBase, tmp_path: Path, looks: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = base_of("llama", "bfloat16")
    adapters = [make_adapter("llama", base, tmp_path / str(seed), seed=seed, r=3 + seed) for seed in (1, 2)]
    request = MergeRequest(base, tuple(AdapterChoice(one) for one in adapters), tmp_path / "merged")
    assert merge(request, lambda _: None, CancelToken()).status == "merged"
    quickly = proof(base, adapters, tmp_path / "merged")
    assert looks
    assert all(looks)
    thorough(monkeypatch)
    same_numbers(quickly, proof(base, adapters, tmp_path / "merged"), "bfloat16")


def one_element(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[merges.Tensors], merges.Tensors]:
    def edit(tensors: merges.Tensors) -> merges.Tensors:
        tensors[NAME][-1, -1] = change(tensors[NAME][-1, -1])
        return tensors

    return edit


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: one + 1.0, Code.MERGE_UNEXPLAINED),
        (lambda one: one * float("nan"), Code.MERGE_NOT_FINITE),
        (lambda one: one / 0, Code.MERGE_NOT_FINITE),
    ],
    ids=["another value", "not a number", "infinite"],
)
def test_one_wrong_value_is_no_match(
    dtype: str, change: Callable[[torch.Tensor], torch.Tensor], code: Code, base_of: MakeBase, tmp_path: Path
) -> None:
    base = base_of("llama", dtype)
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    right = merge_with_peft("llama", base, adapter, tmp_path / "right")
    verdict = proof(base, [adapter], merges.edited(right, tmp_path / "merged", one_element(change)))
    assert verdict.matches is False
    assert verdict.reason is not None
    assert [one.name for one in verdict.modules if one.story not in ("right",)] == [NAME]
    if code is Code.MERGE_NOT_FINITE:
        assert verdict.reason.code is code


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_bits_that_are_equal_and_broken(dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """A base with an infinite weight gives the same infinity by every formula, and the merge is still of no use."""
    plain = base_of("llama", dtype)
    base = merges.edited(plain, tmp_path / "base", one_element(lambda one: one / 0))
    adapter = make_adapter("llama", plain, tmp_path / "adapter")
    verdict = proof(base, [adapter], merge_with_peft("llama", base, adapter, tmp_path / "merged"))
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_NOT_FINITE


def test_zeros_of_either_sign_are_unchanged(base_of: MakeBase, tmp_path: Path) -> None:
    """Adding nothing turns -0 into 0, which nobody would call a change."""

    def some_negative_zero(tensors: merges.Tensors) -> merges.Tensors:
        return {name: one.index_fill(0, torch.tensor(0), -0.0) for name, one in tensors.items()}

    base = merges.edited(base_of("llama", "bfloat16"), tmp_path / "base", some_negative_zero)
    adapter = merges.weak("llama", base, tmp_path / "adapter", 1e-9)
    file = adapter / "adapter_model.safetensors"
    nothing_there = {
        name: one.index_fill(0, torch.tensor(0), 0.0) if "lora_B" in name else one
        for name, one in merges.load_file(file).items()
    }
    merges.save_file(nothing_there, file, {"format": "pt"})
    verdict = proof(base, [adapter], merge_with_peft("llama", base, adapter, tmp_path / "merged"))
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_TOO_SMALL_TO_SHOW
    assert {one.lost_share for one in verdict.modules} == {1.0}


@pytest.mark.parametrize("name", ["llama", "llama float16", "llama float32", "dora", "copies", "experts"])
def test_a_base_is_told_by_the_fast_path(
    name: str, base_of: MakeBase, tmp_path: Path, looks: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Summing up every tensor of a large base in float64 would take many times as long as the merge."""
    kind, dtype, options = CASES[name]
    base = base_of(kind, dtype)
    adapter = make_adapter(kind, base, tmp_path / "adapter", **options)
    quickly = proof(base, [adapter], base)
    assert looks
    assert all(looks)
    thorough(monkeypatch)
    thoroughly = proof(base, [adapter], base)
    for verdict in (quickly, thoroughly):
        assert verdict.reason is not None
        assert verdict.reason.code is Code.MERGE_IS_THE_BASE
    for one, other in zip(quickly.modules, thoroughly.modules, strict=True):
        assert (one.name, one.story) == (other.name, other.story) == (one.name, "unchanged")
        assert numbers(one, dtype) == pytest.approx(numbers(other, dtype), rel=1e-3, abs=1e-3)


def test_only_what_is_the_base_s_as_a_whole(base_of: MakeBase, tmp_path: Path, looks: list[bool]) -> None:
    """A tensor of which one row in two was merged is neither right nor the base's."""
    base = base_of("llama", "bfloat16")
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["q_proj"])
    right = merge_with_peft("llama", base, adapter, tmp_path / "right")
    before = merges.load_file(base / "model.safetensors")

    def halve(all_: merges.Tensors) -> merges.Tensors:
        for name in (one for one in all_ if "q_proj" in one):
            all_[name][::2] = before[name][::2]
        return all_

    verdict = proof(base, [adapter], merges.edited(right, tmp_path / "half", halve))
    assert looks.count(False) == 2
    assert [one.story for one in verdict.modules] == ["partly", "partly"]


@pytest.fixture
def summed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Which tensors are summed up in float64, and how many rows of each; samples are a few rows here."""
    seen: list[tuple[str, int]] = []
    summing = compare._summed

    def noted(tensor: Any, files: Any, how: Any, rows: Any, blocks: Any) -> Any:
        seen.append((tensor.name, sum(end - begin for begin, end in blocks)))
        return summing(tensor, files, how, rows, blocks)

    monkeypatch.setattr(compare, "_summed", noted)
    monkeypatch.setattr(compare, "_SAMPLED_ELEMENTS", 64)
    monkeypatch.setattr(compare, "_ALIGNMENT", 1)
    return seen


def test_samples_settle_what_is_wrong_throughout(
    base_of: MakeBase, tmp_path: Path, summed: list[tuple[str, int]]
) -> None:
    """A full check of a merge at another strength need not sum up every row in float64 to refute it."""
    base = base_of("llama", "float32")
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["q_proj"])
    right = merge_with_peft("llama", base, adapter, tmp_path / "right")
    before = merges.load_file(base / "model.safetensors")

    def half(all_: merges.Tensors) -> merges.Tensors:
        return {name: torch.lerp(before[name], one, 0.5) for name, one in all_.items()}

    verdict = proof(base, [adapter], merges.edited(right, tmp_path / "half", half))
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_SCALED
    targeted = [(name, rows) for name, rows in summed if "q_proj" in name]
    assert len(targeted) == 2, "each once"
    assert all(rows < before[name].shape[0] for name, rows in targeted)


@pytest.mark.slow
def test_what_samples_do_not_show_is_still_found(
    base_of: MakeBase, tmp_path: Path, summed: list[tuple[str, int]]
) -> None:
    base = base_of("llama", "float32")
    adapter = make_adapter("llama", base, tmp_path / "adapter", target_modules=["q_proj"])
    right = merge_with_peft("llama", base, adapter, tmp_path / "right")
    name = "model.layers.1.self_attn.q_proj.weight"

    def spoil(all_: merges.Tensors) -> merges.Tensors:
        all_[name][5, 3] += 0.5
        return all_

    verdict = proof(base, [adapter], merges.edited(right, tmp_path / "spoilt", spoil))
    assert verdict.reason is not None
    assert verdict.reason.code is Code.MERGE_VALUES_DIFFER
    (first, few), (second, rows) = summed[:2]
    assert (first, second, rows) == (name, name, merges.load_file(base / "model.safetensors")[name].shape[0])
    assert few < rows
