"""MergeDesk's streamed output against PEFT's own script, architecture by architecture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from tiny_models import (
    KINDS,
    WEIGHTS,
    assert_same_tensors,
    keep_float32,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    sha256,
    stored_dtypes,
    tensors,
)

MakeBase = Callable[..., Path]
FLOATS = ("float32", "bfloat16", "float16")
NARROWINGS = [(stored, wanted) for stored in FLOATS for wanted in ("bfloat16", "float16") if stored != wanted]


@pytest.fixture(scope="module")
def adapter_of(base_of: MakeBase, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An adapter on everything the architecture's adapters usually target."""
    made: dict[str, Path] = {}

    def get(kind: str) -> Path:
        if kind not in made:
            made[kind] = make_adapter(kind, base_of(kind), tmp_path_factory.mktemp(f"adapter-{kind}"))
        return made[kind]

    return get


@pytest.mark.slow
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("kind", KINDS)
def test_file_is_peft_s_to_the_byte(
    kind: str, dtype: str, base_of: MakeBase, adapter_of: Callable[[str], Path], tmp_path: Path
) -> None:
    base, adapter = base_of(kind, dtype), adapter_of(kind)
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft", dtype)
    plan, _ = merge_with_mergedesk(base, adapter, tmp_path / "ours")
    assert sum(tensor.targeted for tensor in plan.tensors) >= plan.targeted_modules > 0
    assert_same_tensors(tmp_path / "ours", theirs)
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)


@pytest.mark.slow
@pytest.mark.parametrize(("stored", "wanted"), NARROWINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_narrowing_is_no_further_from_the_truth_than_peft_s(
    kind: str, stored: str, wanted: str, base_of: MakeBase, adapter_of: Callable[[str], Path], tmp_path: Path
) -> None:
    base, adapter = base_of(kind, stored), adapter_of(kind)
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft", wanted)
    merge_with_mergedesk(base, adapter, tmp_path / "ours", wanted, keep_float32=keep_float32(kind, wanted))
    assert stored_dtypes(tmp_path / "ours") == stored_dtypes(theirs)
    exact = tensors(merge_with_peft(kind, base, adapter, tmp_path / "exact", "float64"))
    our_errors, their_errors = errors(tmp_path / "ours", exact), errors(theirs, exact)
    for name, our_error in our_errors.items():
        assert our_error.sum() <= their_errors[name].sum(), name
        assert our_error.amax() <= their_errors[name].amax(), name
    if (stored, wanted) != ("bfloat16", "float16"):
        assert sum(map(torch.sum, our_errors.values())) < 0.98 * sum(map(torch.sum, their_errors.values()))


def errors(folder: Path, exact: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """How far each stored value is from the merge computed in float64."""
    assert all(tensor.dtype == torch.float64 for tensor in exact.values())
    return {name: (tensor.double() - exact[name]).abs() for name, tensor in tensors(folder).items()}


@pytest.mark.parametrize("stored", ["bfloat16", "float16"])
@pytest.mark.parametrize("kind", KINDS)
def test_widening_is_peft_s_to_the_byte(
    kind: str, stored: str, base_of: MakeBase, adapter_of: Callable[[str], Path], tmp_path: Path
) -> None:
    base, adapter = base_of(kind, stored), adapter_of(kind)
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft", "float32")
    merge_with_mergedesk(base, adapter, tmp_path / "ours", "float32")
    assert sha256(tmp_path / "ours" / WEIGHTS) == sha256(theirs / WEIGHTS)
