"""What is remembered, and what is done with nonsense in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mergedesk.domain.requests import AdapterChoice, Engine, Precision
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.settings import MAX_RECENT, Settings

ADAPTERS = (AdapterChoice(Path("/适配器/诗")), AdapterChoice(Path("/b, c"), -0.35), AdapterChoice(Path("/d"), 0.1))
CHOICES = Form(Path("/models/base"), ADAPTERS, None, Precision.FLOAT16, Engine.STREAMING, shard_size="5 GB")


def again(tmp_path: Path) -> Settings:
    return Settings.in_file(tmp_path / "settings.ini")


def test_choices_come_back(tmp_path: Path) -> None:
    first = again(tmp_path)
    first.choices = CHOICES
    first.save()
    assert again(tmp_path).choices == CHOICES


def test_the_output_and_the_consent_are_not_remembered(tmp_path: Path) -> None:
    settings = again(tmp_path)
    settings.choices = Form(output=Path("/out"), overwrite=True)
    assert settings.choices == Form()


def test_nothing_is_remembered_at_first(tmp_path: Path) -> None:
    settings = again(tmp_path)
    assert settings.choices == Form()
    assert settings.recent("base") == ()
    assert settings.bytes_of("window/geometry").isEmpty()


@pytest.mark.parametrize(
    "text",
    [
        "[choices]\nprecision=float8\nengine=steam\nbase=@Invalid()\n[recent]\nbase=@Invalid()\n[window]\ngeometry=7\n",
        "[choices]\nadapter=@Invalid()\nstrength=1, 2\nshard_size=5 apples\n[window]\nadvanced=perhaps\n",
        "not an ini file at all \x00\x01",
        "[choices]\nprecision=1, 2, 3\nengine=\n[recent]\nbase=,,\n",
    ],
)
def test_nonsense_counts_as_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.ini").write_text(text)
    settings = again(tmp_path)
    assert settings.choices == Form()
    assert settings.recent("base") == ()
    assert settings.bytes_of("window/geometry").isEmpty()
    assert not settings.advanced_open


@pytest.mark.parametrize("strength", ["", "much", "nan", "inf", "-10.5", "1e9"])
def test_a_strength_that_makes_no_sense_is_one(tmp_path: Path, strength: str) -> None:
    (tmp_path / "settings.ini").write_text(f"[choices]\nadapter=/a, /b\nstrength=0.5, {strength}\n")
    assert again(tmp_path).choices.adapters == (AdapterChoice(Path("/a"), 0.5), AdapterChoice(Path("/b"), 1.0))


def test_an_adapter_remembered_by_the_first_version_comes_back(tmp_path: Path) -> None:
    (tmp_path / "settings.ini").write_text("[choices]\nadapter=/models/pirate\n")
    assert again(tmp_path).choices.adapters == (AdapterChoice(Path("/models/pirate")),)


def test_recent_folders_are_few_unique_and_latest_first(tmp_path: Path) -> None:
    settings = again(tmp_path)
    for number in range(MAX_RECENT + 3):
        settings.add_recent("base", Path(f"/models/{number}"))
    settings.add_recent("base", Path("/models/5"))
    settings.save()
    recent = again(tmp_path).recent("base")
    assert len(recent) == MAX_RECENT
    assert recent[0] == Path("/models/5")
    assert len(set(recent)) == MAX_RECENT
    assert again(tmp_path).recent("adapter") == ()


def test_a_relative_folder_is_found_again_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = again(tmp_path)
    monkeypatch.chdir(tmp_path)
    settings.add_recent("base", Path("model"))
    assert settings.recent("base") == (tmp_path / "model",)


def test_a_single_recent_folder_comes_back_as_one(tmp_path: Path) -> None:
    settings = again(tmp_path)
    settings.add_recent("adapter", Path("/models/with, comma"))
    settings.save()
    assert again(tmp_path).recent("adapter") == (Path("/models/with, comma"),)
    settings.clear_recent("adapter")
    assert settings.recent("adapter") == ()
