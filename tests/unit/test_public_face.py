"""What ``import mergedesk`` promises: the example of its docstring, and names that cost nothing until they are used."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest
from folders import make_lora, make_model

import mergedesk


def test_the_example_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_model(tmp_path / "base")
    make_lora(tmp_path / "adapter")
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(mergedesk)
    assert found.attempted > 5
    assert found.failed == 0


@pytest.mark.parametrize("name", mergedesk.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    assert getattr(mergedesk, name).__doc__
    assert name in dir(mergedesk)


def test_no_other_name_is() -> None:
    assert sorted(mergedesk.__all__) == sorted(mergedesk._PLACES)
    with pytest.raises(AttributeError, match="'mergedesk' has no attribute 'unmerge'"):
        mergedesk.unmerge  # noqa: B018


def test_importing_it_imports_nothing_else_of_it() -> None:
    script = "import mergedesk, sys; print(*sorted(name for name in sys.modules if name.startswith('mergedesk')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["mergedesk", "mergedesk.runtime", "mergedesk.runtime.version"]
