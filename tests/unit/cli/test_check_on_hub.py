"""``check`` of a base on a hub: as of the folder, from small files and headers, without a weight coming over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import four_bit_tensors, linear_modules, llama_tensors, make_lora, make_model, make_sharded_model
from hub_environment import ADAPTER, MODEL, hub
from loopback_hub import LoopbackHub
from safetensors.torch import load_file
from typer.testing import CliRunner

from mergedesk.cli import commands as cli

__all__ = ["hub"]
pytestmark = pytest.mark.slow


def check(base: object, adapter: object, *more: object) -> dict[str, Any]:
    given = ["check", "--base", base, "--adapter", adapter, "--json", *more]
    result = CliRunner().invoke(cli.app, [str(argument) for argument in given])
    assert result.exit_code in (0, 3), result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def codes(told: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in told["findings"]]


def sent(hub: LoopbackHub, repository: str) -> int:
    """Whole files of weights that went over."""
    asked = [one for one in hub.requests_for("model.safetensors") if f"/{repository}/" in one.path]
    return sum(one.range is None for one in asked)


def same(told: dict[str, Any], local: dict[str, Any]) -> None:
    for key in ("refused", "engine", "modules", "predicted_bytes"):
        assert told[key] == local[key], key
    assert [code for code in codes(told) if code != "base_by_headers"] == codes(local)


def test_it_says_what_it_says_of_the_folder(hub: LoopbackHub, tmp_path: Path) -> None:
    adapter, output = hub.folder(ADAPTER), tmp_path / "out"
    told, local = (check(base, adapter, "--output", output) for base in (MODEL, hub.folder(MODEL)))
    same(told, local)
    assert told["base"]["path"].endswith(MODEL)
    assert told["precision_advice"] is None
    assert local["precision_advice"] is not None
    assert not sent(hub, MODEL)
    assert not list(tmp_path.glob("hf/**/*.safetensors"))
    assert not str(told).count("mergedesk-")
    assert hub.commit(MODEL) not in str(told)


def test_what_does_not_fit_is_refused_by_headers(hub: LoopbackHub, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "lora", target_modules=["none_of_it"])
    told, local = check(MODEL, adapter), check(hub.folder(MODEL), adapter)
    same(told, local)
    assert told["refused"] == local["refused"]
    assert not sent(hub, MODEL)


def test_a_base_in_several_files_and_a_commit(hub: LoopbackHub, tmp_path: Path) -> None:
    make_sharded_model(hub.folder("acme/wide"))
    hub.revisions["acme/wide"] = {"v1"}
    told = check("hf://acme/wide@v1", hub.folder(ADAPTER))
    same(told, check(hub.folder("acme/wide"), hub.folder(ADAPTER)))
    [finding] = [one for one in told["findings"] if one["code"] == "base_by_headers"]
    assert "acme/wide@v1" in finding["message"]


def test_one_that_was_downloaded_is_checked_whole(hub: LoopbackHub) -> None:
    assert CliRunner().invoke(cli.app, ["download", MODEL]).exit_code == 0
    told = check(MODEL, hub.folder(ADAPTER))
    assert "base_by_headers" not in codes(told)
    assert told["precision_advice"] is not None


def test_pickled_weights_are_downloaded(hub: LoopbackHub) -> None:
    folder = make_model(hub.folder("acme/pickled"))
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    told = check("acme/pickled", hub.folder(ADAPTER))
    assert not told["refused"]
    assert hub.requests_for("pytorch_model.bin")


def test_a_closed_one_says_so(hub: LoopbackHub) -> None:
    hub.gated.add(MODEL)
    result = CliRunner().invoke(cli.app, ["check", "--base", MODEL, "--adapter", str(hub.folder(ADAPTER)), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"][0]["code"] == "hub_gated"


def packed(hub: LoopbackHub, padding: int = 0) -> list[str]:
    """What is said of a base in four bits, whose states are so much longer."""
    tensors = llama_tensors()
    for name in linear_modules():
        tensors |= four_bit_tensors(f"{name}.weight", tuple(tensors[f"{name}.weight"].shape))
    spaces = torch.full((padding,), ord(" "), dtype=torch.uint8)
    states = {name: torch.cat([state, spaces]) for name, state in tensors.items() if "quant_state" in name}
    config = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    make_model(hub.folder("acme/packed"), tensors | states, quantization_config=config)
    return codes(check("acme/packed", hub.folder(ADAPTER)))


def test_of_packed_weights_small_states_come_too(hub: LoopbackHub) -> None:
    said = packed(hub)
    assert "quantised_base" in said
    assert "base_by_headers" in said
    assert all(asked.range for asked in hub.requests_for("model.safetensors"))


def test_packed_weights_with_large_states_are_downloaded(hub: LoopbackHub) -> None:
    said = packed(hub, padding=5000)
    assert "quantised_base" in said
    assert "base_by_headers" not in said
