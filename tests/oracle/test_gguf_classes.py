"""Each class is converted by llama.cpp's own code, proved by this program's, and answers as in transformers."""

from __future__ import annotations

from pathlib import Path

import pytest
from gguf_models import CLASSES, tiny_model

from mergedesk.domain.findings import CheckCode, CheckStatus
from mergedesk.domain.gguf_export import ExportStatus, GgufRequest
from mergedesk.pipelines.export_gguf import export_gguf

pytestmark = pytest.mark.slow
# One is said only of what cannot be read, one only of an adapter.
OF_OTHERS = {CheckCode.GGUF_HEADER, CheckCode.GGUF_ALPHA}
EVERY_CHECK = {code for code in CheckCode if code.startswith("gguf_")} - OF_OTHERS


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_exported_and_proved(tmp_path: Path, name: str) -> None:
    folder = tiny_model(tmp_path / "model", name)
    report = export_gguf(GgufRequest(folder, tmp_path / "made", types=("BF16",)))
    assert report.status is ExportStatus.EXPORTED, report
    (file,) = report.files
    assert {check.code for check in file.checks} == EVERY_CHECK
    unproved = [check for check in file.checks if check.status is not CheckStatus.PASS]
    assert [check for check in unproved if check.code is not CheckCode.GGUF_TOKENIZES] == []
    assert file.loss == 0.0
    assert (tmp_path / "made" / file.name).stat().st_size == file.bytes
