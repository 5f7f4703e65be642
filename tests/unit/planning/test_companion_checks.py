"""What stands beside the weights only by name is told before a merge, and where to get it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from folders import assert_says, codes, make_lora, make_model, make_tokenizer, request, the

from mergedesk.domain.findings import Code, Severity
from mergedesk.output.companions import companion_files
from mergedesk.pipelines.check import check
from mergedesk.pipelines.dry_run import class_findings
from mergedesk.planning.preflight import Ready, prepare

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return make_tokenizer(make_model(tmp_path / "base")), make_lora(tmp_path / "adapter")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model", "chat_template.jinja"])
@pytest.mark.parametrize("is_link", [True, False])
def test_pointers_and_links_that_lead_nowhere(is_link: bool, name: str, side: int, pair: tuple[Path, Path]) -> None:
    file = pair[side] / name
    file.unlink(missing_ok=True)
    file.symlink_to("/nowhere/blob") if is_link else file.write_bytes(POINTER)
    found = check(request(*pair))
    assert found.refused
    assert_says(the(found.findings, Code.COMPANION_ABSENT), Severity.ERROR, f"{pair[side].name}/{name}")
    file.unlink()  # one way out that the sentence names
    assert Code.COMPANION_ABSENT not in codes(check(request(*pair)).findings)


def test_a_link_that_leads_somewhere(pair: tuple[Path, Path]) -> None:
    """Within the folder; of those that lead out of it other checks speak."""
    shutil.move(pair[0] / "tokenizer.json", pair[0] / "blob")
    (pair[0] / "tokenizer.json").symlink_to(pair[0] / "blob")
    assert not check(request(*pair)).refused


@pytest.mark.parametrize("has_one", [True, False])
def test_a_base_without_a_tokenizer(has_one: bool, pair: tuple[Path, Path]) -> None:
    if not has_one:
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (pair[0] / name).unlink()
    ready = prepare(request(*pair))
    assert isinstance(ready, Ready)
    assert codes(class_findings(ready)) == (set() if has_one else {Code.TOKENIZER_ABSENT})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("name", ["tokenizer.json", "chat_template.jinja", "1_Pooling/config.json"])
def test_a_pipe_in_the_place_of_a_file(name: str, pair: tuple[Path, Path]) -> None:
    file = pair[0] / name
    file.unlink(missing_ok=True)
    file.parent.mkdir(exist_ok=True)
    os.mkfifo(file)
    found = check(request(*pair))
    assert found.refused
    assert_says(the(found.findings, Code.NOT_A_PLAIN_FILE), Severity.ERROR, name)


@pytest.mark.parametrize("is_link", [True, False])
def test_terms_that_are_only_named_are_told_once_and_left_out(is_link: bool, pair: tuple[Path, Path]) -> None:
    for name in ("LICENSE", "NOTICE.md"):
        file = pair[0] / name
        file.symlink_to("nowhere") if is_link else file.write_bytes(POINTER)
    found = check(request(*pair))
    assert not found.refused
    assert the(found.findings, Code.COMPANION_LEFT_OUT).data["names"] == ["base/LICENSE", "base/NOTICE.md"]
    assert not {"LICENSE", "NOTICE.md"} & set(companion_files(pair[0], []))


def test_what_is_only_named_in_a_part_of_the_model(pair: tuple[Path, Path]) -> None:
    part = pair[0] / "2_Dense"
    part.mkdir()
    (pair[0] / "modules.json").write_text('[{"idx": 0, "path": "2_Dense"}]')
    (part / "figure.png").write_bytes(POINTER)
    assert the(check(request(*pair)).findings, Code.COMPANION_LEFT_OUT).data["names"] == ["base/2_Dense/figure.png"]
    assert "2_Dense/figure.png" not in companion_files(pair[0], [])
    (part / "model.safetensors").write_bytes(POINTER)
    found = check(request(*pair))
    assert the(found.findings, Code.COMPANION_ABSENT).data["names"] == ["base/2_Dense/model.safetensors"]


def test_folders_that_are_not_taken_over_are_not_looked_into(pair: tuple[Path, Path]) -> None:
    (pair[0] / "onnx").mkdir()
    for name in ("model.onnx", "config.json"):
        (pair[0] / "onnx" / name).write_bytes(POINTER)
    assert not check(request(*pair)).refused
