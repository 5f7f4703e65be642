"""What a repository is, and how it comes: whole, resumed, cancelled, or refused with a sentence."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import pytest
from folders import llama_tensors, make_lora, make_model
from hub_environment import ADAPTER, MODEL
from loopback_hub import TOKEN, LoopbackHub

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.hub_reference import HubReference
from mergedesk.domain.messages import finding_message
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.transfer import Transfer
from mergedesk.hub.ask import ask
from mergedesk.hub.bases import missing_base, said_of_base
from mergedesk.hub.bring import bring, described
from mergedesk.hub.questions import DESCRIBE, DOWNLOAD, HubModel
from mergedesk.hub.wanted_files import wanted_files
from mergedesk.inspection.inspect_folder import inspect_folder

TINY, LORA = HubReference(MODEL), HubReference(ADAPTER)
WEIGHTS = "model.safetensors"

pytestmark = pytest.mark.slow  # each question starts a process


def describe(reference: HubReference = TINY, token: str | None = None) -> HubModel:
    return ask(DESCRIBE, reference, CancelToken(), token=token)


def download(reference: HubReference = TINY, token: str | None = None) -> tuple[Path, list[Transfer]]:
    seen: list[Transfer] = []
    return ask(DOWNLOAD, reference, CancelToken(), seen.append, token), seen


def refusal(reference: HubReference = TINY, token: str | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        download(reference, token)
    sentence = finding_message(caught.value.finding())
    assert sentence, caught.value.code
    assert "{" not in sentence
    assert TOKEN not in str(caught.value)
    return caught.value


def parts(home: Path) -> list[Path]:
    return list(home.rglob("*.mergedesk-part"))


# What it is


def test_a_model_is_described_as_its_folder_is_without_its_weights(hub: LoopbackHub) -> None:
    model, local = describe(), inspect_folder(hub.folder(MODEL))
    same = ("kind", "class_name", "model_type", "parameters", "dtype", "shards", "quantization", "bytes")
    assert [getattr(model.info, name) for name in same] == [getattr(local, name) for name in same]
    assert (model.licence, model.gated, model.private, model.folder) == ("apache-2.0", False, False, None)
    assert model.missing_bytes == model.info.bytes
    assert all(asked.range for asked in hub.requests_for(WEIGHTS)), "only ranges of weights are asked for"


def test_an_adapter_names_its_base(hub: LoopbackHub) -> None:
    info = describe(LORA).info
    local = inspect_folder(hub.folder(ADAPTER))
    same = ("kind", "peft_type", "r", "lora_alpha", "base_model_name_or_path", "dtype", "parameters")
    assert [getattr(info, name) for name in same] == [getattr(local, name) for name in same]
    assert missing_base(info) == TINY
    assert [finding.code for finding in said_of_base(info)] == [Code.BASE_ON_HUB]
    download()
    assert missing_base(info) is None
    assert not list(said_of_base(info))


def test_a_base_that_is_a_folder_is_offered_nowhere(hub: LoopbackHub, tmp_path: Path) -> None:
    for name in (str(tmp_path / "gone"), "models/llama", "./base", None):
        assert missing_base(FolderInfo(tmp_path, FolderKind.ADAPTER, base_model_name_or_path=name)) is None


def test_a_long_header_is_read_whole(hub: LoopbackHub) -> None:
    make_model(hub.folder("acme/long"), llama_tensors(layers=400))
    assert describe(HubReference("acme/long")).info.parameters == inspect_folder(hub.folder("acme/long")).parameters
    assert len(hub.requests_for(WEIGHTS)) == 2


def test_a_gated_model_is_described_by_its_listing(hub: LoopbackHub) -> None:
    hub.gated.add(MODEL)
    model = describe()
    assert (model.gated, model.accessible, model.info.kind) == (True, False, FolderKind.MODEL)
    assert model.info.class_name is None
    assert describe(token=TOKEN).accessible


def test_a_server_that_knows_no_ranges(hub: LoopbackHub) -> None:
    hub.heeds_ranges = False
    assert describe().info.parameters == inspect_folder(hub.folder(MODEL)).parameters


# How it comes


def test_what_comes_is_what_a_merge_needs_and_nothing_else(hub: LoopbackHub) -> None:
    folder = hub.folder(MODEL)
    for name in ("pytorch_model.bin", "optimizer.pt", "model.fp16.safetensors", "tiny.gguf", "onnx/model.onnx"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"not needed")
    path, seen = download()
    came = {file.name for file in path.iterdir()}
    assert came == {file.name for file in folder.iterdir() if file.suffix == ".json"} | {WEIGHTS}
    assert (path / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()
    assert inspect_folder(path).kind is FolderKind.MODEL
    assert seen[-1].done_bytes == seen[-1].total_bytes == describe().info.bytes
    assert describe().folder == path
    assert not parts(path.parents[3])


def test_the_library_finds_it_where_it_lies(hub: LoopbackHub) -> None:
    from huggingface_hub import snapshot_download

    path, _ = download()
    cache = path.parents[2]
    assert Path(snapshot_download(MODEL, cache_dir=cache, local_files_only=True)) == path
    assert (cache / f"models--{MODEL.replace('/', '--')}" / "refs" / "main").read_text() == hub.commit(MODEL)


def test_nothing_comes_twice(hub: LoopbackHub) -> None:
    download()
    before = len(hub.requests_for(WEIGHTS))
    _, seen = download()
    assert len(hub.requests_for(WEIGHTS)) == before
    assert seen[-1].bytes_per_second is None, "nothing moved"


def test_a_revision(hub: LoopbackHub) -> None:
    hub.revisions[MODEL] = {"v1"}
    path, _ = download(HubReference(MODEL, "v1"))
    assert (path.parents[1] / "refs" / "v1").read_text() == path.name


def test_a_connection_that_breaks_off_is_taken_up_where_it_broke(hub: LoopbackHub) -> None:
    hub.cuts[WEIGHTS] = [10_000, 5_000, 7_000]
    path, seen = download()
    assert (path / WEIGHTS).read_bytes() == (hub.folder(MODEL) / WEIGHTS).read_bytes()
    assert [asked.range for asked in hub.requests_for(WEIGHTS)][:4] == [
        None, "bytes=10000-", "bytes=15000-", "bytes=22000-",
    ]  # fmt: skip
    assert seen[-1].done_bytes == seen[-1].total_bytes


def test_a_connection_that_always_breaks_off_keeps_what_came(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.cuts[WEIGHTS] = [10_000, 0, 0, 0, 0, 0, 0]
    assert refusal().code in (Code.HUB_CUT, Code.HUB_SLOW)
    assert [part.stat().st_size for part in parts(tmp_path)] == [10_000]
    hub.cuts.clear()
    path, seen = download()
    assert hub.requests_for(WEIGHTS)[-1].range == "bytes=10000-"
    assert seen[-1].kept_bytes >= 10_000
    assert (path / WEIGHTS).read_bytes() == (hub.folder(MODEL) / WEIGHTS).read_bytes()


def test_a_server_without_ranges_begins_anew(hub: LoopbackHub) -> None:
    hub.heeds_ranges, hub.cuts[WEIGHTS] = False, [10_000]
    path, seen = download()
    assert (path / WEIGHTS).read_bytes() == (hub.folder(MODEL) / WEIGHTS).read_bytes()
    assert seen[-1].done_bytes == seen[-1].total_bytes


def test_wrong_bytes_get_no_name(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.damaged.add(WEIGHTS)
    trouble = refusal()
    assert (trouble.code, trouble.data["file"]) == (Code.HUB_WRONG_HASH, WEIGHTS)
    assert not list(tmp_path.rglob(f"snapshots/*/{WEIGHTS}"))
    whole, _ = hub.hashes(hub.folder(MODEL) / WEIGHTS)
    assert not list(tmp_path.rglob(f"{whole}*.mergedesk-part"))
    hub.damaged.clear()
    download()


def test_a_damaged_config_is_seen_too(hub: LoopbackHub) -> None:
    hub.damaged.add("config.json")
    assert refusal().code is Code.HUB_WRONG_HASH


def test_a_part_of_another_length_is_no_trap(hub: LoopbackHub, tmp_path: Path) -> None:
    whole, _ = hub.hashes(hub.folder(MODEL) / WEIGHTS)
    blobs = tmp_path / "hf" / "hub" / f"models--{MODEL.replace('/', '--')}" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / f"{whole}.mergedesk-part").write_bytes(bytes(10_000_000))
    path, _ = download()
    assert (path / WEIGHTS).read_bytes() == (hub.folder(MODEL) / WEIGHTS).read_bytes()


def test_cancelling_keeps_what_came_and_leaves_no_process(hub: LoopbackHub, tmp_path: Path) -> None:
    make_model(hub.folder("acme/wide"), llama_tensors(layers=30))
    hub.pause = 0.2
    cancel = CancelToken()

    def stop(reading: Transfer) -> None:
        if reading.detail == WEIGHTS and reading.done_bytes > 100_000:
            cancel.cancel()

    with pytest.raises(Cancelled):
        ask(DOWNLOAD, HubReference("acme/wide"), cancel, stop)
    [part] = parts(tmp_path)
    kept = part.stat().st_size
    assert kept > 60_000
    time.sleep(0.3)
    assert part.stat().st_size == kept, "nobody goes on with it"
    hub.pause = 0.0
    path, _ = download(HubReference("acme/wide"))
    assert hub.requests_for(WEIGHTS)[-1].range == f"bytes={kept}-"
    assert (path / WEIGHTS).read_bytes() == (hub.folder("acme/wide") / WEIGHTS).read_bytes()


def test_cancelling_ends_a_download_that_stands_still(hub: LoopbackHub) -> None:
    hub.stalled.add(WEIGHTS)
    cancel = CancelToken()
    threading.Timer(2.5, cancel.cancel).start()
    with pytest.raises(Cancelled):
        ask(DOWNLOAD, TINY, cancel)


def test_a_server_that_stands_still_is_too_slow(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "1")
    hub.stalled.add(WEIGHTS)
    assert refusal().code is Code.HUB_SLOW


# Who may


def test_gated(hub: LoopbackHub) -> None:
    hub.gated.add(MODEL)
    trouble = refusal()
    assert trouble.code is Code.HUB_GATED
    assert f"{hub.url}/{MODEL}" in finding_message(trouble.finding())
    download(token=TOKEN)


def test_private_without_a_token_is_not_found(hub: LoopbackHub) -> None:
    hub.private.add(MODEL)
    assert refusal().code is Code.HUB_NOT_FOUND
    assert describe(token=TOKEN).private


def test_the_token_of_the_library_s_own_sign_in(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.gated.add(MODEL)
    (tmp_path / "hf").mkdir(exist_ok=True)
    (tmp_path / "hf" / "token").write_text(TOKEN)
    download()


def test_what_is_not_there(hub: LoopbackHub) -> None:
    assert refusal(HubReference("acme/nothing")).code is Code.HUB_NOT_FOUND
    assert refusal(HubReference(MODEL, "v9")).data["revision"] == "v9"
    assert refusal(HubReference(MODEL, "v9")).code is Code.HUB_REVISION_MISSING
    hub.folder("acme/empty").mkdir()
    (hub.folder("acme/empty") / "config.json").write_text("{}")
    assert refusal(HubReference("acme/empty")).code is Code.HUB_NO_WEIGHTS


def test_nobody_at_home(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    trouble = refusal()
    assert (trouble.code, trouble.data["host"]) == (Code.HUB_NO_NETWORK, "127.0.0.1:9")


@pytest.mark.parametrize("stated", ["notaurl", "htp://hub.example", "http://", "https://hub.example:http"])
def test_an_address_that_is_none_is_told(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", stated)
    trouble = refusal()
    assert (trouble.code, trouble.data["endpoint"]) == (Code.HUB_ENDPOINT_WRONG, stated.rstrip("/"))


def test_an_address_where_no_hub_is_is_told(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}/not/there")
    trouble = refusal()
    assert (trouble.code, trouble.data["endpoint"]) == (Code.HUB_NO_HUB, f"{hub.url}/not/there")


def test_a_proxy_is_gone_through(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert refusal().code is Code.HUB_NO_NETWORK


def test_no_room_is_told_before_anything_comes(hub: LoopbackHub) -> None:
    weights = hub.folder(MODEL) / WEIGHTS
    with weights.open("r+b") as stream:
        stream.truncate(1 << 42)
    hub._hashes[(str(weights), 1 << 42, weights.stat().st_mtime_ns)] = ("0" * 64, "0" * 40)
    trouble = refusal()
    assert trouble.code is Code.HUB_NO_ROOM
    assert not hub.requests_for(WEIGHTS)


# Offline


def test_offline_nothing_is_asked(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError) as caught:
        bring(TINY, CancelToken())
    assert caught.value.code is Code.HUB_OFFLINE
    assert not hub.asked


def test_offline_what_is_here_serves(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.revisions[MODEL] = {"v1"}
    path, _ = download(HubReference(MODEL, "v1"))
    asked = len(hub.asked)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert bring(HubReference(MODEL, "v1"), CancelToken()) == path
    assert bring(HubReference(MODEL, path.name), CancelToken()) == path
    assert isinstance(described(HubReference(MODEL, "v1"), CancelToken()), FolderInfo)
    with pytest.raises(UserError):
        bring(HubReference(MODEL, "v2"), CancelToken())
    assert len(hub.asked) == asked


def test_where_nobody_answers_what_is_here_serves(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = download()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert bring(TINY, CancelToken()) == path
    shutil.rmtree(path)
    with pytest.raises(UserError):
        bring(TINY, CancelToken())


# Which files


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["model.safetensors", "pytorch_model.bin"], ["model.safetensors"]),
        (["pytorch_model.bin", "training_args.bin", "rng_state.bin"], ["pytorch_model.bin"]),
        (
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "consolidated.safetensors"],
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
        ),
        (["consolidated.safetensors", "params.json"], ["params.json", "consolidated.safetensors"]),
        (["adapter_model.safetensors", "adapter_config.json"], ["adapter_config.json", "adapter_model.safetensors"]),
        (["model.safetensors", "modeling_tiny.py", "LICENSE"], ["modeling_tiny.py", "LICENSE", "model.safetensors"]),
        (["model.safetensors", "checkpoint-5/model.safetensors", "original/params.json"], ["model.safetensors"]),
        (["model.safetensors", "1_Pooling/config.json"], ["1_Pooling/config.json", "model.safetensors"]),
        (["model.safetensors", "2_Dense/model.safetensors"], ["model.safetensors", "2_Dense/model.safetensors"]),
        (["tiny.Q4_K_M.gguf", "trainer_state.json"], []),
    ],
)
def test_which_files_a_merge_needs(names: list[str], wanted: list[str]) -> None:
    assert wanted_files(names) == wanted


def test_an_adapter_beside_its_model_is_told_as_the_model(hub: LoopbackHub) -> None:
    make_lora(hub.folder(MODEL))
    assert describe().info.kind is FolderKind.MODEL


def test_a_config_that_is_no_json(hub: LoopbackHub) -> None:
    (hub.folder(MODEL) / "config.json").write_text("[1,")
    assert describe().info.class_name is None
    (hub.folder(MODEL) / "config.json").write_text(json.dumps({"architectures": ["X"]}))
    assert describe().info.class_name == "X"
