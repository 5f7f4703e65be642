"""The page “Effect”: its map for eyes, mouse, keys and ears, in light and dark, and only where there is something."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from fresh_python import run_python
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QPushButton, QToolTip
from pytestqt.qtbot import QtBot
from window_fakes import a_match, a_report
from window_helpers import find

from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.verdict import ModuleVerdict
from mergedesk.domain.weight_delta import KeptShare, ModuleDelta, WeightDelta
from mergedesk.reports.heat_map_svg import RAMP
from mergedesk.reports.weight_delta_map import Quantity
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.result_context import ResultContext
from mergedesk_gui.theme.appearance import Theme
from mergedesk_gui.theme.colours import DARK, LIGHT
from mergedesk_gui.theme.stylesheet import apply_theme
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.widgets.heat_map import HeatMap
from mergedesk_gui.widgets.labels import Text
from mergedesk_gui.widgets.table import row_texts

REQUEST = MergeRequest(Path("/models/base"), (AdapterChoice(Path("/models/lora")),), Path("/models/out"))
KINDS = ("self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj")


def one(name: str, delta: float, kept: float = 0.71, better: float = 0.99) -> ModuleDelta:
    return ModuleDelta(name, 10.0, delta, delta / 8, KeptShare(kept, kept, better, 1.0))


def effect(kept: float = 0.71) -> WeightDelta:
    """v_proj of layer 2 is changed most, by 6 %."""
    modules = [
        one(f"model.layers.{layer}.{kind}.weight", 0.1 * (1 + layer) * (2 if "v_proj" in kind else 1), kept)
        for layer in range(3)
        for kind in KINDS
    ]
    return WeightDelta((*modules, one("lm_head.weight", 0.5, kept)), "bfloat16")


def experts() -> WeightDelta:
    names = [
        f"model.layers.{layer}.mlp.experts.{e}.w{k}.weight" for layer in range(2) for e in range(4) for k in (1, 2)
    ]
    return WeightDelta(tuple(one(name, 0.1 + number / 100) for number, name in enumerate(names)), "bfloat16")


def shown_map(window: MainWindow, found: WeightDelta | None) -> HeatMap:
    report = a_report(REQUEST, effect=found)
    window.result.turn_to(ResultContext(REQUEST.base, REQUEST.adapters, Path("/models/out"), report=report))
    window.results.show_page(Page.EFFECT)
    QApplication.processEvents()
    return window.effect.map


def middle_of(shown: HeatMap, cell: tuple[int, int]) -> QPointF:
    """The middle of all points that the map says are the cell's."""
    points = [QPointF(x, y) for x in range(0, shown.width(), 2) for y in range(0, shown.height(), 2)]
    inside = [point for point in points if shown.cell_at(point) == cell]
    return (inside[0] + inside[-1]) / 2


def text(window: MainWindow, name: str) -> str:
    return find(window, Text, name).plain


@pytest.fixture(autouse=True)
def light_again(dressed: QApplication) -> Iterator[None]:
    yield
    dressed.findChild(Theme).apply(Qt.ColorScheme.Light)


