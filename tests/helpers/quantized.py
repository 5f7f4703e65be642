"""Merging quantised bases, and comparing what comes out with a model in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peft import PeftModel
from tiny_models import same_bits, tensors, third_party_noise_off

from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.merge import merge as run_merge


def merge(base: Path, adapter: Path, output: Path, dequantize: bool = True, **options: Any) -> MergeReport:
    """The whole job, as both fronts run it."""
    request = MergeRequest(base, (AdapterChoice(adapter),), output, dequantize=dequantize, **options)
    return run_merge(request, lambda _: None, CancelToken())


def merge_by_peft(model: Any, adapter: Path) -> Any:
    """PEFT's merge into a model in memory."""
    with third_party_noise_off():
        return PeftModel.from_pretrained(model, adapter).merge_and_unload()


def assert_same_as_model(ours: Path, model: Any) -> None:
    """Every tensor of a folder is the model's to the bit."""
    theirs, found = model.state_dict(), tensors(ours)
    assert found.keys() == theirs.keys()
    assert [name for name in found if not same_bits(found[name], theirs[name])] == []
