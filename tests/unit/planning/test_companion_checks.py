"""What stands beside the weights only by name is told before a merge, and where to get it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from folders import assert_says, codes, make_lora, make_model, make_tokenizer, request, the

from mergedesk.domain.findings import Code, Severity
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
