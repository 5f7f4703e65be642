"""The window without a mouse and without eyes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabBar,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, a_report
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

from mergedesk.domain.weight_delta import ModuleDelta, WeightDelta
from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.preferences import LANGUAGES, Preferences
from mergedesk_gui.widgets.labels import Text
from mergedesk_gui.widgets.layouts import scrolled

SPOKEN = (QLineEdit, QComboBox, QAbstractButton, QProgressBar, QTableWidget, QTabBar)
INSIDE_QT = ("qt_", "ScrollLeftButton", "ScrollRightButton")


def controls(window: MainWindow) -> list[QWidget]:
    found = [one for one in window.findChildren(QWidget) if isinstance(one, SPOKEN) and one.isVisible()]
    return [one for one in found if not one.objectName().startswith(INSIDE_QT) and not _is_part_of_table(one)]


def _is_part_of_table(widget: QWidget) -> bool:
    return isinstance(widget.parentWidget(), QTableWidget)


@pytest.mark.slow
def test_every_control_can_be_named(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    nameless = []
    for control in controls(window):
        text = control.text() if isinstance(control, QAbstractButton) else ""
        if not (control.accessibleName() or text):
            nameless.append(control)
    assert nameless == []


@pytest.mark.slow
def test_every_input_has_a_label_with_a_key_of_its_own(window: MainWindow) -> None:
    buddies = {label.buddy(): label.text() for label in window.findChildren(QLabel) if label.buddy()}
    for name in ("basePathEdit", "adapterPathEdit", "outputPathEdit", "precisionCombo", "engineCombo"):
        assert "&" in buddies[window.findChild(QWidget, name)]


def test_no_two_keys_collide(window: MainWindow) -> None:
    shortcuts = [
        action.shortcut().toString() for action in window.findChildren(QAction) if not action.shortcut().isEmpty()
    ]
    assert sorted(shortcuts) == sorted(set(shortcuts))
    assert {"Ctrl+O", "Ctrl+Shift+O", "Ctrl+Return", "Esc", "Ctrl+Q", "F1", "Ctrl+S"} <= set(shortcuts)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_two_letters_collide_on_any_page(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, language: str
) -> None:
    changed = WeightDelta((ModuleDelta("model.layers.0.self_attn.q_proj.weight", 10.0, 0.1, 0.2),), "bfloat16")
    engine.outcome = lambda request: a_report(request, effect=changed)
    renewal.take(window, replace(Preferences(), language=language))
    assert_letters_differ(window)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    for page in Page:
        window.results.show_page(page)
        assert window.results.page is page
        assert_letters_differ(window)
    renewal.take(window, replace(Preferences(), language="en"))


def assert_letters_differ(window: MainWindow) -> None:
    """Two controls with one letter would only take turns at the focus, and none of them be pressed."""
    menus = [action.text() for action in window.menuBar().actions()]
    labels = [label.text() for label in window.findChildren(QLabel) if label.buddy() and label.isVisible()]
    buttons = [one.text() for one in window.findChildren(QAbstractButton) if one.isVisible()]
    texts = [text for text in (*menus, *labels, *buttons) if "&" in text]
    letters = [text[text.index("&") + 1].lower() for text in texts]
    assert len(letters) > 8
    assert sorted(letters) == sorted(set(letters)), texts


def test_the_letter_of_merge_begins_a_merge(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    text = merge_button(window).text()
    with qtbot.waitSignal(window.merging.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(window, text[text.index("&") + 1].lower(), Qt.KeyboardModifier.AltModifier)


@pytest.mark.slow
def test_no_two_buttons_of_a_page_have_the_same_name(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    for page in list(Page)[1:]:
        window.results.show_page(page)
        qtbot.wait(50)
        (content,) = [area.widget() for area in window.results.findChildren(QScrollArea) if area.isVisible()][:1]
        said = [spoken(button) for button in content.findChildren(QPushButton) if button.isVisible()]
        assert sorted(said) == sorted(set(said)), page


def spoken(button: QPushButton) -> str:
    return button.accessibleName() or button.text().replace("&", "")


def test_every_command_is_in_the_menu(window: MainWindow) -> None:
    listed = [action for menu in window.menuBar().actions() for action in menu.menu().actions()]
    own = [action for action in window.commands.children() if isinstance(action, QAction)]
    assert len(own) >= 14
    assert all(action in listed for action in own)


def tab_through(window: MainWindow) -> list[str]:
    """The names of what the Tab key reaches, from the base field on."""
    find(window, QLineEdit, "basePathEdit").setFocus()
    reached: list[str] = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        name = focused.objectName() or focused.accessibleName()
        if reached and name == reached[0]:
            return reached
        reached.append(name)
        window.focusNextPrevChild(True)
    raise AssertionError("the Tab key runs in circles")


def test_the_tab_key_goes_from_top_to_bottom(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.inputs.advanced.button.click()
    order = tab_through(window)
    wanted = ["basePathEdit", "adapterPathEdit", "outputPathEdit", "precisionCombo", "engineCombo", "mergeButton"]
    assert [name for name in order if name in wanted] == wanted


def test_the_tab_key_leaves_the_tables(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    find(window, QPushButton, "showChecksButton").click()
    order = tab_through(window)
    assert {"checksTable", "filesTable"} <= set(order)


def test_a_whole_merge_without_a_mouse(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    base = find(window, QLineEdit, "basePathEdit")
    base.setFocus()
    qtbot.keyClicks(base, str(BASE))
    qtbot.keyClick(base, Qt.Key.Key_Return)
    adapter = find(window, QLineEdit, "adapterPathEdit")
    adapter.setFocus()
    qtbot.keyClicks(adapter, str(ADAPTER))
    wait_inspected(qtbot, window)
    engine.hold = True
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.jobs.running)
    with qtbot.waitSignal(window.merging.ended):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.outcome._cancelled.isVisible()
    wait_inspected(qtbot, window)
    engine.hold = False
    merge_button(window).setFocus()
    with qtbot.waitSignal(window.merging.ended):
        qtbot.keyClick(merge_button(window), Qt.Key.Key_Space)
    assert window.outcome.verification.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.results.preflight.isVisible()


def test_enter_inspects_at_once(qtbot: QtBot, window: MainWindow) -> None:
    base = find(window, QLineEdit, "basePathEdit")
    window.merging.inspector._delay.setInterval(60_000)
    qtbot.keyClicks(base, str(BASE))
    qtbot.keyClick(base, Qt.Key.Key_Return)
    wait_inspected(qtbot, window)


@pytest.mark.parametrize(("command", "field"), [("base", "basePathEdit"), ("adapter", "adapterPathEdit")])
def test_browsing_puts_the_folder_into_its_field(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, command: str, field: str
) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    getattr(window.commands, command).trigger()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    assert find(window, QLineEdit, field).text() == str(tmp_path)
    dialog.close()


def test_inputs_and_their_commands_stay_free_during_a_merge(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    actions = window.commands
    assert all(one.isEnabled() for one in (actions.base, actions.adapter, actions.output, actions.swap))
    assert actions.cancel.isEnabled()
    assert not actions.merge.isEnabled()
    window.merging.cancel()
    assert not actions.cancel.isEnabled()


def test_the_recent_folders_can_be_chosen_again(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    find(window, QLineEdit, "basePathEdit").setText("/models/Qwen")
    wait_inspected(qtbot, window)
    (button,) = [one for one in window.inputs.base.findChildren(QAbstractButton) if hasattr(one, "popupMode")][:1]
    menu = button.menu()
    menu.aboutToShow.emit()
    assert [action.toolTip() for action in menu.actions()][:2] == ["/models/Qwen", str(BASE)]
    menu.actions()[1].trigger()
    assert find(window, QLineEdit, "basePathEdit").text() == str(BASE)
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All that is read out while a screen reader listens."""
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    yield said
    QAccessible.setActive(was_active)


