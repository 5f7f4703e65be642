"""Preferences take effect at once, in everything that is on the window, and stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import ADAPTER, BASE, find, get_ready, merge_button, run_merge, start_merge, wait_inspected

from mergedesk.domain.job_list import JobState
from mergedesk.domain.messages import LOCALES
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.pipelines.history.store import records
from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.outside.outside_controller import OutsideController
from mergedesk_gui.preferences.preferences_dialog import PreferencesDialog
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.output_naming import BESIDE, OutputNaming, is_pattern
from mergedesk_gui.state.preferences import LANGUAGES, Preferences, preferences_of_text, preferences_text
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.theme.appearance import ThemeName, theme_of
from mergedesk_gui.theme.colours import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, colours_of
from mergedesk_gui.theme.typography import grown
from mergedesk_gui.widgets.icons import IconLabel
from mergedesk_gui.widgets.labels import Text

OTHER = Preferences(
    language="de",
    theme=ThemeName.DARK,
    points=13,
    naming=OutputNaming(Path("/merged"), "{date} {adapters}"),
    notifies=False,
    sounds=True,
    threads=3,
    history=False,
)
RESET = "resetPreferencesButton"


@pytest.fixture(autouse=True)
def as_the_system_again(dressed: QApplication) -> Iterator[None]:
    """Language, colours and type are the application's, so the next test gets them back."""
    yield
    renewal.wear(replace(Preferences(), language="en"))
    dressed.setProperty("mergedesk-language", "")


@pytest.fixture
def dialog(window: MainWindow) -> PreferencesDialog:
    window.commands.preferences.trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    return dialog


def pick(dialog: PreferencesDialog, name: str, value: object) -> None:
    """Choose in a list as a person does."""
    combo = find(dialog, QComboBox, name)
    index = combo.findData(value)
    assert index >= 0
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


# As data


def test_every_preference_is_kept(settings: Settings, tmp_path: Path) -> None:
    usual = Preferences()
    assert all(getattr(OTHER, field.name) != getattr(usual, field.name) for field in fields(Preferences))
    assert preferences_of_text(preferences_text(OTHER)) == OTHER
    assert settings.preferences == usual
    settings.preferences = OTHER
    settings.save()
    assert Settings.in_file(tmp_path / "settings.ini").preferences == OTHER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        '{"language": "xx"}',
        '{"points": 400}',
        '{"threads": -1}',
        '{"theme": "pink"}',
        '{"naming": {"folder": "relative", "pattern": "x"}}',
        '{"naming": {"folder": null, "pattern": "../{base}"}}',
        '{"unknown": 1}',
    ],
)
def test_what_makes_no_sense_is_no_preference(text: str) -> None:
    assert preferences_of_text(text) == Preferences()


def test_what_makes_sense_beside_it_stays() -> None:
    assert preferences_of_text('{"language": "de", "points": 400}') == Preferences(language="de")


@pytest.mark.parametrize(
    "pattern", ["{base}-{adapters}-merged", "{adapters}", "run {date}", "a {{b}} c", "合并-{base}"]
)
def test_a_pattern_may_be(pattern: str) -> None:
    assert is_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["", "  ", "{x}", "{base", "a/b", "..", ".x", "{base.name}", "{0}", "{}", "a\nb", "x" * 200, "c:{base}"]
)
def test_a_pattern_may_not_be(pattern: str) -> None:
    assert not is_pattern(pattern)


def test_a_name_is_made_by_the_pattern() -> None:
    day = date(2026, 2, 3)
    assert BESIDE.name("Llama", "pirate", day) == "Llama-pirate-merged"
    assert OutputNaming(None, "{date} {adapters}").name("Llama", "pirate", day) == "2026-02-03 pirate"
    assert OutputNaming(None, "a/b").name("Llama", "pirate", day) == "Llama-pirate-merged"


def test_there_are_the_languages_of_the_catalogues() -> None:
    assert set(LANGUAGES) == {folder.name for folder in LOCALES.iterdir()}


# Language


def test_the_whole_window_turns_to_another_language(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog
) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.outcome.verification.headline.plain == "Merged and verified"
    pick(dialog, "languageCombo", "de")
    assert window.outcome.verification.headline.plain == "Verschmolzen und verifiziert"
    assert window.results.page is Page.RESULT
    assert "2 Dateien" in window.inputs.base.description
    assert window.menuBar().actions()[0].text() == "&Datei"
    assert dialog.windowTitle() == "Einstellungen"
    assert find(dialog, QPushButton, RESET).text() == "Alles &zurücksetzen"
    assert window.settings.preferences.language == "de"
    pick(dialog, "languageCombo", "zh_CN")
    assert dialog.windowTitle() == "偏好设置"
    assert window.menuBar().actions()[0].text().startswith("文件")
    assert window.merging.report is not None
    assert not merge_button(window).isEnabled(), "what was merged is merged in any language"


