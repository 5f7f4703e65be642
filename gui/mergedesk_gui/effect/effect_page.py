"""“Effect”: what the adapter changes, as a map of layers and modules, and what the precision keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSignalBlocker
from PySide6.QtGui import QImageWriter, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from mergedesk.domain.folder_names import short_name
from mergedesk.domain.weight_delta import WeightDelta
from mergedesk.reports.weight_delta_map import (
    Quantity,
    WeightDeltaMap,
    effect_map,
    expert_map,
    known_quantities,
    layers_with_experts,
)

from ..state.result_context import ResultContext
from ..text.numbers import written
from ..text.weight_delta_text import cell_text, headline, place_text, precision_text, quantity_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.file_dialogs import save_file
from ..widgets.heat_map import Cell, Chart, HeatMap
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import Notice, Text, selectable
from ..widgets.layouts import column, frame, refill, row
from ..widgets.naming import named
from ..widgets.segments import Segment, Segments
from ..widgets.wrapping import SideBySide, WrapRow
from .effect_table import EffectRow, EffectTable

_MOST_APART = 12
# Percent that the map of losses reaches to at least.
_LEAST_LOSS = 20.0
_LEAST_BESIDE = 460
_DIFFERENCES, _SIZES = "differences", "sizes"


class EffectPage(QWidget):
    """The page. What it shows is worked out when it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("effectPage")
        self._effect: WeightDelta | None = None
        self._folder: Path | None = None
        self._delta_map: WeightDeltaMap | None = None
        self._headline = named(selectable(Text("", TextRole.HEADING)), "effectHeadline")
        self._precision = named(selectable(Text("")), "effectPrecision")
        self._icon = IconLabel("info", "accent", 18)
        self._explanation = Text("", tone="quiet")
        self._cell = named(selectable(Text("", TextRole.STRONG)), "effectCell")
        self.map = HeatMap(self._words_of, self.tr("Heat map of layers and modules"))
        self.map.moved.connect(self._on_moved)
        self.table = EffectTable()
        self.table.chosen.connect(self.map.go_to)
        self._hint = Text(self.tr("The arrow keys and the mouse move over the map."), TextRole.SMALL, tone="quiet")
        self._quantities = self._make_quantities()
        self._scale = self._make_scale()
        self._scale_words = named(Text("", TextRole.SMALL, tone="quiet"), "effectScaleLabel")
        self._notice = Notice()
        self._layers = named(QComboBox(), "effectExperts", self.tr("Layers, or the experts of one"))
        self._layers.currentIndexChanged.connect(self._draw)
        self._apart = column(spacing=UNIT)
        self._lay_out()

    def show_context(self, context: ResultContext | None) -> None:
        """Show another merge's effect."""
        effect = context.weight_delta if context else None
        if effect == self._effect:
            return
        self._effect, self._folder = effect, context.merged if context else None
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Bring everything up to date."""
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        effect = self._effect
        if effect is None:
            return
        delta_map = effect_map(effect)
        self._headline.setText(headline(effect, delta_map))
        words, warns = precision_text(effect)
        self._precision.setText(words)
        self._precision_line.setVisible(bool(words))
        self._icon.show_icon("warning" if warns else "info", "warning" if warns else "accent")
        self._offer_quantities(effect)
        self._offer_experts(effect)
        self._show_apart(delta_map)
        self._details.setVisible(bool(delta_map.cells))
        self._draw()

    def _offer_quantities(self, effect: WeightDelta) -> None:
        known = known_quantities(effect)
        self._quantities.offer(known)
        if known and Quantity(self._quantities.value) not in known:
            self._quantities.choose(known[0])

    def _offer_experts(self, effect: WeightDelta) -> None:
        layers = layers_with_experts(effect)
        with QSignalBlocker(self._layers):
            self._layers.clear()
            self._layers.addItem(self.tr("All layers"), None)
            for layer in layers:
                self._layers.addItem(self.tr("Experts of layer {layer}").format(layer=layer), layer)
        self._layers.setVisible(bool(layers))

    def _show_apart(self, delta_map: WeightDeltaMap) -> None:
        precision = self._effect.precision if self._effect else ""
        sentences = [cell_text(module.name, [module], precision) for module in delta_map.apart[:_MOST_APART]]
        shown: list[QWidget] = [selectable(Text(sentence)) for sentence in sentences]
        if more := len(delta_map.apart) - len(shown):
            words = self.tr("And {count} more; the report names them all.").format(count=more)
            shown.append(Text(words, tone="quiet"))
        refill(self._apart, shown)
        self._apart_card.setVisible(bool(delta_map.apart))

    def _draw(self) -> None:
        effect, layer = self._effect, self._layers.currentData()
        if effect is None:
            return
        delta_map = effect_map(effect) if layer is None else expert_map(effect, layer)
        self._delta_map = delta_map
        quantity = Quantity(self._quantities.value)
        self._explanation.setText(quantity_text(quantity)[1])
        known = known_quantities(effect)
        values = {one: _in_percent(one, delta_map.values(one)) for one in known}
        rows = [
            EffectRow(
                cell, place_text(delta_map, *cell, layer), {one: of[cell] for one, of in values.items() if cell in of}
            )
            for cell in delta_map.cells
        ]
        self.table.show_rows(rows, known, quantity)
        across = self.tr("Layer") if layer is None else self.tr("Expert")
        chart = _chart(delta_map, quantity, values.get(quantity, {}), across)
        chart = replace(chart, apart=self._scale.value == _DIFFERENCES, written=written)
        self.map.show_chart(chart)
        self._scale_words.setText(self._words_of_scale(chart))

    def _words_of_scale(self, chart: Chart) -> str:
        least, most = chart.ends
        if chart.shows_differences:
            sentence = self.tr(
                "The colours go from the smallest value here, {least}, to the largest, {most}. They show where values "
                "differ, however little, and not how large they are."
            )
            return sentence.format(least=least, most=most)
        return self.tr("The colours go from 0 to {most}.").format(most=most)

    def _on_moved(self, cell: Cell) -> None:
        self._cell.setText(self._words_of(cell))
        self.table.go_to(cell)

    def _save_picture(self) -> None:
        def write(file: Path) -> None:
            writer = QImageWriter(str(file), QByteArray(b"png"))
            if not writer.write(self.map.picture()):
                raise OSError(writer.errorString())

        kinds = {"png": self.tr("Picture")}
        save_file(self, self.tr("Save picture"), self._proposed(), kinds, write, self._notice.say)

    def _save_table(self) -> None:
        effect = self._effect

        def write(file: Path) -> None:
            from mergedesk.reports.weight_delta_csv import weight_delta_csv

            file.write_text(weight_delta_csv(effect) if effect else "", encoding="utf-8", newline="")

        kinds = {"csv": self.tr("Table")}
        save_file(self, self.tr("Save table"), self._proposed(), kinds, write, self._notice.say)

    def _proposed(self) -> Path:
        """The name of a file beside the model, without an ending."""
        folder = self._folder or Path.home() / "model"
        return folder.parent / f"{short_name(folder)}-effect"

    def _words_of(self, cell: Cell) -> str:
        delta_map, effect = self._delta_map, self._effect
        if delta_map is None or effect is None or cell[0] >= len(delta_map.kinds) or cell[1] >= len(delta_map.columns):
            return ""
        place = place_text(delta_map, *cell, self._layers.currentData())
        return cell_text(place, delta_map.cells.get(cell, ()), effect.precision)

    def _make_quantities(self) -> Segments:
        words = {quantity: quantity_text(quantity) for quantity in Quantity}
        segments = [Segment(quantity, label, f"effect_{quantity}", tip) for quantity, (label, tip) in words.items()]
        made = Segments(self.tr("What the map shows"), segments, wraps=True)
        made.changed.connect(self._draw)
        return made

    def _make_scale(self) -> Segments:
        apart = self.tr("From the smallest value to the largest: shows differences")
        whole = self.tr("From nothing to the largest value: shows sizes")
        segments = [
            Segment(_DIFFERENCES, self.tr("Differences"), "effectScaleDifferences", apart),
            Segment(_SIZES, self.tr("Sizes"), "effectScaleSizes", whole),
        ]
        made = Segments(self.tr("What the colours show"), segments, wraps=True)
        made.changed.connect(self._draw)
        return made

    def _lay_out(self) -> None:
        line = row(self._icon, self._precision, spacing=UNIT, margin=12, grows=1)
        self._precision_line = frame("offer", line)
        hero = frame("card", column(self._headline, self._precision_line, spacing=12, margin=2 * UNIT))
        switch = WrapRow(self._quantities, self._scale, self._layers, spacing=2 * UNIT)
        parts = (switch, self._explanation, self.map, self._scale_words, self._cell, self._hint)
        card = frame("card", column(*parts, self._make_actions(), self._notice, spacing=12, margin=2 * UNIT))
        self._details = SideBySide(card, self.table, least=_LEAST_BESIDE, shares=(3, 2), high=False)
        title = Text(self.tr("Outside of the layers"), TextRole.HEADING)
        self._apart_card: QFrame = frame("card", column(title, self._apart, spacing=UNIT, margin=2 * UNIT))
        self.setLayout(column(hero, self._details, self._apart_card, spacing=2 * UNIT))

    def _make_actions(self) -> QWidget:
        picture = IconButton(self.tr("Save pic&ture…"), "save", clicked=self._save_picture)
        table = IconButton(self.tr("Save tab&le…"), "save", clicked=self._save_table)
        return WrapRow(named(picture, "effectPictureButton"), named(table, "effectTableButton"))


def _in_percent(quantity: Quantity, values: Mapping[Cell, float]) -> dict[Cell, float]:
    """Shares as percent; the largest change of a weight is none."""
    return {cell: value * (1 if quantity is Quantity.LARGEST else 100) for cell, value in values.items()}


def _rows(
    delta_map: WeightDeltaMap, values: Mapping[Quantity, Mapping[Cell, float]], expert_layer: int | None
) -> list[EffectRow]:
    def of(cell: Cell) -> dict[Quantity, float]:
        return {quantity: there[cell] for quantity, there in values.items() if cell in there}

    return [EffectRow(cell, place_text(delta_map, *cell, expert_layer), of(cell)) for cell in delta_map.cells]


def _chart(delta_map: WeightDeltaMap, quantity: Quantity, values: Mapping[Cell, float], across: str) -> Chart:
    names = [kind.label for kind in delta_map.kinds], [str(number) for number in delta_map.columns]
    least_top = _LEAST_LOSS if quantity in (Quantity.ROUNDED_AWAY, Quantity.UNMOVED) else 0.0
    return Chart(*names, values, across, "" if quantity is Quantity.LARGEST else " %", least_top)
