"""The page “Library”: what is on this computer, from the caches to the form."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from library_samples import ALONE, BASE, FIRST, LATER, LIBRARY, MERGED
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import PATIENCE_MS, drop, find, get_ready, start_merge

from mergedesk.domain.library import Library, LibraryPlaces
from mergedesk.inspection.look_through import look_through
from mergedesk_gui.library.library_page import LibraryPage
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.settings import Settings
from mergedesk_gui.widgets.page_tabs import PageTab, PageTabs


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(library=LIBRARY)


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> LibraryPage:
    window.commands.show_library.trigger()
    wait_looked(qtbot, window)
    return window.library.page


def wait_looked(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.library.looking, timeout=PATIENCE_MS)


def names(page: LibraryPage) -> list[str]:
    return [entry.name for entry in page.model.items]


def shown_buttons(page: LibraryPage) -> list[str]:
    return [button.text().strip() for button in page.details.buttons if not button.isHidden()]


def button(page: LibraryPage, name: str) -> QPushButton:
    return find(page, QPushButton, name)


def test_it_is_reached_by_key_and_from_the_first_page(qtbot: QtBot, window: MainWindow) -> None:
    assert window.commands.show_library.shortcut().toString() == "Ctrl+7"
    QTest.mouseClick(find(window, QPushButton, "welcomeLibraryButton"), Qt.MouseButton.LeftButton)
    assert window.results.page is Page.LIBRARY
    wait_looked(qtbot, window)
    assert names(window.library.page) == ["acme/Little-7B", "Little-pirate", "pirate/checkpoint-1500", "pirate/checkpoint-500", "poet"]  # fmt: skip # noqa: E501
    assert "1 model · 3 adapters · 1 merged here" in window.library.page.summary.text()


def test_columns_say_class_size_base_and_date(page: LibraryPage) -> None:
    row = names(page).index("pirate/checkpoint-500")
    cells = [page.model.index(row, column).data() for column in range(page.model.columnCount())]
    assert cells[:4] == ["pirate/checkpoint-500", "LoRA · rank 16", "30.0 MB", "Little-7B"]
    assert "24" in cells[4]
    assert str(FIRST.folder) in page.model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize("spoken", ["en", "de", "zh_CN"])
@pytest.mark.usefixtures("page")
def test_sizes_and_days_are_never_cut(qtbot: QtBot, window: MainWindow, spoken: str) -> None:
    from mergedesk_gui import renewal
    from mergedesk_gui.state.preferences import Preferences

    renewal.take(window, Preferences(language=spoken))
    try:
        wait_looked(qtbot, window)
        view = window.library.page.view
        for column in (2, 4):
            cells = [view.model().index(row, column) for row in range(len(LIBRARY.entries))]
            assert view.columnWidth(column) >= max(view.sizeHintForIndex(cell).width() for cell in cells)
    finally:
        renewal.take(window, Preferences(language="en"))
        wait_looked(qtbot, window)


def test_columns_are_sorted_by_worth(page: LibraryPage) -> None:
    page.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert names(page)[0] == "Little-pirate"
    assert names(page)[-1] == "poet"


def test_it_is_searched_and_narrowed_to_a_kind(page: LibraryPage) -> None:
    find(page, QLineEdit, "librarySearchEdit").setText("PIRATE lora")
    assert names(page) == ["pirate/checkpoint-1500", "pirate/checkpoint-500"]
    find(page, QLineEdit, "librarySearchEdit").setText("no such thing")
    assert names(page) == []
    assert not page.details.isVisible()
    button(page, "libraryShowAllButton").click()
    assert len(names(page)) == 5
    for name, expected in (
        ("libraryModelsButton", ["acme/Little-7B"]),
        ("libraryOnlyAdaptersButton", ["pirate/checkpoint-1500", "pirate/checkpoint-500", "poet"]),
        ("libraryMergedButton", ["Little-pirate"]),
    ):
        button(page, name).click()
        assert names(page) == expected


def test_an_adapter_leads_to_its_base_and_back(page: LibraryPage) -> None:
    button(page, "libraryOnlyAdaptersButton").click()
    page.go_to(FIRST.folder)
    button(page, "libraryBaseButton").click()
    assert page.selected == BASE
    assert "2 adapters on this computer were trained on it." in page.details.relation.plain
    button(page, "libraryAdaptersButton").click()
    assert names(page) == ["pirate/checkpoint-1500", "pirate/checkpoint-500"]
    button(page, "libraryShowAllButton").click()
    assert page.selected == BASE


def test_a_double_click_and_enter_fill_the_form(qtbot: QtBot, window: MainWindow, page: LibraryPage) -> None:
    page.go_to(BASE.folder)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert window.inputs.base.folder == BASE.folder
    assert "base model now" in page.notice.plain
    page.go_to(LATER.folder)
    place = page.view.visualRect(page.view.currentIndex()).center()
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [choice.folder for choice in window.inputs.choices.adapters] == [LATER.folder]
    assert window.results.page is Page.LIBRARY


def test_a_result_goes_to_what_is_verified(window: MainWindow, page: LibraryPage) -> None:
    window.inputs.set_mode(Mode.VERIFY)
    window.commands.show_library.trigger()
    page.go_to(MERGED.folder)
    button(page, "libraryUseButton").click()
    assert window.inputs.verify.merged.folder == MERGED.folder


def test_a_row_is_dragged_as_its_folder(qtbot: QtBot, window: MainWindow, page: LibraryPage) -> None:
    row = names(page).index("poet")
    index = page.model.index(row, 0)
    assert page.model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    data = page.model.mimeData([index, page.model.index(row, 1)])
    assert [url.toLocalFile() for url in data.urls()] == [str(ALONE.folder)]
    assert drop(window, *(Path(url.toLocalFile()) for url in data.urls()))
    qtbot.waitUntil(lambda: window.inputs.base.folder == ALONE.folder, timeout=PATIENCE_MS)  # this engine's model
    assert page.view.dragEnabled()
    assert not page.view.acceptDrops() or page.view.dragDropMode() is page.view.DragDropMode.DragOnly


def test_an_adapter_is_merged_with_its_base(qtbot: QtBot, window: MainWindow, page: LibraryPage) -> None:
    page.go_to(FIRST.folder)
    button(page, "libraryMergeButton").click()
    assert window.inputs.base.folder == BASE.folder
    assert [choice.folder for choice in window.inputs.choices.adapters] == [FIRST.folder]
    assert window.results.page is Page.PREFLIGHT


def test_a_base_that_is_not_here_is_told_and_offered(window: MainWindow, page: LibraryPage) -> None:
    page.go_to(ALONE.folder)
    assert "other/Big-70B, which is not on this computer" in page.details.relation.plain
    assert "Merge with its base" not in shown_buttons(page)
    button(page, "libraryHubButton").click()
    assert window.inputs.base.edit.text() == "other/Big-70B"
    assert [choice.folder for choice in window.inputs.choices.adapters] == [ALONE.folder]
    window.hub.stop()
    window.inputs.base.edit.clear()


def test_a_base_by_path_cannot_be_downloaded(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    engine.library = Library((replace(ALONE, base="/gone/model"),))
    window = open_window()
    window.commands.show_library.trigger()
    wait_looked(qtbot, window)
    assert "Get its base from the hub" not in shown_buttons(window.library.page)


@pytest.mark.qt_log_ignore("does not support")
def test_the_menu_offers_what_the_buttons_do(page: LibraryPage) -> None:
    page.go_to(FIRST.folder)
    page.view.customContextMenuRequested.emit(QPoint(5, 5))
    menu = find(page, QMenu, "libraryMenu")
    assert [action.text() for action in menu.actions()] == shown_buttons(page)
    next(action for action in menu.actions() if action.text() == "Copy path").trigger()
    assert QGuiApplication.clipboard().text() == str(FIRST.folder)
    menu.close()


def test_a_chosen_folder_is_taken_off_the_list(
    qtbot: QtBot, window: MainWindow, page: LibraryPage, settings: Settings, engine: FakeEngine
) -> None:
    page.go_to(BASE.folder)
    assert "Remove from the list" not in shown_buttons(page)
    page.go_to(FIRST.folder)
    button(page, "libraryRemoveButton").click()
    wait_looked(qtbot, window)
    assert settings.library_places.left_out == (FIRST.folder,)
    assert engine.places_kept[-1].left_out == (FIRST.folder,)
    settings.add_recent("adapter", FIRST.folder)
    assert settings.library_places.left_out == ()


def test_folders_are_added_and_forgotten(
    qtbot: QtBot, window: MainWindow, page: LibraryPage, settings: Settings, engine: FakeEngine, tmp_path: Path
) -> None:
    assert not button(page, "libraryFoldersButton").isVisible()
    window.library.add(tmp_path)
    wait_looked(qtbot, window)
    settings.save()
    assert Settings.in_file(tmp_path / "settings.ini").library_places.added == (tmp_path,)
    assert engine.places_kept[-1].added == (tmp_path,)
    assert button(page, "libraryFoldersButton").isVisible()
    page.forget_asked.emit(tmp_path)
    wait_looked(qtbot, window)
    assert settings.library_places.added == ()


def test_what_was_chosen_is_looked_into(settings: Settings) -> None:
    settings.add_recent("adapter", Path("/runs/a"))
    settings.add_recent("base", Path("/models/b"))
    assert set(settings.library_places.chosen) == {Path("/runs/a"), Path("/models/b")}


def test_an_empty_library_says_what_to_do(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    engine.library = Library(missing=(Path("/gone"),))
    window = open_window()
    window.commands.show_library.trigger()
    wait_looked(qtbot, window)
    page = window.library.page
    assert page._empty.isVisible()
    assert button(page, "libraryAddButton").isVisible()
    assert not page.view.isVisible()
    assert "/gone is not there now" in page._gaps.plain


def test_what_comes_is_shown_before_the_end(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    engine.hold = True
    window = open_window()
    window.commands.show_library.trigger()
    qtbot.waitUntil(lambda: names(window.library.page) == ["acme/Little-7B"], timeout=PATIENCE_MS)
    assert window.library.page.summary.text() == "Looking…"
    engine.hold = False
    wait_looked(qtbot, window)
    assert len(names(window.library.page)) == 5


def test_the_form_is_filled_while_a_merge_runs(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    get_ready(qtbot, window)
    window.commands.show_library.trigger()
    wait_looked(qtbot, window)
    engine.hold = True
    start_merge(qtbot, window)
    page = window.library.page
    before = window.inputs.choices
    assert page.details.use.isEnabled()
    page.view.opened.emit()
    assert window.inputs.choices != before
    assert window.jobs.running


def test_every_control_says_what_it_is(page: LibraryPage) -> None:
    assert page.view.accessibleName() == "Models and adapters on this computer"
    assert page.search.accessibleName() == "Search the library"
    role = Qt.ItemDataRole.AccessibleTextRole
    assert page.model.index(names(page).index("Little-pirate"), 0).data(role) == "Little-pirate, Merged here"
    assert QAccessible.queryAccessibleInterface(page.view) is not None


def test_by_keyboard_alone(qtbot: QtBot, window: MainWindow, page: LibraryPage) -> None:
    page.search.setFocus()
    QTest.keyClicks(page.search, "pirate/")
    for _ in range(12):
        if QApplication.focusWidget() is page.view:
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.view
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert [choice.folder for choice in window.inputs.choices.adapters] == [FIRST.folder]


def test_a_library_survives_another_language(qtbot: QtBot, window: MainWindow, page: LibraryPage) -> None:
    from mergedesk_gui import renewal
    from mergedesk_gui.state.preferences import Preferences

    renewal.take(window, Preferences(language="de"))
    try:
        assert window.results.page is Page.LIBRARY
        assert window.library.page is not page
        wait_looked(qtbot, window)
        assert len(names(window.library.page)) == 5
    finally:
        renewal.take(window, Preferences(language="en"))
        wait_looked(qtbot, window)


def test_tabs_become_symbols_before_they_become_a_list(qtbot: QtBot) -> None:
    names = ["Before the merge", "Result", "Queue", "Library"]
    holder = QWidget()
    qtbot.addWidget(holder)
    tabs = PageTabs("Pages", [PageTab(name, "model") for name in names])
    tabs.setParent(holder)
    for number in range(4):
        tabs.enable(number, True)
    holder.show()
    for width, words in ((600, 4), (280, 1)):
        tabs.resize(width, 40)
        assert sum(bool(tabs.bar.tabText(number)) for number in range(4)) == words
        assert sum(not tabs.bar.tabIcon(number).isNull() for number in range(4)) == 4 - words
        assert tabs.bar.isVisible()
        assert tabs.bar.sizeHint().width() <= width
    assert (tabs.bar.tabToolTip(0), tabs.bar.tabToolTip(3)) == ("", "Library")
    tabs.bar.setCurrentIndex(3)
    assert [tabs.bar.tabText(number) for number in range(4)] == ["", "", "", "Library"]
    assert [tabs.bar.accessibleTabName(number) for number in range(4)] == names
    tabs.resize(120, 40)
    assert tabs.list.isVisible()
    assert [tabs.list.itemText(number) for number in range(4)] == names


@pytest.mark.slow
@pytest.mark.alone
def test_the_window_never_waits_for_a_large_library(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of folders, files of gigabytes, circles: the event loop goes round at least every 60 ms."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "MODELSCOPE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HOME", str(tmp_path))
    _fill(tmp_path)
    window = open_window(backend=engine.backend(look_through=look_through))
    window.settings.set_added_folders([tmp_path / "runs"])
    window.commands.show_library.trigger()
    wait_looked(qtbot, window)
    assert len(window.library.page.library.entries) == 700
    # What else the computer does lengthens one or another.
    assert any(_longest_gap(qtbot, window) < 0.06 for _ in range(10))


def _longest_gap(qtbot: QtBot, window: MainWindow) -> float:
    """How long the event loop stood still at the most while a look began, went on and was shown."""
    gaps, last = [0.0], [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=0)
    timer.timeout.connect(tick)
    timer.start()
    window.library.look()
    wait_looked(qtbot, window)
    QTest.qWait(100)
    timer.stop()
    return max(gaps)


def _fill(home: Path) -> None:
    for number in range(300):
        repository = home / "hf" / "hub" / f"models--acme--Model-{number}"
        snapshot = repository / "snapshots" / "01"
        snapshot.mkdir(parents=True)
        (snapshot / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
        with (snapshot / "model.safetensors").open("wb") as weights:
            weights.truncate(1 << 36)
    for number in range(400):
        adapter = home / "runs" / f"run-{number // 4}" / f"checkpoint-{number % 4}"
        adapter.mkdir(parents=True)
        config = {"peft_type": "LORA", "r": 8, "base_model_name_or_path": f"acme/Model-{number % 300}"}
        (adapter / "adapter_config.json").write_text(json.dumps(config))
        (adapter / "adapter_model.safetensors").write_bytes(os.urandom(64))
    (home / "runs" / "circle").symlink_to(home / "runs")


def test_places_are_given_to_the_engine(page: LibraryPage, engine: FakeEngine) -> None:
    assert isinstance(engine.places_kept[-1], LibraryPlaces)
