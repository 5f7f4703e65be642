"""The manual's window: chapters, search, back and forward, links, looks, and the chapter that belongs to a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_finding, check
from window_helpers import find, get_ready, run_merge, wait_inspected

from mergedesk.domain.findings import Code, Severity
from mergedesk.domain.requests import MergeRequest
from mergedesk.planning.preflight import Preflight
from mergedesk_gui import renewal
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.manual.chapters import CHAPTERS
from mergedesk_gui.manual.manual_window import ManualWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode
from mergedesk_gui.state.preferences import Preferences
from mergedesk_gui.theme.appearance import ThemeName
from mergedesk_gui.wiring.manual_wiring import chapter_of, manual_of


@pytest.fixture
def manual(window: MainWindow) -> ManualWindow:
    """The manual, opened as a person does."""
    window.commands.manual.trigger()
    return opened(window)


@pytest.fixture
def as_before(dressed: QApplication) -> Iterator[None]:
    yield
    renewal.wear(replace(Preferences(), language="en"))
    dressed.setProperty("mergedesk-language", "")


def opened(window: MainWindow) -> ManualWindow:
    made = manual_of(window).window
    assert made is not None
    assert made.isVisible()
    return made


def shown(manual: ManualWindow) -> str:
    return manual.view.toPlainText()


def titles(manual: ManualWindow) -> list[str]:
    return [manual.list.item(row).text() for row in range(manual.list.count())]


def test_it_opens_at_the_first_chapter_with_its_contents(manual: ManualWindow) -> None:
    assert manual.chapter == "first-merge"
    assert shown(manual).startswith("Your first merge")
    assert len(titles(manual)) == len(CHAPTERS)
    assert manual.list.currentRow() == 0


def test_each_chapter_can_be_turned_to_by_keyboard(qtbot: QtBot, manual: ManualWindow) -> None:
    manual.list.setFocus()
    for number, name in enumerate(CHAPTERS):
        assert (manual.chapter, manual.list.currentRow()) == (name, number)
        assert shown(manual).startswith(titles(manual)[number])
        qtbot.keyClick(manual.list, Qt.Key.Key_Down)
    qtbot.keyClick(manual.list, Qt.Key.Key_Return)
    assert manual.focusWidget() is manual.view


def test_back_and_forward(qtbot: QtBot, manual: ManualWindow) -> None:
    back, forward = find(manual, QToolButton, "manualBackButton"), find(manual, QToolButton, "manualForwardButton")
    assert not back.isEnabled()
    manual.show_chapter("queue")
    back.click()
    assert (manual.chapter, manual.list.currentRow()) == ("first-merge", 0)
    forward.click()
    assert manual.chapter == "queue"
    qtbot.keyClick(manual, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert manual.chapter == "first-merge"


def test_search_finds_marks_and_says_how_many(qtbot: QtBot, manual: ManualWindow) -> None:
    qtbot.keyClick(manual, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(manual.field, "keyring")
    places = manual.list.count()
    assert places >= 2
    assert manual.found.text() == f"{places} places found."
    qtbot.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.chapter == "hub"
    marked = [one.cursor.selectedText() for one in manual.view.extraSelections()]  # type: ignore[attr-defined]
    assert marked == ["keyring"]
    assert manual.view.viewport().rect().contains(manual.view.cursorRect())
    manual.field.setText("xyzzy")
    assert (manual.list.count(), manual.found.text()) == (0, "Nothing was found.")
    manual.field.clear()
    assert len(titles(manual)) == len(CHAPTERS)
    assert not manual.found.isVisible()


def test_links_lead_to_chapters_or_by_click_to_the_browser(
    qtbot: QtBot, manual: ManualWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: asked.append(address.toString()) or True)
    manual.view.anchorClicked.emit(QUrl("refused.md"))
    assert manual.chapter == "refused"
    manual.view.anchorClicked.emit(QUrl("https://huggingface.co"))
    manual.view.anchorClicked.emit(QUrl("file:///etc/passwd"))
    manual.view.anchorClicked.emit(QUrl("javascript:alert(1)"))
    assert asked == ["https://huggingface.co"]
    assert manual.chapter == "refused"


def test_pictures_come_from_beside_the_chapter_and_fit_the_page(qtbot: QtBot, manual: ManualWindow) -> None:
    kind = QTextDocument.ResourceType.ImageResource.value
    for width in (700, 1000):
        manual.resize(width, 600)
        QApplication.processEvents()
        picture = manual.view.document().resource(kind, QUrl("ready.png"))
        assert 100 < picture.deviceIndependentSize().width() <= manual.view.viewport().width()
        assert not manual.view.horizontalScrollBar().isVisible()
    assert manual.view.loadResource(kind, QUrl("https://example.com/x.png")).isNull()
    assert manual.view.loadResource(kind, QUrl("../../icons/up.svg")).isNull()


def test_it_follows_language_colours_and_size(qtbot: QtBot, window: MainWindow, as_before: None) -> None:
    manual_of(window).show("queue")
    renewal.take(window, Preferences(language="de", theme=ThemeName.DARK, points=18))
    made = opened(window)
    assert made.windowTitle() == "Handbuch"
    assert made.chapter == "queue"
    assert shown(made).startswith("Warteschlange und Auftragsdateien")
    assert made.view.font().pointSize() == 18
    colour = made.view.grab().toImage().pixelColor(20, 4)
    assert colour.lightness() < 100
    renewal.take(window, Preferences(language="zh_CN"))
    assert shown(opened(window)).startswith("队列与任务文件")


def test_it_goes_with_the_window_and_comes_back(qtbot: QtBot, window: MainWindow, manual: ManualWindow) -> None:
    manual.close()
    assert manual_of(window).window is None
    window.commands.manual.trigger()
    assert opened(window) is not manual
    window.hide()
    assert manual_of(window).window is None


def refusing(code: Code) -> object:
    def findings(request: MergeRequest) -> Preflight:
        return replace(check(request), findings=(a_finding(code, Severity.ERROR),))

    return findings


def test_each_page_opens_its_chapter(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    assert chapter_of(window) == "first-merge"
    window.inputs.set_mode(Mode.VERIFY)
    assert chapter_of(window) == "verification"
    window.inputs.set_mode(Mode.MERGE)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    expected = {
        Page.RESULT: "verification",
        Page.EFFECT: "effect",
        Page.PLAYGROUND: "try-it",
        Page.DEPLOY: "gguf-ollama",
        Page.QUEUE: "queue",
    }
    for page, chapter in expected.items():
        window.results.show_page(page)
        if window.results.page is page:
            find(window, QToolButton, "pageHelpButton").click()
            assert opened(window).chapter == chapter
    assert chapter_of(window) == "queue"
    window.results.show_page(Page.PREFLIGHT)
    window.inputs.adapters.add()
    window.inputs.adapters.rows[1].set_folder("/models/second-lora")
    assert chapter_of(window) == "adapters"


@pytest.mark.parametrize(("code", "chapter"), [(Code.KEYS_UNMATCHED, "refused"), (Code.QUANTIZED_BASE, "packed-bases")])
def test_what_is_refused_opens_what_explains_it(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, code: Code, chapter: str
) -> None:
    window = open_window(backend=engine.backend(check=refusing(code)))
    window.inputs.base.set_folder("/models/Llama-3.2-1B-Instruct")
    window.inputs.adapter.set_folder("/models/pirate-lora")
    wait_inspected(qtbot, window)
    assert chapter_of(window) == chapter


def test_dialogs_open_their_chapter_by_its_key(qtbot: QtBot, window: MainWindow) -> None:
    for show, chapter in (
        (window.show_preferences, "keyboard"),
        (window.support.show_shortcuts, "keyboard"),
        (window.support.show_log, "privacy"),
        (window.support.show_about, "first-merge"),
    ):
        dialog = show()
        qtbot.waitUntil(dialog.isActiveWindow)
        qtbot.keyClick(dialog, Qt.Key.Key_F1)
        assert opened(window).chapter == chapter
        dialog.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_files_lie_where_the_installed_program_looks() -> None:
    import tomllib

    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried["assets/manual"] == "mergedesk_gui/assets/manual"
