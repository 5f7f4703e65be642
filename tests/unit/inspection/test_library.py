"""What is on this computer is listed by names and configs alone, whatever lies there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from folders import make_lora, make_model, make_sharded_model
from foreign_folders import as_mlx

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.library import EntryKind, FoundIn, Library, LibraryEntry, LibraryPlaces, library_json
from mergedesk.domain.progress import Cancelled, CancelToken
from mergedesk.inspection import folder_glance, folder_walk
from mergedesk.inspection import look_through as look_through_module
from mergedesk.inspection.cache_folders import hub_cache
from mergedesk.inspection.find_local import find_base
from mergedesk.inspection.folder_walk import Walk
from mergedesk.inspection.inspect_folder import inspect_folder
from mergedesk.inspection.library_places import keep_places, kept_places
from mergedesk.inspection.look_through import look_through

NAME = "acme/Little-7B"
REVISION = "0123456789abcdef"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty caches of its own."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "MODELSCOPE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def looked(*added: Path, chosen: tuple[Path, ...] = ()) -> Library:
    return look_through(LibraryPlaces(tuple(added), chosen), lambda _: None, CancelToken())


def by_name(library: Library) -> dict[str, LibraryEntry]:
    return {entry.name: entry for entry in library.entries}


def cached(hub: Path, name: str = NAME, revision: str = REVISION, *, main: bool = True) -> Path:
    repository = hub / f"models--{name.replace('/', '--')}"
    if main:
        (repository / "refs").mkdir(parents=True, exist_ok=True)
        (repository / "refs" / "main").write_text(revision)
    return repository / "snapshots" / revision


def test_nothing_is_no_trouble(tmp_path: Path) -> None:
    assert looked(tmp_path / "nowhere") == Library(missing=(tmp_path / "nowhere",))


def test_a_model_of_the_hub_cache(tmp_path: Path) -> None:
    folder = make_model(cached(tmp_path / "hf" / "hub"))
    (entry,) = looked().entries
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert (entry.name, entry.kind, entry.origin, entry.folder) == (NAME, EntryKind.MODEL, FoundIn.HUB_CACHE, folder)
    assert (entry.class_name, entry.nbytes, entry.complete) == ("LlamaForCausalLM", size, True)
    assert time.time() - entry.modified < 100


def test_another_revision_is_told_apart(tmp_path: Path) -> None:
    make_model(cached(tmp_path / "hf" / "hub"))
    make_model(cached(tmp_path / "hf" / "hub", revision="fedcba9876543210", main=False))
    assert set(by_name(looked())) == {NAME, f"{NAME} (fedcba9)"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"HF_HOME": "~/other"},
        {"HF_HUB_CACHE": "$HOME/hub"},
        {"HUGGINGFACE_HUB_CACHE": "/a/b"},
        {"HF_HOME": "/c", "HUGGINGFACE_HUB_CACHE": "/a", "HF_HUB_CACHE": "/b"},
    ],
)
def test_the_cache_is_where_the_library_has_it(stated: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HOME")
    for name, value in stated.items():
        monkeypatch.setenv(name, value)
    code = "from huggingface_hub.constants import HF_HUB_CACHE; print(HF_HUB_CACHE)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert str(hub_cache()) == said.stdout.strip()


@pytest.mark.parametrize("place", [".cache/modelscope/hub/models", ".cache/modelscope/hub"])
def test_modelscope_writes_dots_otherwise(tmp_path: Path, place: str) -> None:
    folder = make_model(tmp_path / place / "Qwen" / "Qwen2___5-7B")
    (entry,) = looked().entries
    assert (entry.name, entry.origin) == ("Qwen/Qwen2.5-7B", FoundIn.MODELSCOPE_CACHE)
    assert spoken_name(folder) == "Qwen/Qwen2.5-7B"
    adapter = make_lora(tmp_path / "adapter", base_model_name_or_path="Qwen/Qwen2.5-7B")
    assert find_base(inspect_folder(adapter)) == folder


def test_modelscope_where_its_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "ms"))
    make_model(tmp_path / "ms" / "models" / "Qwen" / "Qwen2___5-7B")
    assert set(by_name(looked())) == {"Qwen/Qwen2.5-7B"}


def test_checkpoints_are_named_with_their_run(tmp_path: Path) -> None:
    for step in (5, 1500):
        make_lora(tmp_path / "pirate" / f"checkpoint-{step}", base_model_name_or_path=NAME)
    found = by_name(looked(chosen=(tmp_path / "pirate" / "checkpoint-5",)))
    assert set(found) == {"pirate/checkpoint-5", "pirate/checkpoint-1500"}
    assert found["pirate/checkpoint-5"].base_folder is None
    assert found["pirate/checkpoint-5"].class_name == "PeftModelForCausalLM"
    assert (found["pirate/checkpoint-5"].peft_type, found["pirate/checkpoint-5"].r) == ("LORA", 4)
    assert set(by_name(looked(chosen=(tmp_path / "pirate",)))) == set(found)


def test_a_chosen_folder_can_be_left_out_of_the_list(tmp_path: Path) -> None:
    first, second = (make_lora(tmp_path / "pirate" / f"checkpoint-{step}") for step in (5, 10))
    places = LibraryPlaces(chosen=(first, second), left_out=(first,))
    found = look_through(places, lambda _: None, CancelToken())
    assert [entry.folder for entry in found.entries] == [second]
    assert len(looked(tmp_path, chosen=(first,)).entries) == 2  # whoever adds a folder wants all of it


def test_what_lies_beside_a_folder_with_a_name_is_not_looked_at(tmp_path: Path) -> None:
    make_lora(tmp_path / "pirate")
    make_lora(tmp_path / "secret")
    assert set(by_name(looked(chosen=(tmp_path / "pirate",)))) == {"pirate"}


@pytest.mark.parametrize("named", [NAME, NAME.lower(), "Little-7B", "/elsewhere/Little-7B/", "C:\\models\\Little-7B"])
def test_an_adapter_leads_to_its_base_and_back(tmp_path: Path, named: str) -> None:
    base = make_model(cached(tmp_path / "hf" / "hub"))
    make_lora(tmp_path / "adapter", base_model_name_or_path=named)
    library = looked(tmp_path)
    adapter = next(entry for entry in library.entries if entry.kind is EntryKind.ADAPTER)
    model = library.base_of(adapter)
    assert model is not None
    assert model.folder == base
    assert library.built_on(model) == [adapter]


def test_the_path_counts_before_the_name(tmp_path: Path) -> None:
    make_model(tmp_path / "a" / "Little-7B")
    meant = make_model(tmp_path / "b" / "Little-7B")
    make_lora(tmp_path / "c", base_model_name_or_path=str(meant))
    assert by_name(looked(tmp_path))["c"].base_folder == meant


def test_a_result_says_what_it_was_made_of(tmp_path: Path) -> None:
    base = make_model(tmp_path / "Little-7B")
    merged = make_model(tmp_path / "merged-pirate")
    report = {"base": "Little-7B", "adapters": [{"name": "pirate"}, 7, {"name": None}]}
    (merged / "mergedesk-report.json").write_text(json.dumps(report))
    entry = by_name(looked(tmp_path))["merged-pirate"]
    assert entry.merged_here
    assert (entry.base_folder, entry.adapters) == (base, ("pirate",))


def test_parts_that_are_missing_are_told(tmp_path: Path) -> None:
    folder = make_sharded_model(tmp_path / "whole")
    assert by_name(looked(folder))["whole"].complete
    next(folder.glob("model-00002*")).unlink()
    assert not by_name(looked(folder))["whole"].complete
    (make_lora(tmp_path / "pirate") / "adapter_model.safetensors").unlink()
    assert not by_name(looked(tmp_path / "pirate"))["pirate"].complete


def test_gigantic_weights_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_model(tmp_path / "huge")
    with (folder / "model.safetensors").open("wb") as weights:
        weights.truncate(1 << 40)
    opened: list[str] = []
    sys_open = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *given, **named: opened.append(self.name) or sys_open(self, *given, **named))  # type: ignore[func-returns-value]  # fmt: skip # noqa: E501
    assert by_name(looked(folder))["huge"].nbytes > 1 << 40
    assert opened == ["config.json"]


def test_circles_of_links_end(tmp_path: Path) -> None:
    make_model(tmp_path / "models" / "one")
    (tmp_path / "models" / "again").symlink_to(tmp_path / "models")
    (tmp_path / "models" / "itself").symlink_to(tmp_path / "models" / "itself")
    (tmp_path / "models" / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "models" / "other name").symlink_to(tmp_path / "models" / "one")
    assert len(looked(tmp_path / "models").entries) == 1
    walked = [listed.folder.name for listed in Walk(tmp_path / "models", 6, CancelToken(), 1000)]
    assert sorted(walked) == ["models", "one"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"[]", b"7", b"{" * 5000, b'{"architectures": 3, "dtype": [], "quantization_config": 7}',
        b'{"architectures": [[]], "quantization_config": {"quant_method": {}, "bits": "x"}}',
        b'{"quantization_config": {"config_groups": [1], "format": 3, "quant_method": "compressed-tensors"}}',
        b'{"peft_type": 3, "r": "many", "base_model_name_or_path": ["x"], "task_type": {}}',
        b'{"peft_type": "LORA", "base_model_name_or_path": "\\u0000/../.."}',
        b'{"architectures": ["' + b"x" * 900_000 + b'"]}', b" " * 1_000_001,
    ],
)  # fmt: skip
def test_broken_configs_stop_nothing(tmp_path: Path, content: bytes) -> None:
    make_model(tmp_path / "fine")
    (make_model(tmp_path / "broken") / "config.json").write_bytes(content)
    (make_lora(tmp_path / "odd") / "adapter_config.json").write_bytes(content)
    (make_model(tmp_path / "said") / "mergedesk-report.json").write_bytes(content)
    library = looked(tmp_path)
    assert {"fine", "said", "broken"} <= set(by_name(library))
    assert all(len(entry.class_name or "") <= 200 for entry in library.entries)
    json.dumps(library_json(library))


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")
    make_lora(tmp_path / "pirate")
    assert set(by_name(looked(tmp_path))) == {"pirate"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_folders_that_may_not_be_read(tmp_path: Path) -> None:
    closed = make_model(tmp_path / "models" / "closed").parent
    closed.chmod(0)
    try:
        assert looked(tmp_path).entries == ()
    finally:
        closed.chmod(0o700)


def test_a_huge_tree_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        (tmp_path / "tree" / f"{number:02}" / "a" / "b").mkdir(parents=True)
    monkeypatch.setattr(look_through_module, "MOST_FOLDERS", 20)
    assert looked(tmp_path / "tree").cut == (tmp_path / "tree",)
    monkeypatch.undo()
    monkeypatch.setattr(folder_glance, "MOST_ENTRIES", 10)
    assert looked(tmp_path / "tree").cut == (tmp_path / "tree",)
    monkeypatch.undo()
    monkeypatch.setattr(folder_walk, "MOST_SECONDS", -1.0)
    assert looked(tmp_path / "tree").cut == (tmp_path / "tree",)


def test_it_can_be_stopped(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        look_through(LibraryPlaces((tmp_path,)), lambda _: None, token)


def test_entries_are_told_as_they_come(tmp_path: Path) -> None:
    for number in range(60):
        make_lora(tmp_path / f"a{number}")
    told: list[int] = []
    library = look_through(LibraryPlaces((tmp_path,)), lambda entries: told.append(len(entries)), CancelToken())
    assert len(library.entries) == 60
    assert told == [25, 25]


def test_another_tools_adapter_that_was_chosen(tmp_path: Path) -> None:
    folder = as_mlx(make_lora(tmp_path / "peft"), tmp_path / "mlx")
    assert [entry.kind for entry in looked(chosen=(folder,)).entries] == [EntryKind.ADAPTER]


def test_places_are_kept(tmp_path: Path) -> None:
    assert kept_places() == LibraryPlaces()
    places = LibraryPlaces((tmp_path / "é",), (tmp_path / "b",))
    keep_places(places)
    assert kept_places() == places


def test_places_that_cannot_be_read_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_places(LibraryPlaces())
    (file,) = Path(os.environ["XDG_STATE_HOME"]).rglob("library.json")
    file.write_text("{")
    assert kept_places() == LibraryPlaces()
