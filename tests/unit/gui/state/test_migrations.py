"""Settings of other versions: carried over, respected, or set aside; never lost in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from stored_settings import NEWER, stored

from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, Engine, MajoritySign, Precision
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.migrations import CURRENT_FORM, STEPS
from mergedesk_gui.state.settings import Settings, SettingsNotice

# Written by the settings module of earlier commits itself: cf17460, 5d67e75, d09c2c9, d052b11.
OLDER = Path(__file__).parent / "older_settings"
BASE = Path("/models/Llama, the small one")
PIRATE = Path("/models/pirate")
TWO = (AdapterChoice(Path("/models/海盗"), 0.7), AdapterChoice(Path("/models/tidy"), -0.25))
TIES = Combination(CombinationMethod.TIES, 0.4, MajoritySign.FREQUENCY, 7)
ONE_CHOSEN = Form(BASE, (AdapterChoice(TWO[0].folder),), precision=Precision.BFLOAT16, engine=Engine.STREAMING)
TWO_CHOSEN = replace(ONE_CHOSEN, adapters=TWO, shard_size="5GB")


@pytest.mark.parametrize(
    ("name", "choices", "past", "is_open"),
    [
        ("one-adapter", ONE_CHOSEN, 0, False),
        ("strengths", TWO_CHOSEN, 0, True),
        ("combinations", replace(TWO_CHOSEN, combination=TIES), 0, True),
        ("history", replace(TWO_CHOSEN, combination=TIES), 1, True),
    ],
)
def test_settings_of_earlier_versions_are_carried_over(
    tmp_path: Path, name: str, choices: Form, past: int, is_open: bool
) -> None:
    file = stored(tmp_path, (OLDER / f"{name}.ini").read_bytes())
    settings = Settings.in_file(file)
    assert settings.notice is SettingsNotice.NONE
    assert settings.choices == choices
    assert settings.advanced_open is is_open
    assert [one.choices.adapters for one in settings.past_merges] == [TWO] * past
    assert settings.recent("adapter") == (PIRATE,)
    assert settings.recent("base")[0] == BASE
    assert bytes(settings.bytes_of("window/geometry").data()) == b"\x01\xd9\xd0\xcb\x00\x03"
    settings.save()
    assert f"form={CURRENT_FORM}" in file.read_text(encoding="utf-8")


def test_folders_that_depended_on_where_the_program_was_are_dropped(tmp_path: Path) -> None:
    older = (OLDER / "one-adapter.ini").read_bytes()
    assert b", models/Llama" in older
    assert Settings.in_file(stored(tmp_path, older)).recent("base") == (BASE,)


def test_every_adapter_has_a_strength_from_now_on(tmp_path: Path) -> None:
    file = stored(tmp_path, (OLDER / "one-adapter.ini").read_bytes())
    Settings.in_file(file).save()
    assert r"\"weight\":1.0" in file.read_text(encoding="utf-8")


def test_strengths_stay_with_their_adapters_when_one_is_dropped(tmp_path: Path) -> None:
    text = "[choices]\nadapter=relative/one, /models/two\nstrength=0.5, -2.0\nbase=relative/base\n"
    choices = Settings.in_file(stored(tmp_path, text)).choices
    assert choices.adapters == (AdapterChoice(Path("/models/two"), -2.0),)
    assert choices.base is None


def test_windows_folders_are_absolute_everywhere(tmp_path: Path) -> None:
    text = '[recent]\nbase="C:\\\\models\\\\Llama", \\\\\\\\server\\\\share\\\\Qwen, Llama\n'
    assert [str(one) for one in Settings.in_file(stored(tmp_path, text)).recent("base")] == [
        r"C:\models\Llama",
        r"\\server\share\Qwen",
    ]


def test_settings_are_carried_over_once(tmp_path: Path) -> None:
    file = stored(tmp_path, (OLDER / "one-adapter.ini").read_bytes())
    Settings.in_file(file).save()
    first = file.read_bytes()
    Settings.in_file(file).save()
    assert file.read_bytes() == first
    assert len(STEPS) == CURRENT_FORM


def test_new_settings_are_of_this_form(tmp_path: Path) -> None:
    settings = Settings.in_file(tmp_path / "settings.ini")
    settings.advanced_open = True
    settings.save()
    assert f"form={CURRENT_FORM}" in (tmp_path / "settings.ini").read_text()
    assert settings.notice is SettingsNotice.NONE


@pytest.mark.parametrize("form", ["nonsense", "", "@Invalid()"])
def test_a_form_that_makes_no_sense_counts_as_the_first(tmp_path: Path, form: str) -> None:
    settings = Settings.in_file(stored(tmp_path, f"[settings]\nform={form}\n[choices]\nadapter=/models/pirate\n"))
    assert settings.choices.adapters == (AdapterChoice(Path("/models/pirate")),)
    assert settings.notice is SettingsNotice.NONE


# --- Of a newer version ---


def test_newer_settings_are_used_and_not_touched(tmp_path: Path) -> None:
    file = stored(tmp_path, NEWER)
    settings = Settings.in_file(file)
    assert settings.notice is SettingsNotice.NEWER
    assert settings.choices.adapters == (AdapterChoice(Path("/models/pirate"), 0.5),)
    settings.choices = Form(base=Path("/models/other"))
    settings.add_recent("base", Path("/models/other"))
    settings.clear_recent("adapter")
    settings.save()
    assert settings.choices.base == Path("/models/other"), "while the program runs, it remembers"
    assert settings.recent("base") == (Path("/models/other"),)
    del settings
    assert file.read_text() == NEWER


# --- That cannot be read ---


@pytest.mark.parametrize(
    "content",
    [
        b"not an ini file at all \x00\x01",
        b"[choices\nbase=/x\n",
        b"\x00\xff\xfe" * 40,
        b'{"choices": {}}',
        b"\x07a=b\n\x1fc=d\n",
    ],
    ids=["words", "half a section", "bytes", "JSON", "bytes like settings"],
)
def test_unreadable_settings_are_set_aside(tmp_path: Path, content: bytes) -> None:
    file = stored(tmp_path, content)
    settings = Settings.in_file(file)
    assert settings.notice is SettingsNotice.SET_ASIDE
    assert settings.choices == Form()
    assert (tmp_path / "settings.unreadable.ini").read_bytes() == content
    settings.choices = Form(base=Path("/models/Llama"))
    settings.save()
    assert Settings.in_file(file).choices.base == Path("/models/Llama")


def test_an_earlier_unreadable_file_is_kept_too(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        Settings.in_file(stored(tmp_path, content))
    kept = sorted(file.name for file in tmp_path.glob("*unreadable*"))
    assert kept == ["settings.unreadable.ini", "settings.unreadable2.ini"]
    assert (tmp_path / "settings.unreadable.ini").read_bytes() == b"first"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"[General]\n", b"; a remark\n[window]\n"])
def test_empty_settings_are_no_trouble(tmp_path: Path, content: bytes) -> None:
    assert Settings.in_file(stored(tmp_path, content)).notice is SettingsNotice.NONE
    assert not list(tmp_path.glob("*unreadable*"))


def test_where_nothing_can_be_set_aside_the_program_works_without_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "no")

    file = stored(tmp_path, b"nonsense")
    monkeypatch.setattr(Path, "rename", refuse)
    settings = Settings.in_file(file)
    assert settings.notice is SettingsNotice.UNUSABLE
    settings.choices = Form(base=Path("/models/Llama"))
    settings.save()
    assert settings.choices.base == Path("/models/Llama")
    assert file.read_bytes() == b"nonsense"
