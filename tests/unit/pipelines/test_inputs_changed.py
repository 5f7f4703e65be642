"""An input that changes while it is used: told by name, and nothing is published, whenever and however it changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
import torch
from folders import (
    assert_says,
    everything,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    make_sharded_model,
    make_tokenizer,
    request,
    the,
)
from safetensors.torch import load_file, save_file

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken, Progress, Stage
from mergedesk.domain.requests import Engine, VerifyRequest
from mergedesk.domain.verdict import VerifyStatus
from mergedesk.pipelines import merge as job
from mergedesk.pipelines import write_output as writing
from mergedesk.pipelines.verify import verify

Change = Callable[[Path], None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_sharded_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


def shard(home: Path) -> Path:
    return sorted((home / "base").glob("*.safetensors"))[1]


def save_again(file: Path, values: bool = False) -> None:
    """The same tensors under a longer header, as another version of the library writes them."""
    tensors = {name: tensor + 1 if values else tensor for name, tensor in load_file(file).items()}
    save_file(tensors, file, {"format": "pt", "saved": "again"})


def in_place_with_its_times(file: Path) -> None:
    """Other values in the same file, of the same size, and the time of writing put back."""
    times, data = file.stat(), bytearray(file.read_bytes())
    data[-100:] = bytes(100)
    with file.open("r+b") as stream:
        stream.write(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def replaced_with_its_times(file: Path) -> None:
    other = file.with_name("other")
    shutil.copy2(file, other)
    in_place_with_its_times(other)
    other.replace(file)


CHANGES: dict[str, Change] = {
    "header": save_again,
    "values": lambda file: save_again(file, values=True),
    "in place": in_place_with_its_times,
    "replaced": replaced_with_its_times,
}


def run(home: Path, stage: Stage, change: Callable[[], None], midway: bool = False, **options: object) -> MergeReport:
    changed: list[Stage] = []

    def report(progress: Progress) -> None:
        if progress.stage is stage and bool(progress.done_bytes) is midway and not changed:
            changed.append(stage)
            change()

    asked = request(home / "base", home / "adapter", home / "out", **options)
    done = job.merge(asked, report, CancelToken())
    assert changed == [stage]
    return done


def assert_not_published(report: MergeReport, home: Path, name: str) -> None:
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.INPUT_CHANGED), Severity.ERROR, name)
    assert_says(the(report.findings, Code.NOTHING_KEPT), Severity.INFO, "Nothing was kept")
    assert {name.partition("/")[0] for name in everything(home)} == {"base", "adapter"}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("stage", "midway"), [(Stage.PLAN, False), (Stage.MERGE, True), (Stage.VERIFY, False)])
@pytest.mark.parametrize("which", ["adapter", "base"])
def test_weights(which: str, stage: Stage, midway: bool, change: str, home: Path) -> None:
    file = shard(home) if which == "base" else home / "adapter" / "adapter_model.safetensors"
    report = run(home, stage, lambda: CHANGES[change](file), midway)
    assert_not_published(report, home, file.name)


@pytest.mark.parametrize("engine", [Engine.STREAMING, Engine.PEFT])
@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"])
@pytest.mark.parametrize("stage", [Stage.PLAN, Stage.VERIFY])
def test_what_stands_beside_the_weights(stage: Stage, name: str, engine: Engine, home: Path) -> None:
    file = home / "base" / name
    if not file.exists():
        file.write_text("{}", encoding="utf-8")

    def change() -> None:
        file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), "added": 1}), encoding="utf-8")

    assert_not_published(run(home, stage, change, engine=engine), home, name)


def test_trained_weights_beside_the_adapter(home: Path) -> None:
    file = home / "adapter" / "non_lora_state_dict.bin"
    weights = {"lm_head.weight": llama_tensors(seed=3)["lm_head.weight"]}
    torch.save(weights, file)
    report = run(home, Stage.PLAN, lambda: torch.save({name: one + 1 for name, one in weights.items()}, file))
    assert_not_published(report, home, file.name)


def test_config_of_the_adapter(home: Path) -> None:
    file = home / "adapter" / "adapter_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    text = json.dumps({**config, "lora_alpha": 3 * config["lora_alpha"]})
    report = run(home, Stage.PLAN, lambda: file.write_text(text, encoding="utf-8") and None)
    assert_not_published(report, home, file.name)


def test_change_while_the_libraries_are_imported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "adapter" / "adapter_model.safetensors"
    monkeypatch.setattr(job, "warm_up_streaming", lambda: save_again(file))
    report = job.merge(request(home / "base", home / "adapter", home / "out"), lambda _: None, CancelToken())
    assert_not_published(report, home, file.name)


def test_change_within_the_tick_of_the_clock_shows_in_the_header(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writes within the clock's step look the same to the file system."""
    monkeypatch.setattr("mergedesk.storage.file_identity.FileIdentity.is_same", lambda *_: True)
    file = home / "adapter" / "adapter_model.safetensors"
    assert_not_published(run(home, Stage.PLAN, lambda: save_again(file)), home, file.name)


