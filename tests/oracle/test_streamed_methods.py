"""Each method of the registry merges to PEFT's bytes, and to what its own reference says."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from method_cases import PRECISIONS, STREAMED, Workshop
from several import merge_several_with_peft
from tiny_models import WEIGHTS, merge_with_mergedesk, merge_with_peft, sha256, tensors

from mergedesk.domain.requests import Combination
from mergedesk.methods.reference import rows_after
from mergedesk.planning.plan import Plan
from mergedesk.storage.tensor_reading import read_whole

CASES = [(name, dtype) for name in STREAMED for dtype in (PRECISIONS if name != "combined" else PRECISIONS[:1])]
# A value of float32 or, once rounded, of 16 bits.
NEAR = {"float32": 1e-5, "bfloat16": 2.0**-8, "float16": 2.0**-11}


@pytest.fixture(scope="module")
def workshops(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workshop]:
    return {kind: Workshop(kind, tmp_path_factory.mktemp(kind)) for kind, _ in STREAMED.values()}


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_tile_is_peft_s_and_reference_is_near(
    name: str, dtype: str, workshops: dict[str, Workshop], tmp_path: Path
) -> None:
    kind, cases = STREAMED[name]
    base = workshops[kind].base(dtype)
    adapters = [adapter for case in cases if isinstance(adapter := workshops[kind].adapter(case), Path)]
    plan, _ = merge_with_mergedesk(base, [(adapter, 1.0) for adapter in adapters], tmp_path / "ours")
    if len(adapters) == 1:
        merge_with_peft(kind, base, adapters[0], tmp_path / "peft", dtype)
    else:
        pairs = [(adapter, 1.0) for adapter in adapters]
        merge_several_with_peft(kind, base, pairs, Combination(), tmp_path / "peft", dtype)
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(tmp_path / "peft" / WEIGHTS)
    assert f"mergedesk.methods.{name}" in {type(update).__module__ for one in plan.tensors for update in one.updates}
    assert_near_reference(plan, tensors(tmp_path / "ours"), NEAR[dtype])


def assert_near_reference(plan: Plan, ours: dict[str, torch.Tensor], step: float) -> None:
    """In float64 each value within a step; changed by the updates by more than that somewhere."""
    for tensor in (one for one in plan.tensors if one.updates):
        stored = read_whole(tensor.source).view(-1, tensor.width)
        exact = rows_after(tensor.updates, lambda begin, end, stored=stored: stored[begin:end])(0, len(stored))
        merged = ours[tensor.name].double().view_as(exact)
        assert torch.allclose(merged, exact, rtol=2 * step, atol=step / 100), tensor.name
        assert not torch.allclose(stored.double(), exact, rtol=2 * step, atol=step / 100), tensor.name