def test_inputs_stay_as_they_were(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready(qtbot, window)
    window.inputs.precision.choose("float32")
    window.inputs.advanced.shard_size.setText("5GB")
    wait_inspected(qtbot, window)
    window.hub.tokens.typed = "hf_secret"
    before, known = window.inputs.choices, window.merging.inspection
    renewal.renew(window)
    assert window.inputs.choices == before
    assert window.hub.tokens.typed == "hf_secret"
    assert window.merging.inspection is known, "the disk is not asked again"
    assert find(window, QLineEdit, "basePathEdit").text() == str(BASE)
    assert find(window, QLineEdit, "outputPathEdit").text().endswith("-merged")
    run_merge(qtbot, window)
    assert len(engine.requests) == 1
    assert engine.requests[0].max_shard_size == 5 * 10**9


def test_a_merge_goes_on_in_another_language(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, dialog: PreferencesDialog
) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    pick(dialog, "languageCombo", "de")
    assert window.jobs.running
    assert not merge_button(window).isEnabled()
    assert window.outcome.progress.isVisible()
    assert window.outcome.progress.cancel.text() == "Abbrechen"
    with qtbot.waitSignal(window.merging.ended):
        engine.hold = False
    assert window.outcome.verification.headline.plain == "Verschmolzen und verifiziert"
    assert len(records()) == 1
    assert merge_button(window).accessibleName() == "Verschmelzen"


def test_a_merge_can_be_cancelled_after_the_change(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    renewal.renew(window)
    with qtbot.waitSignal(window.merging.ended):
        window.commands.cancel.trigger()
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()


def test_a_trial_is_awaited(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "LOOK_AGAIN_MS", 1)
    held = [True]
    monkeypatch.setattr(MainWindow, "is_held", property(lambda _window: held[0]))
    inputs = window.inputs
    renewal.renew(window)
    assert window.inputs is inputs
    held[0] = False
    qtbot.waitUntil(lambda: window.inputs is not inputs)


def test_many_changes_leave_one_window(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    for _ in range(3):
        renewal.renew(window)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(window.findChildren(QMenuBar)) == 1
    shortcuts = [action.shortcut().toString() for action in window.findChildren(QAction) if action.shortcut()]
    named = [keys for keys in shortcuts if keys]
    assert sorted(named) == sorted(set(named))
    find(window, QLineEdit, "adapterPathEdit").setText("/models/other-lora")
    wait_inspected(qtbot, window)
    assert window.inputs.choices.adapters[0].folder == Path("/models/other-lora")


# Looks


def test_colours_are_chosen(window: MainWindow, dialog: PreferencesDialog) -> None:
    for name, wanted in ((ThemeName.DARK, DARK), (ThemeName.CONTRAST, CONTRAST_LIGHT), (ThemeName.LIGHT, LIGHT)):
        pick(dialog, "themeCombo", name.value)
        assert colours_of(QApplication.palette()) == wanted
        assert wanted.accent in window.styleSheet()
        image = window.grab().toImage()
        assert image.pixelColor(window.width() - 20, window.height() - 10).name() == wanted.window


def test_a_chosen_theme_stays_when_the_system_turns(dressed: QApplication, dialog: PreferencesDialog) -> None:
    pick(dialog, "themeCombo", ThemeName.LIGHT.value)
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert colours_of(dressed.palette()) == LIGHT
    pick(dialog, "themeCombo", ThemeName.SYSTEM.value)
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert colours_of(dressed.palette()) == DARK
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


def test_the_systems_wish_for_contrast_is_heeded(
    dressed: QApplication, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = theme_of(dressed)
    monkeypatch.setattr(theme, "prefers_contrast", lambda: True)
    for scheme, wanted in ((Qt.ColorScheme.Light, CONTRAST_LIGHT), (Qt.ColorScheme.Dark, CONTRAST_DARK)):
        theme.apply(scheme)
        assert colours_of(dressed.palette()) == wanted
        assert wanted.accent in window.styleSheet()
    monkeypatch.undo()
    dressed.styleHints().accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert colours_of(dressed.palette()) == LIGHT


def test_text_and_icons_grow(qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog) -> None:
    get_ready(qtbot, window)

    def measures() -> tuple[int, int, int]:
        icon = window.inputs.findChildren(IconLabel)[0]
        label = window.inputs.findChildren(QLabel)[1]
        return icon.width(), QFontMetrics(label.font()).height(), merge_button(window).iconSize().width()

    before = measures()
    pick(dialog, "textSizeCombo", 18)
    assert all(now > 1.5 * earlier for now, earlier in zip(measures(), before, strict=True))
    assert QApplication.font().pointSize() == 18
    assert f"width: {grown(16)}px" in window.styleSheet()
    pick(dialog, "textSizeCombo", 0)
    assert measures() == before


# Results, jobs


def test_results_go_where_and_are_called_as_is_preferred(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, tmp_path: Path
) -> None:
    get_ready(qtbot, window)
    find(dialog, QLineEdit, "namingEdit").setText("{adapters} on {base}")
    find(dialog, QLineEdit, "defaultOutputEdit").setText(str(tmp_path))
    wait_inspected(qtbot, window)
    wanted = tmp_path / f"{ADAPTER.name} on {BASE.name}"
    qtbot.waitUntil(lambda: find(window, QLineEdit, "outputPathEdit").text() == str(wanted))
    assert find(dialog, QLineEdit, "namingEdit").accessibleDescription().endswith("pirate-lora on Llama-3.2-1B")


def test_what_cannot_be_a_name_is_told_and_not_taken(dialog: PreferencesDialog) -> None:
    edit = find(dialog, QLineEdit, "namingEdit")
    edit.setText("{base}/{adapters}")
    assert edit.accessibleDescription() == "This cannot be the name of a folder."
    assert dialog.preferences.naming == BESIDE
    folder = find(dialog, QLineEdit, "defaultOutputEdit")
    folder.setText("somewhere")
    assert folder.accessibleDescription() == "Give the whole path, from the root on."
    assert dialog.preferences.naming == BESIDE


def test_threads_reach_the_engine(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    window.settings.preferences = replace(Preferences(), threads=3)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].threads == 3


def test_threads_reach_the_merges_of_the_queue(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """Those that begin from now on, wherever they came from and whatever was preferred when they were added."""
    window.settings.preferences = replace(Preferences(), threads=3)
    window.queue.restore()
    qtbot.waitUntil(lambda: window.queue.is_ready, timeout=5000)
    window.queue.hold()
    window.queue.add([MergeRequest(BASE, (AdapterChoice(ADAPTER),), Path("/models/one"), threads=7)])
    get_ready(qtbot, window)
    find(window, QPushButton, "addToQueueButton").click()
    window.results.show_queue()
    said = find(window, Text, "queueThreads")
    assert said.plain == "Merges that begin now take 3 threads, as is preferred."
    window.preferred.emit(replace(Preferences(), threads=2))
    assert said.plain == "Merges that begin now take 2 threads, as is preferred."
    window.queue.hold()
    qtbot.waitUntil(lambda: window.queue.jobs.count(JobState.DONE) == 2, timeout=5000)
    assert [request.threads for request in engine.requests] == [2, 2]
    window.preferred.emit(Preferences())
    assert not said.isVisible()


@pytest.mark.parametrize(("notifies", "sounds"), [(True, False), (False, True)])
def test_the_end_is_told_as_is_preferred(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, notifies: bool, sounds: bool
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    preferences = replace(Preferences(), notifies=notifies, sounds=sounds)
    outside = OutsideController(
        window, window.jobs, tell=lambda *_said: heard.append("told"), preferences=lambda: preferences
    )
    window.isActiveWindow = lambda: False  # type: ignore[method-assign]
    outside._end("Done", "All of it.")
    assert heard == (["told"] if notifies else ["beep"])
    del window.isActiveWindow


# The dialog itself


def test_all_can_be_reset(dialog: PreferencesDialog, window: MainWindow) -> None:
    dialog.take(OTHER)
    assert window.settings.preferences == OTHER
    find(dialog, QPushButton, RESET).click()
    assert window.settings.preferences == Preferences()
    assert colours_of(QApplication.palette()) == LIGHT
    assert find(dialog, QCheckBox, "notifyCheck").isChecked()


def test_stored_preferences_are_worn_from_the_start(settings: Settings, open_window: OpenWindow) -> None:
    settings.preferences = OTHER
    window = open_window()
    assert window.menuBar().actions()[0].text() == "&Datei"
    assert colours_of(QApplication.palette()) == DARK
    assert QApplication.font().pointSize() == 13


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_control_has_a_name_and_a_key_of_its_own(dialog: PreferencesDialog, language: str) -> None:
    pick(dialog, "languageCombo", language)
    shown = [one for one in dialog.findChildren(QWidget) if one.isVisible()]
    controls = [one for one in shown if isinstance(one, QComboBox | QLineEdit | QAbstractButton)]
    assert len(controls) >= 9
    assert all(one.accessibleName() or getattr(one, "text", str)() for one in controls)
    texts = [one.text() for one in shown if isinstance(one, QLabel | QAbstractButton)]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) >= 9
    assert sorted(letters) == sorted(set(letters))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_two_commands_of_a_menu_share_a_letter(window: MainWindow, language: str) -> None:
    renewal.take(window, replace(Preferences(), language=language))
    bar = window.menuBar()
    for actions in (bar.actions(), *(menu.menu().actions() for menu in bar.actions())):
        texts = [action.text() for action in actions if "&" in action.text()]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert sorted(letters) == sorted(set(letters)), texts
