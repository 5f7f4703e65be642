"""A base on a hub that never lies here as a whole: the same bytes as of one that does, with room for two files."""

from __future__ import annotations

import json
import os
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from folders import contents, llama_tensors, lora_tensors, make_lora, make_sharded_model
from hub_environment import hub
from killed_merge import with_small_chunks
from loopback_hub import LoopbackHub
from space_watch import most_bytes
from tiny_models import make_adapter
from transformers import LlamaConfig, LlamaForCausalLM
from typer.testing import CliRunner

from mergedesk.cli import commands as cli
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Cancelled, CancelToken, Progress, Stage
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.output.leftovers import LeftoverKind, find_leftovers
from mergedesk.pipelines.base_supply import supply_of
from mergedesk.pipelines.merge import merge

__all__ = ["hub"]
pytestmark = pytest.mark.slow
WIDE = HubReference("acme/wide")


@pytest.fixture
def base(hub: LoopbackHub) -> Path:
    """Four files, each far larger than its header."""
    return make_sharded_model(hub.folder(WIDE.repository), shards=4)


def merged(adapter: Path, output: Path, cancel: CancelToken | None = None, **options: Any) -> MergeReport:
    cancel = cancel or CancelToken()
    report = options.pop("report", lambda _: None)
    with supply_of(WIDE, output, cancel) as (folder, supply):
        request = MergeRequest(folder, (AdapterChoice(adapter),), output, **options)
        return merge(request, report, cancel, supply=supply)


def of_folder(base: Path, adapter: Path, output: Path, **options: Any) -> Path:
    request = MergeRequest(base, (AdapterChoice(adapter),), output, **options)
    assert merge(request).status is MergeStatus.MERGED
    return output


def weights(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in contents(folder).items() if "report" not in name and name != "README.md"}


def test_the_bytes_are_those_of_a_base_that_lies_here(hub: LoopbackHub, base: Path, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "lora")
    report = merged(adapter, tmp_path / "pieces" / "out")
    assert report.status is MergeStatus.MERGED, report.findings
    assert weights(tmp_path / "pieces" / "out") == weights(of_folder(base, adapter, tmp_path / "out"))
    assert [path.name for path in (tmp_path / "pieces").iterdir()] == ["out"]
    whole = [asked for asked in hub.asked if asked.path.endswith(".safetensors") and asked.range is None]
    assert len(whole) == 4


def test_two_files_lie_here_at_most(hub: LoopbackHub, tmp_path: Path) -> None:
    shape = {"hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 5, "vocab_size": 256}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 4}
    model = LlamaForCausalLM(LlamaConfig(**shape, **heads, dtype="bfloat16")).to(torch.bfloat16)
    model.save_pretrained(hub.folder(WIDE.repository), max_shard_size="1300KB")
    adapter = make_adapter("llama", hub.folder(WIDE.repository), tmp_path / "lora")
    sizes = sorted(file.stat().st_size for file in hub.folder(WIDE.repository).glob("*.safetensors"))
    with most_bytes(tmp_path / ".out-base") as seen:
        report = merged(adapter, tmp_path / "out", report=lambda _: setattr(hub, "pause", 0.01))
    assert report.status is MergeStatus.MERGED, report.findings
    headers = 8192 * len(sizes)
    assert sizes[-1] < seen[0] <= sum(sizes[-2:]) + headers < sum(sizes) / 2


def test_full_copies_and_other_files(base: Path, tmp_path: Path) -> None:
    copied = {"base_model.model.lm_head.weight": llama_tensors(seed=5)["lm_head.weight"].to(torch.float32)}
    adapter = make_lora(tmp_path / "lora", lora_tensors() | copied, modules_to_save=["lm_head"])
    report = merged(adapter, tmp_path / "pieces", max_shard_size=20_000)
    assert report.status is MergeStatus.MERGED, report.findings
    assert weights(tmp_path / "pieces") == weights(of_folder(base, adapter, tmp_path / "out", max_shard_size=20_000))


def test_a_file_with_other_bytes_ends_it(hub: LoopbackHub, base: Path, tmp_path: Path) -> None:
    third = sorted(file.name for file in base.glob("*.safetensors"))[2]
    report = merged(make_lora(tmp_path / "lora"), tmp_path / "out", report=lambda _: hub.damaged.add(third))
    assert report.status is MergeStatus.FAILED
    assert Code.HUB_WRONG_HASH in {finding.code for finding in report.findings}
    assert not list(tmp_path.glob("*out*"))


def test_cancelled_while_it_waits_for_a_file(hub: LoopbackHub, base: Path, tmp_path: Path) -> None:
    last = sorted(file.name for file in base.glob("*.safetensors"))[-1]
    cancel, ended = CancelToken(), threading.Event()

    def cancel_once_it_is_asked_for() -> None:
        while not ended.wait(0.05):
            if any(asked.range is None for asked in hub.requests_for(last)):
                cancel.cancel()

    watching = threading.Thread(target=cancel_once_it_is_asked_for)
    watching.start()
    try:
        with pytest.raises(Cancelled):
            merged(make_lora(tmp_path / "lora"), tmp_path / "out", cancel, report=lambda _: hub.stalled.add(last))
    finally:
        ended.set()
        watching.join()
    assert not list(tmp_path.glob("*out*"))


def test_a_run_that_was_killed_is_gone_on_with(base: Path, tmp_path: Path) -> None:
    adapter, output = make_lora(tmp_path / "lora"), tmp_path / "out"

    def die_late(progress: Progress) -> None:
        if progress.stage is Stage.MERGE and progress.done_bytes > 0.7 * progress.total_bytes:
            os._exit(7)

    with with_small_chunks():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks where there are threads
            child = os.fork()
        if child == 0:
            merged(adapter, output, report=die_late)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert (tmp_path / ".out-base").is_dir()
        assert LeftoverKind.BASE in {left.kind for left in find_leftovers(output)}
        report = merged(adapter, output, resume=True)
        assert report.status is MergeStatus.MERGED, report.findings
        assert Code.RESUMED in {finding.code for finding in report.findings}
        assert weights(output) == weights(of_folder(base, adapter, tmp_path / "whole"))
    assert not list(tmp_path.glob(".*"))


def test_a_folder_of_somebody_else_stays(base: Path, tmp_path: Path) -> None:
    mine = tmp_path / ".out-base" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(UserError, match="output_not_empty"):
        merged(make_lora(tmp_path / "lora"), tmp_path / "out")
    assert mine.read_text() == "mine"


def test_by_command(hub: LoopbackHub, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter = make_lora(tmp_path / "lora")
    given = ["merge", "--base", f"hf://{WIDE.text}", "--adapter", str(adapter), "--no-keep-base", "--output"]
    result = CliRunner().invoke(cli.app, [*given, str(tmp_path / "a"), "--json"])
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["status"] == "merged"
    assert weights(tmp_path / "a") == weights(of_folder(base, adapter, tmp_path / "b"))
    assert not list((tmp_path / "hf").rglob("*.safetensors"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    peft = CliRunner().invoke(cli.app, [*given, str(tmp_path / "c"), "--engine", "peft"])
    assert peft.exit_code == 3, peft.stderr
    assert "--no-keep-base" in peft.stderr + peft.stdout
    assert not list(tmp_path.glob("*c-base*"))