@pytest.mark.slow
def test_the_page_is_as_narrow_as_the_smallest_window_asks(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(820, 520)
    shown_map(window, experts())
    page = window.effect
    qtbot.waitUntil(lambda: page.width() < window.results.width())
    assert page.minimumSizeHint().width() <= page.width()


@pytest.mark.slow
def test_the_tab_is_there_only_with_something_to_show(window: MainWindow) -> None:
    shown_map(window, None)
    assert window.results.page is not Page.EFFECT
    shown_map(window, effect())
    assert window.results.page is Page.EFFECT
    window.result.turn_to(None)
    window.results.show_page(Page.PREFLIGHT)
    window.results.show_page(Page.EFFECT)
    assert window.results.page is Page.PREFLIGHT


def test_it_says_what_it_shows(window: MainWindow) -> None:
    shown = shown_map(window, effect())
    assert text(window, "effectHeadline") == (
        "The adapter changes layer 2's v_proj most: by 6 % of its weights' size. "
        "Attention changes more than the MLP: by 3.4 % against 2.2 %."
    )
    assert "bfloat16 keeps 71 % of this adapter's effect; float16 would keep 99 %." in text(window, "effectPrecision")
    assert (list(shown.chart.rows), list(shown.chart.columns)) == (["q_proj", "v_proj", "up_proj"], ["0", "1", "2"])
    words = [label.plain for label in window.effect.findChildren(Text)]
    assert any(one.startswith("lm_head.weight: changes by 5 %") for one in words)


def test_a_precision_that_keeps_all_is_no_warning(window: MainWindow) -> None:
    shown_map(window, effect(kept=0.999))
    assert text(window, "effectPrecision") == (
        "bfloat16 keeps 99.9 % of this adapter's effect; others would keep: float16 99 %, float32 100 %."
    )


def test_the_keys_walk_and_the_sentence_follows(qtbot: QtBot, window: MainWindow) -> None:
    shown = shown_map(window, effect())
    shown.setFocus()
    assert shown.cursor_cell == (1, 2)
    for key, modifier, cell in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (1, 2)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, (1, 1)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, (2, 1)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, (2, 1)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, (2, 0)),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, (2, 2)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier, (0, 2)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (0, 2)),
    ):
        qtbot.keyClick(shown, key, modifier)
        assert shown.cursor_cell == cell
        assert text(window, "effectCell") == shown.accessibleDescription()
    sentence = (
        "Layer 2, q_proj: changes by 3 % of its weights' size; a single weight by 0.0375 at most; bfloat16 keeps 71 %."
    )
    assert shown.accessibleDescription() == sentence
    assert shown.accessibleName() == "Heat map of layers and modules"


