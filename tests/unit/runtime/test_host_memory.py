"""Whether a host takes back the memory that this computer leaves free."""

from __future__ import annotations

from pathlib import Path

import pytest

from mergedesk.runtime.memory import host_lends_memory


@pytest.mark.parametrize(("features", "lends"), [("01100101", True), ("01100000", False), ("", False)])
def test_the_balloons_features_tell(tmp_path: Path, features: str, lends: bool) -> None:
    (tmp_path / "virtio3").mkdir()
    (tmp_path / "virtio3" / "features").write_text(features, encoding="ascii")
    assert host_lends_memory(tmp_path) is lends


def test_without_a_balloon_memory_is_this_computers_own(tmp_path: Path) -> None:
    assert not host_lends_memory(tmp_path)
    assert not host_lends_memory(tmp_path / "gone")
