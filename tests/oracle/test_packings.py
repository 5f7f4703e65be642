"""The page of packing formats is what merging into each of them gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from packing_cases import TARGETS, WAYS, formats, make_home, outcome
from packings import PAGE, keys, read, render


def test_the_page_has_every_case_and_no_blank() -> None:
    said = read(PAGE.read_text(encoding="utf-8"))
    assert set(said) == set(keys())
    assert all(said.values())
    assert render(said) == PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", formats())
def test_every_format_gives_what_the_page_says(name: str, tmp_path: Path) -> None:
    said, home = read(PAGE.read_text(encoding="utf-8")), make_home(name, tmp_path / "home")
    for number, (target, way) in enumerate((target, way) for target in TARGETS for way in WAYS):
        assert outcome(home, target, way, tmp_path / str(number) / "ours") == said[name, target, way], (target, way)
