"""Files of a base on a hub that come in pieces: the same bytes, whatever they hold, and room for some pieces only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import contents, llama_tensors, lora_tensors, make_lora, make_model, write_tensors
from hub_environment import hub
from loopback_hub import LoopbackHub
from packing_cases import NOT_KEPT, make_home
from space_watch import most_bytes
from tiny_models import make_adapter
from transformers import LlamaConfig, LlamaForCausalLM
from typer.testing import CliRunner

from mergedesk.cli import commands as cli
from mergedesk.domain.findings import Code
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines import base_pieces
from mergedesk.pipelines.base_supply import supply_of
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.merge_packed import merge_packed
from mergedesk.pipelines.queue.batch_file import read_batch, write_batch
from mergedesk.quantization.registry import NAMES

__all__ = ["hub"]
pytestmark = pytest.mark.slow
BASE = HubReference("acme/wide")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dozen pieces or more of each of these bases."""
    monkeypatch.setattr(base_pieces, "MOST_BYTES", 4096)


def merged(adapters: list[Path], output: Path, form: str | None = None, **options: Any) -> MergeReport:
    cancel, report = CancelToken(), options.pop("report", lambda _: None)
    with supply_of(BASE, output, cancel) as (folder, supply):
        assert supply is not None
        request = MergeRequest(folder, tuple(map(AdapterChoice, adapters)), output, **options)
        if form:
            return merge_packed(request, form, report, cancel, supply)
        return merge(request, report, cancel, supply=supply)


def of_folder(base: Path, adapters: list[Path], output: Path, form: str | None = None, **options: Any) -> MergeReport:
    request = MergeRequest(base, tuple(map(AdapterChoice, adapters)), output, **options)
    return merge_packed(request, form, lambda _: None, CancelToken()) if form else merge(request)


def weights(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in contents(folder).items() if "report" not in name and name != "README.md"}


def assert_alike(hub: LoopbackHub, adapters: list[Path], place: Path, form: str | None = None, **options: Any) -> None:
    """Merged in pieces and from the folder: the same bytes, and nothing left beside them."""
    ours = merged(adapters, place / "pieces" / "out", form, **options)
    theirs = of_folder(hub.folder(BASE.repository), adapters, place / "out", form, **options)
    assert (ours.status, theirs.status) == (MergeStatus.MERGED, MergeStatus.MERGED), (ours.findings, theirs.findings)
    assert weights(place / "pieces" / "out") == weights(place / "out")
    assert [path.name for path in (place / "pieces").iterdir()] == ["out"]
    assert {check.code: check.status for check in ours.checks} == {check.code: check.status for check in theirs.checks}
    assert {one.code for one in ours.findings} == {one.code for one in theirs.findings}


def test_one_file(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    assert_alike(hub, [make_lora(tmp_path / "lora")], tmp_path)
    asked = [one for one in hub.requests_for("model.safetensors") if one.range is None]
    assert len(asked) == 1


def test_of_one_file_some_pieces_lie_here(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_pieces, "MOST_BYTES", 500_000)
    shape = {"hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 5, "vocab_size": 256}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 4}
    model = LlamaForCausalLM(LlamaConfig(**shape, **heads, dtype="bfloat16")).to(torch.bfloat16)
    model.save_pretrained(hub.folder(BASE.repository))
    adapter = make_adapter("llama", hub.folder(BASE.repository), tmp_path / "lora")
    whole = (hub.folder(BASE.repository) / "model.safetensors").stat().st_size
    with most_bytes(tmp_path / ".out-base") as seen:
        report = merged([adapter], tmp_path / "out", report=lambda _: setattr(hub, "pause", 0.01))
    assert report.status is MergeStatus.MERGED, report.findings
    headers = 16_384
    assert 500_000 < seen[0] <= 2 * 500_000 + headers < whole / 4


@pytest.mark.parametrize("name", NAMES)
def test_packed_bases(name: str, hub: LoopbackHub, tmp_path: Path) -> None:
    home = make_home(name, tmp_path / "home")
    shutil.copytree(home.folder / "packed", hub.folder(BASE.repository))
    assert_alike(hub, [home.adapter("attention")], tmp_path / "in place")
    assert_alike(hub, [home.adapter("all")], tmp_path / "plain", dequantize=True)
    if name not in NOT_KEPT:
        assert_alike(hub, [home.adapter("all")], tmp_path / "kept", keep_quantization=True, accept_loss=True)


@pytest.mark.parametrize("form", ["fp8", "int8", "int4"])
def test_packed_results(form: str, hub: LoopbackHub, tmp_path: Path) -> None:
    shape = {"hidden_size": 128, "intermediate_size": 256, "num_hidden_layers": 2, "vocab_size": 128}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 4}
    model = LlamaForCausalLM(LlamaConfig(**shape, **heads, dtype="bfloat16")).to(torch.bfloat16)
    model.save_pretrained(hub.folder(BASE.repository), max_shard_size="300KB")
    adapter = make_adapter("llama", hub.folder(BASE.repository), tmp_path / "lora")
    assert_alike(hub, [adapter], tmp_path, form)


def _zero_in_one_module(folder: Path) -> Path:
    tensors = lora_tensors(size=1.0)
    name = next(name for name in tensors if "lora_B" in name)
    return make_lora(folder, tensors | {name: torch.zeros_like(tensors[name])})


def _saved_tied_embeddings(folder: Path) -> Path:
    """As PEFT saves them beside a trained embedding: the base's own."""
    modules = ["model.embed_tokens"]
    own = llama_tensors()["model.embed_tokens.weight"]
    tensors = lora_tensors() | {
        f"base_model.model.{modules[0]}.lora_embedding_A": torch.randn(4, own.shape[0]),
        f"base_model.model.{modules[0]}.lora_embedding_B": torch.randn(own.shape[1], 4),
        f"base_model.model.{modules[0]}.base_layer.weight": own,
    }
    return make_lora(folder, tensors, target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "embed_tokens"])


