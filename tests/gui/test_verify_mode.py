"""Checking an existing merge in the window, on a fake engine: the switch, the inputs, the verdict, and what follows."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_match
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    assert_settles,
    drop,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    wait_inspected,
)

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.requests import AdapterChoice, Combination, CombinationMethod, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import ModuleVerdict, Verdict, VerifyStatus
from mergedesk.planning.provenance import Provenance
from mergedesk_gui import app
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.result_context import ResultContext
from mergedesk_gui.state.settings import Settings

MERGED = Path("/models/合并/pirate-by-some-tool")


def partly(request: VerifyRequest) -> Verdict:
    """Half of the tensors went without the adapter."""
    stories = ("unchanged", "right")
    modules = tuple(
        ModuleVerdict(f"model.layers.{n}.q_proj.weight", stories[n % 2], float(n % 2), 0.03, 0.0, 0.2)
        for n in range(12)
    )
    names = [one.name for one in modules if not one.is_right]
    reason = Finding(Code.MERGE_PARTIAL, Severity.ERROR, {"count": 6, "total": 12, "names": names})
    return a_match(request, reason=reason, modules=modules)


def refused(request: VerifyRequest) -> Verdict:
    remark = Finding(Code.ORIGINAL_FOUND, Severity.INFO, {"path": "/models/original"})
    finding = Finding(Code.FOLDER_UNKNOWN, Severity.ERROR, {"path": str(request.merged)})
    return Verdict(VerifyStatus.REFUSED, request.merged, findings=(remark, finding))


def text_of(window: MainWindow, name: str) -> str:
    return find(window, QLabel, name).text().replace("\u200b", "")


def to_check(window: MainWindow) -> None:
    find(window, QPushButton, "modeCheckButton").click()


def get_ready_to_verify(qtbot: QtBot, window: MainWindow, merged: Path = MERGED) -> None:
    to_check(window)
    fill_in(window)
    find(window, QLineEdit, "mergedPathEdit").setText(str(merged))
    wait_inspected(qtbot, window)


def run_verification(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        merge_button(window).click()


# The switch


@pytest.mark.slow
def test_the_switch_changes_the_last_field_and_keeps_the_others(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    to_check(window)
    assert find(window, QLineEdit, "basePathEdit").text() == str(BASE)
    assert find(window, QLineEdit, "adapterPathEdit").text() == str(ADAPTER)
    assert find(window, QLineEdit, "mergedPathEdit").isVisible()
    assert not find(window, QLineEdit, "outputPathEdit").isVisible()
    assert not find(window, QComboBox, "precisionCombo").isVisible()
    assert merge_button(window).accessibleName() == "Verify"
    wait_inspected(qtbot, window)
    assert text_of(window, "statusLabel") == "Choose the merged model to verify."
    find(window, QPushButton, "modeMergeButton").click()
    assert find(window, QLineEdit, "outputPathEdit").isVisible()
    assert merge_button(window).accessibleName() == "Merge"
    wait_inspected(qtbot, window)
    assert window.merging.readiness.ready


def test_the_switch_is_one_stop_of_the_tab_key_and_follows_the_arrows(qtbot: QtBot, window: MainWindow) -> None:
    merge = find(window, QPushButton, "modeMergeButton")
    merge.setFocus()
    qtbot.keyClick(merge, Qt.Key.Key_Right)
    assert window.inputs.mode is Mode.VERIFY
    assert QApplication.focusWidget() is find(window, QPushButton, "modeCheckButton")
    window.focusNextPrevChild(True)
    assert QApplication.focusWidget() is find(window, QLineEdit, "basePathEdit")


@pytest.mark.slow
def test_the_menu_and_its_keys_turn_the_mode(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.inputs.mode is Mode.VERIFY
    assert window.commands.mode_verify.isChecked()
    assert window.commands.merge.text() == "&Verify"
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert window.inputs.mode is Mode.MERGE
    assert window.commands.mode_merge.isChecked()


def test_nothing_is_ready_while_nothing_is_chosen_to_be_verified(qtbot: QtBot, window: MainWindow) -> None:
    to_check(window)
    fill_in(window)
    wait_inspected(qtbot, window)
    titles = [label.text() for label in window.results.preflight.findChildren(QLabel) if label.isVisible()]
    assert "Choose the merged model to verify" in titles
    assert not any(title.startswith("Ready") for title in titles)


def test_a_model_just_merged_is_the_one_to_be_verified(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    made = window.merging.published
    to_check(window)
    assert window.inputs.choices.merged == made
    window.commands.undo.trigger()
    window.inputs.set_mode(Mode.MERGE)
    fill_in(window, adapter=Path("/models/another-lora"))
    window.inputs.verify.merged.set_folder(MERGED)
    to_check(window)
    assert window.inputs.choices.merged == MERGED, "it was made of other inputs, and the person chose another"


def test_no_two_letters_collide_in_check_mode(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    menus = [action.text() for action in window.menuBar().actions()]
    labels = [one.text() for one in window.findChildren(QLabel) if one.buddy() and one.isVisible()]
    buttons = [one.text() for one in window.findChildren(QAbstractButton) if one.isVisible()]
    letters = [text[text.index("&") + 1].lower() for text in (*menus, *labels, *buttons) if "&" in text]
    assert len(letters) > 10
    assert sorted(letters) == sorted(set(letters))


@pytest.mark.slow
def test_mode_and_inputs_come_back_the_next_day(qtbot: QtBot, open_window: OpenWindow, settings: Settings) -> None:
    window = open_window()
    get_ready_to_verify(qtbot, window)
    find(window, QComboBox, "extentCombo").setCurrentIndex(1)
    window.close()
    again = open_window()
    choices = again.inputs.choices
    assert (choices.mode, choices.base, choices.merged, choices.quick) == (Mode.VERIFY, BASE, MERGED, False)
    assert merge_button(again).accessibleName() == "Verify"


@pytest.mark.slow
def test_a_remembered_folder_that_is_gone_is_dropped(qtbot: QtBot, open_window: OpenWindow, settings: Settings) -> None:
    window = open_window()
    get_ready_to_verify(qtbot, window, Path("/models/missing-by-now"))
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: find(again, QLineEdit, "mergedPathEdit").text() == "", timeout=PATIENCE_MS)
    assert again.inputs.choices.base == BASE


# Inputs


def test_everything_chosen_goes_into_the_request(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready_to_verify(qtbot, window)
    adapters = (AdapterChoice(ADAPTER, 0.5), AdapterChoice(Path("/models/poet-lora"), -1.0))
    how = Combination(CombinationMethod.TIES, 0.3)
    window.prefill(replace(window.inputs.choices, adapters=adapters, combination=how, quick=False))
    wait_inspected(qtbot, window)
    run_verification(qtbot, window)
    assert engine.proofs == [VerifyRequest(BASE, adapters, MERGED, False, how)]
    assert engine.requests == []


@pytest.mark.parametrize(
    ("merged", "said"),
    [
        (BASE, "This is the base itself."),
        (ADAPTER, "This is the adapter itself."),
        (Path("/models/run-7"), "This folder holds no merged model."),
    ],
)
def test_what_cannot_be_the_merge_is_said_before(qtbot: QtBot, window: MainWindow, merged: Path, said: str) -> None:
    get_ready_to_verify(qtbot, window, merged)
    assert not merge_button(window).isEnabled()
    assert said in text_of(window, "statusLabel")
    assert said in window.inputs.verify.merged.description


def test_a_missing_folder_stops_the_check(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window, Path("/models/missing"))
    assert not merge_button(window).isEnabled()


def test_an_adapter_that_was_saved_as_the_merge_is_described_and_may_be_checked(
    qtbot: QtBot, window: MainWindow
) -> None:
    get_ready_to_verify(qtbot, window, Path("/models/saved-adapter"))
    assert "Only an adapter" in window.inputs.verify.merged.description
    assert merge_button(window).isEnabled()


@pytest.mark.slow
def test_a_check_needs_no_consent_to_dequantize(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = open_window()
    to_check(window)
    fill_in(window, base=Path("/models/llama-4bit"))
    find(window, QLineEdit, "mergedPathEdit").setText(str(MERGED))
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()
    assert not window.findChildren(QCheckBox, "dequantiseCheck")


def test_dropped_models_go_to_base_and_then_to_the_merged_model(qtbot: QtBot, window: MainWindow) -> None:
    to_check(window)
    for folder, name in ((BASE, "basePathEdit"), (MERGED, "mergedPathEdit"), (ADAPTER, "adapterPathEdit")):
        assert drop(window, folder)
        field = find(window, QLineEdit, name)
        qtbot.waitUntil(lambda field=field, folder=folder: field.text() == str(folder), timeout=PATIENCE_MS)
    assert drop(find(window, QLineEdit, "mergedPathEdit"), Path("/models/other"))
    assert find(window, QLineEdit, "mergedPathEdit").text() == "/models/other"


def test_a_folder_with_a_report_is_the_merged_one_even_before_the_base(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "mergedesk-report.json").write_text("{}", encoding="utf-8")
    to_check(window)
    assert drop(window, tmp_path)
    field = find(window, QLineEdit, "mergedPathEdit")
    qtbot.waitUntil(lambda: field.text() == str(tmp_path), timeout=PATIENCE_MS)
    assert window.inputs.base.folder is None


def test_the_menu_browses_for_the_merged_model(window: MainWindow, tmp_path: Path) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    to_check(window)
    window.commands.output.trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    assert find(window, QLineEdit, "mergedPathEdit").text() == str(tmp_path)
    dialog.close()


def test_a_window_asked_to_check_opens_for_that(open_window: OpenWindow) -> None:
    window = open_window(given=Form(BASE, mode=Mode.VERIFY, merged=MERGED))
    choices = window.inputs.choices
    assert (choices.mode, choices.base, choices.merged) == (Mode.VERIFY, BASE, MERGED)


def test_the_command_s_merged_folder_is_what_the_window_opens_with(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Form] = []

    def no_window(form: Form, **_: object) -> None:
        given.append(form)
        raise OSError("no window here")

    monkeypatch.setattr(app, "guarded", nullcontext)
    monkeypatch.setattr(app, "build_window", no_window)
    monkeypatch.setattr(app, "_tell_without_window", lambda _error: 1)
    adapters = [AdapterChoice(ADAPTER, 0.5)]
    assert app.run(BASE, adapters, None, MERGED) == 1
    assert app.run(BASE, adapters, MERGED, overwrite=True) == 1
    assert given == [
        Form(BASE, tuple(adapters), mode=Mode.VERIFY, merged=MERGED),
        Form(BASE, tuple(adapters), MERGED, overwrite=True),
    ]


def test_what_the_merged_folder_says_of_itself_is_filled_in_by_one_click(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    how = Combination(CombinationMethod.TIES, 0.3)
    adapters = (AdapterChoice(ADAPTER, 0.5), AdapterChoice(Path("/models/poet-lora")))
    engine.origins = Provenance(BASE, adapters, how, ("third-lora",))
    to_check(window)
    find(window, QLineEdit, "mergedPathEdit").setText(str(MERGED))
    bar = window.inputs.verify.merged.offer_bar
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE_MS)
    assert "Not found: third-lora." in bar._sentence.plain
    bar.buttons[0].click()
    choices = window.inputs.choices
    assert (choices.base, choices.adapters, choices.combination) == (BASE, adapters, how)
    wait_inspected(qtbot, window)
    assert not bar.isVisible()
    window.inputs.base.set_folder(Path("/models/another"))
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE_MS)  # it may have been a slip


def test_a_folder_without_a_report_offers_nothing(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window)
    qtbot.wait(50)
    assert not window.inputs.verify.merged.offer_bar.isVisible()


# The verdict


def test_a_match_is_said_with_its_numbers(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    assert window.results.page is Page.RESULT
    assert text_of(window, "verdictLabel") == "Match"
    assert text_of(window, "reasonLabel").startswith("All 272 tensors are what base and adapter give")
    tiles = {tile.accessibleName() for tile in window.outcome.verdict._tiles.findChildren(QWidget)}
    assert {"Adapter's tensors right: 210 of 210", "Tensors compared: 272", "Read: Samples"} <= tiles
    assert find(window, QTableWidget, "verdictChecksTable").rowCount() == 2
    assert not find(window, QTableView, "modulesTable").isVisible()
    assert text_of(window, "statusLabel").startswith("Match, found in")


def test_a_mismatch_says_why_what_to_do_and_which_tensors(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.found = partly
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    panel = window.outcome.verdict
    assert text_of(window, "verdictLabel") == "Mismatch"
    assert text_of(window, "reasonLabel").startswith("Only 6 of the 12 tensors")
    assert "Merge again with a tool" in panel._hint.plain
    names = [row[0] for row in panel.modules.rows]
    assert names == [f"model.layers.{n}.q_proj.weight" for n in (0, 2, 4, 6, 8, 10)]  # 10 after 8
    assert panel.modules.rows[0][1:] == ("unchanged: as in the base", "0 ×", "3 %")


def test_long_lists_of_tensors_are_searched_sorted_and_copied(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.found = partly
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    modules = window.outcome.verdict.modules
    modules.right_ones.setChecked(True)
    assert len(modules.rows) == 12
    modules.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [row[2] for row in modules.rows] == ["1 ×"] * 6 + ["0 ×"] * 6
    modules.search.setText("layers.1")
    assert [row[0] for row in modules.rows][-1] == "model.layers.10.q_proj.weight"
    assert len(modules.rows) == 3
    modules.view.selectRow(2)
    qtbot.keyClick(modules.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("model.layers.10.q_proj.weight\tunchanged")


@pytest.mark.slow
def test_ten_thousand_tensors_are_shown_at_once(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    many = tuple(ModuleVerdict(f"layers.{n}.experts", "scaled", 2.0, 0.1, 0.0, 0.0) for n in range(10_000))
    engine.found = lambda request: replace(partly(request), modules=many)
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    view = find(window, QTableView, "modulesTable")
    assert view.model().rowCount() == 10_000
    assert view.height() < 600
    window.outcome.verdict.modules.search.setText("layers.9999")
    assert len(window.outcome.verdict.modules.rows) == 1


@pytest.mark.slow
def test_what_cannot_be_checked_has_no_verdict(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.found = refused
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    assert text_of(window, "verdictLabel") == "Could not be verified"
    assert str(MERGED) in text_of(window, "reasonLabel")
    (other,) = window.outcome.verdict.findings.texts
    assert "/models/original" in other
    assert window.result.context is None
    assert merge_button(window).isEnabled()


@pytest.mark.slow
def test_an_unforeseen_error_in_a_check_becomes_a_card(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def broken(_request: VerifyRequest) -> Verdict:
        raise ZeroDivisionError("seven")

    engine.found = broken
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    assert "seven" in window.outcome.failure.sentence
    assert window.outcome.failure.isVisible()
    assert merge_button(window).isEnabled()


def test_cancelling_a_check_shows_so_and_everything_can_go_on(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    get_ready_to_verify(qtbot, window)
    ends: list[str] = []
    for name in ("finished", "failed", "cancelled"):
        getattr(window.jobs, name).connect(lambda *_, name=name: ends.append(name))
    with qtbot.waitSignal(window.jobs.progressed, timeout=PATIENCE_MS):
        merge_button(window).click()
    assert not merge_button(window).isEnabled()
    assert "Comparing the weights" in text_of(window, "statusLabel")
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        find(window, QPushButton, "cancelButton").click()
    assert ends == ["cancelled"]
    assert text_of(window, "statusLabel") == "Cancelled. There is no verdict of this verification."
    assert find(window, QPushButton, "modeMergeButton").isEnabled()
    assert merge_button(window).isEnabled()


def test_closing_during_a_check_asks(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready_to_verify(qtbot, window)
    with qtbot.waitSignal(window.jobs.progressed, timeout=PATIENCE_MS):
        merge_button(window).click()
    window.close()
    (question,) = window.findChildren(QMessageBox)
    assert window.isVisible()
    assert question.text() == "A verification is running. Cancel it and quit?"
    (agree,) = [one for one in question.buttons() if question.buttonRole(one) is QMessageBox.ButtonRole.AcceptRole]
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        agree.click()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_the_pages_learn_what_was_checked(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    verdict = window.verifying.verdict
    assert verdict is not None
    assert window.result.context == ResultContext(BASE, (AdapterChoice(ADAPTER),), MERGED, verdict=verdict)


# What follows


def test_the_full_check_after_a_quick_one(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    again = find(window, QPushButton, "fullCheckAgainButton")
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        again.click()
    assert [proof.quick for proof in engine.proofs] == [True, False]
    assert not again.isVisible()
    assert not window.commands.verify_everything.isEnabled()


@pytest.mark.slow
def test_a_cancelled_full_check_keeps_the_quick_verdict(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    engine.hold = True
    with qtbot.waitSignal(window.jobs.progressed, timeout=PATIENCE_MS):
        window.commands.verify_everything.trigger()
    assert window.outcome.progress.isVisible()
    assert window.outcome.verdict.isVisible()
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        window.merging.cancel()
    assert text_of(window, "verdictLabel") == "Match"
    assert window.outcome.verdict.isVisible()
    assert not window.outcome.progress.isVisible()
    assert window.verifying.verdict is not None
    assert window.verifying.verdict.quick


def test_everything_is_checked_after_a_merge_and_the_report_stays(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    report = window.merging.report
    assert report is not None
    button = find(window, QPushButton, "fullCheckButton")
    assert button.isVisible()
    window.resize(820, 520)
    bar = window.results._pages.currentWidget().verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=PATIENCE_MS)
    bar.setValue(bar.maximum())
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        button.click()
    assert engine.proofs == [VerifyRequest(BASE, (AdapterChoice(ADAPTER),), report.output)]
    assert window.outcome.verdict.isVisible()
    assert bar.value() == 0
    assert window.outcome.verification.isVisible()
    assert window.merging.report is report
    subject = window.result.context
    assert subject is not None
    assert (subject.report, subject.verdict) == (report, window.verifying.verdict)
    assert not button.isVisible()
    assert text_of(window, "classLabel") == "PeftModelForCausalLM → LlamaForCausalLM"


def test_merging_anew_takes_the_same_inputs(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.found = partly
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    find(window, QPushButton, "mergeAnewButton").click()
    assert window.inputs.mode is Mode.MERGE
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert isinstance(engine.requests[0], MergeRequest)
    assert (engine.requests[0].base, engine.requests[0].adapters) == (BASE, (AdapterChoice(ADAPTER),))


@pytest.mark.parametrize("ending", ["json", "md", "html"])
def test_the_verdict_is_saved(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, tmp_path: Path, ending: str
) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    engine.found = partly
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    window.commands.save_report.trigger()
    (dialog,) = window.findChildren(QFileDialog)
    file = tmp_path / f"verdict.{ending}"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    written = file.read_text(encoding="utf-8")
    assert "Only 6 of the 12 tensors" in written
    if ending == "json":
        assert json.loads(written)["verdict"] == "mismatch"


def test_the_reason_is_copied(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    find(window, QPushButton, "copyReasonButton").click()
    assert QGuiApplication.clipboard().text().startswith("Match. All 272 tensors")


def test_a_whole_check_without_a_mouse(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for name, folder in (("basePathEdit", BASE), ("adapterPathEdit", ADAPTER), ("mergedPathEdit", Path("/models/m"))):
        field = find(window, QLineEdit, name)
        field.setFocus()
        qtbot.keyClicks(field, str(folder))
        qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_inspected(qtbot, window)
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert [proof.quick for proof in engine.proofs] == [True, False]


def test_the_tab_key_reaches_everything_from_top_to_bottom(qtbot: QtBot, window: MainWindow) -> None:
    get_ready_to_verify(qtbot, window)
    run_verification(qtbot, window)
    find(window, QPushButton, "modeCheckButton").setFocus()
    reached: list[str] = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() in reached[:1]:
            break
        reached.append(focused.objectName())
        window.focusNextPrevChild(True)
    wanted = ["modeCheckButton", "basePathEdit", "adapterPathEdit", "mergedPathEdit", "extentCombo", "mergeButton"]
    wanted += ["fullCheckAgainButton", "mergeAnewButton", "saveVerdictButton", "copyReasonButton", "moduleAllCheck"]
    assert [name for name in reached if name in wanted] == wanted


@pytest.mark.parametrize("size", [(820, 520), (1280, 840)])
def test_nothing_is_cut_off(qtbot: QtBot, window: MainWindow, engine: FakeEngine, size: tuple[int, int]) -> None:
    engine.found = partly
    window.resize(*size)
    get_ready_to_verify(qtbot, window, MERGED / "with a path that goes on and on for ever/and/ever")
    assert_settles(qtbot, window)
    run_verification(qtbot, window)
    assert_settles(qtbot, window)
