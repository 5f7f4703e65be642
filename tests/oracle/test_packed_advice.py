"""What is said of a packed base before anything is written: what precisions keep of it, and what its own format does."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept_models import pack, plain_home

from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.pipelines.check import precision_advice
from mergedesk.pipelines.merge import merge


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 16-bit Llama and its adapters."""
    return plain_home(tmp_path_factory.mktemp("plain"))


@pytest.mark.parametrize("name", ["int4 group", "int4 group asymmetric", "int8 channel", "fp8 block", "mxfp4", "nvfp4"])
@pytest.mark.parametrize("strength", [1.0, 0.001])
def test_the_sample_of_a_packed_base_is_near_what_is_measured(
    strength: float, name: str, plain: Path, tmp_path: Path
) -> None:
    base = pack(name, plain, tmp_path / "base")
    asked = CheckRequest(base, (AdapterChoice(plain / "adapter", strength),), dequantize=True)
    advice = precision_advice(asked)
    report = merge(asked.into(tmp_path / "ours"), lambda _: None, CancelToken())
    assert report.status is MergeStatus.MERGED
    assert advice is not None
    assert report.effect is not None
    assert advice.precision == "bfloat16"
    for kind in ("written", "bfloat16", "float16", "float32"):
        measured = getattr(report.effect.kept, kind)
        assert getattr(advice.kept, kind) == pytest.approx(measured, abs=0.05), kind
    assert (advice.kept.written or 1.0) < 0.9 or strength == 1.0, "or nothing is rounded away"
