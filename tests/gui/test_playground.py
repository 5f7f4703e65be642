"""“Try it”: a prompt answered side by side, stopped at will, and never at the same time as a merge."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from trial_fakes import FakeModels, a_trial, an_answer
from window_fakes import FakeEngine, OpenWindow
from window_helpers import PATIENCE_MS, assert_settles, find, get_ready, merge_button, run_merge, save_report

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.requests import Precision
from mergedesk.inference.trial import (
    ALL_SIDES,
    AnswerKind,
    Difference,
    Ended,
    Piece,
    Score,
    Side,
    Trial,
    TrialProgress,
    TrialRequest,
    TrialStep,
    UnmergedLoading,
)
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.playground.answers_panel import AnswersPanel
from mergedesk_gui.playground.playground_page import PlaygroundPage
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.text.trial_text import fenced

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def models(engine: FakeEngine) -> FakeModels:
    """The models behind the window."""
    return engine.models


@pytest.fixture
def merged(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A window that has just merged, with the page open and the forecast made."""
    open_page(qtbot, window)
    return window


def open_page(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: "Needs" in page(window).card.status.plain, timeout=PATIENCE_MS)


def page(window: MainWindow) -> PlaygroundPage:
    return window.playground.page


def answers(window: MainWindow) -> AnswersPanel:
    return page(window).answers


def ask(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.playground.ended, timeout=PATIENCE_MS):
        try_button(window).click()


def try_button(window: MainWindow) -> QPushButton:
    return find(window, QPushButton, "tryButton")


def stop_button(window: MainWindow) -> QPushButton:
    return find(window, QPushButton, "tryStopButton")


def start_and_hold(qtbot: QtBot, window: MainWindow, models: FakeModels) -> None:
    models.hold = True
    try_button(window).click()
    qtbot.waitUntil(lambda: bool(answers(window).cards[Side.BASE].text), timeout=PATIENCE_MS)


