"""Colours that can be read, a scheme that follows the system, and layouts that hold at every size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_finding, a_model, all_checks, check
from window_helpers import assert_settles, find, get_ready, merge_button, run_merge, start_merge, wait_inspected

import mergedesk_gui
from mergedesk.domain.findings import Code, Severity
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.theme.colours import (
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    SCHEMES,
    Colours,
    colours_of,
    palette_of,
)
from mergedesk_gui.theme.icons import application_icon, assets_folder, pixmap
from mergedesk_gui.theme.stylesheet import stylesheet
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.widgets.file_dialogs import choose_folder
from mergedesk_gui.widgets.icons import IconLabel
from mergedesk_gui.widgets.labels import breakable
from mergedesk_gui.widgets.path_edit import PathEdit, elided_path

NAMES = ["light", "dark", "contrast light", "contrast dark"]
SIZES = [(900, 600), (1280, 800), (1920, 1080), (3840, 2160)]
LONG = Path("/mnt/share/projects/2026/a-very-long-name-for-a-folder-of-experiments/another-one-as-long-as-that")

# WCAG 2.2, levels AA: 4.5 for text, 3 for what is needed to make out a control.
TEXT_PAIRS = (
    [
        ("text", background)
        for background in ("window", "sidebar", "card", "field", "hover", "accent_soft", "warning_soft", "error_soft")
    ]
    + [
        ("quiet", background)
        for background in ("window", "sidebar", "card", "field", "hover", "warning_soft", "error_soft")
    ]
    + [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("accent", "card"),
        ("accent", "window"),
        ("accent", "accent_soft"),
        ("accent", "warning_soft"),
        ("accent", "error_soft"),
        ("success", "card"),
        ("success", "sidebar"),
        ("warning", "sidebar"),
        ("warning", "warning_soft"),
        ("error", "sidebar"),
        ("error", "card"),
        ("error", "error_soft"),
    ]
)
CONTROL_PAIRS = [("field_line", "field"), ("field_line", "sidebar"), ("field_line", "card"), ("accent", "line")]


def luminance(colour: str) -> float:
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture
def light_again(dressed: QApplication) -> Iterator[QApplication]:
    """The application, put back into the light scheme afterwards."""
    yield dressed
    dressed.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_can_be_read(scheme: Colours, front: str, back: str) -> None:
    wanted = 7 if scheme in (CONTRAST_LIGHT, CONTRAST_DARK) else 4.5
    assert contrast(getattr(scheme, front), getattr(scheme, back)) >= wanted


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
@pytest.mark.parametrize(("front", "back"), CONTROL_PAIRS)
def test_controls_can_be_made_out(scheme: Colours, front: str, back: str) -> None:
    assert contrast(getattr(scheme, front), getattr(scheme, back)) >= 3


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
def test_the_style_sheet_uses_only_the_schemes_colours(scheme: Colours) -> None:
    used = set(re.findall(r"#[0-9a-f]{6}", stylesheet(scheme)))
    assert used <= {getattr(scheme, field.name) for field in fields(scheme)}
    assert "$" not in stylesheet(scheme)


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
def test_a_palette_is_recognised_as_its_scheme(scheme: Colours) -> None:
    assert colours_of(palette_of(scheme)) is scheme


def test_every_icon_the_code_names_is_drawn() -> None:
    package = Path(mergedesk_gui.__file__).parent
    code = "\n".join(file.read_text(encoding="utf-8") for file in package.rglob("*.py"))
    icons = sorted((assets_folder() / "icons").glob("*.svg"))
    assert len(icons) > 15
    for file in icons:
        assert f'"{file.stem}"' in code or file.stem.startswith(("chevron", "tick")), f"{file.name} is not used"
        assert ElementTree.parse(file).getroot().tag.endswith("svg")
        drawn = pixmap(file.stem, "#ff0000", 32).toImage()
        assert any(drawn.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), f"{file.name} is empty"


def test_an_icon_takes_the_colour_asked_for() -> None:
    image = pixmap("pass", "#12ab34", 64).toImage()
    pixels = [image.pixelColor(x, y) for x in range(64) for y in range(64)]
    assert {pixel.name() for pixel in pixels if pixel.alpha() == 255} == {"#12ab34"}


def test_the_application_icon_has_every_size() -> None:
    assert {size.width() for size in application_icon().availableSizes()} == {16, 24, 32, 48, 64, 128, 256}


def background(window: MainWindow) -> str:
    """The colour the window's right side really has."""
    image: QImage = window.grab().toImage()
    return image.pixelColor(window.width() - 20, window.height() - 10).name()


@pytest.mark.slow
def test_the_window_follows_the_system_between_light_and_dark(
    qtbot: QtBot, window: MainWindow, light_again: QApplication
) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    icons = window.findChildren(IconLabel)
    before = [icon.pixmap().toImage() for icon in icons]
    assert background(window) == LIGHT.window
    light_again.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert background(window) == DARK.window
    assert all(icon.pixmap().toImage() != old for icon, old in zip(icons, before, strict=True))
    light_again.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert background(window) == LIGHT.window
    assert [icon.pixmap().toImage() for icon in icons] == before


@pytest.mark.slow
def test_a_dialog_is_dressed_like_its_window(qtbot: QtBot, window: MainWindow, light_again: QApplication) -> None:
    light_again.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    window.commands.help.trigger()
    (dialog,) = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window]
    assert dialog.grab().toImage().pixelColor(4, 4).name() == DARK.window
    dialog.close()


# Layout


