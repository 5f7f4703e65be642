"""What is said of a packed base before anything is written: what precisions and its own format would keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from folders import assert_says, codes, everything, the
from kept_models import asked_to_keep, keep, pack, plain_home

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, CheckRequest
from mergedesk.domain.weight_delta import percent
from mergedesk.pipelines import write_output
from mergedesk.pipelines.check import check_with_libraries, precision_advice
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


FORMATS = ("int4 group", "int4 group asymmetric", "int8 tensor", "fp8 tensor", "fp8 block", "mxfp4", "nvfp4")
WEAK = {"int4 group asymmetric": 0.02, "mxfp4": 0.05, "nvfp4": 0.01}


@pytest.mark.parametrize("name", FORMATS)
def test_what_the_format_keeps_is_foretold(name: str, plain: Path, tmp_path: Path) -> None:
    asked = asked_to_keep(pack(name, plain, tmp_path / "base"), plain / "adapter", tmp_path / "ours", 0.5)
    told = (Code.PACKING_KEEPS, Code.PACKING_LOSES)
    [before] = [found for found in check_with_libraries(asked).findings if found.code in told]
    report = merge(asked, lambda _: None, CancelToken())
    [after] = [found for found in report.findings if found.code in told]
    assert float(str(before.data["kept"])) == pytest.approx(float(str(after.data["kept"])), abs=5)
    assert before.data["count"] == after.data["count"] == 13


@pytest.mark.parametrize("name", WEAK)
def test_a_merge_that_would_leave_nothing_is_refused_before_it_writes(
    name: str, plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("written")

    monkeypatch.setattr(write_output, "shards_and_journal", never)
    asked = asked_to_keep(pack(name, plain, tmp_path / "base"), plain / "adapter", tmp_path / "ours", WEAK[name])
    assert_says(the(check_with_libraries(asked).findings, Code.PACKING_LOSES_TOO_MUCH), Severity.ERROR, "13 weights")
    report = merge(asked, lambda _: None, CancelToken())
    assert report.status is MergeStatus.REFUSED
    assert Code.PACKING_LOSES_TOO_MUCH in codes(report.findings)
    assert "ours" not in everything(tmp_path)


def test_where_the_sample_was_wrong_it_is_refused_after_writing(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_output, "foretold", lambda *_: [])
    report = keep(pack("int4 group asymmetric", plain, tmp_path / "base"), plain / "adapter", tmp_path / "ours", 0.02)
    assert report.status is MergeStatus.REFUSED
    assert float(str(the(report.findings, Code.PACKING_LOSES_TOO_MUCH).data["kept"])) < 10
    assert not (tmp_path / "ours").exists()


def test_an_accepted_loss_is_told_and_no_error(plain: Path, tmp_path: Path) -> None:
    base = pack("int4 group asymmetric", plain, tmp_path / "base")
    asked = asked_to_keep(base, plain / "adapter", tmp_path / "ours", 0.02, accept_loss=True)
    found = the(check_with_libraries(asked).findings, Code.PACKING_LOSES)
    assert found.severity is Severity.WARNING
    assert float(str(found.data["kept"])) < float(percent(0.1))
