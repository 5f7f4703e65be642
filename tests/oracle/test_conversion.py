"""The table of transformers' conversion rules is today's, and is applied as transformers applies it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from export_conversions import (
    TABLE,
    base_classes,
    class_names,
    describe,
    rules,
    tasks,
    types_with_parameter_routers,
    types_with_transposed_experts,
)
from families import EXPERTS, HEADS, TOWERS, save_base
from tiny_models import third_party_noise_off
from transformers.conversion_mapping import get_model_conversion_mapping
from transformers.core_model_loading import WeightConverter, rename_source_key

from mergedesk.checkpoints.checkpoint import read_checkpoint
from mergedesk.planning.moe_experts import _REGISTERED
from mergedesk.planning.transformers_conversion import _ASKS_FOR_A_LAYER, conversion_for, index_parameters
from mergedesk.storage.safetensors_header import TensorRecord

FAMILIES = {**EXPERTS, **HEADS, **TOWERS}
RENEW = "transformers changed: run python tests/tools/export_conversions.py"


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_table_is_of_the_installed_transformers(table: dict[str, Any]) -> None:
    assert table["rules"] == json.loads(json.dumps(rules())), RENEW
    assert table["bases"] == base_classes(), RENEW
    assert table["transposed_experts"] == types_with_transposed_experts(), RENEW
    assert table["parameter_routers"] == types_with_parameter_routers(), RENEW
    assert table["tasks"] == tasks(), RENEW
    assert {"gpt_oss", "aria"} <= set(table["transposed_experts"])


@pytest.mark.parametrize("name", sorted({family.loader for family in FAMILIES.values()}))
def test_classes_in_the_table_are_today_s(name: str, table: dict[str, Any]) -> None:
    if name in table["architectures"]:
        with third_party_noise_off():
            assert table["architectures"][name] == describe(name, class_names()[name]), RENEW


def test_no_rule_asks_for_a_certain_expert(table: dict[str, Any]) -> None:
    """Names are converted once for all experts; rules that ask for a layer are known by the same search."""
    patterns = [rule["match"] for found in table["rules"].values() for rule in found]
    assert not [pattern for pattern in patterns if re.search(r"\bexperts\\?\.\d", pattern)]
    assert [pattern for pattern in patterns if _ASKS_FOR_A_LAYER.search(pattern)]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_stored_name_becomes_the_parameter_that_transformers_makes_of_it(name: str, tmp_path: Path) -> None:
    family = FAMILIES[name]
    base = read_checkpoint(save_base(family, tmp_path / "base"))
    with third_party_noise_off(), torch.device("meta"):
        model = family.model_class(family.config)
    mapping = get_model_conversion_mapping(model)
    converters = [one for one in mapping if isinstance(one, WeightConverter)]
    renames = [one for one in mapping if not isinstance(one, WeightConverter)]
    state = model.state_dict()
    theirs = {rename_source_key(one, renames, converters, model.base_model_prefix, state)[0] for one in base.tensors}
    conversion = conversion_for(base.config, base.tensors)
    index = index_parameters(conversion, base.tensors)
    assert index.scattered == {}
    ours = {*index.whole, *index.placed}
    assert theirs <= {spelling for one in ours for spelling in (one, *conversion.spellings(one))}
    shapes = {one: placement.shape for one, placement in index.placed.items()}
    assert shapes == {one: tuple(state[one].shape) for one in index.placed}
    assert bool(index.placed) == (name in ("mixtral", "qwen3_moe", "deepseek_v3"))


def test_registration_order_is_that_of_every_class() -> None:
    import transformers

    found = set()
    for file in (Path(transformers.__file__).parent / "models").glob("*/modeling_*.py"):
        for body in re.findall(
            r"^class \w*(?:xpert|MoE|Moe)\w*\(.*?\):\n((?:(?:[ \t].*)?\n)*)", file.read_text("utf-8"), re.M
        ):
            found.add(tuple(dict.fromkeys(re.findall(r"self\.(\w+)(?::[^=\n]+)? = nn\.Parameter\(", body))))
    orders = [[_REGISTERED.index(leaf) for leaf in leaves if leaf in _REGISTERED] for leaves in found]
    assert len([order for order in orders if len(order) > 1]) >= 5
    assert all(order == sorted(order) for order in orders)


@pytest.mark.slow
def test_a_large_mixture_is_indexed_at_once() -> None:
    """48 layers of 128 experts: 18,432 names, as in Qwen3-30B-A3B."""
    config = {"architectures": ["Qwen3MoeForCausalLM"], "model_type": "qwen3_moe"}
    shapes = {"gate_proj": (768, 2048), "up_proj": (768, 2048), "down_proj": (2048, 768)}
    stored = {
        name: TensorRecord(name, "BF16", shape, Path("x"), 0, 0)
        for layer in range(48)
        for expert in range(128)
        for leaf, shape in shapes.items()
        for name in [f"model.layers.{layer}.mlp.experts.{expert}.{leaf}.weight"]
    }
    seconds = []
    for _ in range(3):  # the collector of a long run of tests may come in between
        started = time.process_time()
        index = index_parameters(conversion_for(config, stored), stored)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 1
    placement = index.placed["model.layers.47.mlp.experts.gate_up_proj"]
    assert placement.shape == (128, 1536, 2048)
    names = [block.tensor for block in placement.blocks]
    assert names[20:22] == [f"model.layers.47.mlp.experts.10.{leaf}.weight" for leaf in ("gate_proj", "up_proj")]
