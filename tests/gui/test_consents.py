"""What a merge does only if the person allows it: asked at the finding, seen, taken back, forgotten in time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import ORIGINAL, FakeEngine, OpenWindow, a_model
from window_helpers import (
    BASE,
    assert_settles,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.consents import Consent, changed, still_given
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.inspection import Inspection
from mergedesk_gui.text.finding_rows import rows_with_consents
from mergedesk_gui.text.messages import say
from mergedesk_gui.widgets.findings_view import FindingsView

PACKED = Path("/models/Llama-3.2-1B-Instruct-4bit")
PACKED_CACHED = Path("/models/Llama-3.2-1B-Instruct-4bit-cached")


def saying(*findings: Finding) -> Inspection:
    """What is known of a base about which these are found."""
    return Inspection(Form(base=BASE), base=a_model(BASE, findings=findings))


def box(window: MainWindow) -> QCheckBox:
    return find(window.results.preflight, QCheckBox, "dequantiseCheck")


def ask(qtbot: QtBot, window: MainWindow, base: Path = PACKED) -> None:
    fill_in(window, base)
    wait_inspected(qtbot, window)


@pytest.mark.slow
def test_a_quantized_base_is_refused_and_the_way_out_is_at_the_finding(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window)
    assert not merge_button(window).isEnabled()
    consent = box(window)
    qtbot.waitUntil(consent.isVisible)  # Qt shows what a layout was given when it is next idle
    assert not consent.isChecked()
    finding = consent.parentWidget()
    assert finding.accessibleName().startswith("Problem: The base is quantised (bitsandbytes 4-bit)")
    meaning = say("consent.dequantise.meaning")
    assert consent.accessibleDescription() == consent.toolTip() == meaning
    shown = [label.text() for label in finding.findChildren(QLabel) if label.isVisible()]
    assert meaning in shown, "what is allowed is read before it is allowed, without a mouse at rest"


@pytest.mark.slow
def test_consent_by_key_runs_the_checks_again_and_reaches_the_engine(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    ask(qtbot, window)
    box(window).setFocus()
    qtbot.keyClick(box(window), Qt.Key.Key_Space)
    assert not merge_button(window).isEnabled(), "nothing is known of this merge yet"
    wait_inspected(qtbot, window)
    assert box(window).isChecked(), "the consent stays in sight"
    assert box(window).hasFocus(), "and the keyboard where it was"
    assert merge_button(window).isEnabled()
    run_merge(qtbot, window)
    assert engine.requests[0].dequantize


@pytest.mark.slow
def test_a_consent_can_be_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window)
    box(window).click()
    wait_inspected(qtbot, window)
    box(window).click()
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    assert not box(window).isChecked()


@pytest.mark.slow
def test_a_consent_is_for_the_base_it_was_given_for(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window)
    box(window).click()
    wait_inspected(qtbot, window)
    find(window, QLineEdit, "adapterPathEdit").setText("/models/other-lora")
    wait_inspected(qtbot, window)
    assert merge_button(window).isEnabled(), "the adapter has nothing to do with it"
    find(window, QLineEdit, "basePathEdit").setText("/models/Qwen-4bit")
    wait_inspected(qtbot, window)
    assert not box(window).isChecked()
    assert not merge_button(window).isEnabled()
    ask(qtbot, window, PACKED)
    assert not box(window).isChecked(), "not even when the first one comes back"


@pytest.mark.slow
def test_a_consent_is_not_remembered_until_the_next_day(qtbot: QtBot, open_window: OpenWindow) -> None:
    first = open_window()
    ask(qtbot, first)
    box(first).click()
    wait_inspected(qtbot, first)
    first.close()
    second = open_window()
    wait_inspected(qtbot, second)
    assert second.inputs.base.folder == PACKED
    assert not box(second).isChecked()


def test_the_original_on_this_computer_is_one_click_away(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, PACKED_CACHED)
    use = find(window, QPushButton, "useOriginalButton")
    assert len(window.results.preflight.findings.texts) == 1, "that it was found is said by the offer"
    assert use.accessibleDescription() == str(ORIGINAL)
    qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    wait_inspected(qtbot, window)
    assert find(window, QLineEdit, "basePathEdit").text() == str(ORIGINAL)
    assert merge_button(window).isEnabled()


def test_an_original_that_is_not_here_is_not_offered(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window)
    assert window.findChildren(QPushButton, "useOriginalButton") == []


@pytest.mark.slow
def test_consents_stay_free_during_a_merge(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    ask(qtbot, window, PACKED_CACHED)
    box(window).click()
    wait_inspected(qtbot, window)
    start_merge(qtbot, window)
    assert box(window).isEnabled()
    assert find(window, QPushButton, "useOriginalButton").isEnabled()
    engine.hold = False
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert box(window).isEnabled()


def test_a_strength_can_be_stepped_without_the_page_flickering(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    title = window.results.preflight._title
    seen: list[str] = []
    window.merging.state_changed.connect(lambda: seen.append(title.plain))
    window.inputs.adapter.strength.setValue(0.5)
    wait_inspected(qtbot, window)
    assert set(seen) == {"Ready to merge"}


def test_a_consent_without_a_finding_stays_in_sight(qtbot: QtBot) -> None:
    view = FindingsView()
    qtbot.addWidget(view)
    changes: list[tuple[object, bool]] = []
    view.toggled.connect(lambda name, is_given: changes.append((name, is_given)))
    view.show_rows(rows_with_consents(saying(), frozenset({Consent.DEQUANTIZE})))
    left = find(view, QCheckBox, "dequantiseCheck")
    assert left.isChecked()
    left.click()
    assert changes == [(Consent.DEQUANTIZE, False)]


def test_a_report_offers_nothing_to_allow(qtbot: QtBot, window: MainWindow) -> None:
    assert window.outcome.verification.findChildren(QCheckBox) == []


@pytest.mark.parametrize("consent", Consent)
def test_every_consent_has_words_and_a_field_in_the_request(consent: Consent) -> None:
    assert all(say(f"consent.{consent}.{part}") for part in ("label", "meaning"))
    request = Form(base=PACKED, consents=frozenset({consent})).request(None)
    assert getattr(request, consent.name.lower()) is True
    assert getattr(Form(base=PACKED).request(None), consent.name.lower()) is False


def test_a_base_is_either_dequantized_or_stays_packed() -> None:
    both = changed(frozenset({Consent.DEQUANTIZE, Consent.FOLD_OWN}), Consent.KEEP_QUANTIZATION, is_given=True)
    assert both == {Consent.KEEP_QUANTIZATION, Consent.FOLD_OWN}
    assert changed(both, Consent.DEQUANTIZE, is_given=True) == {Consent.DEQUANTIZE, Consent.FOLD_OWN}
    assert changed(both, Consent.KEEP_QUANTIZATION, is_given=False) == {Consent.FOLD_OWN}


def test_the_finding_of_a_packed_base_offers_both_ways(qtbot: QtBot) -> None:
    view = FindingsView()
    qtbot.addWidget(view)
    data = {"method": "fp8", "original": "x"}
    view.show_rows(rows_with_consents(saying(Finding(Code.QUANTIZED_BASE, Severity.ERROR, data)), frozenset()))
    assert not find(view, QCheckBox, "dequantiseCheck").isChecked()
    assert not find(view, QCheckBox, "keep_quantizationCheck").isChecked()
    kept = frozenset({Consent.KEEP_QUANTIZATION})
    view.show_rows(rows_with_consents(saying(Finding(Code.PACKED_AGAIN, Severity.INFO, data)), kept))
    assert find(view, QCheckBox, "keep_quantizationCheck").isChecked()
    assert not find(view, QCheckBox, "accept_lossCheck").isChecked()


def test_what_was_allowed_for_an_adapter_ends_with_it() -> None:
    given = frozenset(Consent)
    assert still_given(given, same_base=True) == {Consent.DEQUANTIZE, Consent.KEEP_QUANTIZATION, Consent.FOLD_OWN}
    assert still_given(given, same_base=False) == frozenset()


@pytest.mark.slow
def test_a_resize_is_allowed_for_these_two_folders(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    fill_in(window, adapter=Path("/models/more-words-lora"))
    wait_inspected(qtbot, window)
    assert not merge_button(window).isEnabled()
    find(window.results.preflight, QCheckBox, "resize_vocabularyCheck").click()
    wait_inspected(qtbot, window)
    assert find(window.results.preflight, QCheckBox, "resize_vocabularyCheck").isChecked()
    window.inputs.adapter.strength.setValue(0.5)
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].resize_vocabulary
    find(window, QLineEdit, "adapterPathEdit").setText("/models/other-more-words-lora")
    wait_inspected(qtbot, window)
    assert not find(window.results.preflight, QCheckBox, "resize_vocabularyCheck").isChecked()
    assert not merge_button(window).isEnabled()


@pytest.mark.parametrize("size", [(820, 520), (1024, 700), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_question_fits_at_every_size(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    ask(qtbot, window, PACKED_CACHED)
    assert_settles(qtbot, window)
