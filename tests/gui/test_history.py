"""Past merges: kept, shown as they are now, opened, repeated and forgotten."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QMessageBox, QTableView
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import ADAPTER, BASE, PATIENCE_MS, find, get_ready, run_merge, start_merge, what_is_opened

from mergedesk.domain.findings import Code, UserError, error, warning
from mergedesk.domain.merge_record import Front, MergeRecord, ResultStanding, Whereabouts
from mergedesk.domain.merge_report import MergeReport, MergeStatus, report_text
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
from mergedesk.pipelines.history import store
from mergedesk_gui.history.history_dialog import HistoryDialog
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.consents import Consent
from mergedesk_gui.state.form import Form, form_of
from mergedesk_gui.state.history_entry import HistoryEntry, from_text
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.past_merge import PastMerge
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.widgets.labels import Text
from mergedesk_gui.widgets.table import row_texts

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


def past(output: Path, minutes: int = 0, choices: Form = CHOICES, **more: object) -> MergeRecord:
    """A merge that was made; ``more`` are fields that are others."""
    when, request = WHEN + timedelta(minutes=minutes), choices.request(output)
    record = MergeRecord(when, request, MergeStatus.MERGED, Front.WINDOW, (), 2.9, 2_480_000_000, "auto")
    return replace(record, **more)  # type: ignore[arg-type]


def failed(output: Path, minutes: int = 0, status: MergeStatus = MergeStatus.FAILED) -> MergeRecord:
    """One that came to nothing, on the command line."""
    why = error(Code.FOLDER_MISSING, path="/models/nowhere")
    return past(output, minutes, status=status, front=Front.COMMAND, findings=(why,), nbytes=0, precision="")


def listed() -> list[MergeRecord]:
    """What is on the disk, the latest first."""
    return [*store.records().values()]


def published(folder: Path) -> Path:
    """A merged folder with its report."""
    folder.mkdir()
    request = MergeRequest(BASE, CHOICES.adapters, folder)
    (folder / "mergedesk-report.json").write_text(report_text(a_report(request)), encoding="utf-8")
    return folder


def open_history(qtbot: QtBot, window: MainWindow) -> HistoryDialog:
    window.commands.history.trigger()
    (dialog,) = window.findChildren(HistoryDialog)
    qtbot.waitUntil(lambda: window.past.is_read, timeout=PATIENCE_MS)
    return dialog


def table(dialog: QDialog) -> list[tuple[str, ...]]:
    view = find(dialog, QTableView, "historyTable")
    return [row_texts(view, row) for row in range(view.model().rowCount())]


def results(dialog: QDialog) -> list[str]:
    return [row[1] for row in table(dialog)]


def select(dialog: QDialog, row: int) -> None:
    find(dialog, QTableView, "historyTable").selectRow(row)


def button(dialog: QDialog, name: str) -> QAbstractButton:
    (found,) = [one for one in dialog.findChildren(QAbstractButton) if one.accessibleName() == name]
    return found


# What is kept


@pytest.mark.slow
def test_a_finished_merge_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    (kept,) = listed()
    assert window.merging.report is not None
    assert (kept.status, kept.front) == (MergeStatus.MERGED, Front.WINDOW)
    assert kept.request.output == window.merging.report.output
    assert (kept.request.base, kept.request.adapters) == (BASE, (AdapterChoice(ADAPTER),))
    assert (kept.seconds, kept.nbytes) == (2.94, window.merging.report.total_bytes)
    assert abs(datetime.now(UTC) - kept.when) < timedelta(minutes=1)


@pytest.mark.parametrize("status", [MergeStatus.FAILED, MergeStatus.REFUSED])
def test_a_merge_that_came_to_nothing_is_kept_with_its_reason(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, status: MergeStatus
) -> None:
    why = error(Code.FOLDER_MISSING, path="/models")
    engine.outcome = lambda request: a_report(
        request, status=status, findings=(why, warning(Code.OUTPUT_WILL_BE_REPLACED, path="/x"))
    )
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    (kept,) = listed()
    assert (kept.status, kept.findings, kept.nbytes) == (status, (why,), 0)


def test_a_cancelled_merge_is_kept(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.merging.cancel()
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=PATIENCE_MS)
    assert [kept.status for kept in listed()] == [MergeStatus.CANCELLED]


def test_a_merge_whose_worker_died_is_kept(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def dies(_request: MergeRequest) -> MergeReport:
        raise UserError(Code.WORKER_KILLED, signal="SIGKILL")

    engine.outcome = dies
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    (kept,) = listed()
    assert kept.status is MergeStatus.FAILED
    assert [finding.code for finding in kept.findings] == [Code.WORKER_KILLED]


def test_nothing_is_kept_where_that_is_not_wanted(qtbot: QtBot, window: MainWindow) -> None:
    window.preferred.emit(replace(window.settings.preferences, history=False))
    qtbot.waitUntil(lambda: not store.keeps(), timeout=PATIENCE_MS)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert listed() == []
    window.preferred.emit(replace(window.settings.preferences, history=True))
    qtbot.waitUntil(store.keeps, timeout=PATIENCE_MS)


def test_merges_that_an_earlier_version_kept_are_taken_over(
    qtbot: QtBot, open_window: OpenWindow, settings: Settings, tmp_path: Path
) -> None:
    """Those of the first version too, and with the numbers of their reports."""
    folder = published(tmp_path / "old")
    adapters = [[str(one.folder), one.weight] for one in CHOICES.adapters]
    content = {"when": WHEN.isoformat(), "output": str(folder), "base": str(BASE), "adapters": adapters}
    combination = {"method": "dare_ties", "density": 0.3, "majority_sign": "total", "seed": 9}
    content |= {"precision": "bfloat16", "engine": "peft", "shard_size": "5GB", "combination": combination}
    settings._store.setValue("history/merges", [json.dumps(content), "nonsense"])
    dialog = open_history(qtbot, open_window())
    qtbot.waitUntil(lambda: results(dialog) == ["old"], timeout=PATIENCE_MS)
    (kept,) = listed()
    assert (kept.when, kept.request) == (WHEN, CHOICES.request(folder))
    assert (kept.seconds, kept.precision) == (2.94, "auto")
    assert settings.past_merges == ()
    dialog.close()


# The list


@pytest.mark.slow
def test_an_empty_history_says_so(qtbot: QtBot, window: MainWindow) -> None:
    dialog = open_history(qtbot, window)
    assert not find(dialog, QTableView, "historyTable").isVisible()
    assert not button(dialog, "Again with these settings").isEnabled()
    dialog.close()


def test_no_button_is_cut_off(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    store.keep(past(tmp_path / "out"))
    dialog = open_history(qtbot, open_window())
    row = button(dialog, "Remove from the list").parentWidget()
    for width in (760, 1200, 760):
        dialog.resize(width, 10)
        QApplication.processEvents()
        assert row.rect().contains(row.childrenRect()), width
    dialog.close()


def test_merges_are_listed_and_what_is_gone_is_shown_as_such(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    store.keep(past(tmp_path / "gone"))
    store.keep(past(published(tmp_path / "合并"), 1))
    dialog = open_history(qtbot, open_window())
    rows = table(dialog)
    assert [row[1] for row in rows] == ["合并", "gone (gone)"]
    assert rows[0][0] == f'{BASE.name} + 0.7 × {ADAPTER.name} − 1.5 × 诗, "x" y'
    assert (rows[0][2], rows[0][4:]) == ("Made", ("2.48 GB", "2.9 s", "auto"))
    assert "26" in rows[0][3]
    assert button(dialog, "Open report").isEnabled()
    select(dialog, 1)
    assert not button(dialog, "Open report").isEnabled()
    assert not button(dialog, "Show folder").isEnabled()
    assert button(dialog, "Again with these settings").isEnabled()
    dialog.close()


def test_again_fills_in_the_inputs(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    given = Form(
        CHOICES.base, CHOICES.adapters[:1], precision=Precision.FLOAT16, engine=Engine.STREAMING, shard_size="2GB"
    )
    store.keep(past(tmp_path / "out", choices=given))
    window = open_window()
    dialog = open_history(qtbot, window)
    button(dialog, "Again with these settings").click()
    assert window.inputs.choices == given
    assert not dialog.isVisible()


def test_a_past_merge_is_checked(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, tmp_path: Path) -> None:
    store.keep(past(published(tmp_path / "out")))
    store.keep(past(tmp_path / "gone", 1))
    window = open_window()
    dialog = open_history(qtbot, window)
    assert not button(dialog, "Verify this merge").isEnabled()
    select(dialog, 1)
    button(dialog, "Verify this merge").click()
    choices = window.inputs.choices
    assert (choices.mode, choices.merged) == (Mode.VERIFY, tmp_path / "out")
    assert (choices.base, choices.adapters, choices.combination) == (
        CHOICES.base,
        CHOICES.adapters,
        CHOICES.combination,
    )


def test_several_adapters_and_their_combination_come_back(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    store.keep(past(tmp_path / "out"))
    window = open_window()
    button(open_history(qtbot, window), "Again with these settings").click()
    assert window.inputs.choices == CHOICES


def test_a_running_merge_cannot_be_disturbed(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    store.keep(past(tmp_path / "out"))
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    dialog = open_history(qtbot, window)
    assert not button(dialog, "Open").isEnabled()
    button(dialog, "Again with these settings").click()
    assert window.jobs.running
    assert window.inputs.choices.adapters == CHOICES.adapters


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
# What the window never asks for, what goes on with one attempt and is no setting, what is preferred for all merges, and
# what counts for names on a hub alone, of which there is a test below.
OF_COMMANDS = {"own_alpha", "resume", "threads", "keep_base"}


def test_again_asks_for_the_very_same(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
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
    store.keep(past(tmp_path / "out", choices=given))
    window = open_window()
    button(open_history(qtbot, window), "Again with these settings").click()
    again = window.inputs.choices
    assert again.request(ASKED.output) == replace(ASKED, overwrite=False)
    assert again.output is None


def test_again_asks_for_a_base_on_a_hub_as_it_was_asked_for() -> None:
    asked = replace(ASKED, base=Path("hf://owner/name"), keep_base=False, overwrite=False)
    again = PastMerge("", past(Path("/out"), request=asked), Whereabouts(ResultStanding.GONE))
    assert again.choices.base == Path("owner/name"), "as it is typed"
    assert again.choices.request(asked.output) == asked
    assert again.may_repeat


def test_a_past_merge_of_the_first_version_gives_no_consent() -> None:
    combination = {"method": "dare_ties", "density": 0.3, "majority_sign": "total", "seed": 9}
    adapters = [[str(one.folder), one.weight] for one in CHOICES.adapters]
    content = {"when": WHEN.isoformat(), "output": "/out", "base": str(BASE), "adapters": adapters}
    content |= {"precision": "bfloat16", "engine": "peft", "shard_size": "5GB", "combination": combination}
    assert from_text(json.dumps(content)) == HistoryEntry(WHEN, Path("/out"), CHOICES)
    for nonsense in (["rule the world"], 7, [[]], {"dequantise": 1, "x": 2}):
        assert from_text(json.dumps({**content, "consents": nonsense})) is None


def test_a_consent_is_kept_with_the_merge_it_was_given_for(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.inputs.set_consent(Consent.DEQUANTIZE, True)
    window.merging.inspector.hurry()
    qtbot.waitUntil(lambda: window.merging.readiness.ready, timeout=PATIENCE_MS)
    run_merge(qtbot, window)
    (kept,) = listed()
    assert form_of(kept.request).consents == {Consent.DEQUANTIZE}
    window.inputs.base.set_folder(Path("/models/another"))
    assert window.inputs.choices.consents == frozenset()


def test_removing_forgets_the_merge_and_leaves_its_folder(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    folder = published(tmp_path / "kept")
    store.keep(past(tmp_path / "gone"))
    store.keep(past(folder, 1))
    dialog = open_history(qtbot, open_window())
    button(dialog, "Remove from the list").click()
    assert results(dialog) == ["gone (gone)"]
    qtbot.waitUntil(lambda: [one.request.output for one in listed()] == [tmp_path / "gone"], timeout=PATIENCE_MS)
    assert folder.is_dir()
    button(dialog, "Remove from the list").click()
    qtbot.waitUntil(lambda: listed() == [], timeout=PATIENCE_MS)
    assert not button(dialog, "Remove from the list").isEnabled()
    dialog.close()


def test_the_report_opens_as_a_page(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = what_is_opened(monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store.keep(past(published(tmp_path / "merged")))
    dialog = open_history(qtbot, open_window())
    button(dialog, "Open report").click()
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE_MS)
    assert opened[0].is_relative_to(tmp_path / "cache")
    assert "Merge report: merged" in opened[0].read_text(encoding="utf-8")
    dialog.close()


def test_a_report_that_went_missing_meanwhile_is_explained(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    folder = published(tmp_path / "merged")
    store.keep(past(folder))
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
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there_is_one: bool,
) -> None:
    opened = what_is_opened(monkeypatch, works=there_is_one)
    store.keep(past(published(tmp_path / "merged")))
    window = open_window()
    dialog = open_history(qtbot, window)
    qtbot.mouseClick(button(dialog, "Show folder"), Qt.MouseButton.LeftButton)
    assert opened == [tmp_path / "merged"]
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == (0 if there_is_one else 1)
    for box in boxes:
        box.close()
    dialog.close()


@pytest.mark.slow
def test_what_came_to_nothing_says_why_and_fills_the_form(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    store.keep(failed(tmp_path / "out"))
    store.keep(failed(tmp_path / "other", 1, MergeStatus.REFUSED))
    store.keep(failed(tmp_path / "third", 2, MergeStatus.CANCELLED))
    dialog = open_history(qtbot, window)
    assert [row[1:3] for row in table(dialog)] == [("third", "Cancelled"), ("other", "Refused"), ("out", "Failed")]
    select(dialog, 2)
    said = find(dialog, Text, "historyAbout").plain
    assert "on the command line" in said
    assert "/models/nowhere" in said, "the reason"
    for folder in (BASE, ADAPTER, tmp_path / "out"):
        assert str(folder) in said
    for name in ("Open", "Open report", "Show folder", "Verify this merge"):
        assert not button(dialog, name).isEnabled(), name
    button(dialog, "Try again").click()
    assert window.inputs.choices == replace(CHOICES, output=tmp_path / "out")


def test_a_reason_of_another_version_is_named_by_its_code(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    store.keep(replace(failed(tmp_path / "out"), findings=(error(Code.DISK_FILLED_UP),)))
    dialog = open_history(qtbot, window)
    assert "disk_filled_up" in find(dialog, Text, "historyAbout").plain
    dialog.close()


def test_merges_that_end_meanwhile_appear(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """Those of another process, and removed ones go."""
    dialog = open_history(qtbot, window)
    assert table(dialog) == []
    code = (
        "from pathlib import Path; from datetime import datetime, UTC; from mergedesk.domain.merge_record import *;"
        "from mergedesk.domain.requests import *; from mergedesk.pipelines.history.store import keep;"
        "asked = MergeRequest(Path('/b'), (AdapterChoice(Path('/a')),), Path('/elsewhere'));"
        "keep(MergeRecord(datetime.now(UTC), asked, MergeStatus.FAILED, Front.BATCH))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    qtbot.waitUntil(lambda: results(dialog) == ["elsewhere"], timeout=PATIENCE_MS)
    assert find(dialog, QTableView, "historyTable").isVisible()
    store.forget(store.records())
    qtbot.waitUntil(lambda: table(dialog) == [], timeout=PATIENCE_MS)
    dialog.close()


def test_what_was_moved_or_replaced_says_so(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    first = published(tmp_path / "first")
    store.keep(past(first, place=(first.stat().st_dev, first.stat().st_ino)))
    store.keep(past(tmp_path / "twice", 1))
    store.keep(past(published(tmp_path / "twice"), 2))
    moved = first.rename(tmp_path / "elsewhere")
    dialog = open_history(qtbot, window)
    assert results(dialog) == ["twice", "twice (replaced since)", "elsewhere (moved)"]
    select(dialog, 2)
    button(dialog, "Open").click()
    qtbot.waitUntil(lambda: window.result.context is not None, timeout=PATIENCE_MS)
    assert window.result.context is not None
    assert window.result.context.merged == moved


def test_the_list_is_cleared_when_that_is_confirmed(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = published(tmp_path / "kept")
    store.keep(past(folder))
    dialog = open_history(qtbot, window)
    button(dialog, "Clear the list…").click()
    (box,) = dialog.findChildren(QMessageBox)
    box.reject()
    assert len(table(dialog)) == 1
    qtbot.waitUntil(lambda: not dialog.findChildren(QMessageBox), timeout=PATIENCE_MS)
    button(dialog, "Clear the list…").click()
    (box,) = dialog.findChildren(QMessageBox)
    next(one for one in box.buttons() if one.text() == "Clear the list").click()
    qtbot.waitUntil(lambda: listed() == [], timeout=PATIENCE_MS)
    assert table(dialog) == []
    assert folder.is_dir()
    dialog.close()


def test_settings_that_the_form_cannot_hold_are_listed_and_not_offered(qtbot: QtBot, window: MainWindow) -> None:
    heavy = replace(CHOICES, adapters=(AdapterChoice(ADAPTER, 70.0),))
    store.keep(past(Path("/out/heavy"), choices=heavy))
    store.keep(past(Path("/out/hub"), 1, choices=replace(CHOICES, base=Path("hf://owner/name"))))
    dialog = open_history(qtbot, window)
    assert button(dialog, "Again with these settings").isEnabled()
    select(dialog, 1)
    assert not button(dialog, "Again with these settings").isEnabled()
    select(dialog, 0)
    button(dialog, "Again with these settings").click()
    assert window.inputs.choices.base == Path("owner/name")


# What is looked at again


@pytest.mark.slow
def test_a_past_merge_is_looked_at_as_when_it_was_made(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    output = published(tmp_path / "old")
    store.keep(past(output))
    dialog = open_history(qtbot, window)
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
    store.keep(past(output))
    dialog = open_history(qtbot, window)
    button(dialog, "Open").click()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    assert window.result.context is None
    dialog.close()


@pytest.mark.slow
def test_past_merges_are_searched_and_sorted(qtbot: QtBot, window: MainWindow) -> None:
    for number, name in enumerate(("beta", "alpha", "gamma")):
        store.keep(past(Path(f"/out/{name}"), number))
    dialog = open_history(qtbot, window)
    shown = find(dialog, QTableView, "historyTable")

    def names() -> list[str]:
        return [row[1].removesuffix(" (gone)") for row in table(dialog)]

    assert names() == ["gamma", "alpha", "beta"], "the latest first"
    for wanted in (["alpha", "beta", "gamma"], ["gamma", "beta", "alpha"]):
        centre = QPoint(shown.columnViewportPosition(1) + 20, 10)
        qtbot.mouseClick(shown.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=centre)
        assert names() == wanted
    find(dialog, QLineEdit, "historySearchEdit").setText("ALPH")
    assert names() == ["alpha"]
    assert dialog.selected is not None
    assert dialog.selected.record.request.output == Path("/out/alpha")
    find(dialog, QLineEdit, "historySearchEdit").setText("nobody")
    assert names() == []
    assert dialog.selected is None
    assert not button(dialog, "Open").isEnabled()
    dialog.close()
