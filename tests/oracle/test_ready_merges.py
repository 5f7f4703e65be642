"""Ready means that it merges; refused means that PEFT refuses too, or would lose something. Held on drawn adapters."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import peft
import pytest
import torch
import transformers
from folders import request, write_json, write_tensors
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tiny_models import assert_same_tensors, third_party_noise_off

from mergedesk.domain.findings import any_error
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.pipelines.dry_run import dry_run
from mergedesk.pipelines.merge import merge
from mergedesk.planning.preflight import Ready, prepare

# Depthwise, plain and strided convolutions, linear layers and norms: module → what its weight's shape is.
CONFIG = transformers.ConvNextConfig(
    hidden_sizes=[8, 12], depths=[1, 1], num_stages=2, num_channels=3, patch_size=2, image_size=8, num_labels=3
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("convnext") / "base"
    torch.manual_seed(0)
    with third_party_noise_off():
        transformers.ConvNextForImageClassification(CONFIG).save_pretrained(folder)
    return folder


MODULES = {
    "convnext.encoder.stages.0.layers.0.dwconv": (8, 1, 7, 7),
    "convnext.encoder.stages.0.layers.0.pwconv1": (32, 8),
    "convnext.encoder.stages.0.layers.0.pwconv2": (8, 32),
    "convnext.encoder.stages.1.downsampling_layer.1": (12, 8, 2, 2),
    "convnext.embeddings.patch_embeddings": (8, 3, 2, 2),
    "convnext.encoder.stages.0.layers.0.layernorm": (8,),
    "classifier": (3, 12),
}


@st.composite
def factors(draw: st.DrawFn) -> dict[str, tuple[int, ...]]:
    """Shapes of pairs as PEFT makes them for some modules, now and then bent as broken saves are."""
    shapes: dict[str, tuple[int, ...]] = {}
    for module in draw(st.lists(st.sampled_from(sorted(MODULES)), min_size=1, max_size=3, unique=True)):
        weight, rank = MODULES[module], 4
        groups = 8 if module.endswith("dwconv") else 1
        one = (1,) * max(0, len(weight) - 2)
        a = (rank, weight[1] * (draw(st.sampled_from([1, groups]))), *weight[2:]) if len(weight) > 1 else (rank, 8)
        b = (weight[0], rank, *one)
        bend = draw(st.sampled_from(["", "", "", "flat", "swapped", "short", "point", "alone"]))
        a = {"flat": (a[0],), "short": (*a[:1], a[1] - 1, *a[2:]), "point": a[:2]}.get(bend, a)
        a, b = (b, a) if bend == "swapped" else (a, b)
        shapes |= {f"{module}.lora_A.weight": a} | ({} if bend == "alone" else {f"{module}.lora_B.weight": b})
    return shapes


def write(folder: Path, shapes: dict[str, tuple[int, ...]]) -> Path:
    make = torch.Generator().manual_seed(1)
    tensors = {f"base_model.model.{name}": torch.randn(shape, generator=make) * 0.1 for name, shape in shapes.items()}
    write_tensors(folder / "adapter_model.safetensors", tensors)
    targets = sorted({name.partition(".lora_")[0] for name in shapes})
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": targets}
    write_json(folder / "adapter_config.json", config)
    return folder


def merged_by_peft(base: Path, adapter: Path, folder: Path) -> bool:
    """Whether PEFT merges all of it; what it only warns of is lost."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            plain = transformers.ConvNextForImageClassification.from_pretrained(base, dtype="auto")
            peft.PeftModel.from_pretrained(plain, adapter).merge_and_unload().save_pretrained(folder)
        except Exception:  # whatever it raises, it does not merge
            return False
    return not any("adapter keys" in str(one.message) or "unexpected" in str(one.message) for one in said)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(shapes=factors())
def test_ready_merges_and_refused_would_not(shapes: dict[str, tuple[int, ...]], base: Path, tmp_path: Path) -> None:
    for one in tmp_path.iterdir():
        shutil.rmtree(one)
    adapter = write(tmp_path / "adapter", shapes)
    asked = request(base, adapter, tmp_path / "ours")
    prepared = prepare(asked)
    refused = not isinstance(prepared, Ready) or any_error(list(dry_run(prepared)))
    report = merge(asked)
    event("refused" if refused else "ready")
    assert (report.status is MergeStatus.REFUSED) == refused, report.findings
    assert refused or report.status is MergeStatus.MERGED
    assert refused != merged_by_peft(base, adapter, tmp_path / "theirs"), (shapes, report.findings)
    if not refused:
        assert_same_tensors(tmp_path / "ours", tmp_path / "theirs")
