"""Results under names and permissions as the file system and the person's mask allow them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import make_lora, make_model, make_tokenizer, request

from mergedesk.domain.findings import CheckCode, CheckStatus
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.pipelines.merge import merge


@pytest.fixture
def _open_mask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_that_are_no_unicode_are_verified_as_any(tmp_path: Path) -> None:
    home = tmp_path / os.fsdecode(b"caf\xe9")
    make_tokenizer(make_model(home / "base"))
    make_lora(home / "adapter")
    report = merge(request(home / "base", home / "adapter", home / os.fsdecode(b"out\xff")))
    assert report.status is MergeStatus.MERGED
    passed = {check.code for check in report.checks if check.status is CheckStatus.PASS}
    assert {CheckCode.OPENS_WITH_SAFETENSORS, CheckCode.LOADS_AS_PLAIN_MODEL, CheckCode.TOKENIZER_LOADS} <= passed


@pytest.mark.skipif(sys.platform == "win32", reason="no such mask there")
@pytest.mark.usefixtures("_open_mask")
def test_all_files_have_the_permissions_that_the_mask_gives(tmp_path: Path) -> None:
    (make_tokenizer(make_model(tmp_path / "base")) / "tokenizer.json").chmod(0o600)
    make_lora(tmp_path / "adapter")
    report = merge(request(tmp_path / "base", tmp_path / "adapter", tmp_path / "out"))
    assert report.status is MergeStatus.MERGED
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "out").iterdir()} == {0o666}
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o777
