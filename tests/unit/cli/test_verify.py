"""``mergedesk verify`` for people and for scripts: verdicts, exit codes, refusals, cancelling."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from folders import make_lora, write_json
from tiny_models import make_adapter, make_base
from typer.testing import CliRunner, Result

from mergedesk.cli import commands as cli
from mergedesk.domain.findings import Code
from mergedesk.domain.messages import template
from mergedesk.domain.progress import Cancelled, CancelToken, Progress
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import VerifyStatus
from mergedesk.pipelines import meter
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, an adapter, and their merge."""
    home = tmp_path_factory.mktemp("proof")
    base = make_base("llama", home / "base", "bfloat16")
    make_adapter("llama", base, home / "adapter")
    request = MergeRequest(base, (AdapterChoice(home / "adapter"),), home / "merged")
    assert merge(request, lambda _: None, CancelToken()).status == "merged"
    return home


def run(home: Path, merged: str, *more: str, base: str = "base", adapter: str = "adapter") -> Result:
    folders = ["--base", home / base, "--adapter", home / adapter, "--merged", home / merged]
    result = CliRunner().invoke(cli.app, ["verify", *map(str, folders), *more])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def content(result: Result) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    return parsed


@pytest.mark.parametrize("more", [(), ("--quick",)])
def test_match_for_scripts(home: Path, more: tuple[str, ...]) -> None:
    result = run(home, "merged", "--json", *more)
    assert result.exit_code == 0
    shown = content(result)
    assert (shown["status"], shown["verdict"], shown["reason"]["code"]) == ("proved", "match", "merge_proved")
    assert {check["status"] for check in shown["checks"]} == {"pass"}
    assert len(shown["modules"]) == 14
    assert shown["quick"] is bool(more)
    first = shown["modules"][0]
    assert first["story"] == "right"
    assert first["factor"] == pytest.approx(1.0, abs=0.05)
    assert 0 < first["delta_share"] < 10


def test_mismatch_for_scripts(home: Path) -> None:
    result = run(home, "base", "--json")
    assert result.exit_code == 4
    shown = content(result)
    assert (shown["verdict"], shown["reason"]["code"]) == ("mismatch", "merge_is_the_base")
    failed = [check["code"] for check in shown["checks"] if check["status"] == "fail"]
    assert failed == ["targeted_as_expected"]


def test_verdicts_for_people(home: Path) -> None:
    assert "Match: All" in run(home, "merged").stdout
    shown = run(home, "base", "--quick").stdout
    assert "Mismatch: This is the unmodified base" in shown
    assert "FAIL  Base plus adapter:" in shown


def test_adapter_left_beside_a_right_merge(home: Path, tmp_path: Path) -> None:
    """transformers would attach it to the merged weights (see ``test_verify_folders``)."""
    shutil.copytree(home / "merged", tmp_path / "merged")
    shutil.copy(home / "adapter" / "adapter_config.json", tmp_path / "merged")
    result = run(home, str(tmp_path / "merged"), "--json")
    shown = content(result)
    assert (result.exit_code, shown["verdict"]) == (4, "mismatch")
    assert shown["reason"]["code"] == "merge_keeps_adapter_files"
    assert [check["code"] for check in shown["checks"] if check["status"] == "fail"] == ["no_adapter_files"]


def test_adapter_that_does_not_fit_is_refused(home: Path, tmp_path: Path) -> None:
    make_lora(tmp_path / "lora", r=3)
    result = run(home, "merged", "--json", adapter=str(tmp_path / "lora"))
    assert result.exit_code == 3