def test_modes_and_titles_and_lists_have_their_roles(window: MainWindow) -> None:
    def role(control: QWidget) -> QAccessible.Role:
        return QAccessible.queryAccessibleInterface(control).role()

    assert role(find(window, QPushButton, "modeMergeButton")) is QAccessible.Role.RadioButton
    titles = {label.plain: role(label) for label in window.results.welcome.findChildren(Text)}
    assert titles["Fold an adapter into its model"] is QAccessible.Role.Heading
    assert titles["Folders can be dropped anywhere on this window."] is QAccessible.Role.StaticText
    listed = QAccessible.queryAccessibleInterface(find(window, QComboBox, "precisionCombo"))
    assert (listed.text(QAccessible.Text.Name), listed.text(QAccessible.Text.Value)) == ("Precision", "auto")


def test_a_scroll_area_has_the_same_parts_with_and_without_its_scroll_bar(qtbot: QtBot) -> None:
    content = QWidget()
    area = scrolled(content, "page")
    qtbot.addWidget(area)
    area.resize(200, 200)
    area.show()
    spoken = QAccessible.queryAccessibleInterface(area)
    without, bar = spoken.childCount(), area.verticalScrollBar()
    assert not bar.isVisible()
    content.setMinimumHeight(2000)
    qtbot.waitUntil(bar.isVisible)
    assert spoken.childCount() == without
    assert spoken.child(0).object() is area.viewport()


def test_asking_for_a_part_that_is_gone_does_no_harm(qtbot: QtBot, window: MainWindow) -> None:
    """A reader counts parts in one message and asks for them in the next; reading past the end ends the program."""
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    for page in Page:
        window.results.prepare(page)
    assert len(window.findChildren(QScrollArea)) > len(Page)
    # Item views answer with a warning.
    asked = [one for one in window.findChildren(QWidget) if not isinstance(one, QAbstractItemView)]
    spoken = [QAccessible.queryAccessibleInterface(one) for one in asked]
    answers = [one.child(one.childCount() + beyond) for one in spoken for beyond in range(4)]
    assert all(one is None or one.isValid() for one in answers)


def test_a_wrong_folder_the_verdict_and_the_phases_are_read_out(
    qtbot: QtBot, window: MainWindow, heard: list[str]
) -> None:
    find(window, QLineEdit, "basePathEdit").setText(str(ADAPTER))
    wait_inspected(qtbot, window)
    assert heard == ["Base model: An adapter, not a full model"]
    get_ready(qtbot, window)
    assert heard[-1] == "Ready to merge"
    run_merge(qtbot, window)
    assert heard[-2:] == ["Merging the weights", "Merged and verified in 2.9 s."]