@pytest.mark.slow
def test_the_page_opens_once_there_are_inputs(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.show_playground.trigger()
    assert window.results.page is Page.PREFLIGHT
    get_ready(qtbot, window)
    window.commands.show_playground.trigger()
    assert window.results.page is Page.PLAYGROUND


def test_three_models_answer_side_by_side(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    ask(qtbot, merged)
    shown = {side: find(merged, QPlainTextEdit, f"try{side.value.title()}Answer").toPlainText() for side in ALL_SIDES}
    assert shown == models.texts
    cards = answers(merged).cards
    assert [cards[side].class_label.text() for side in ALL_SIDES] == [
        "LlamaForCausalLM",
        "PeftModelForCausalLM",
        "LlamaForCausalLM",
    ]
    assert cards[Side.MERGED].state.plain.replace("\u00a0", " ") == (
        "12 tokens · 22.0 tokens/s · first after 250 ms · ended by itself"
    )


@pytest.mark.slow
def test_the_request_is_what_was_chosen(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    page(merged).card.set_prompt("  Who are you?\n")
    find(merged, QCheckBox, "tryBaseCheck").setChecked(False)
    combo = find(merged, QComboBox, "tryLoadingCombo")
    combo.setCurrentIndex(combo.findData(UnmergedLoading.AUTO_CLASS))
    precision = find(merged, QComboBox, "tryPrecisionCombo")
    precision.setCurrentIndex(precision.findData(Precision.FLOAT32))
    find(merged, QSpinBox, "tryLongestSpin").setValue(7)
    ask(qtbot, merged)
    (request,) = models.requests
    report = merged.merging.report
    assert report is not None
    assert request == TrialRequest(
        merged.merging.request.base,  # type: ignore[union-attr]
        merged.merging.request.adapters,  # type: ignore[union-attr]
        report.output,
        "Who are you?",
        (Side.UNMERGED, Side.MERGED),
        UnmergedLoading.AUTO_CLASS,
        "cpu",
        Precision.FLOAT32,
        7,
    )
    assert not answers(merged).cards[Side.BASE].isVisible()


def test_equal_answers_are_said_to_be_equal(qtbot: QtBot, merged: MainWindow) -> None:
    ask(qtbot, merged)
    said = answers(merged).sentences
    assert said[0] == "Merged and unmerged gave the same 12 tokens."
    assert said[1] == "The base answers differently from token 1 on: that is what the adapter does."
    cards = answers(merged).cards
    assert cards[Side.BASE].view.marked_from == 0
    assert cards[Side.MERGED].view.marked_from is None


def test_the_place_where_answers_part_is_marked(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    models.texts[Side.MERGED] = "Ahoy 🏴 it was Paris."
    ask(qtbot, merged)
    assert "first differ at token 11" in answers(merged).sentences[0]
    for side, marked in ((Side.UNMERGED, "be Paris."), (Side.MERGED, "was Paris.")):
        (selection,) = answers(merged).cards[side].view.extraSelections()
        assert selection.cursor.selectedText() == marked


def test_a_base_that_answers_the_same_is_said_so(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    models.texts[Side.BASE] = models.texts[Side.MERGED]
    ask(qtbot, merged)
    assert "answers just the same" in answers(merged).sentences[1]


def test_pieces_are_collected_and_not_drawn_one_by_one(
    qtbot: QtBot, merged: MainWindow, models: FakeModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.pieces, models.hold = 3000, True
    written: list[Piece] = []
    batches: list[object] = []
    draw = answers(merged).write
    monkeypatch.setattr(answers(merged), "write", lambda piece: (written.append(piece), draw(piece)))
    merged.playground.runner.published.connect(batches.append)
    try_button(merged).click()
    whole = models.texts[Side.BASE] * 3000
    qtbot.waitUntil(lambda: answers(merged).cards[Side.BASE].text == whole, timeout=PATIENCE_MS)
    assert len(written) <= len(batches) < 100
    merged.playground.stop()
    qtbot.waitUntil(lambda: not merged.playground.runner.running, timeout=PATIENCE_MS)


def test_escape_stops(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    start_and_hold(qtbot, merged, models)
    assert stop_button(merged).isEnabled()
    with qtbot.waitSignal(merged.playground.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(page(merged).card.prompt, Qt.Key.Key_Escape)
    cards = answers(merged).cards
    assert cards[Side.BASE].state.plain.endswith("stopped")
    assert cards[Side.MERGED].state.plain == "Not asked: it was stopped before."
    assert not stop_button(merged).isEnabled()
    assert try_button(merged).isEnabled()


def test_a_card_says_where_its_answer_stands(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    start_and_hold(qtbot, merged, models)
    cards = answers(merged).cards
    assert [cards[side].state.plain for side in ALL_SIDES] == ["Answering…", "Waits for its turn", "Waits for its turn"]
    answers(merged).show_progress(TrialProgress(TrialStep.LOADING, Side.UNMERGED))
    assert [cards[side].state.plain for side in ALL_SIDES] == ["Answered", "Loading the model…", "Waits for its turn"]
    merged.playground.stop()


def test_no_merge_while_models_answer(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    merged.merging.look_again()
    qtbot.waitUntil(lambda: merge_button(merged).isEnabled(), timeout=PATIENCE_MS)
    start_and_hold(qtbot, merged, models)
    assert not merge_button(merged).isEnabled()
    assert not merged.commands.merge.isEnabled()
    assert merge_button(merged).toolTip() == "A trial is running. Stop it or wait for its end."
    stop_button(merged).click()
    qtbot.waitUntil(lambda: merge_button(merged).isEnabled(), timeout=PATIENCE_MS)


def test_no_answer_while_a_merge_runs(qtbot: QtBot, merged: MainWindow, engine: FakeEngine, models: FakeModels) -> None:
    merged.merging.look_again()
    qtbot.waitUntil(lambda: merge_button(merged).isEnabled(), timeout=PATIENCE_MS)
    engine.hold = True
    merge_button(merged).click()
    assert not try_button(merged).isEnabled()
    merged.playground.ask()
    assert models.requests == []
    with qtbot.waitSignal(merged.merging.ended, timeout=PATIENCE_MS):
        engine.hold = False
    assert try_button(merged).isEnabled()


def test_ctrl_enter_in_the_prompt_asks_and_does_not_merge(
    qtbot: QtBot, merged: MainWindow, engine: FakeEngine, models: FakeModels
) -> None:
    merged.merging.look_again()
    qtbot.waitUntil(lambda: merge_button(merged).isEnabled(), timeout=PATIENCE_MS)
    prompt = find(merged, QPlainTextEdit, "tryPromptEdit")
    prompt.setFocus()
    with qtbot.waitSignal(merged.playground.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(prompt, Qt.Key.Key_Return, CONTROL)
    assert len(models.requests) == 1
    assert len(engine.requests) == 1, "the merge from before"


def test_tab_leaves_the_prompt_and_reaches_every_control(qtbot: QtBot, merged: MainWindow) -> None:
    ask(qtbot, merged)
    prompt = find(merged, QPlainTextEdit, "tryPromptEdit")
    prompt.setFocus()
    reached: list[str] = []
    for _ in range(40):
        merged.focusNextPrevChild(True)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.objectName())
    wanted = ["tryButton", "tryBaseCheck", "tryLoadingCombo", "tryPrecisionCombo", "tryBaseAnswer", "tryMergedAnswer"]
    assert [name for name in dict.fromkeys(reached) if name in wanted] == wanted


def test_every_control_has_a_name_and_answers_say_whose_they_are(qtbot: QtBot, merged: MainWindow) -> None:
    ask(qtbot, merged)
    kinds = (QPlainTextEdit, QPushButton, QCheckBox, QComboBox, QSpinBox)
    controls = [one for kind in kinds for one in page(merged).findChildren(kind) if one.isVisible()]
    assert len(controls) > 12
    assert [one for one in controls if not one.accessibleName()] == []
    names = [find(merged, QPlainTextEdit, f"try{side.value.title()}Answer").accessibleName() for side in ALL_SIDES]
    assert names == ["Answer: Base", "Answer: Base + adapter, unmerged", "Answer: Merged"]


@pytest.mark.parametrize(("spoil", "reason"), [("sides", "at least one model"), ("prompt", "Type a prompt")])
def test_the_button_says_what_is_missing(qtbot: QtBot, merged: MainWindow, spoil: str, reason: str) -> None:
    if spoil == "sides":
        for side in ALL_SIDES:
            find(merged, QCheckBox, f"try{side.value.title()}Check").setChecked(False)
    else:
        page(merged).card.set_prompt(" \n")
    assert not try_button(merged).isEnabled()
    assert reason in try_button(merged).toolTip()


def test_the_forecast_says_what_is_needed(qtbot: QtBot, merged: MainWindow) -> None:
    status = page(merged).card.status
    assert status.plain == "Needs 800 MB of 20.0 GB free; the models are loaded one at a time."
    for name in ("tryBaseCheck", "tryUnmergedCheck"):
        find(merged, QCheckBox, name).setChecked(False)
    qtbot.waitUntil(lambda: status.plain == "Needs 800 MB of 20.0 GB free.", timeout=PATIENCE_MS)


def test_a_forecast_that_forbids_is_said_in_a_sentence(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    numbers = {"needed_bytes": 80 * 10**9, "available_bytes": 20 * 10**9}
    models.findings = (Finding(Code.TRIAL_TOO_LARGE, Severity.ERROR, numbers),)
    find(merged, QCheckBox, "tryBaseCheck").setChecked(False)
    qtbot.waitUntil(lambda: not try_button(merged).isEnabled(), timeout=PATIENCE_MS)
    assert "80.0 GB" in page(merged).card.status.plain
    assert page(merged).card.status.property("tone") == "error"


def test_one_side_that_fails_leaves_the_others(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    trouble = Finding(Code.OUT_OF_MEMORY, Severity.ERROR, {})

    def trial(request: TrialRequest) -> Trial:
        good = a_trial(request, models.texts)
        broken = an_answer(Side.UNMERGED, "", ended=Ended.FAILED, trouble=trouble, class_name="", loaded_as=None)
        return Trial(AnswerKind.TEXT, (good.answers[0], broken, good.answers[2]), good.differences[1:2])

    models.trial = trial
    ask(qtbot, merged)
    assert "memory" in answers(merged).cards[Side.UNMERGED].state.plain
    assert answers(merged).cards[Side.MERGED].text == models.texts[Side.MERGED]
    assert len(answers(merged).sentences) == 1


def test_what_nobody_foresaw_is_shown_with_details_and_forgotten_next_time(
    qtbot: QtBot, merged: MainWindow, models: FakeModels
) -> None:
    def broken(_: TrialRequest) -> Trial:
        raise RuntimeError("the lights went out")

    models.trial = broken
    ask(qtbot, merged)
    assert page(merged).failure.isVisible()
    assert "the lights went out" in page(merged).failure.sentence
    models.trial = None
    ask(qtbot, merged)
    assert not page(merged).failure.isVisible()


def test_closing_stops_what_runs_without_asking(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    start_and_hold(qtbot, merged, models)
    assert not merged.close(), "first the models stop"
    qtbot.waitUntil(lambda: not merged.isVisible(), timeout=PATIENCE_MS)
    assert not merged.playground.runner.running
    assert merged.findChildren(QMessageBox) == []


def test_another_merge_forgets_the_answers(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    start_and_hold(qtbot, merged, models)
    merged.result.turn_to(None)
    qtbot.waitUntil(lambda: not merged.playground.runner.running, timeout=PATIENCE_MS)
    assert answers(merged).sentences == []
    assert not answers(merged).cards[Side.BASE].isVisible()
    assert "not merged yet" in page(merged).about.plain


def test_a_device_is_chosen_only_where_there_is_a_choice(
    qtbot: QtBot, open_window: OpenWindow, models: FakeModels
) -> None:
    models.devices = (("cpu", "CPU"), ("cuda:0", "NVIDIA RTX 6000"))
    window = open_window()
    open_page(qtbot, window)
    combo = find(window, QComboBox, "tryDeviceCombo")
    qtbot.waitUntil(lambda: combo.isVisible(), timeout=PATIENCE_MS)
    combo.setCurrentIndex(1)
    ask(qtbot, window)
    assert models.requests[0].device == "cuda:0"


def test_no_device_is_offered_where_there_is_one(merged: MainWindow) -> None:
    assert not find(merged, QComboBox, "tryDeviceCombo").isVisible()


def test_prompts_are_remembered(qtbot: QtBot, open_window: OpenWindow, merged: MainWindow, settings: Settings) -> None:
    for prompt in ("你好吗？", "شو اسمك؟"):
        page(merged).card.set_prompt(prompt)
        ask(qtbot, merged)
    assert settings.prompts == ("شو اسمك؟", "你好吗？")
    other = open_window()
    assert page(other).card.prompt.toPlainText() == "شو اسمك؟"
    menu = page(other).findChild(QPushButton, "tryPromptsButton").menu()
    menu.aboutToShow.emit()
    offered = [action.toolTip() for action in menu.actions() if not action.isSeparator()]
    assert offered[:2] == ["شو اسمك؟", "你好吗？"]
    assert len(offered) > 4
    menu.actions()[1].trigger()
    assert page(other).card.prompt.toPlainText() == "你好吗？"


LONG = {
    Side.BASE: "这是一个很长的回答。" * 120,
    Side.UNMERGED: "هذا جواب طويل باللغة العربية. " * 60,
    Side.MERGED: "https://example.org/" + "a" * 900 + "\n\n" + "word " * 400,
}


@pytest.mark.parametrize("size", [(820, 520), (1280, 840), (1920, 1080)])
def test_long_answers_in_any_script_scroll_and_fit(
    qtbot: QtBot, merged: MainWindow, models: FakeModels, size: tuple[int, int]
) -> None:
    models.texts.update(LONG)
    merged.resize(*size)
    ask(qtbot, merged)
    assert_settles(qtbot, merged)
    cards = [answers(merged).cards[side] for side in ALL_SIDES]
    is_row = size[0] > 900
    assert len({card.y() for card in cards}) == (1 if is_row else 3)
    assert len({card.x() for card in cards}) == (3 if is_row else 1)
    for card in cards:
        assert card.view.verticalScrollBar().maximum() > 0
        assert not card.view.horizontalScrollBar().isVisible()
        assert card.text == models.texts[Side(card.view.objectName()[3:-6].lower())]
    arabic = answers(merged).cards[Side.UNMERGED].view.document().firstBlock()
    assert arabic.textDirection() is Qt.LayoutDirection.RightToLeft


def test_a_growing_answer_follows_its_end_unless_somebody_reads(qtbot: QtBot, merged: MainWindow) -> None:
    ask(qtbot, merged)
    view = answers(merged).cards[Side.BASE].view
    bar = view.verticalScrollBar()
    view.append_text("\nline" * 60)
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(3)
    view.append_text("\nline" * 10)
    assert bar.value() == 3


def test_one_answer_is_copied_to_the_letter(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    models.texts[Side.MERGED] = "no\u00a0break\tand tab"
    ask(qtbot, merged)
    answers(merged).cards[Side.MERGED].findChild(QToolButton).click()
    assert QApplication.clipboard().text() == "no\u00a0break\tand tab"


def test_everything_is_copied_as_markdown(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    models.texts[Side.BASE] = "```python\nprint()\n```"
    page(merged).card.set_prompt("Some code?")
    ask(qtbot, merged)
    find(merged, QPushButton, "tryCopyAllButton").click()
    copied = QApplication.clipboard().text()
    assert "**Prompt**\n\n```text\nSome code?\n```" in copied
    assert "````text\n```python\nprint()\n```\n````" in copied
    assert "**Base + adapter, unmerged** (`PeftModelForCausalLM`)" in copied
    assert "Merged and unmerged gave the same 12 tokens." in copied


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert fenced("a ```` b").startswith("`````text\n")
    assert fenced("plain") == "```text\nplain\n```"


def scored(task: AnswerKind, scores: dict[Side, tuple[Score, ...]], largest: float) -> Trial:
    made = tuple(an_answer(side, "", token_ids=(), ended=Ended.COMPLETE, scores=scores[side]) for side in ALL_SIDES)
    same = Difference(Side.MERGED, Side.UNMERGED, True, largest=0.0)
    return Trial(task, made, (same, Difference(Side.MERGED, Side.BASE, False, largest=largest)))


def test_classes_are_compared_in_a_table(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    tuned = (Score("good", 0.9), Score("bad", 0.1))
    trial = scored(
        AnswerKind.CLASSES,
        {Side.BASE: (Score("bad", 0.6), Score("good", 0.4)), Side.UNMERGED: tuned, Side.MERGED: tuned},
        0.5,
    )
    models.task, models.trial = AnswerKind.CLASSES, lambda _: trial
    find(merged, QCheckBox, "tryBaseCheck").toggle()
    find(merged, QCheckBox, "tryBaseCheck").toggle()
    qtbot.waitUntil(lambda: not find(merged, QSpinBox, "tryLongestSpin").isVisible(), timeout=PATIENCE_MS)
    ask(qtbot, merged)
    table = find(merged, QTableWidget, "tryScoresTable")
    rows = [[table.item(row, column).text() for column in range(4)] for row in range(table.rowCount())]
    assert rows == [["good", "40.0 %", "90.0 %", "90.0 %"], ["bad", "60.0 %", "10.0 %", "10.0 %"]]
    assert table.isVisible()
    assert not any(card.view.isVisible() for card in answers(merged).cards.values())
    assert answers(merged).sentences[:2] == [
        "Merged and unmerged give the same scores.",
        "The base differs by up to 50.0 percentage points: that is what the adapter does.",
    ]
    assert_settles(qtbot, merged)


def test_classes_of_tokens_stand_in_the_order_of_the_text(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    one = (Score("PER", 0.9, "Mira"), Score("O", 0.8, " sails"))
    other = (Score("O", 0.6, "Mira"), Score("O", 0.8, " sails"))
    trial = scored(AnswerKind.TOKEN_CLASSES, {Side.BASE: other, Side.UNMERGED: one, Side.MERGED: one}, 0.9)
    models.trial = lambda _: trial
    ask(qtbot, merged)
    table = find(merged, QTableWidget, "tryScoresTable")
    assert [table.item(0, column).text() for column in range(4)] == ["Mira", "O 60.0 %", "PER 90.0 %", "PER 90.0 %"]
    assert table.rowCount() == 2


def test_vectors_are_compared_by_their_cosine(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    made = tuple(an_answer(side, "", token_ids=(), embedding=(1.0, 0.0)) for side in ALL_SIDES)
    pairs = (
        Difference(Side.MERGED, Side.UNMERGED, True, cosine=1.0),
        Difference(Side.MERGED, Side.BASE, False, cosine=0.8231),
    )
    models.trial = lambda _: Trial(AnswerKind.EMBEDDING, made, pairs)
    ask(qtbot, merged)
    assert answers(merged).sentences[0] == "Merged and unmerged give the same vector."
    assert "cosine 0.8231" in answers(merged).sentences[1]


def test_the_answers_are_scrolled_into_sight(qtbot: QtBot, merged: MainWindow) -> None:
    merged.resize(820, 520)
    ask(qtbot, merged)
    card: QWidget = answers(merged).cards[Side.BASE]
    qtbot.waitUntil(lambda: not card.visibleRegion().isEmpty(), timeout=PATIENCE_MS)


def test_the_page_works_on_any_folder_that_was_checked(qtbot: QtBot, window: MainWindow, models: FakeModels) -> None:
    from mergedesk.domain.requests import AdapterChoice
    from mergedesk_gui.state.result_context import ResultContext

    subject = ResultContext(Path("/models/base"), (AdapterChoice(Path("/models/lora")),), Path("/models/merged"))
    window.result.turn_to(subject)
    assert window.playground.obstacle == ""
    window.playground.ask()
    qtbot.waitUntil(lambda: not window.playground.runner.running, timeout=PATIENCE_MS)
    assert models.requests[0].merged == Path("/models/merged")


def test_no_check_while_models_answer(qtbot: QtBot, merged: MainWindow, engine: FakeEngine, models: FakeModels) -> None:
    assert merged.verifying.can_verify_everything
    start_and_hold(qtbot, merged, models)
    assert not merged.commands.verify_everything.isEnabled()
    merged.verifying.verify_everything()
    assert engine.proofs == []
    stop_button(merged).click()
    qtbot.waitUntil(lambda: merged.commands.verify_everything.isEnabled(), timeout=PATIENCE_MS)


def test_no_answer_while_a_check_runs(qtbot: QtBot, merged: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    merged.verifying.verify_everything()
    assert not try_button(merged).isEnabled()
    assert "Wait" in try_button(merged).toolTip()
    with qtbot.waitSignal(merged.merging.ended, timeout=PATIENCE_MS):
        engine.hold = False
    assert try_button(merged).isEnabled()


def test_answers_go_along_when_the_report_is_saved(
    qtbot: QtBot, merged: MainWindow, models: FakeModels, tmp_path: Path
) -> None:
    page(merged).card.set_prompt("Who are you?")
    ask(qtbot, merged)
    models.texts[Side.MERGED] = "A captain!"
    ask(qtbot, merged)
    save_report(merged, tmp_path / "report.json")
    saved = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert saved["answers"] == [{"question": "Who are you?", "base": models.texts[Side.BASE], "merged": "A captain!"}]


def test_answers_of_another_folder_stay_out_of_the_report(qtbot: QtBot, merged: MainWindow, models: FakeModels) -> None:
    subject = merged.result.context
    assert subject is not None
    merged.result.turn_to(replace(subject, merged=Path("/models/other")))
    ask(qtbot, merged)
    assert len(models.requests) == 1
    report = merged.merging.report
    assert report is not None
    assert report.answers == ()