def show_findings(engine: FakeEngine, open_window: OpenWindow) -> MainWindow:
    codes = (Code.KEYS_UNMATCHED, Code.WRONG_BASE_NAME, Code.SIZE_GROWS, Code.STREAMS)
    found = tuple(a_finding(code, Severity.WARNING) for code in codes)

    def with_findings(request):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return replace(check(request), findings=found)

    return open_window(backend=engine.backend(check=with_findings))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_state_fits_at_every_size(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, size: tuple[int, int]
) -> None:
    window = show_findings(engine, open_window)
    window.resize(*size)
    assert_settles(qtbot, window)
    get_ready(qtbot, window, LONG / "base-model-with-a-long-name", LONG / "pirate-lora")
    assert_settles(qtbot, window)
    engine.hold = True
    start_merge(qtbot, window)
    assert_settles(qtbot, window)
    with qtbot.waitSignal(window.merging.ended):
        engine.hold = False
    assert_settles(qtbot, window)
    assert window.width() == size[0], "the window must not grow by itself"
    for smaller in SIZES:
        window.resize(*smaller)
        assert_settles(qtbot, window)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_line_of_the_checks_is_shown_whole(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    find(window, QPushButton, "showChecksButton").click()
    qtbot.wait(20)
    table = find(window, QTableWidget, "checksTable")
    for row in range(table.rowCount()):
        room = QRect(0, 0, table.columnWidth(2) - 16, 10_000)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = table.fontMetrics().boundingRect(room, flags, table.item(row, 2).text()).height()
        assert table.rowHeight(row) >= needed
    assert table.viewport().height() >= sum(table.rowHeight(row) for row in range(table.rowCount()))


@pytest.mark.slow
def test_many_files_scroll_inside_their_table(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    from window_fakes import a_report

    from mergedesk.domain.merge_report import OutputFile

    files = tuple(OutputFile(f"model-{number:05}-of-00200.safetensors", 10**9) for number in range(200))
    engine.outcome = lambda request: a_report(request, files=files, checks=all_checks())
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    table = find(window, QTableWidget, "filesTable")
    assert table.rowCount() == 200
    assert table.height() <= 640


def test_a_path_too_long_keeps_its_folders_name(qtbot: QtBot) -> None:
    edit = PathEdit()
    qtbot.addWidget(edit)
    metrics = QFontMetrics(edit.font())
    short = elided_path("/mnt/share/projects/experiments/2026/pirate-lora", metrics, 200)
    assert short.startswith("/mnt")
    assert short.endswith("…/pirate-lora")
    assert metrics.horizontalAdvance(short) <= 200
    assert elided_path("/a/b", metrics, 200) == "/a/b"
    assert "…" in elided_path(str(LONG), metrics, 120)
    assert elided_path("C:\\models\\with\\many\\folders\\on\\the\\way\\lora", metrics, 180).endswith("…\\lora")


@pytest.mark.slow
def test_a_long_path_is_shown_whole_only_while_it_is_edited(qtbot: QtBot, window: MainWindow) -> None:
    edit = window.inputs.base.edit
    window.setFocus()
    edit.setText(str(LONG))
    assert edit.is_elided
    assert edit.toolTip() == str(LONG)
    assert edit.text() == str(LONG)
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    assert not edit.is_elided


def test_long_names_may_break_and_short_words_stay_whole() -> None:
    assert breakable("a short sentence") == "a short sentence"
    broken = breakable("at /models/llama-3.2-1b-instruct-with-a-long-name.")
    assert "\u200b" in broken
    assert broken.replace("\u200b", "") == "at /models/llama-3.2-1b-instruct-with-a-long-name."
    assert not broken.endswith("\u200b")


@pytest.mark.slow
def test_chinese_names_are_shown_as_they_are(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    base, adapter = Path("/家/模型/通义千问-1.5B"), Path("/家/适配器/诗词风格-lora")
    window = open_window(backend=engine.backend(inspect_folder=lambda path: _by_parent(path)))
    find(window, QLineEdit, "basePathEdit").setText(str(base))
    find(window, QLineEdit, "adapterPathEdit").setText(str(adapter))
    wait_inspected(qtbot, window)
    run_merge(qtbot, window)
    assert engine.requests[0].output == Path("/家/适配器/通义千问-1.5B-诗词风格-lora-merged")
    assert not merge_button(window).isEnabled()


def _by_parent(path: Path):  # type: ignore[no-untyped-def]
    from window_fakes import an_adapter

    return an_adapter(path) if path.parent.name == "适配器" else a_model(path)


def test_the_drop_hint_leaves_the_fields_in_sight(window: MainWindow) -> None:
    hint = window._drop_hint
    hint.appear()
    shown = QRect(hint.mapTo(window, QPoint(0, 0)), hint.size())
    base = find(window, QLineEdit, "basePathEdit")
    assert hint.isVisible()
    assert shown.width() > window.width() // 3
    assert not shown.intersects(QRect(base.mapTo(window, QPoint(0, 0)), base.size()))
    hint.hide()


def test_dialogs_have_no_pictures_of_qts_own(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """They are black in every scheme, and stay small beside large type."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window.setStyleSheet(
        "QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 1; }"
    )  # as desktops have it
    opened = (
        window.show_preferences(),
        dialogs.tell(window, "A sentence.", "A hint."),
        dialogs.ask(window, ("Title", "Question?", "Yes", "No"), "More.", lambda: None),
        choose_folder(window, "Title", str(tmp_path), lambda _folder: None),
    )
    for dialog in opened:
        buttons = [button for box in dialog.findChildren(QDialogButtonBox) for button in box.buttons()]
        assert buttons
        assert all(button.icon().isNull() for button in buttons), dialog
        dialog.close()