def test_change_is_told_rather_than_what_came_of_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "adapter" / "adapter_model.safetensors"

    def fails(*_: object) -> NoReturn:
        save_again(file)
        raise RuntimeError("something odd")

    monkeypatch.setattr(writing, "write_output", fails)
    report = job.merge(request(home / "base", home / "adapter", home / "out"), lambda _: None, CancelToken())
    assert_not_published(report, home, file.name)


def test_folder_that_is_replaced_stays(home: Path) -> None:
    make_model(home / "out")
    file = home / "adapter" / "adapter_model.safetensors"
    report = run(home, Stage.VERIFY, lambda: save_again(file), overwrite=True)
    assert report.status is MergeStatus.FAILED
    assert "model.safetensors" in everything(home / "out")


@pytest.mark.parametrize("what", ["read", "linked", "owned", "written beside"])
def test_what_changes_nothing_is_no_change(what: str, home: Path) -> None:
    file = shard(home)

    def touch() -> None:
        if what == "read":
            file.read_bytes()
        elif what == "linked":
            os.link(file, home / "base" / "copy-of-it")
        elif what == "owned":
            file.chmod(0o640)
        else:
            (home / "adapter" / "trainer_state.json").write_text("{}", encoding="utf-8")

    assert run(home, Stage.VERIFY, touch).status is MergeStatus.MERGED


def test_changes_at_any_moment(home: Path) -> None:
    """Whatever is published is the merge of what lies there: a change is either seen, or came too late to matter."""
    file = home / "adapter" / "adapter_model.safetensors"
    save_file(lora_tensors(), file, {"format": "pt"})
    expected: dict[str, torch.Tensor] | None = None
    for at in range(20):
        calls = [0]

        def change(progress: Progress, at: int = at, calls: list[int] = calls) -> None:
            if calls[0] == at:
                save_again(file)
            calls[0] += 1

        done = job.merge(request(home / "base", home / "adapter", home / "out"), change, CancelToken())
        if done.status is MergeStatus.MERGED:
            merged = all_tensors(home / "out")
            expected = expected or merged
            assert all(torch.equal(merged[name], tensor) for name, tensor in expected.items())
            shutil.rmtree(home / "out")
        else:
            the(done.findings, Code.INPUT_CHANGED)


def all_tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {name: tensor for shard in folder.glob("*.safetensors") for name, tensor in load_file(shard).items()}


@pytest.mark.parametrize("name", ["base/config.json", "adapter/adapter_model.safetensors", "out/model.safetensors"])
def test_proof_of_what_changed_meanwhile_is_no_verdict(name: str, tmp_path: Path) -> None:
    """Neither match nor mismatch: who reads two halves of two versions knows nothing of either."""
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    merged = request(tmp_path / "base", tmp_path / "adapter", tmp_path / "out")
    assert job.merge(merged).status is MergeStatus.MERGED
    wanted = VerifyRequest(merged.base, merged.adapters, merged.output)
    assert verify(wanted).matches is True

    def change(progress: Progress) -> None:
        if progress.stage is Stage.VERIFY:
            (tmp_path / name).write_bytes((tmp_path / name).read_bytes())

    verdict = verify(wanted, change)
    assert verdict.status is VerifyStatus.FAILED
    assert verdict.matches is None
    assert_says(the(verdict.findings, Code.INPUT_CHANGED), Severity.ERROR, Path(name).name)