def mouse(shown: HeatMap, kind: QEvent.Type, place: QPointF) -> None:
    button = Qt.MouseButton.LeftButton if kind is QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    where = QPointF(shown.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(shown, QMouseEvent(kind, place, where, button, button, Qt.KeyboardModifier.NoModifier))


@pytest.mark.slow
def test_the_mouse_points_and_puts_the_cursor(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, words, _widget: told.append(words))
    shown = shown_map(window, effect())
    for cell in ((0, 0), (1, 1), (2, 2)):
        assert shown.cell_at(middle_of(shown, cell)) == cell
        mouse(shown, QEvent.Type.MouseButtonPress, middle_of(shown, cell))
        assert shown.cursor_cell == cell
    mouse(shown, QEvent.Type.MouseMove, middle_of(shown, (2, 0)))
    assert told[-1].startswith("Layer 0, up_proj: changes by 1 %")
    assert shown.cursor_cell == (2, 2)
    assert shown.cell_at(QPointF(2, 2)) is None


def test_the_switch_changes_what_is_drawn(window: MainWindow) -> None:
    shown = shown_map(window, effect())
    assert shown.chart.values[1, 2] == pytest.approx(6.0)
    find(window, QPushButton, f"effect_{Quantity.LARGEST}").click()
    assert shown.chart.values[1, 2] == pytest.approx(0.075)
    assert shown.chart.unit == ""
    find(window, QPushButton, f"effect_{Quantity.ROUNDED_AWAY}").click()
    assert shown.chart.values[1, 2] == pytest.approx(29.0)
    assert find(window, QPushButton, f"effect_{Quantity.UNMOVED}").isHidden()
    assert shown.cursor_cell == (1, 2)


def uneven(*changes: float) -> WeightDelta:
    modules = (one(f"model.layers.{layer}.self_attn.q_proj.weight", change) for layer, change in enumerate(changes))
    return WeightDelta(tuple(modules), "bfloat16")


@pytest.mark.slow
def test_colours_show_differences_and_say_so(window: MainWindow) -> None:
    shown = shown_map(window, uneven(0.310, 0.311, 0.312))
    assert [round(shown.chart.share(shown.chart.values[0, layer]), 3) for layer in range(3)] == [0.0, 0.5, 1.0]
    assert shown.chart.bar_words == ("3.12 %", "3.11 %", "3.1 %")
    said = text(window, "effectScaleLabel")
    assert "3.1 %" in said
    assert "3.12 %" in said
    assert "not how large they are" in said
    find(window, QPushButton, "effectScaleSizes").click()
    assert shown.chart.share(shown.chart.values[0, 0]) == pytest.approx(0.310 / 0.312)
    assert text(window, "effectScaleLabel") == "The colours go from 0 to 3.12 %."


@pytest.mark.slow
def test_values_that_are_all_the_same_are_not_spread(window: MainWindow) -> None:
    shown = shown_map(window, uneven(0.3, 0.3))
    assert {shown.chart.share(value) for value in shown.chart.values.values()} == {1.0}
    assert text(window, "effectScaleLabel") == "The colours go from 0 to 3 %."


@pytest.mark.slow
def test_the_table_is_sorted_and_goes_with_the_map(qtbot: QtBot, window: MainWindow) -> None:
    shown = shown_map(window, effect())
    view = window.effect.table.view
    rows = [row_texts(view, number) for number in range(view.model().rowCount())]
    assert rows[0] == ("Layer 2, v_proj", "6 %", "0.075", "29 %", "–")
    changes = [float(row[1].removesuffix(" %")) for row in rows]
    assert changes == sorted(changes, reverse=True)
    assert len(rows) == 9
    assert view.currentIndex().row() == 0
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert text(window, "effectCell").startswith(f"{rows[1][0]}: ")
    shown.go_to((0, 0))
    assert row_texts(view, view.currentIndex().row())[0] == "Layer 0, q_proj"
    find(window, QPushButton, f"effect_{Quantity.LARGEST}").click()
    assert view.horizontalHeader().sortIndicatorSection() == 1 + list(Quantity).index(Quantity.LARGEST)


def saved(window: MainWindow, button: str, file: Path) -> None:
    find(window, QPushButton, button).click()
    dialog = window.effect.findChild(QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    dialog.deleteLater()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


@pytest.mark.slow
def test_map_and_table_are_saved(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, *words: told.append(words))
    shown = shown_map(window, effect())
    picture(shown)  # has everything laid out
    size, at = shown.size(), middle_of(shown, (1, 2)).toPoint() * 2
    saved(window, "effectPictureButton", tmp_path / "map.png")
    image = QImage(str(tmp_path / "map.png"))
    assert image.size() == size * 2
    assert image.pixelColor(at).getRgb()[:3] == RAMP[-1]
    saved(window, "effectTableButton", tmp_path / "map.csv")
    with (tmp_path / "map.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["tensor"] for row in rows] == [module.name for module in effect().modules]
    values = rows[1]
    assert (values["layer"], values["module"], values["expert"]) == ("0", "self_attn.v_proj", "")
    assert (float(values["relative"]), float(values["kept_float16"])) == pytest.approx((0.02, 0.99))
    for button in ("effectPictureButton", "effectTableButton"):
        saved(window, button, tmp_path / "nowhere" / "file")
    assert len(told) == 2
    assert not (tmp_path / "nowhere").exists()


def test_experts_share_a_cell_and_can_be_seen_one_by_one(window: MainWindow) -> None:
    shown = shown_map(window, experts())
    assert list(shown.chart.rows) == ["w1", "w2"]
    shown.go_to((0, 1))
    assert text(window, "effectCell").endswith("4 experts together; one by one from 1.8 % to 2.4 %.")
    combo = find(window, QComboBox, "effectExperts")
    assert [combo.itemText(number) for number in range(3)] == ["All layers", "Experts of layer 0", "Experts of layer 1"]
    combo.setCurrentIndex(2)
    assert list(shown.chart.columns) == ["0", "1", "2", "3"]
    shown.go_to((1, 3))
    assert text(window, "effectCell").startswith("Layer 1, expert 3, w2: changes by 2.5 %")
    shown_map(window, effect())
    assert combo.isHidden()


def test_a_cell_that_is_left_alone_is_said_to_be(window: MainWindow) -> None:
    found = effect()
    shown = shown_map(window, replace(found, modules=found.modules[1:]))
    shown.go_to((0, 0))
    assert text(window, "effectCell") == "Layer 0, q_proj: the adapter does not change it."


def test_a_checked_merge_is_shown_too(window: MainWindow) -> None:
    modules = tuple(
        ModuleVerdict(f"model.layers.{n}.self_attn.q_proj.weight", "right", factor, 0.03, 1.0, 0.2)
        for n, factor in enumerate((1.0, 0.0, math.nan))
    )
    verdict = a_match(VerifyRequest(REQUEST.base, REQUEST.adapters, Path("/models/out")), modules=modules)
    subject = ResultContext(REQUEST.base, REQUEST.adapters, Path("/models/out"), verdict=verdict)
    window.result.turn_to(subject)
    window.results.show_page(Page.EFFECT)
    shown = window.effect.map
    assert dict(shown.chart.values) == pytest.approx({(0, 0): 3.0, (0, 1): 0.0})
    assert find(window, QPushButton, f"effect_{Quantity.LARGEST}").isHidden()
    assert find(window, Text, "effectPrecision").isHidden() or not find(window, Text, "effectPrecision").isVisible()
    find(window, QPushButton, f"effect_{Quantity.UNMOVED}").click()
    assert shown.chart.values[0, 0] == pytest.approx(20.0)
    assert replace(subject, report=a_report(REQUEST, effect=effect())).weight_delta == effect()


def picture(shown: HeatMap) -> QImage:
    for _ in range(5):
        QApplication.processEvents()
    return shown.grab().toImage()


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "colours"), [(Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)])
def test_it_is_drawn_in_the_theme_s_colours(
    scheme: Qt.ColorScheme, colours: object, dressed: QApplication, window: MainWindow
) -> None:
    dressed.findChild(Theme).apply(scheme)
    shown = shown_map(window, effect())
    image = picture(shown)
    assert image.pixelColor(1, 1).name() == colours.card  # type: ignore[attr-defined]
    most, least = (middle_of(shown, cell).toPoint() for cell in ((1, 2), (0, 0)))
    assert image.pixelColor(most).getRgb()[:3] == RAMP[-1]
    assert image.pixelColor(least).getRgb()[:3] != RAMP[-1]
    written = {image.pixelColor(x, y).name() for x in range(70) for y in range(image.height())}
    assert colours.text in written  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_page_follows_a_change_of_theme(dressed: QApplication, window: MainWindow) -> None:
    shown = shown_map(window, effect())
    dressed.findChild(Theme).apply(Qt.ColorScheme.Dark)
    apply_theme(window)
    assert picture(shown).pixelColor(1, 1).name() == DARK.card
    dressed.findChild(Theme).apply(Qt.ColorScheme.Light)
    apply_theme(window)
    assert picture(shown).pixelColor(1, 1).name() == LIGHT.card


def test_the_wheel_over_the_map_scrolls_the_page(window: MainWindow) -> None:
    shown = shown_map(window, effect())
    assert shown.childAt(QPoint(shown.width() // 2, shown.height() // 2)) is None


LARGE_TYPE, BETWEEN_NUMBERS = 24, 6  # points; pixels, more than between the digits of one


def test_large_type_has_its_room(dressed: QApplication, window: MainWindow) -> None:
    """No number at the top stands in another's way, and nothing sticks out of the map's own box."""
    many = tuple(one(f"model.layers.{layer}.self_attn.q_proj.weight", 0.1) for layer in range(64))
    shown = shown_map(window, WeightDelta(many, "bfloat16"))
    usual = shown.height()
    font = shown.font()
    font.setPointSize(LARGE_TYPE)
    shown.setFont(font)
    image = picture(shown)
    assert shown.height() > usual - 1
    edges = [*((x, y) for x in range(image.width()) for y in (0, image.height() - 1))]
    edges += [(x, y) for y in range(image.height()) for x in (0, image.width() - 1)]
    assert {image.pixelColor(x, y).name() for x, y in edges} == {LIGHT.card}
    line = range(shown.fontMetrics().height(), 2 * shown.fontMetrics().height())
    inked = [x for x in range(image.width()) if any(image.pixelColor(x, y).name() != LIGHT.card for y in line)]
    numbers = 1 + sum(after - before > BETWEEN_NUMBERS for before, after in pairwise(inked))
    assert numbers in [len(range(0, 64, step)) for step in (2, 5, 10, 20, 50)]


@pytest.mark.slow
def test_the_page_needs_no_numbers_library(tmp_path: Path) -> None:
    program = (
        "import json, sys\n"
        "from mergedesk_gui import app\n"
        "application = app.create_application()\n"
        "window = app.build_window()\n"
        "window.show()\n"
        "window.effect.map.grab()\n"
        "application.processEvents()\n"
        "print(json.dumps([name for name in ('numpy', 'torch') if name in sys.modules]))\n"
        "window.close()\n"
    )
    assert json.loads(run_python(program, XDG_CONFIG_HOME=str(tmp_path))) == []
