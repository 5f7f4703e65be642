"""An adapter alone finds its base where it may lie on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import make_lora, make_model

from mergedesk.inspection.find_local import find_base, hub_snapshots
from mergedesk.inspection.inspect_folder import inspect_folder

NAME = "acme/Little-7B"


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty caches of its own, and a working folder without a model."""
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("mergedesk.inspection.find_local.user_cache_path", lambda name: tmp_path / "cache" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(adapter: Path, *near: Path, name: object = NAME) -> Path | None:
    return find_base(inspect_folder(make_lora(adapter, base_model_name_or_path=name)), near)


def test_nowhere(tmp_path: Path) -> None:
    assert found(tmp_path / "adapter") is None


def test_no_name(tmp_path: Path) -> None:
    make_model(tmp_path / "base")
    assert found(tmp_path / "adapter", name=None) is None
    assert found(tmp_path / "adapter", name=7) is None


def test_absolute_path(tmp_path: Path) -> None:
    base = make_model(tmp_path / "far" / "away")
    assert found(tmp_path / "adapter", name=str(base)) == base


def test_beside_the_adapter(tmp_path: Path) -> None:
    base = make_model(tmp_path / "models" / "Little-7B")
    assert found(tmp_path / "models" / "adapter") == base


def test_beside_the_adapter_under_its_whole_name(tmp_path: Path) -> None:
    base = make_model(tmp_path / "models" / "acme" / "Little-7B")
    assert found(tmp_path / "models" / "adapter") == base


def test_beside_the_training_run(tmp_path: Path) -> None:
    base = make_model(tmp_path / "Little-7B")
    assert found(tmp_path / "run" / "checkpoint-5") == base


def test_windows_path_of_another_machine(tmp_path: Path) -> None:
    base = make_model(tmp_path / "Little-7B")
    assert found(tmp_path / "adapter", name="D:\\models\\Little-7B") == base


def test_near(tmp_path: Path) -> None:
    base = make_model(tmp_path / "recent" / "Little-7B")
    assert found(tmp_path / "a" / "b" / "adapter", tmp_path / "recent") == base


@pytest.mark.parametrize("how", ["home", "cache"])
def test_hub_cache_main_revision_first(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = tmp_path / "hf" / "hub"
    if how == "cache":
        hub = tmp_path / "elsewhere"
        monkeypatch.setenv("HF_HUB_CACHE", str(hub))
    repository = hub / "models--acme--Little-7B"
    snapshots = [make_model(repository / "snapshots" / revision) for revision in ("aaa", "bbb", "ccc")]
    assert found(tmp_path / "adapter") == snapshots[0]
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("bbb\n", encoding="utf-8")
    assert found(tmp_path / "adapter") == snapshots[1]


@pytest.mark.parametrize("name", ["../../etc", "a/../b", "one", "a/b/c"])
def test_names_that_are_no_repository(name: str) -> None:
    assert list(hub_snapshots(name)) == []


def test_unfinished_download_is_passed_over(tmp_path: Path) -> None:
    (make_model(tmp_path / "Little-7B") / "model.safetensors").unlink()
    good = make_model(tmp_path / "hf" / "hub" / "models--acme--Little-7B" / "snapshots" / "aaa")
    assert found(tmp_path / "adapter") == good


def test_an_adapter_is_no_base(tmp_path: Path) -> None:
    make_lora(tmp_path / "Little-7B")
    assert found(tmp_path / "adapter") is None


def test_demo_base(tmp_path: Path) -> None:
    base = make_model(tmp_path / "cache" / "mergedesk" / "demo" / "Little-7B")
    assert found(tmp_path / "a" / "b" / "adapter") == base


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "acme/" + "y" * 300])
def test_names_that_no_system_takes(name: str, tmp_path: Path) -> None:
    assert found(tmp_path / "adapter", name=name) is None