@pytest.mark.parametrize("make", [_zero_in_one_module, _saved_tied_embeddings])
def test_what_is_looked_at_once_more(make: Callable[[Path], Path], hub: LoopbackHub, tmp_path: Path) -> None:
    tensors = llama_tensors()
    tensors.pop("lm_head.weight")
    make_model(hub.folder(BASE.repository), tensors, tie_word_embeddings=True)
    assert_alike(hub, [make(tmp_path / "lora")], tmp_path)


def test_two_adapters_that_bring_the_same_copy(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    own = {"base_model.model.lm_head.weight": llama_tensors()["lm_head.weight"]}
    adapters = [
        make_lora(tmp_path / f"lora {seed}", lora_tensors(seed=seed) | own, modules_to_save=["lm_head"])
        for seed in (1, 2)
    ]
    assert_alike(hub, adapters, tmp_path)


def test_a_connection_that_is_cut_is_gone_on_with(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    size = (hub.folder(BASE.repository) / "model.safetensors").stat().st_size
    hub.cuts["model.safetensors"] = [size, size // 3, size // 3]  # the first is of the header
    assert_alike(hub, [make_lora(tmp_path / "lora")], tmp_path)
    begun = [one.range for one in hub.requests_for("model.safetensors")][1:]
    assert begun == [None, f"bytes={size // 3}-", f"bytes={2 * (size // 3)}-"]


def test_a_hub_that_heeds_no_ranges(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    size = (hub.folder(BASE.repository) / "model.safetensors").stat().st_size
    hub.heeds_ranges = False
    hub.cuts["model.safetensors"] = [size, size // 2, size]
    assert_alike(hub, [make_lora(tmp_path / "lora")], tmp_path)


def test_a_connection_that_stays_cut_leaves_nothing(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    size = (hub.folder(BASE.repository) / "model.safetensors").stat().st_size
    hub.cuts["model.safetensors"] = [size, *[0] * 20]
    report = merged([make_lora(tmp_path / "lora")], tmp_path / "out")
    assert report.status is MergeStatus.FAILED
    assert Code.HUB_CUT in {finding.code for finding in report.findings}
    assert not list(tmp_path.glob("*out*"))


def test_other_bytes_in_one_file(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder(BASE.repository))
    damage = lambda _: hub.damaged.add("model.safetensors")  # noqa: E731
    report = merged([make_lora(tmp_path / "lora")], tmp_path / "out", report=damage)
    assert report.status is MergeStatus.FAILED
    assert Code.HUB_WRONG_HASH in {finding.code for finding in report.findings}
    assert not list(tmp_path.glob("*out*"))


def test_by_command(hub: LoopbackHub, tmp_path: Path) -> None:
    write_tensors(make_model(hub.folder(BASE.repository)) / "model.safetensors", llama_tensors())
    adapter = make_lora(tmp_path / "lora")
    given = ["merge", "--base", f"hf://{BASE.text}", "--adapter", str(adapter), "--no-keep-base", "--json"]
    result = CliRunner().invoke(cli.app, [*given, "--output-format", "int8", "--output", str(tmp_path / "a")])
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["status"] == "merged"
    assert of_folder(hub.folder(BASE.repository), [adapter], tmp_path / "b", "int8").status is MergeStatus.MERGED
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert not list((tmp_path / "hf").rglob("*.safetensors"))


def test_in_a_list_of_jobs(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    make_model(hub.folder(BASE.repository))
    adapter = make_lora(tmp_path / "lora")
    wanted = {"base": f"hf://{BASE.text}", "adapter": "lora", "output": "a", "keep_base": False}
    file = tmp_path / "jobs.yaml"
    file.write_text(json.dumps({"jobs": [{"merge": wanted}]}), encoding="utf-8")
    (task,) = read_batch(file)
    write_batch([task], file)
    assert read_batch(file) == (task,)
    done = CliRunner().invoke(cli.app, ["batch", str(file), "--json"])
    assert done.exit_code == 0, done.output
    assert of_folder(hub.folder(BASE.repository), [adapter], tmp_path / "b").status is MergeStatus.MERGED
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert not list((tmp_path / "hf").rglob("*.safetensors"))
    assert not list(tmp_path.glob(".a*"))
