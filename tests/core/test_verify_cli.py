"""``mergedesk verify`` for people and for scripts: verdicts, exit codes, refusals, cancelling."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from folders import make_lora
from tiny_models import make_adapter, make_base
from typer.testing import CliRunner, Result

from mergedesk import cli, job, proving
from mergedesk.findings import Code
from mergedesk.progress import Cancelled, CancelToken, Progress
from mergedesk.request import AdapterChoice, MergeRequest, ProofRequest
from mergedesk.verdict import ProofStatus


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, an adapter, and their merge."""
    home = tmp_path_factory.mktemp("proof")
    base = make_base("llama", home / "base", "bfloat16")
    make_adapter("llama", base, home / "adapter")
    request = MergeRequest(base, (AdapterChoice(home / "adapter"),), home / "merged")
    assert job.merge(request, lambda _: None, CancelToken()).status == "merged"
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
    shutil.copytree(home / "merged", tmp_path / "merged")
    shutil.copy(home / "adapter" / "adapter_config.json", tmp_path / "merged")
    result = run(home, str(tmp_path / "merged"), "--json")
    shown = content(result)
    assert (result.exit_code, shown["verdict"]) == (0, "match")
    assert [check["code"] for check in shown["checks"] if check["status"] == "fail"] == ["no_adapter_files"]


@pytest.mark.parametrize(
    ("merged", "base", "code"),
    [
        ("nowhere", "base", Code.FOLDER_MISSING),
        ("merged", "nowhere", Code.FOLDER_MISSING),
        ("merged", "adapter", Code.BASE_NOT_A_MODEL),
    ],
)
def test_folders_that_are_not_there(home: Path, merged: str, base: str, code: Code) -> None:
    result = run(home, merged, "--json", base=base)
    assert result.exit_code == 3
    shown = content(result)
    assert (shown["status"], shown["verdict"], shown["reason"]) == ("refused", None, None)
    assert code.value in [finding["code"] for finding in shown["findings"]]


def test_broken_weights_are_refused(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "merged", tmp_path / "merged")
    file = tmp_path / "merged" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    result = run(home, str(tmp_path / "merged"), "--json")
    assert result.exit_code == 3
    assert content(result)["findings"][-1]["code"] == "file_truncated"


def test_adapter_that_does_not_fit_is_refused(home: Path, tmp_path: Path) -> None:
    make_lora(tmp_path / "lora", r=3)
    result = run(home, "merged", "--json", adapter=str(tmp_path / "lora"))
    assert result.exit_code == 3


def test_trouble_is_told_and_not_raised(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk hums")

    monkeypatch.setattr("mergedesk.proof.prove.match", broken)
    result = run(home, "merged", "--json")
    assert result.exit_code == 1
    assert "the disk hums" in content(result)["findings"][-1]["message"]


def test_cancelled(home: Path) -> None:
    cancel, request = CancelToken(), ProofRequest(home / "base", (AdapterChoice(home / "adapter"),), home / "merged")
    seen: list[Progress] = []

    def report(progress: Progress) -> None:
        seen.append(progress)
        if progress.done_bytes:
            cancel.cancel()

    with pytest.raises(Cancelled):
        proving.verify(request, report, cancel)
    assert 0 < seen[-1].done_bytes < seen[-1].total_bytes


def test_cancelled_on_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(cli.proving, "verify", stopped)
    result = run(home, "merged", "--json")
    assert (result.exit_code, content(result)["status"]) == (130, ProofStatus.CANCELLED)


def test_progress_counts_to_the_end(home: Path) -> None:
    seen: list[Progress] = []
    request = ProofRequest(home / "base", (AdapterChoice(home / "adapter"),), home / "merged", quick=True)
    assert proving.verify(request, seen.append, CancelToken()).matches
    assert seen[-1].total_bytes == max(one.done_bytes for one in seen) > 0