def test_trouble_is_told_and_not_raised(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk hums")

    monkeypatch.setattr("mergedesk.verification.compare.prove.match", broken)
    result = run(home, "merged", "--json")
    assert result.exit_code == 1
    assert "the disk hums" in content(result)["findings"][-1]["message"]


def test_cancelled(home: Path) -> None:
    cancel, request = CancelToken(), VerifyRequest(home / "base", (AdapterChoice(home / "adapter"),), home / "merged")
    seen: list[Progress] = []

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.done_bytes:
            cancel.cancel()

    with pytest.raises(Cancelled):
        verify(request, report, cancel)
    assert 0 < seen[-1].done_bytes < seen[-1].total_bytes


def test_cancelled_on_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(cli.verify, "run_verify", stopped)
    result = run(home, "merged", "--json")
    assert (result.exit_code, content(result)["status"]) == (130, VerifyStatus.CANCELLED)


def test_progress_counts_to_the_end(home: Path) -> None:
    seen: list[Progress] = []
    request = VerifyRequest(home / "base", (AdapterChoice(home / "adapter"),), home / "merged", quick=True)
    assert verify(request, seen.append, CancelToken()).matches
    assert seen[-1].total_bytes == max(one.done_bytes for one in seen) > 0


def write(name: str, content: bytes | str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def keep(name: str) -> Callable[[Path], None]:
    """Nothing is left in the folder but this file."""

    def change(folder: Path) -> None:
        for entry in list(folder.iterdir()):
            if entry.name != name:
                entry.unlink()

    return change


def cut(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-100])


def with_index(content: object) -> Callable[[Path], None]:
    """The weights as one shard, beside this index."""

    def change(folder: Path) -> None:
        (folder / "model.safetensors").rename(folder / SHARD)
        write_json(folder / "model.safetensors.index.json", content)

    return change


def cut_shard(folder: Path) -> None:
    with_index(weight_map(SHARD))(folder)
    cut(SHARD)(folder)


def weight_map(shard: str) -> dict[str, Any]:
    return {"metadata": {}, "weight_map": {"lm_head.weight": SHARD, "model.norm.weight": shard}}


def into_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


def into_a_loop(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder)


def into_dangling_link(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("nowhere")


SHARD = "model-00001-of-00002.safetensors"
MODEL_TROUBLE: tuple[tuple[str, Callable[[Path], object], Code], ...] = (
    ("empty", keep(""), Code.FOLDER_EMPTY),
    ("only a config", keep("config.json"), Code.WEIGHTS_MISSING),
    ("a file", into_a_file, Code.NOT_A_FOLDER),
    ("a link to itself", into_a_loop, Code.FOLDER_MISSING),
    ("weights that are a dead link", into_dangling_link, Code.WEIGHTS_MISSING),
    ("cut weights", cut("model.safetensors"), Code.FILE_TRUNCATED),
    ("cut shard", cut_shard, Code.FILE_TRUNCATED),
    ("missing shard", with_index(weight_map("model-00002-of-00002.safetensors")), Code.SHARDS_MISSING),
    ("index that is no index", with_index([]), Code.JSON_BROKEN),
    ("index that leads elsewhere", with_index(weight_map("../../x.safetensors")), Code.PATH_ESCAPES),
    ("broken config", write("config.json", "{"), Code.JSON_BROKEN),
    ("config that is a list", write("config.json", "[]"), Code.JSON_BROKEN),
    ("config that is no text", write("config.json", b"\xff\xfe\x00"), Code.JSON_BROKEN),
    ("endlessly nested config", write("config.json", '{"a":' * 5000), Code.JSON_TOO_DEEP),
    ("header that is no JSON", write("model.safetensors", b"\x0a" + bytes(7) + b'{"broken":'), Code.HEADER_BROKEN),
    ("header that is a list", write("model.safetensors", b"\x02" + bytes(7) + b"[]"), Code.HEADER_BROKEN),
    ("header beyond the file", write("model.safetensors", b"\xff" * 16), Code.HEADER_BROKEN),
    ("a web page for weights", write("model.safetensors", "<!DOCTYPE html><title>Sign in</title>"), Code.HEADER_BROKEN),
    ("no weights at all in the file", write("model.safetensors", b""), Code.HEADER_BROKEN),
)
ADAPTER_TROUBLE: tuple[tuple[str, Callable[[Path], object], Code], ...] = (
    ("empty", keep(""), Code.FOLDER_EMPTY),
    ("only a config", keep("adapter_config.json"), Code.ADAPTER_WEIGHTS_MISSING),
    ("cut weights", cut("adapter_model.safetensors"), Code.FILE_TRUNCATED),
    ("broken config", write("adapter_config.json", "{"), Code.JSON_BROKEN),
    ("broken header", write("adapter_model.safetensors", b"\xff" * 16), Code.HEADER_BROKEN),
)
TROUBLE = [
    *(pytest.param("merged", *one[1:], id=f"merged: {one[0]}") for one in MODEL_TROUBLE),
    *(pytest.param("base", *one[1:], id=f"base: {one[0]}") for one in MODEL_TROUBLE),
    *(pytest.param("adapter", *one[1:], id=f"adapter: {one[0]}") for one in ADAPTER_TROUBLE),
]


def assert_refused(home: Path, folders: Mapping[str, str], code: Code) -> None:
    """Told to people on stderr, as what is wrong and a way out; told to scripts as one object, and nothing else."""
    merged, others = folders.get("merged", "merged"), {k: v for k, v in folders.items() if k != "merged"}
    plain, scripted = run(home, merged, **others), run(home, merged, "--json", **others)
    assert (plain.exit_code, scripted.exit_code) == (3, 3)
    errors = [line for line in plain.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, "one trouble, told once"
    assert not any(line.startswith(("Match", "Mismatch")) for line in plain.stdout.splitlines())
    shown = content(scripted)
    assert scripted.stderr == ""
    assert (shown["status"], shown["verdict"], shown["reason"], shown["checks"]) == ("refused", None, None, [])
    [finding] = [one for one in shown["findings"] if one["severity"] == "error"]
    assert (finding["code"], f"Error: {finding['message']}") == (code, errors[0])
    assert template(f"finding.{code}.hint")
    assert len(finding["message"].split(". ")) >= 2, "what is wrong, and what to do"


@pytest.mark.slow
@pytest.mark.parametrize(("which", "change", "code"), TROUBLE)
def test_trouble_in_a_folder(
    home: Path, tmp_path: Path, which: str, change: Callable[[Path], object], code: Code
) -> None:
    shutil.copytree(home / which, tmp_path / which)
    change(tmp_path / which)
    assert_refused(home, {which: str(tmp_path / which)}, code)


@pytest.mark.parametrize(
    ("folders", "code"),
    [
        ({"merged": "nowhere"}, Code.FOLDER_MISSING),
        ({"merged": "x" * 300}, Code.FOLDER_UNREADABLE),
        ({"adapter": "base"}, Code.ADAPTER_NOT_AN_ADAPTER),
        ({"adapter": "merged"}, Code.ADAPTER_NOT_AN_ADAPTER),
        ({"base": "adapter"}, Code.BASE_NOT_A_MODEL),
        ({"base": "merged"}, Code.ALREADY_MERGED),
        ({"adapter": "adapter=0"}, Code.SCALING_ZERO),
    ],
    ids=str,
)
def test_folders_in_each_others_place(home: Path, folders: Mapping[str, str], code: Code) -> None:
    assert_refused(home, folders, code)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is unreadable here")
@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_file_that_may_not_be_read(home: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(home / "merged", tmp_path / "merged")
    (tmp_path / "merged" / name).chmod(0)
    assert_refused(home, {"merged": str(tmp_path / "merged")}, Code.FOLDER_UNREADABLE)


@pytest.mark.parametrize("more", [(), ("--quick",)])
def test_the_adapter_alone_was_saved(home: Path, more: tuple[str, ...]) -> None:
    """A mismatch from the kind of folder alone; nothing is said of tensors that nobody read."""
    plain, scripted = run(home, "adapter", *more), run(home, "adapter", "--json", *more)
    assert (plain.exit_code, scripted.exit_code) == (4, 4)
    assert plain.stdout.startswith("Mismatch: There is only an adapter in ")
    assert "compared" not in plain.stdout
    assert content(scripted)["reason"]["code"] == "merge_is_adapter_only"


@pytest.mark.parametrize("strength", ["nan", "inf", "1e999", "high", ""])
def test_strength_that_is_no_number(home: Path, strength: str) -> None:
    result = run(home, "merged", "--json", adapter=f"adapter={strength}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "must be a plain number, for example 0.8." in result.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--nope",), "No such option: --nope"),
        (("--combine", "nope"), "'nope' is not one of 'cat', 'linear'"),
        (("--density", "2"), "--density has no effect with --combine cat"),
        (("--merged",), "requires an argument"),
    ],
    ids=str,
)
def test_options_that_do_not_exist(home: Path, more: tuple[str, ...], said: str) -> None:
    result = run(home, "merged", "--json", *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_imports_do_not_count_as_time_of_the_check(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a merge: a second check in the same process takes just as long."""
    offset = 0.0

    def import_slowly() -> None:
        nonlocal offset
        offset += 1000

    monkeypatch.setattr(meter, "time", SimpleNamespace(perf_counter=lambda: time.perf_counter() + offset))
    monkeypatch.setattr("mergedesk.pipelines.verify.warm_up", import_slowly)
    shown = content(run(home, "merged", "--quick", "--json"))
    assert offset == 1000
    assert 0 < shown["seconds"] < 500
