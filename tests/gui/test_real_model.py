"""The real path: the demo's model and adapter, from the button press to the published folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from safetensors import safe_open

from mergedesk.demo.answer import answers, with_answers
from mergedesk.demo.base_model import demo_adapter_folder, demo_base_folder, make_demo_base
from mergedesk.domain.findings import CheckStatus
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.pipelines.trial import try_it
from mergedesk.reports.formats import ReportFormat, read_report, report_as
from mergedesk.runtime.transformers_class import quiet
from mergedesk_gui.unattended import run_demo_window

pytestmark = [pytest.mark.real_model, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture(scope="module")
def base() -> Path:
    """The demo's base, made once into the user's cache as ``mergedesk demo`` does."""
    return make_demo_base(demo_base_folder(), print)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("picture") / "window.png"


@pytest.fixture(scope="module")
def report(base: Path, picture: Path, tmp_path_factory: pytest.TempPathFactory) -> MergeReport:
    output = tmp_path_factory.mktemp("published") / "captain"
    return run_demo_window(base, demo_adapter_folder(), output, picture)


def test_the_button_publishes_a_verified_folder(report: MergeReport) -> None:
    assert report.status is MergeStatus.MERGED
    assert report.output is not None
    assert report.output.is_dir()
    assert (report.adapter_class, report.merged_class) == ("PeftModelForCausalLM", "LlamaForCausalLM")
    assert (report.tensors.merged, report.tensors.copied, report.tensors.total) == (210, 62, 272)
    assert {one.status for one in report.checks} <= {CheckStatus.PASS, CheckStatus.SKIPPED}
    assert sum(one.status is CheckStatus.PASS for one in report.checks) >= 14


def test_the_folder_holds_what_the_report_says(report: MergeReport) -> None:
    assert report.output is not None
    on_disk = {file.name: file.stat().st_size for file in report.output.iterdir()}
    assert on_disk == {file.name: file.bytes for file in report.files}
    saved = json.loads((report.output / "mergedesk-report.json").read_text(encoding="utf-8"))
    assert saved["status"] == "merged"
    assert saved["modules"] == {"targeted": 210, "matched": 210}


def test_every_byte_is_pefts(report: MergeReport, base: Path, tmp_path: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    with quiet():
        plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
        merged = PeftModel.from_pretrained(plain, str(demo_adapter_folder())).merge_and_unload()
        merged.save_pretrained(tmp_path)
    assert report.output is not None
    ours = (report.output / "model.safetensors").read_bytes()
    theirs = (tmp_path / "model.safetensors").read_bytes()
    assert ours == theirs
    with safe_open(base / "model.safetensors", framework="pt") as before:
        assert len(list(before.keys())) == 272
    assert ours != (base / "model.safetensors").read_bytes()


def test_anyone_can_see_the_difference(report: MergeReport, base: Path) -> None:
    assert report.output is not None
    said = answers(try_it, base, demo_adapter_folder(), report.output)
    assert "ahoy" not in said.base.lower()
    assert "ahoy" in said.merged.lower()
    again = with_answers(report, said)
    on_disk = {file.name: file.stat().st_size for file in report.output.iterdir()}
    assert on_disk == {file.name: file.bytes for file in again.files}
    saved = read_report(report.output)
    assert saved["answers"] == [{"question": said.question, "base": said.base, "merged": said.merged}]
    for form in (ReportFormat.MARKDOWN, ReportFormat.HTML):
        assert said.merged.split(",")[0] in report_as(saved, form)


def test_the_picture_shows_the_finished_window(report: MergeReport, picture: Path) -> None:
    image = QImage(str(picture))
    assert image.width() >= 1000
    assert image.height() >= 600
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 20
