"""The whole window on a fake engine: what a person sees and does."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTabBar,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import FILES, FakeEngine, OpenWindow, a_finding, a_model, a_report, all_checks, check
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    drop,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    save_report,
    start_merge,
    wait_inspected,
    what_is_opened,
)

from mergedesk.domain.findings import CheckCode, CheckStatus, Code, Severity, error
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk_gui.inputs.drop_router import Routed
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.text.messages import say
from mergedesk_gui.widgets import folder_field

PROPOSED = Path("/models/Llama-3.2-1B-Instruct-pirate-lora-merged")


def text_of(window: MainWindow, name: str) -> str:
    return find(window, QLabel, name).text().replace("\u200b", "")


def path_in(window: MainWindow, name: str) -> str:
    return find(window, QLineEdit, name).text()


def offer_button(window: MainWindow, words: str, within: QWidget | None = None) -> QPushButton:
    """The visible button with ``words`` on it; ``within``: where a finding offers the same."""
    (button,) = [one for one in (within or window).findChildren(QPushButton) if one.text() == words and one.isVisible()]
    return button


# What is there


@pytest.mark.slow
def test_everything_scripts_rely_on_is_there_once(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.findChildren(QProgressBar)), timeout=PATIENCE_MS)  # made once it is seen
    for kind, names in {
        QLineEdit: ("basePathEdit", "adapterPathEdit", "outputPathEdit"),
        QComboBox: ("precisionCombo", "engineCombo"),
        QPushButton: ("mergeButton", "cancelButton"),
        QProgressBar: ("progressBar",),
        QLabel: ("statusLabel", "classLabel"),
        QTableWidget: ("filesTable", "checksTable"),
        QWidget: ("checksView", "verificationPanel"),
    }.items():
        for name in names:
            find(window, kind, name)


@pytest.mark.slow
def test_an_empty_window_says_what_to_do(window: MainWindow) -> None:
    assert window.results.welcome.isVisible()
    assert not window.results.preflight.isVisible()
    assert not merge_button(window).isEnabled()
    assert text_of(window, "statusLabel") == "Choose a base model and an adapter."


def test_the_reason_stands_in_all_three_places(qtbot: QtBot, window: MainWindow) -> None:
    button = merge_button(window)
    for base, reason in (("", "Choose a base model and an adapter."), (str(BASE), "Choose the adapter.")):
        find(window, QLineEdit, "basePathEdit").setText(base)
        assert text_of(window, "statusLabel") == reason
        assert button.toolTip() == reason
        assert button.accessibleDescription() == reason
    wait_inspected(qtbot, window)
    assert text_of(window, "statusLabel") == "Choose the adapter."


# From folders to ready


def test_two_folders_make_it_ready(qtbot: QtBot, window: MainWindow) -> None:
    fill_in(window)
    assert not merge_button(window).isEnabled(), "nothing is known of these folders yet"
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()
    assert text_of(window, "statusLabel") == "Ready to merge."
    assert path_in(window, "outputPathEdit") == str(PROPOSED)
    assert "LlamaForCausalLM" in window.inputs.base.description
    assert "210 of 210 modules matched" in window.inputs.adapter.description
    assert "53.0 GB free" in window.inputs.output.description
    assert window.results.preflight.isVisible()


def test_any_change_disables_the_button_at_once(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    find(window, QLineEdit, "adapterPathEdit").setText("/models/other-lora")
    assert not merge_button(window).isEnabled(), "the old answer is about another adapter"
    wait_inspected(qtbot, window)
    find(window, QComboBox, "precisionCombo").setCurrentText("float32")
    assert not merge_button(window).isEnabled()
    wait_inspected(qtbot, window)


@pytest.mark.slow
def test_stale_descriptions_do_not_stay(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    go_on = threading.Event()

    def slow(folder: Path):  # type: ignore[no-untyped-def]
        if "slow" in folder.name:
            go_on.wait(5)
        return a_model(folder)

    window = open_window(backend=engine.backend(inspect_folder=slow))
    find(window, QLineEdit, "basePathEdit").setText(str(BASE))
    wait_inspected(qtbot, window)
    find(window, QLineEdit, "basePathEdit").setText("/slow")
    qtbot.wait(400)
    assert window.inputs.base.description == "Looking…"
    go_on.set()
    wait_inspected(qtbot, window)
    assert "LlamaForCausalLM" in window.inputs.base.description


def test_the_request_carries_what_was_chosen(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    fill_in(window)
    find(window, QLineEdit, "outputPathEdit").setText("/elsewhere/mine")
    find(window, QComboBox, "precisionCombo").setCurrentText("bfloat16")
    find(window, QComboBox, "engineCombo").setCurrentText("peft")
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests == [
        MergeRequest(BASE, (AdapterChoice(ADAPTER),), Path("/elsewhere/mine"), Precision.BFLOAT16, Engine.PEFT)
    ]


def test_the_proposal_follows_the_inputs_until_the_person_chooses(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    get_ready(qtbot, window, base=Path("/models/Qwen"))
    assert path_in(window, "outputPathEdit") == "/models/Qwen-pirate-lora-merged"
    find(window, QLineEdit, "outputPathEdit").setText("/elsewhere/mine")
    get_ready(qtbot, window, base=BASE)
    assert path_in(window, "outputPathEdit") == "/elsewhere/mine"
    find(window, QLineEdit, "outputPathEdit").setText("")
    wait_inspected(qtbot, window)
    assert path_in(window, "outputPathEdit") == str(PROPOSED)


def test_the_proposal_does_not_fight_with_somebody_typing(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    edit = find(window, QLineEdit, "outputPathEdit")
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    edit.clear()
    wait_inspected(qtbot, window)
    assert edit.text() == ""
    assert edit.placeholderText() == str(PROPOSED)
    assert merge_button(window).isEnabled(), "the proposal holds although it is not written out"
    find(window, QLineEdit, "basePathEdit").setFocus()
    assert edit.text() == str(PROPOSED)


def test_an_unforeseen_error_while_looking_is_shown(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    def broken(_request: MergeRequest):  # type: ignore[no-untyped-def]
        raise ZeroDivisionError("in the preflight")

    window = open_window(backend=engine.backend(check=broken))
    fill_in(window)
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    assert "ZeroDivisionError: in the preflight" in text_of(window, "statusLabel")


# Offers


def test_swapped_folders_are_put_right_by_one_click(qtbot: QtBot, window: MainWindow) -> None:
    fill_in(window, base=ADAPTER, adapter=BASE)
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    offer_button(window, "Swap them", window.inputs).click()
    wait_inspected(qtbot, window)
    assert (path_in(window, "basePathEdit"), path_in(window, "adapterPathEdit")) == (str(BASE), str(ADAPTER))
    assert merge_button(window).isEnabled()
    assert window.inputs.base.offer_bar.isHidden()


def test_an_adapter_in_the_base_field_moves_over(qtbot: QtBot, window: MainWindow) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(ADAPTER))
    wait_inspected(qtbot, window)
    offer_button(window, "Move it there").click()
    wait_inspected(qtbot, window)
    assert (path_in(window, "basePathEdit"), path_in(window, "adapterPathEdit")) == ("", str(ADAPTER))


def test_the_base_of_a_lone_adapter_is_one_click_away(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.base_found = BASE
    find(window, QLineEdit, "adapterPathEdit").setText(str(ADAPTER))
    wait_inspected(qtbot, window)
    assert window.results.welcome.isVisible()
    offer_button(window, f"Use {BASE.name}").click()
    wait_inspected(qtbot, window)
    assert path_in(window, "basePathEdit") == str(BASE)
    assert merge_button(window).isEnabled()


def test_a_training_run_offers_its_checkpoints(qtbot: QtBot, window: MainWindow) -> None:
    fill_in(window, adapter=Path("/models/my-run"))
    wait_inspected(qtbot, window)
    bar = window.inputs.adapter.offer_bar
    assert offer_button(window, "Use checkpoint-1500-adapter").isVisible()
    (others,) = [one for one in bar.findChildren(QPushButton) if one.menu()]
    older = [action for action in others.menu().actions() if "checkpoint-500" in action.text()]
    older[0].trigger()
    wait_inspected(qtbot, window)
    assert path_in(window, "adapterPathEdit") == "/models/my-run/checkpoint-500-adapter"
    assert merge_button(window).isEnabled()


@pytest.mark.slow
def test_replacing_a_full_folder_needs_consent_for_that_folder(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    fill_in(window)
    output = find(window, QLineEdit, "outputPathEdit")
    consent = find(window, QCheckBox, "overwriteCheck")
    assert consent.isHidden()
    output.setText("/models/full-output")
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    assert consent.isVisible()
    consent.click()
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled()
    output.setText("/models/full-other")
    wait_inspected(qtbot, window)
    assert not consent.isChecked(), "consent was for the other folder"
    assert not merge_button(window).isEnabled()
    consent.click()
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].overwrite


# Dropping


def test_dropped_folders_go_where_they_belong(qtbot: QtBot, window: MainWindow) -> None:
    assert drop(window, ADAPTER, BASE)
    qtbot.waitUntil(lambda: path_in(window, "basePathEdit") != "", timeout=PATIENCE_MS)
    wait_inspected(qtbot, window)
    assert (path_in(window, "basePathEdit"), path_in(window, "adapterPathEdit")) == (str(BASE), str(ADAPTER))


def test_a_dropped_file_stands_for_its_folder(qtbot: QtBot, window: MainWindow) -> None:
    assert drop(window, ADAPTER / "adapter_model.safetensors")
    qtbot.waitUntil(lambda: path_in(window, "adapterPathEdit") == str(ADAPTER), timeout=PATIENCE_MS)


@pytest.mark.parametrize("name", ["0000100_adapters.safetensors", "adapter_2.pt", "lit_model.pth.lora"])
def test_a_dropped_adapter_that_is_one_of_several_stands_for_itself(name: str, window: MainWindow) -> None:
    assert drop(find(window, QLineEdit, "adapterPathEdit"), ADAPTER / name)
    assert path_in(window, "adapterPathEdit") == str(ADAPTER / name)


def test_a_folder_dropped_on_a_field_goes_into_that_field(window: MainWindow) -> None:
    assert drop(find(window, QLineEdit, "outputPathEdit"), Path("/elsewhere/日本語"))
    assert path_in(window, "outputPathEdit") == "/elsewhere/日本語"


def test_what_nobody_recognises_lands_where_something_is_missing(qtbot: QtBot, window: MainWindow) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(BASE))
    wait_inspected(qtbot, window)
    assert drop(window, Path("/models/junk"))
    qtbot.waitUntil(lambda: path_in(window, "adapterPathEdit") != "", timeout=PATIENCE_MS)
    wait_inspected(qtbot, window)
    assert "neither" in window.inputs.adapter.description


def test_only_folders_are_welcome(window: MainWindow) -> None:
    assert not drop(window)


def test_folders_are_dropped_during_a_merge_too(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    assert drop(find(window, QLineEdit, "basePathEdit"), Path("/models/other-base"))
    assert window.inputs.base.folder == Path("/models/other-base")
    assert window.jobs.running


# Merging


def test_progress_is_shown_in_counted_numbers(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    engine.readings = (Progress(Stage.MERGE, 5 * 10**12, 20 * 10**12, 10.0, "model.layers.3"),)
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    bar = find(window, QProgressBar, "progressBar")
    assert (bar.value(), bar.maximum()) == (250, 1000)
    status = text_of(window, "statusLabel")
    for part in ("Merging the weights", "5.00 TB of 20.0 TB", "500 GB/s", "about 30 s left"):
        assert part in status
    assert window.results.page is Page.RESULT
    assert window.inputs.isEnabled()
    assert merge_button(window).toolTip() == "A merge is running."
    assert find(window, QPushButton, "cancelButton").isVisible()


def test_a_stage_without_bytes_shows_that_something_goes_on(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    engine.readings = (Progress(Stage.VERIFY),)
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    bar = find(window, QProgressBar, "progressBar")
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    assert "Verifying the result" in text_of(window, "statusLabel")


def test_a_good_merge_is_proved_on_the_panel(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    panel = window.outcome.verification
    assert panel.isVisible()
    assert panel.headline.plain == "Merged and verified"
    assert text_of(window, "madeLabel") == PROPOSED.name
    assert text_of(window, "classLabel") == "PeftModelForCausalLM → LlamaForCausalLM"
    files = find(window, QTableWidget, "filesTable")
    assert [files.item(row, 0).text() for row in range(files.rowCount())] == [one.name for one in FILES]
    assert files.item(3, 1).text() == "1.98 GB"
    checks = find(window, QTableWidget, "checksTable")
    assert checks.rowCount() == len(CheckCode)
    assert {checks.item(row, 0).text() for row in range(checks.rowCount())} == {"Passed"}
    shown = " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())
    for part in (
        "9 files, 2.48 GB in all",
        "210 of 311",
        "2.9 s",
        "Peak memory 52.0 MB",
        "With the libraries 389 MB",
        "streaming",
        str(PROPOSED),
    ):
        assert part in shown
    assert text_of(window, "statusLabel") == "Merged and verified in 2.9 s."
    assert not merge_button(window).isEnabled(), "the output is there now"
    assert window.inputs.isEnabled()


def test_checks_that_passed_are_one_line(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    checks, button = find(window, QTableWidget, "checksTable"), find(window, QPushButton, "showChecksButton")
    assert text_of(window, "checksPassedLabel") == f"All {len(CheckCode)} checks passed."
    for is_shown in (False, True, False):
        assert checks.isVisible() is is_shown
        button.click()


@pytest.mark.parametrize("status", [CheckStatus.FAIL, CheckStatus.WARN])
def test_a_check_that_did_not_pass_is_never_folded_away(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, status: CheckStatus
) -> None:
    first, *others = all_checks()
    engine.outcome = lambda request: a_report(request, checks=(replace(first, status=status), *others))
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert find(window, QTableWidget, "checksTable").isVisible()
    assert not find(window, QPushButton, "showChecksButton").isVisible()


def test_what_people_do_next_is_a_press_away(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    steps = {
        "tryResultButton": Page.PLAYGROUND,
        "makeGgufOfResultButton": Page.DEPLOY,
        "useResultButton": Page.DEPLOY,
        "createInOllamaOfResultButton": Page.DEPLOY,
    }
    for name, page in steps.items():
        window.results.show_page(Page.RESULT)
        find(window, QPushButton, name).click()
        assert window.results.page is page
    assert find(window, QPushButton, "ollamaSegment").isChecked()
    window.results.show_page(Page.RESULT)
    find(window, QPushButton, "tryResultButton").click()
    assert window.focusWidget() is window.playground.page.card.prompt
    find(window, QPushButton, "copyPathButton").click()
    assert QGuiApplication.clipboard().text() == str(PROPOSED)


def test_the_next_merge_begins_with_the_same_base(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    find(window, QComboBox, "precisionCombo").setCurrentText("float32")
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    find(window, QPushButton, "nextMergeButton").click()
    chosen = window.inputs.choices
    assert (chosen.base, chosen.adapters, chosen.output) == (BASE, (), None)
    assert chosen.precision is Precision.FLOAT32
    assert window.results.page is Page.PREFLIGHT
    assert window.focusWidget() is find(window, QLineEdit, "adapterPathEdit")
    window.commands.undo.trigger()
    assert window.inputs.choices.adapters == (AdapterChoice(ADAPTER),)


def test_failed_checks_come_first_and_nothing_is_called_merged(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    def refuted(request: MergeRequest) -> MergeReport:
        return a_report(
            request,
            status=MergeStatus.FAILED,
            checks=all_checks(CheckCode.TARGETED_CHANGED),
            findings=(a_finding(Code.VERIFICATION_FAILED, Severity.ERROR),),
        )

    engine.outcome = refuted
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.outcome.verification.headline.plain == "1 check failed"
    checks = find(window, QTableWidget, "checksTable")
    assert checks.item(0, 0).text() == "Failed"
    assert "not published" in text_of(window, "statusLabel")
    assert not window.commands.open_result.isEnabled()
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled(), "it may be tried again"


def test_a_refusal_shows_why(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def refused(request: MergeRequest) -> MergeReport:
        finding = a_finding(Code.DISK_FULL, Severity.ERROR)
        return MergeReport(MergeStatus.REFUSED, request.output, findings=(finding,))

    engine.outcome = refused
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    panel = window.outcome.verification
    assert panel.headline.plain == "Not started"
    shown = " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())
    assert "There is not enough space" in shown
    assert not find(window, QTableWidget, "filesTable").isVisible()


def test_an_unforeseen_error_becomes_a_card_to_copy(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def broken(_request: MergeRequest) -> MergeReport:
        raise ZeroDivisionError("deep down")

    engine.outcome = broken
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    card = window.outcome.failure
    assert card.isVisible()
    assert "ZeroDivisionError: deep down" in card.sentence
    assert "Traceback" not in card.sentence
    card.copy_details()
    copied = QGuiApplication.clipboard().text()
    assert card.sentence in copied
    assert "Traceback" in copied
    assert window.inputs.isEnabled()


def test_cancelling_is_visible_and_leaves_the_window_ready(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    cancel = find(window, QPushButton, "cancelButton")
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        cancel.click()
        assert not cancel.isEnabled()
        assert cancel.text() == "Cancelling…"
        assert text_of(window, "statusLabel") == "Cancelling…"
    assert text_of(window, "statusLabel") == "Cancelled. Base and adapter are as they were."
    wait_inspected(qtbot, window)
    assert text_of(window, "statusLabel") == "Cancelled. Base and adapter are as they were."
    engine.hold = False
    run_merge(qtbot, window)
    assert window.outcome.verification.headline.plain == "Merged and verified"


def test_what_was_written_is_not_still_to_be_written(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    assert "will be written" in text_within(window.inputs.output)
    run_merge(qtbot, window)
    told = text_within(window.inputs.output)
    assert "were written" in told
    assert "will be" not in told
    find(window, QLineEdit, "outputPathEdit").setText("/models/another")
    wait_inspected(qtbot, window)
    assert "will be written" in text_within(window.inputs.output)


def test_what_was_not_made_has_merged_no_modules(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    full = error(Code.OUTPUT_NOT_EMPTY, path="/models/out")
    engine.outcome = lambda request: a_report(request, status=MergeStatus.REFUSED, findings=(full,))
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    told = text_within(window.outcome.verification)
    assert "Modules matched" in told
    assert "Modules merged" not in told


def text_within(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def test_changing_an_input_turns_back_to_the_checks_and_keeps_the_result(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.results.page is Page.RESULT
    find(window, QComboBox, "precisionCombo").setCurrentText("float32")
    assert window.results.page is Page.PREFLIGHT
    wait_inspected(qtbot, window)
    window.commands.show_result.trigger()
    assert window.results.page is Page.RESULT
    assert text_of(window, "classLabel") == "PeftModelForCausalLM → LlamaForCausalLM"


def test_looking_again_asks_the_engine_again(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    asked: list[MergeRequest] = []

    def counting(request: MergeRequest):  # type: ignore[no-untyped-def]
        asked.append(request)
        return check(request)

    window = open_window(backend=engine.backend(check=counting))
    get_ready(qtbot, window)
    window.commands.refresh.trigger()
    assert not merge_button(window).isEnabled()
    wait_inspected(qtbot, window)
    assert len(asked) == 2


def test_the_libraries_are_warmed_up_once_everything_is_ready(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(BASE))
    wait_inspected(qtbot, window)
    assert engine.warmed_up == 0
    get_ready(qtbot, window)
    qtbot.waitUntil(lambda: engine.warmed_up == 1, timeout=PATIENCE_MS)


# After the merge


def test_the_report_is_saved_as_json(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    file = tmp_path / "bericht-报告.json"
    save_report(window, file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["status"] == "merged"
    assert saved["classes"] == {"adapter": "PeftModelForCausalLM", "merged": "LlamaForCausalLM"}
    assert len(saved["checks"]) == len(CheckCode)


@pytest.mark.parametrize(
    ("ending", "start"), [("md", "# Merge report: "), ("html", "<!DOCTYPE html>"), ("HTM", "<!DOC")]
)
def test_the_report_is_saved_as_its_name_says(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, ending: str, start: str
) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    file = tmp_path / f"Llama-3.2-报告.{ending}"
    save_report(window, file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(start)
    assert "PeftModelForCausalLM → LlamaForCausalLM" in text
    window.outcome.verification.notice.hide()


def test_the_kind_of_report_changes_the_proposed_name(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.commands.save_report.trigger()
    (dialog,) = window.findChildren(QFileDialog)
    name = f"{PROPOSED.name}-report"
    assert Path(dialog.selectedFiles()[0]).name == f"{name}.html"
    filters = dialog.nameFilters()
    assert filters == ["Web page (*.html)", "Markdown (*.md)", "JSON (*.json)"]
    dialog.filterSelected.emit(filters[1])
    assert Path(dialog.selectedFiles()[0]).name == f"{name}.md"
    assert dialog.defaultSuffix() == "md"
    dialog.close()


def test_a_report_that_cannot_be_saved_is_explained(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    save_report(window, tmp_path / "no-such-folder" / "report.json")
    (box,) = window.findChildren(QMessageBox)
    assert "could not be saved" in box.text()
    assert box.informativeText()
    box.close()


def test_the_peft_code_of_the_merge_is_copied(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    QGuiApplication.clipboard().clear()
    offer_button(window, " &Copy PEFT code").click()
    expected = f"# merges {ADAPTER} into {BASE}\n"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == expected, timeout=PATIENCE_MS)
    notice = [label for label in window.outcome.verification.findChildren(QLabel) if "Copied" in label.text()]
    assert notice
    window.outcome.verification.notice.hide()


def test_the_merged_folder_is_opened(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = what_is_opened(monkeypatch, works=False)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.commands.open_result.trigger()
    assert opened == [PROPOSED]
    (box,) = window.findChildren(QMessageBox)
    assert str(PROPOSED) in box.informativeText()
    box.close()


def test_result_commands_wait_for_a_result(qtbot: QtBot, window: MainWindow) -> None:
    actions = (window.commands.open_result, window.commands.save_report, window.commands.copy_code)
    assert not any(action.isEnabled() for action in actions)
    get_ready(qtbot, window)
    assert not any(action.isEnabled() for action in actions)
    run_merge(qtbot, window)
    assert all(action.isEnabled() for action in actions)


def test_a_new_merge_begins_with_an_empty_form(qtbot: QtBot, window: MainWindow) -> None:
    window.inputs.precision.choose(Precision.FLOAT16)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert window.result.context is not None
    window.commands.new.trigger()
    choices = window.inputs.choices
    assert (choices.base, choices.adapters, choices.output) == (None, (), None)
    assert choices.precision is Precision.FLOAT16, "how to merge is no part of what is merged"
    assert window.results.page is Page.PREFLIGHT
    assert window.result.context is None


def test_another_merge_is_begun_while_one_runs(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.commands.new.trigger()
    assert window.inputs.is_empty
    assert window.jobs.running
    assert window.results.band.isVisible()
    engine.hold = False
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert window.result.context is not None


def test_queue_and_library_can_be_turned_to_while_something_is_wrong(qtbot: QtBot, window: MainWindow) -> None:
    tabs = find(window, QTabBar, "pagesBar")
    assert not tabs.isVisible()
    fill_in(window, base=Path("/models/missing"))
    wait_inspected(qtbot, window)
    assert not window.merging.readiness.ready
    assert tabs.isVisible() or find(window, QComboBox, "pagesCombo").isVisible()


def test_the_dialog_opens_beside_the_chosen_folder(window: MainWindow, tmp_path: Path) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    (tmp_path / "models" / "base").mkdir(parents=True)
    window.inputs.base.set_folder(tmp_path / "models" / "base")
    window.inputs.base.browse()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.directory().absolutePath() == str(tmp_path / "models")
    dialog.close()


@pytest.mark.parametrize("mode", list(Mode))
def test_what_is_no_model_takes_the_place_of_nothing_that_is_chosen(
    qtbot: QtBot, window: MainWindow, mode: Mode
) -> None:
    get_ready(qtbot, window)
    window.inputs.verify.merged.set_folder(Path("/models/merged"))
    window.inputs.set_mode(mode)
    before = window.inputs.choices
    window.receive(Routed(Path("/models/notes.txt"), FolderKind.UNKNOWN))
    assert window.inputs.choices == before
    assert text_of(window, "statusLabel").startswith("notes.txt is neither a model nor an adapter.")


def test_a_path_typed_again_is_not_looked_at_for_ever(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    edit, said = window.inputs.base.edit, window.inputs.base.description
    edit.selectAll()
    edit.insert(str(BASE))
    wait_inspected(qtbot, window)
    assert window.inputs.base.description == said


@pytest.mark.parametrize("way", ["button", "card"])
@pytest.mark.parametrize(("name", "role"), [("welcomeBaseButton", "base"), ("welcomeAdapterButton", "adapter")])
def test_a_welcome_card_does_what_it_says(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, way: str, name: str, role: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(folder_field, "choose_folder", lambda _parent, said, *_others, chosen: asked.append(said))
    button = find(window, QPushButton, name)
    if way == "button":
        button.click()
    else:
        qtbot.mouseClick(button.parentWidget(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert asked == [say(f"field.{role}.dialog_title")]
