"""What a folder's files state as the name of another may be any text, and need be no name that a disk could have."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import make_lora, make_model, request

from mergedesk.domain.merge_report import MergeStatus
from mergedesk.inspection.find_local import find_base
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.pipelines.check import check
from mergedesk.pipelines.merge import merge

NAMES = {
    "long": "x" * 300,
    "long, of an owner": f"me/{'x' * 300}",
    "longer than a path": "/".join(["x" * 200] * 30),
    "absolute and long": f"/{'x' * 300}/model",
    "zero bytes": "a\x00b/c\x00d",
    "lines": "a\nb/c\r\n",
    "up and up": "../" * 2000,
    "a file's": "/etc/passwd/model",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_any_name_of_a_base(name: str, tmp_path: Path) -> None:
    base = make_model(tmp_path / "base", _name_or_path=name)
    adapter = make_lora(tmp_path / "adapter", base_model_name_or_path=name)
    assert find_base(inspect_folder(adapter)) is None
    assert not check(request(base, adapter, tmp_path / "out")).refused
    assert merge(request(base, adapter, tmp_path / "out")).status is MergeStatus.MERGED
