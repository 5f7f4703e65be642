"""Several adapters on one mixture of experts, against PEFT merging one after the other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from families import EXPERT_PARAMETERS, EXPERTS, merged_by_peft, save_adapter, save_base
from tiny_models import merge_with_mergedesk, tensors

from mergedesk.domain.findings import Code
from mergedesk.domain.requests import AdapterChoice, CheckRequest, Combination, CombinationMethod, Engine
from mergedesk.pipelines.check import check


def stronger(adapter: Path, folder: Path, weight: float) -> Path:
    """The same adapter with its weight in its own scaling."""
    shutil.copytree(adapter, folder)
    config = json.loads((folder / "adapter_config.json").read_text())
    (folder / "adapter_config.json").write_text(json.dumps({**config, "lora_alpha": config["lora_alpha"] * weight}))
    return folder


@pytest.mark.parametrize("family", ["mixtral", "gpt_oss"])
def test_two_adapters_on_experts(family: str, tmp_path: Path) -> None:
    base = save_base(EXPERTS[family], tmp_path / "base")
    first = save_adapter(EXPERTS[family], base, tmp_path / "a", target_parameters=list(EXPERT_PARAMETERS))
    second = save_adapter(
        EXPERTS[family], base, tmp_path / "b", seed=2, target_parameters=["mlp.experts.down_proj"], r=3
    )
    found = check(CheckRequest(base, (AdapterChoice(first, 0.5), AdapterChoice(second, -2.0))))
    assert (found.refused, found.engine) == (False, Engine.STREAMING), found.findings
    merge_with_mergedesk(base, [(first, 0.5), (second, -2.0)], tmp_path / "ours")
    between = merged_by_peft(EXPERTS[family], base, stronger(first, tmp_path / "a2", 0.5), tmp_path / "between")
    merged_by_peft(EXPERTS[family], between, stronger(second, tmp_path / "b2", -2.0), tmp_path / "theirs")
    ours, theirs, before = (tensors(tmp_path / name) for name in ("ours", "theirs", "base"))
    assert [name for name in ours if not torch.allclose(ours[name], theirs[name], rtol=1e-5, atol=1e-6)] == []
    assert any("experts" in name and not torch.allclose(ours[name], before[name], atol=1e-3) for name in ours)


def test_factors_of_experts_are_not_combined_otherwise(tmp_path: Path) -> None:
    base = save_base(EXPERTS["mixtral"], tmp_path / "base")
    folders = [
        save_adapter(EXPERTS["mixtral"], base, tmp_path / name, seed=seed, target_parameters=list(EXPERT_PARAMETERS))
        for seed, name in enumerate("ab")
    ]
    how = Combination(CombinationMethod.TIES)
    found = check(CheckRequest(base, tuple(AdapterChoice(one) for one in folders), combination=how))
    assert [one.data["reasons"] for one in found.findings if one.code is Code.COMBINATION_UNDEFINED] == [
        ["target_parameters"]
    ]
