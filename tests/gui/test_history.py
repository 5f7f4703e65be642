"""Past merges: kept, shown as they are now, opened, repeated and forgotten."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QMessageBox, QTableWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import ADAPTER, BASE, PATIENCE_MS, find, get_ready, run_merge, start_merge, what_is_opened

from mergedesk.domain.merge_report import MergeStatus, report_text
from mergedesk.domain.requests import (
    AdapterChoice,
    Combination,
    CombinationMethod,
    Engine,
    MajoritySign,
    MergeRequest,
    Precision,
    RoundingChoice,
    RoundingMode,
)
from mergedesk_gui.history.history_dialog import HistoryDialog
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.consents import Consent
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.history_entry import HistoryEntry, from_text, to_text
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.settings import MAX_PAST, Settings
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.widgets.labels import Text

WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
CHOICES = Form(
    BASE,
    (AdapterChoice(ADAPTER, 0.7), AdapterChoice(Path('/models/诗, "x" y'), -1.5)),
    None,
    Precision.BFLOAT16,
    Engine.PEFT,
    shard_size="5GB",
    combination=Combination(CombinationMethod.DARE_TIES, 0.3, seed=9),
)


def past(output: Path, minutes: int = 0, choices: Form = CHOICES) -> HistoryEntry:
    return HistoryEntry(WHEN + timedelta(minutes=minutes), output, choices)


def published(folder: Path) -> Path:
    """A merged folder with its report."""
    folder.mkdir()
    request = MergeRequest(BASE, CHOICES.adapters, folder)
    (folder / "mergedesk-report.json").write_text(report_text(a_report(request)), encoding="utf-8")
    return folder


def open_history(qtbot: QtBot, window: MainWindow) -> HistoryDialog:
    window.commands.history.trigger()
    (dialog,) = window.findChildren(HistoryDialog)
    qtbot.waitUntil(lambda: bool(dialog._whole) or not dialog._merges, timeout=PATIENCE_MS)
    return dialog


def table(dialog: QDialog) -> list[list[str]]:
    shown = find(dialog, QTableWidget, "historyTable")
    return [
        [item.text() if (item := shown.item(row, column)) else "" for column in range(3)]
        for row in range(shown.rowCount())
    ]


def button(dialog: QDialog, name: str) -> QAbstractButton:
    (found,) = [one for one in dialog.findChildren(QAbstractButton) if one.accessibleName() == name]
    return found


# What is kept


def test_a_past_merge_comes_back_from_its_text() -> None:
    assert from_text(to_text(past(Path("/模型/out")))) == past(Path("/模型/out"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{", ""), ('"when":"2026', '"when":"x'), ("Z", ""), ('"bfloat16"', '"float8"'), ("0.7", "70"),
        ("0.7", "NaN"), ("-1.5", "true"), ('"/out"', '""'), ('"/out"', "7"), ('"/out"', '"a\\u0000b"'),
        ('"seed":9', '"seed":-1'),
        ('"density":0.3', '"density":0'), ('"adapters":[{', '"adapters":[[{'), ('"5GB"', "null"),
    ],
)  # fmt: skip
def test_nonsense_is_no_past_merge(before: str, after: str) -> None:
    text = to_text(past(Path("/out")))
    assert before in text
    assert from_text(text.replace(before, after, 1)) is None


@pytest.mark.slow
def test_few_are_kept_the_latest_first_and_one_for_a_folder(tmp_path: Path) -> None:
    settings = Settings.in_file(tmp_path / "settings.ini")
    assert settings.past_merges == ()
    for number in range(MAX_PAST + 5):
        settings.add_past_merge(past(Path(f"/out/{number}"), number))
    settings.add_past_merge(past(Path("/out/50"), 5000))
    settings.save()
    kept = Settings.in_file(tmp_path / "settings.ini").past_merges
    assert len(kept) == MAX_PAST
    assert kept[0] == past(Path("/out/50"), 5000)
    assert len({one.output for one in kept}) == MAX_PAST
    settings.remove_past_merge(kept[0])
    assert settings.past_merges == kept[1:]


def test_a_single_one_comes_back_and_goes(tmp_path: Path) -> None:
    settings = Settings.in_file(tmp_path / "settings.ini")
    settings.add_past_merge(past(Path("/out")))
    settings.save()
    assert Settings.in_file(tmp_path / "settings.ini").past_merges == (past(Path("/out")),)
    settings.remove_past_merge(past(Path("/out")))
    settings.save()
    assert Settings.in_file(tmp_path / "settings.ini").past_merges == ()


@pytest.mark.slow
def test_a_finished_merge_is_kept(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    (kept,) = settings.past_merges
    assert window.merging.report is not None
    assert kept.output == window.merging.report.output
    assert (kept.choices.base, kept.choices.adapters) == (BASE, (AdapterChoice(ADAPTER),))
    assert kept.choices.output is None
    assert abs(datetime.now(UTC) - kept.when) < timedelta(minutes=1)


def test_a_merge_that_came_to_nothing_is_not_kept(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, settings: Settings
) -> None:
    engine.outcome = lambda request: a_report(request, status=MergeStatus.FAILED)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert settings.past_merges == ()


# The list


@pytest.mark.slow
def test_an_empty_history_says_so(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_history(qtbot, window)
    assert not find(dialog, QTableWidget, "historyTable").isVisible()
    assert not button(dialog, "Again with these settings").isEnabled()
    dialog.close()


def test_no_button_is_cut_off(qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path) -> None:
    settings.add_past_merge(past(tmp_path / "out"))
    dialog = open_history(qtbot, open_window())
    row = button(dialog, "Remove from the list").parentWidget()
    for width in (760, 1200, 760):
        dialog.resize(width, 10)
        QApplication.processEvents()
        assert row.rect().contains(row.childrenRect()), width
    dialog.close()


def test_merges_are_listed_and_what_is_gone_is_shown_as_such(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    settings.add_past_merge(past(tmp_path / "gone"))
    settings.add_past_merge(past(published(tmp_path / "合并"), 1))
    dialog = open_history(qtbot, open_window())
    rows = table(dialog)
    assert [row[2] for row in rows] == ["合并", "gone (gone)"]
    assert rows[0][1] == f'{BASE.name} + 0.7 × {ADAPTER.name} − 1.5 × 诗, "x" y'
    assert "26" in rows[0][0]
    assert button(dialog, "Open report").isEnabled()
    find(dialog, QTableWidget, "historyTable").selectRow(1)
    assert not button(dialog, "Open report").isEnabled()
    assert not button(dialog, "Show folder").isEnabled()
    assert button(dialog, "Again with these settings").isEnabled()
    dialog.close()


def test_again_fills_in_the_inputs(qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path) -> None:
    given = Form(
        CHOICES.base, CHOICES.adapters[:1], precision=Precision.FLOAT16, engine=Engine.STREAMING, shard_size="2GB"
    )
    settings.add_past_merge(past(tmp_path / "out", choices=given))
    window = open_window()
    dialog = open_history(qtbot, window)
    button(dialog, "Again with these settings").click()
    assert window.inputs.choices == given
    assert not dialog.isVisible()


def test_a_past_merge_is_checked(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, settings: Settings, tmp_path: Path
) -> None:
    settings.add_past_merge(past(published(tmp_path / "out")))
    settings.add_past_merge(past(tmp_path / "gone", 1))
    window = open_window()
    dialog = open_history(qtbot, window)
    assert not button(dialog, "Verify this merge").isEnabled()
    find(dialog, QTableWidget, "historyTable").selectRow(1)
    button(dialog, "Verify this merge").click()
    choices = window.inputs.choices
    assert (choices.mode, choices.merged) == (Mode.VERIFY, tmp_path / "out")
    assert (choices.base, choices.adapters, choices.combination) == (
        CHOICES.base,
        CHOICES.adapters,
        CHOICES.combination,
    )


def test_several_adapters_and_their_combination_come_back(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    settings.add_past_merge(past(tmp_path / "out"))
    window = open_window()
    button(open_history(qtbot, window), "Again with these settings").click()
    assert window.inputs.choices == CHOICES


def test_a_running_merge_cannot_be_disturbed(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, settings: Settings, tmp_path: Path
) -> None:
    settings.add_past_merge(past(tmp_path / "out"))
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    dialog = open_history(qtbot, window)
    assert not button(dialog, "Again with these settings").isEnabled()
    dialog.close()


# Every field of a request, with a value that is not the one it has by itself. A new field belongs here, and into
# what past merges keep, or "Again with these settings" would silently do something else.
ASKED = MergeRequest(
    base=BASE,
    adapters=CHOICES.adapters,
    output=Path("/out"),
    precision=Precision.FLOAT16,
    engine=Engine.STREAMING,
    max_shard_size=2_000_000_000,
    overwrite=True,
    combination=Combination(CombinationMethod.DARE_TIES, 0.3, MajoritySign.FREQUENCY, 9),
    dequantize=True,
    keep_quantization=True,
    accept_loss=True,
    resize_vocabulary=True,
    follow_links=True,
    fold_own=True,
    rounding=RoundingChoice(RoundingMode.STOCHASTIC, 11),
)
# What the window never asks for, what goes on with one attempt and is no setting, and what is preferred for all merges.
OF_COMMANDS = {"own_alpha", "resume", "threads"}


def test_again_asks_for_the_very_same(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    for asked in (ASKED, ASKED.combination, ASKED.adapters[0]):
        for field in fields(asked):
            if field.name in OF_COMMANDS:
                continue
            assert getattr(asked, field.name) != field.default, f"{field.name} needs a value of its own above"
    given = Form(
        ASKED.base,
        ASKED.adapters,
        ASKED.output,
        ASKED.precision,
        ASKED.engine,
        overwrite=True,
        shard_size="2GB",
        combination=ASKED.combination,
        consents=frozenset(Consent),
        rounding=ASKED.rounding,
    )
    assert given.request(ASKED.output) == ASKED
    settings.add_past_merge(past(tmp_path / "out", choices=given))
    settings.save()
    window = open_window()
    button(open_history(qtbot, window), "Again with these settings").click()
    again = window.inputs.choices
    assert again.request(ASKED.output) == replace(ASKED, overwrite=False)
    assert again.output is None


def test_a_past_merge_of_the_first_version_gives_no_consent() -> None:
    combination = {"method": "dare_ties", "density": 0.3, "majority_sign": "total", "seed": 9}
    adapters = [[str(one.folder), one.weight] for one in CHOICES.adapters]
    content = {"when": WHEN.isoformat(), "output": "/out", "base": str(BASE), "adapters": adapters}
    content |= {"precision": "bfloat16", "engine": "peft", "shard_size": "5GB", "combination": combination}
    assert from_text(json.dumps(content)) == past(Path("/out"))
    for nonsense in (["rule the world"], 7, [[]], {"dequantise": 1, "x": 2}):
        assert from_text(json.dumps({**content, "consents": nonsense})) is None


def test_a_consent_is_kept_with_the_merge_it_was_given_for(
    qtbot: QtBot, window: MainWindow, settings: Settings
) -> None:
    get_ready(qtbot, window)
    window.inputs.set_consent(Consent.DEQUANTIZE, True)
    window.merging.inspector.hurry()
    qtbot.waitUntil(lambda: window.merging.readiness.ready, timeout=PATIENCE_MS)
    run_merge(qtbot, window)
    (kept,) = settings.past_merges
    assert kept.choices.consents == {Consent.DEQUANTIZE}
    window.inputs.base.set_folder(Path("/models/another"))
    assert window.inputs.choices.consents == frozenset()


def test_removing_forgets_the_merge_and_leaves_its_folder(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    folder = published(tmp_path / "kept")
    settings.add_past_merge(past(tmp_path / "gone"))
    settings.add_past_merge(past(folder, 1))
    dialog = open_history(qtbot, open_window())
    button(dialog, "Remove from the list").click()
    assert [row[2] for row in table(dialog)] == ["gone (gone)"]
    assert [one.output for one in settings.past_merges] == [tmp_path / "gone"]
    assert folder.is_dir()
    button(dialog, "Remove from the list").click()
    assert settings.past_merges == ()
    assert not button(dialog, "Remove from the list").isEnabled()
    dialog.close()


def test_the_report_opens_as_a_page(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = what_is_opened(monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings.add_past_merge(past(published(tmp_path / "merged")))
    dialog = open_history(qtbot, open_window())
    button(dialog, "Open report").click()
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    assert opened[0].is_relative_to(tmp_path / "cache")
    assert "Merge report: merged" in opened[0].read_text(encoding="utf-8")
    dialog.close()


def test_a_report_that_went_missing_meanwhile_is_explained(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    folder = published(tmp_path / "merged")
    settings.add_past_merge(past(folder))
    window = open_window()
    dialog = open_history(qtbot, window)
    shutil.rmtree(folder)
    button(dialog, "Open report").click()

    def explained() -> list[QDialog]:
        return [one for one in window.findChildren(QDialog) if one.windowTitle() == "Something went wrong"]

    qtbot.waitUntil(lambda: bool(explained()), timeout=PATIENCE_MS)
    explained()[0].close()
    dialog.close()


@pytest.mark.parametrize("there_is_one", [True, False])
def test_the_folder_is_shown(
    qtbot: QtBot,
    open_window: OpenWindow,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there_is_one: bool,
) -> None:
    opened = what_is_opened(monkeypatch, works=there_is_one)
    settings.add_past_merge(past(published(tmp_path / "merged")))
    window = open_window()
    dialog = open_history(qtbot, window)
    qtbot.mouseClick(button(dialog, "Show folder"), Qt.MouseButton.LeftButton)
    assert opened == [tmp_path / "merged"]
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == (0 if there_is_one else 1)
    for box in boxes:
        box.close()
    dialog.close()


# What is looked at again


@pytest.mark.slow
def test_a_past_merge_is_looked_at_as_when_it_was_made(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    output = published(tmp_path / "old")
    window.settings.add_past_merge(past(output))
    dialog = open_history(qtbot, window)
    row = [find(dialog, QTableWidget, "historyTable").item(0, column).text() for column in (3, 4, 5)]
    assert row == ["2.48 GB", "2.9 s", "auto"]
    button(dialog, "Open").click()
    qtbot.waitUntil(lambda: window.result.context is not None, timeout=PATIENCE_MS)
    context = window.result.context
    assert context is not None
    assert (context.base, context.adapters, context.merged) == (BASE, CHOICES.adapters, output)
    assert window.results.page is Page.RESULT
    assert window.outcome.verification.headline.plain == "Merged and verified"
    assert find(window, Text, "madeLabel").plain == "old"
    assert window.inputs.choices.base is None, "the form is for the next merge"
    assert window.commands.save_report.isEnabled()
    for page in (Page.PLAYGROUND, Page.DEPLOY):
        window.results.show_page(page)
        assert window.results.page is page


@pytest.mark.slow
def test_a_report_that_was_spoilt_is_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(dialogs, "show_failure", lambda _parent, words: told.append(words.message.sentence))
    output = published(tmp_path / "old")
    (output / "mergedesk-report.json").write_text("{", encoding="utf-8")
    window.settings.add_past_merge(past(output))
    dialog = open_history(qtbot, window)
    button(dialog, "Open").click()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    assert window.result.context is None
    dialog.close()


@pytest.mark.slow
def test_past_merges_are_searched_and_sorted(qtbot: QtBot, window: MainWindow) -> None:
    for number, name in enumerate(("beta", "alpha", "gamma")):
        window.settings.add_past_merge(past(Path(f"/out/{name}"), number))
    dialog = open_history(qtbot, window)
    shown = find(dialog, QTableWidget, "historyTable")

    def names() -> list[str]:
        return [row[2].removesuffix(" (gone)") for row in table(dialog)]

    assert names() == ["gamma", "alpha", "beta"], "the latest first"
    for wanted in (["alpha", "beta", "gamma"], ["gamma", "beta", "alpha"]):
        shown.horizontalHeader().sectionClicked.emit(2)
        assert names() == wanted
    find(dialog, QLineEdit, "historySearchEdit").setText("ALPH")
    assert names() == ["alpha"]
    assert dialog.selected is not None
    assert dialog.selected.output == Path("/out/alpha")
    find(dialog, QLineEdit, "historySearchEdit").setText("nobody")
    assert names() == []
    assert dialog.selected is None
    assert not button(dialog, "Open").isEnabled()
    dialog.close()
