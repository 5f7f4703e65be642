"""What goes to a hub: whole, compared, and without a path of this computer."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import numpy as np
import pytest
from folders import make_lora, make_model, read_json, write_json, write_tensors
from hub_environment import MODEL
from loopback_hub import TOKEN, LoopbackHub

from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.domain.transfer import Transfer, TransferStage
from mergedesk.hub.ask import ask
from mergedesk.hub.local_paths import has_local_path, is_local_path, without_local_paths
from mergedesk.hub.outgoing import Outgoing, outgoing
from mergedesk.hub.questions import PUSH, Pushed, PushRequest

REPOSITORY = "me/merged"
WEIGHTS = "model.safetensors"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_model(tmp_path / "merged", _name_or_path="/home/anna/models/base")


def prepared(model: Path, tmp_path: Path) -> Outgoing:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return outgoing(model, scratch)


def send(
    going: Outgoing, *, private: bool = True, token: str | None = TOKEN, repository: str = REPOSITORY
) -> tuple[Pushed, list[Transfer]]:
    seen: list[Transfer] = []
    return ask(PUSH, PushRequest(repository, going.files, private), CancelToken(), seen.append, token), seen


def refusal(going: Outgoing, **how: object) -> UserError:
    with pytest.raises(UserError) as caught:
        send(going, **how)  # type: ignore[arg-type]
    return caught.value


# What goes


def test_paths_of_this_computer_stay_here(model: Path, tmp_path: Path) -> None:
    report = {"output": str(model), "base": {"path": "C:\\Users\\anna\\base"}, "said": "read /home/anna/x.json twice"}
    write_json(model / "mergedesk-report.json", report)
    (model / "README.md").write_text(
        "---\nbase_model: /home/anna/models/base\n---\nSee ~/notes/today.md, file:///mnt/d/x\n"
    )
    going = prepared(model, tmp_path)
    config = read_json(next(file.source for file in going.files if file.name == "config.json"))
    assert config["_name_or_path"] == "base"
    assert config["hidden_size"] == read_json(model / "config.json")["hidden_size"]
    sent = read_json(next(file.source for file in going.files if file.name == "mergedesk-report.json"))
    assert sent == {"output": "merged", "base": {"path": "base"}, "said": "read x.json twice"}
    assert going.card == "---\nbase_model: base\n---\nSee today.md, x\n"
    for file in going.files:
        text = file.source.read_bytes().decode("latin-1")
        assert not any(part in text for part in ("anna", str(tmp_path), "/mnt/"))
    [said] = [finding for finding in going.findings if finding.code is Code.HUB_PATHS_REPLACED]
    assert set(said.data["files"]) == {"README.md", "config.json", "mergedesk-report.json"}  # type: ignore[arg-type]
    assert read_json(model / "config.json")["_name_or_path"] == "/home/anna/models/base", "the folder itself stays"


def test_what_trainers_leave_stays_here(model: Path, tmp_path: Path) -> None:
    for name in ("training_args.bin", "optimizer.pt", "trainer_state.json", ".env", "notes.docx", "runs/events.1"):
        (model / name).parent.mkdir(exist_ok=True)
        (model / name).write_bytes(b"{}")
    going = prepared(model, tmp_path)
    assert {file.name for file in going.files} == {WEIGHTS, "config.json", "README.md"}
    [left] = [finding for finding in going.findings if finding.code is Code.HUB_LEFT_OUT]
    assert ".env" not in left.data["files"]  # type: ignore[operator]
    assert len(left.data["files"]) == 5  # type: ignore[arg-type]


def test_what_needs_no_change_goes_as_it_is(model: Path, tmp_path: Path) -> None:
    write_json(model / "config.json", {"_name_or_path": "acme/tiny"})
    write_json(model / "tokenizer.json", {"model": {"vocab": {"/home": 1, "/tmp/": 2}}})
    going = prepared(model, tmp_path)
    sources = {file.name: file.source for file in going.files}
    assert all(sources[name] == model / name for name in ("config.json", "tokenizer.json", WEIGHTS))


def test_weights_that_name_a_folder_do_not_go(model: Path, tmp_path: Path) -> None:
    write_tensors(model / WEIGHTS, {}, {"trained_in": "/home/anna/run"})
    with pytest.raises(UserError) as caught:
        prepared(model, tmp_path)
    assert (caught.value.code, caught.value.data["key"]) == (Code.HUB_PATH_INSIDE, "trained_in")


@pytest.mark.parametrize(
    "make",
    [lambda folder: folder, lambda folder: folder.mkdir(), lambda folder: write_json(folder / "config.json", {})],
)
def test_nothing_to_send(make: object, tmp_path: Path) -> None:
    make(tmp_path / "new")  # type: ignore[operator]
    with pytest.raises(UserError) as caught:
        prepared(tmp_path / "new", tmp_path)
    assert caught.value.code in (Code.HUB_NOTHING_TO_SEND, Code.FOLDER_MISSING)


def gguf_file(file: Path, **values: str) -> Path:
    """One whose weights and vocabulary hold what would be a path if it were text."""
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_array("tokenizer.ggml.tokens", ["one", "/home/anna/two"])
    for key, value in values.items():
        writer.add_string(f"general.{key}", value)
    weights = np.frombuffer(b" /tmp/ab /home/anna/models/base C:\\x\\y " * 32, np.uint8).astype(np.int8)
    writer.add_tensor("a.weight", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_a_gguf_file_alone(tmp_path: Path) -> None:
    going = prepared(gguf_file(tmp_path / "tiny.Q8_0.gguf", name="tiny"), tmp_path)
    assert {each.name for each in going.files} == {"tiny.Q8_0.gguf", "README.md"}
    assert "library_name: gguf" in going.card


@pytest.mark.parametrize("ending", ["gguf", "GGUF"])
def test_a_gguf_file_that_names_a_folder_does_not_go(tmp_path: Path, ending: str) -> None:
    file = gguf_file(tmp_path / f"tiny.{ending}", name="tiny", source="made of /home/anna/models/base")
    with pytest.raises(UserError) as caught:
        prepared(file, tmp_path)
    assert (caught.value.code, caught.value.data["key"]) == (Code.HUB_PATH_INSIDE, "general.source")


@pytest.mark.parametrize("place", ["alone", "in a folder"])
def test_what_is_no_whole_gguf_file_does_not_go(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    whole = gguf_file(folder / "tiny.gguf").read_bytes()
    for content, code in (
        (b"hello" * 1000, Code.GGUF_BROKEN),
        (b"", Code.GGUF_BROKEN),
        (whole[:100], Code.GGUF_BROKEN),
        (whole[:-32], Code.FILE_TRUNCATED),
    ):
        (folder / "tiny.gguf").write_bytes(content)
        with pytest.raises(UserError) as caught:
            prepared(folder / "tiny.gguf" if place == "alone" else folder, tmp_path)
        assert caught.value.code is code


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("read /home/anna/x y", "read x y"),
        ("'/tmp/a b/c'", "'a b/c'"),
        (r"at C:\Users\anna\base.", "at base."),
        (r"\\server\share\base", "base"),
        ("https://huggingface.co/home/anna/x", "https://huggingface.co/home/anna/x"),
        ("and/or, 1/2, </s>, /api", "and/or, 1/2, </s>, /api"),
        ("a regex: \\s+/home", "a regex: \\s+/home"),
    ],
)
def test_paths_in_texts(text: str, without: str) -> None:
    assert without_local_paths(text) == without
    assert has_local_path(text) is (text != without)


def test_whole_paths() -> None:
    assert all(map(is_local_path, ("/x/y", "/x/y/", "~/x", "C:/x", "D:\\x", "\\\\s\\x", "file:///x/y")))
    assert not any(map(is_local_path, ("acme/tiny", "/", "/x", "</s>", "https://x/y/z", "", "model.safetensors")))


# How it goes


@pytest.mark.slow
def test_a_folder_goes_whole_and_is_compared(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    going = prepared(model, tmp_path)
    pushed, seen = send(going)
    there = hub.folder(REPOSITORY)
    assert {file.name for file in there.iterdir()} == {WEIGHTS, "config.json", "README.md"}
    assert (there / WEIGHTS).read_bytes() == (model / WEIGHTS).read_bytes()
    assert pushed.address == f"{hub.url}/{REPOSITORY}"
    assert pushed.sent_bytes >= (model / WEIGHTS).stat().st_size
    assert pushed.private
    assert REPOSITORY in hub.private, "private, if not said otherwise"
    assert {reading.stage for reading in seen} == {TransferStage.HASH, TransferStage.UPLOAD}
    assert seen[-1].done_bytes == seen[-1].total_bytes == pushed.bytes == going.bytes


@pytest.mark.slow
def test_public_where_it_was_said(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    assert not send(prepared(model, tmp_path), private=False)[0].private
    assert REPOSITORY not in hub.private


@pytest.mark.slow
def test_what_was_to_be_private_never_goes_where_everybody_reads(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    trouble = refusal(prepared(model, tmp_path), repository=MODEL)
    assert trouble.code is Code.HUB_REPOSITORY_PUBLIC
    assert not hub.stored


@pytest.mark.slow
def test_what_is_there_is_not_sent_again(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    going = prepared(model, tmp_path)
    hub.loses.add("config.json")
    trouble = refusal(going)
    assert (trouble.code, trouble.data["files"]) == (Code.HUB_UPLOAD_DIFFERS, ["config.json"])
    hub.loses.clear()
    pushed, _ = send(going)
    assert pushed.sent_bytes < (model / WEIGHTS).stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, Code.HUB_REFUSED),
        (401, Code.HUB_TOKEN_WRONG),
        (409, Code.HUB_CONFLICT),
        (413, Code.HUB_TOO_LARGE),
        (429, Code.HUB_TOO_MANY),
        (500, Code.HUB_TROUBLE),
        (418, Code.HUB_FAILED),
    ],
)
def test_refused(hub: LoopbackHub, model: Path, tmp_path: Path, status: int, code: Code) -> None:
    hub.refuses_uploads = status
    going = prepared(model, tmp_path)
    for there in (False, True):
        if there:
            hub.folder(REPOSITORY).mkdir(parents=True)
            hub.private.add(REPOSITORY)
        trouble = refusal(going)
        assert trouble.code is code
    assert TOKEN not in json.dumps(trouble.data)


@pytest.mark.slow
def test_a_password_of_the_hub_s_address_is_told_nowhere(
    hub: LoopbackHub, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url.replace("http://", "http://anna:geheim1@"))
    trouble = refusal(prepared(model, tmp_path))
    assert trouble.data["address"] == f"{hub.url}/{REPOSITORY}"
    assert trouble.data["host"] == hub.url.removeprefix("http://")
    assert not any(part in json.dumps(trouble.data) for part in ("anna", "geheim1"))


@pytest.mark.slow
def test_without_a_token_nothing_is_tried(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    assert refusal(prepared(model, tmp_path), token=None).code is Code.HUB_NO_TOKEN
    assert not hub.asked


@pytest.mark.slow
def test_cancelling(hub: LoopbackHub, model: Path, tmp_path: Path) -> None:
    hub.pause = 5.0
    cancel, going = CancelToken(), prepared(model, tmp_path)

    def stop(reading: Transfer) -> None:
        if reading.stage is TransferStage.UPLOAD:
            cancel.cancel()

    with pytest.raises(Cancelled):
        ask(PUSH, PushRequest(REPOSITORY, going.files), cancel, stop, TOKEN)
    assert not (hub.folder(REPOSITORY) / "config.json").exists()
    hub.pause = 0.0
    send(going)


@pytest.mark.slow
def test_an_adapter_goes_too(hub: LoopbackHub, tmp_path: Path) -> None:
    adapter = make_lora(tmp_path / "lora", base_model_name_or_path="/data/models/tiny")
    send(prepared(adapter, tmp_path))
    assert read_json(hub.folder(REPOSITORY) / "adapter_config.json")["base_model_name_or_path"] == "tiny"
