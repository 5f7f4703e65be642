"""The proof holds for combined updates: float64 formulas of their own, and failures that are noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import Tensors, assert_says, contents, linear_modules, lora_tensors, make_lora, make_model, the
from several import make_several, merge_several_with_peft
from tiny_models import merge_with_mergedesk, tensors

from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import SUM, AdapterChoice, Combination, CombinationMethod, MajoritySign, MergeRequest
from mergedesk.methods.combined import tile as combined_update
from mergedesk.methods.reference import rows_after
from mergedesk.pipelines.merge import merge
from mergedesk.planning.plan import Plan
from mergedesk.storage.tensor_reading import read_whole

MakeBase = Callable[..., Path]
WAYS = [
    *(Combination(method, 0.35, seed=5) for method in CombinationMethod),
    Combination(CombinationMethod.DARE_TIES, 0.6, MajoritySign.FREQUENCY),
    Combination(CombinationMethod.TIES, 1.0),
]


def in_float64(plan: Plan) -> dict[str, torch.Tensor]:
    """Every planned tensor as verification works it out."""
    made = {}
    for tensor in plan.tensors:
        stored = read_whole(tensor.source).view(-1, tensor.width)
        rows = rows_after(tensor.updates, lambda begin, end, stored=stored: stored[begin:end])
        made[tensor.name] = rows(0, len(stored)).view(tensor.shape)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("how", WAYS, ids=lambda how: f"{how.method.value}-{how.density}")
@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_float64_agrees(how: Combination, kind: str, base_of: MakeBase, tmp_path: Path) -> None:
    """Two ways to the same numbers that share no arithmetic; a wrong mask, sign or seed would be far off."""
    last: dict[str, Any] = {"target_modules": ["embed_tokens", "q_proj"]} if kind == "llama" else {}
    folders = make_several(kind, base_of(kind), tmp_path, {}, {"lora_alpha": 3}, last)
    plan, _ = merge_with_mergedesk(
        base_of(kind), list(zip(folders, [0.7, -0.9, 0.4], strict=True)), tmp_path / "ours", combination=how
    )
    ours = tensors(tmp_path / "ours")
    exact = in_float64(plan)
    assert [name for name in ours if not torch.allclose(ours[name].double(), exact[name], rtol=1e-5, atol=1e-6)] == []


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_cat_is_as_near_to_float64_as_can_be(dtype: str, base_of: MakeBase, tmp_path: Path) -> None:
    """Within one unit in the last place of every value, and nearer on the whole than PEFT."""
    base = base_of("llama", dtype)
    folders = make_several("llama", base, tmp_path, {}, {"r": 7}, {"target_modules": ["embed_tokens"]})
    chosen = list(zip(folders, [0.7, -0.9, 0.4], strict=True))
    plan, _ = merge_with_mergedesk(base, chosen, tmp_path / "ours")
    ours, exact = tensors(tmp_path / "ours"), in_float64(plan)
    theirs = tensors(merge_several_with_peft("llama", base, chosen, SUM, tmp_path / "peft", dtype))
    for name, values in ours.items():
        nearest = exact[name].to(values.dtype)
        steps = values.view(torch.int16).int() - nearest.view(torch.int16).int()
        assert int(steps.abs().max()) <= 1, name
        assert _distance(values, exact[name]) <= _distance(theirs[name], exact[name]), name


def _distance(values: torch.Tensor, exact: torch.Tensor) -> float:
    return float((values.double() - exact).abs().sum())


# The whole job


def run(home: Path, how: Combination = SUM, *weights: float) -> MergeReport:
    choices = tuple(AdapterChoice(home / f"adapter{number}", weight) for number, weight in enumerate(weights))
    request = MergeRequest(home / "base", choices, home / "out", combination=how)
    return merge(request, lambda _: None, CancelToken())


def put(home: Path, *adapters: Tensors) -> None:
    make_model(home / "base")
    for number, held in enumerate(adapters):
        make_lora(home / f"adapter{number}", held)


def negated(tensors: Tensors) -> Tensors:
    return {name: -tensor if "lora_B" in name else tensor for name, tensor in tensors.items()}


@pytest.mark.parametrize("how", [SUM, Combination(CombinationMethod.DARE_TIES, 0.5)], ids=["cat", "dare_ties"])
def test_merged_and_proved(how: Combination, tmp_path: Path) -> None:
    put(tmp_path, *(lora_tensors(seed=seed) for seed in (1, 2, 3)))
    report = run(tmp_path, how, 0.5, -0.4, 1.2)
    assert report.status is MergeStatus.MERGED
    assert {check.status for check in report.checks if check.code is CheckCode.TARGETED_CHANGED} == {CheckStatus.PASS}
    assert report.combination == how
    assert [one.weight for one in report.adapters] == [0.5, -0.4, 1.2]


@pytest.mark.parametrize("how", [SUM, Combination(CombinationMethod.TIES)], ids=["cat", "ties"])
def test_a_combination_that_is_dropped_fails(how: Combination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine adds nothing to one tensor: the float64 delta is there, so that verification must notice."""
    put(tmp_path, lora_tensors(seed=1), lora_tensors(seed=2))
    real = combined_update.ready

    def losing(left: torch.Tensor, right: torch.Tensor, *rest: Any) -> Any:
        return real(left, right * (right.shape[1] > 32), *rest)  # only down_proj has more than 32 inputs

    monkeypatch.setattr(combined_update, "ready", losing)
    before = contents(tmp_path)
    report = run(tmp_path, how, 0.5, 0.5)
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.VERIFICATION_FAILED), Severity.ERROR)
    assert contents(tmp_path) == before


def test_adapters_that_cancel_out_are_explained(tmp_path: Path) -> None:
    """Where deltas sum up to nothing the base stays: a warning if others changed, a failure if none did."""
    first = lora_tensors(seed=1)
    more = lora_tensors(linear_modules(("up_proj",)), seed=9)
    put(tmp_path, first, {**negated(first), **more})
    report = run(tmp_path, SUM, 1.0, 1.0)
    [changed] = [check for check in report.checks if check.code is CheckCode.TARGETED_CHANGED]
    assert (report.status, changed.status) == (MergeStatus.MERGED, CheckStatus.WARN)
    assert changed.data["count"] == 2


def test_adapters_that_cancel_out_entirely(tmp_path: Path) -> None:
    first = lora_tensors(seed=1)
    put(tmp_path, first, negated(first))
    report = run(tmp_path, SUM, 1.0, 1.0)
    assert report.status is MergeStatus.FAILED
    assert not (tmp_path / "out").exists()
