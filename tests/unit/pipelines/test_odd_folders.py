"""Merges of folders that are odd in ways a stranger, a tool or a file system may leave them: a result or a sentence."""

from __future__ import annotations

import errno
import os
import shutil
import struct
import sys
from pathlib import Path

import pytest
from folders import (
    assert_says,
    codes,
    contents,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    request,
    the,
    write_tensors,
)
from safetensors.torch import load_file

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Severity
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import Engine
from mergedesk.pipelines import merge as merge_module
from mergedesk.pipelines.merge import merge
from mergedesk.storage import positional_io

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes there alone")


def run(home: Path, **options: object) -> MergeReport:
    return merge(request(home / "base", home / "adapter", home / "out", **options))


def check_named(report: MergeReport, code: CheckCode) -> Check:
    return next(check for check in report.checks if check.code is code)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


def lengthen_header(file: Path, by: int) -> None:
    """Spaces after the header's JSON, so that no tensor lies where its dtype would want it."""
    whole = file.read_bytes()
    end = 8 + struct.unpack("<Q", whole[:8])[0]
    raw = whole[8:end].rstrip() + b" " * ((-len(whole[8:end].rstrip())) % 8 + by)
    file.write_bytes(struct.pack("<Q", len(raw)) + raw + whole[end:])


@pytest.mark.slow
@pytest.mark.parametrize("engine", [Engine.PEFT, Engine.STREAMING])
@pytest.mark.parametrize("by", [1, 3, 4])
def test_headers_of_any_length(by: int, engine: Engine, home: Path) -> None:
    expected = run(home, engine=engine)
    assert expected.status is MergeStatus.MERGED
    values = load_file(home / "out" / "model.safetensors")
    shutil.rmtree(home / "out")
    lengthen_header(home / "base" / "model.safetensors", by)
    lengthen_header(home / "adapter" / "adapter_model.safetensors", by)
    report = run(home, engine=engine)
    assert report.status is MergeStatus.MERGED, report.findings
    assert {name: one.tolist() for name, one in load_file(home / "out" / "model.safetensors").items()} == {
        name: one.tolist() for name, one in values.items()
    }


@on_linux
def test_names_that_are_no_unicode(home: Path) -> None:
    odd = home / os.fsdecode(b"caf\xe9")
    shutil.move(home / "base", odd / "base")
    shutil.move(home / "adapter", odd / "adapter")
    for output in (odd / "out", home / "out"):
        report = merge(request(odd / "base", odd / "adapter", output))
        assert report.status is MergeStatus.MERGED, report.findings
        assert check_named(report, CheckCode.TOKENIZER_LOADS).status is CheckStatus.PASS


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "special_tokens_map.json", "notes.txt", "a.py"])
def test_devices_in_a_folder(name: str, home: Path) -> None:
    (home / "base" / name).unlink(missing_ok=True)
    (home / "base" / name).symlink_to("/dev/zero")
    report = run(home, follow_links=True)
    assert report.status in (MergeStatus.MERGED, MergeStatus.REFUSED)
    assert not (home / "out" / name).exists()


@pytest.mark.parametrize("name", ["", ".", "a b", "ü", "\n", "..", "a/../b", "x" * 3000, "base_model.model.", "lora_A"])
def test_odd_names_of_tensors(name: str, home: Path) -> None:
    write_tensors(home / "adapter" / "adapter_model.safetensors", {**lora_tensors(), name: lora_tensors()[FIRST]})
    report = run(home)
    assert Code.INTERNAL not in codes(report.findings)


FIRST = next(iter(lora_tensors()))


def test_a_config_with_a_byte_order_mark_is_written_without(home: Path) -> None:
    config = home / "base" / "config.json"
    config.write_bytes(b"\xef\xbb\xbf" + config.read_bytes())
    assert run(home).status is MergeStatus.MERGED
    assert (home / "out" / "config.json").read_bytes().startswith(b"{")


def test_a_base_that_goes_away_is_told_of(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def warm_up() -> None:
        shutil.move(home / "base", home / "elsewhere")

    monkeypatch.setattr(merge_module, "warm_up_streaming", warm_up)
    report = run(home)
    assert report.status is MergeStatus.FAILED
    assert Code.INTERNAL not in codes(report.findings)
    [said] = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    assert_says(said, Severity.ERROR)
    assert not (home / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="files are closed by Python there")
def test_an_error_at_closing_is_one_of_writing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close, before = os.close, contents(home)

    def fail(descriptor: int) -> None:
        kept = str(Path(f"/proc/self/fd/{descriptor}").readlink()) if sys.platform == "linux" else ""
        close(descriptor)
        if kept.endswith(".safetensors") and "mergedesk" in kept:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(positional_io.os, "close", fail)
    report = run(home)
    monkeypatch.undo()
    assert report.status is MergeStatus.FAILED
    assert_says(the(report.findings, Code.WRITE_FAILED), Severity.ERROR, "model.safetensors")
    assert contents(home) == before
