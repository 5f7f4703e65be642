"""Weights that hold no fractions: nothing is added to them, and what is not changed is copied."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from folders import assert_says, codes, llama_tensors, make_lora, make_model, request, the

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.requests import Engine, Precision
from mergedesk.pipelines.check import check

TARGETED = "model.layers.0.self_attn.q_proj.weight"


@pytest.mark.parametrize("dtype", [torch.bool, torch.int64])
@pytest.mark.parametrize("precision", [Precision.AUTO, Precision.FLOAT32])
@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PEFT])
def test_a_targeted_one_is_refused(engine: Engine, precision: Precision, dtype: torch.dtype, tmp_path: Path) -> None:
    tensors = llama_tensors()
    base = make_model(tmp_path / "base", {**tensors, TARGETED: tensors[TARGETED].to(dtype)})
    asked = request(base, make_lora(tmp_path / "adapter"), engine=engine, precision=precision)
    found = the(check(asked).findings, Code.TARGETS_NOT_FLOATING)
    assert_says(found, Severity.ERROR, TARGETED, str(dtype).removeprefix("torch."))
    assert found.data["count"] == 1


def test_one_that_is_not_changed(tmp_path: Path) -> None:
    tensors = llama_tensors()
    base = make_model(tmp_path / "base", {**tensors, "model.norm.weight": tensors["model.norm.weight"].bool()})
    assert Code.TARGETS_NOT_FLOATING not in codes(check(request(base, make_lora(tmp_path / "adapter"))).findings)
