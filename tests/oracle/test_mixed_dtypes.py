"""Bases whose tensors are of several dtypes, and classes that keep some at float32, against transformers and PEFT."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from folders import failed, request
from pickled_files import pickle_weights
from safetensors.torch import load_file, save_file
from tiny_models import (
    DTYPES,
    keep_float32,
    make_adapter,
    merge_with_mergedesk,
    merge_with_peft,
    peft_model,
    same_bits,
    sha256,
    stored_dtypes,
    tensors,
    third_party_noise_off,
)

from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import Precision
from mergedesk.pipelines.merge import merge

MakeBase = Callable[..., Path]
KINDS = ("llama", "t5")


@pytest.fixture(params=[False, True], ids=["safetensors", "bin"])
def pickled(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def mixed(base: Path, folder: Path, pickled: bool) -> Path:
    """A float32 base with every other tensor narrowed to bfloat16, as partly converted models are."""
    folder.mkdir()
    state = load_file(base / "model.safetensors")
    narrowed = {name: one.bfloat16() if number % 2 else one for number, (name, one) in enumerate(state.items())}
    save_file(narrowed, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_bytes((base / "config.json").read_bytes())
    return pickle_weights(folder) if pickled else folder


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_tensor_keeps_its_dtype_and_gets_peft_s_bits_for_it(
    kind: str, pickled: bool, base_of: MakeBase, tmp_path: Path
) -> None:
    base = mixed(base_of(kind), tmp_path / "base", pickled)
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter")
    with third_party_noise_off():
        report = merge(request(base, adapter, tmp_path / "out"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    ours, stored = (
        tensors(tmp_path / "out"),
        load_file(mixed(base_of(kind), tmp_path / "again", False) / "model.safetensors"),
    )
    assert {name: one.dtype for name, one in ours.items()} == {name: one.dtype for name, one in stored.items()}
    assert {one.dtype for one in ours.values()} == {torch.float32, torch.bfloat16}
    theirs = {
        dtype: tensors(merge_with_peft(kind, base, adapter, tmp_path / dtype, dtype))
        for dtype in ("float32", "bfloat16")
    }
    for name, one in ours.items():
        assert same_bits(one, theirs[str(one.dtype).removeprefix("torch.")][name]), name


@pytest.mark.parametrize("kind", KINDS)
def test_widening_all_is_peft_s_to_the_byte(kind: str, pickled: bool, base_of: MakeBase, tmp_path: Path) -> None:
    base = mixed(base_of(kind), tmp_path / "base", pickled)
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter")
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft", "float32")
    merge_with_mergedesk(base, adapter, tmp_path / "ours", "float32")
    assert sha256(tmp_path / "ours" / "model.safetensors") == sha256(theirs / "model.safetensors")


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
@pytest.mark.parametrize("kind", KINDS)
def test_narrowing_all_is_no_further_from_the_truth_than_peft_s(
    kind: str, precision: str, pickled: bool, base_of: MakeBase, tmp_path: Path
) -> None:
    """The job finds out by itself what the class keeps at float32 (T5 keeps ``wo`` in float16)."""
    base = mixed(base_of(kind), tmp_path / "base", pickled)
    adapter = make_adapter(kind, base_of(kind), tmp_path / "adapter")
    theirs = merge_with_peft(kind, base, adapter, tmp_path / "peft", precision)
    with third_party_noise_off():
        asked = request(base, adapter, tmp_path / "out", precision=Precision(precision))
        report = merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED, (report.findings, failed(report.checks))
    assert stored_dtypes(tmp_path / "out") == stored_dtypes(theirs)
    kept = any(dtype == "F32" for dtype in stored_dtypes(theirs).values())
    assert kept == bool(keep_float32(kind, precision))
    exact = peft_model(kind, base, adapter, "float64").merge_and_unload().state_dict()
    for name, one in tensors(tmp_path / "out").items():
        ours, peft = ((each.double() - exact[name]).abs().sum() for each in (one, tensors(theirs)[name]))
        assert ours <= peft, name
        assert one.dtype in (DTYPES[precision], torch.float32)
