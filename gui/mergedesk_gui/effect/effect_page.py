"""“Effect”: what the adapter changes, as a map of layers and modules, and what the precision keeps of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

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
from ..text.weight_delta_text import cell_text, headline, place_text, precision_text, quantity_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.heat_map import Cell, Chart, HeatMap
from ..widgets.icons import IconLabel
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, frame, refill, row
from ..widgets.naming import named
from ..widgets.segments import Segment, Segments

_MOST_APART = 12
# Percent that the map of losses reaches to at least.
_LEAST_LOSS = 20.0


class EffectPage(QWidget):
    """The page. What it shows is worked out when it is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("effectPage")
        self._effect: WeightDelta | None = None
        self._delta_map: WeightDeltaMap | None = None
        self._headline = named(selectable(Text("", TextRole.HEADING)), "effectHeadline")
        self._precision = named(selectable(Text("")), "effectPrecision")
        self._icon = IconLabel("info", "accent", 18)
        self._explanation = Text("", tone="quiet")
        self._cell = named(selectable(Text("", TextRole.STRONG)), "effectCell")
        self.map = HeatMap(self._words_of, self.tr("Heat map of layers and modules"))
        self.map.moved.connect(lambda cell: self._cell.setText(self._words_of(cell)))
        self._hint = Text(self.tr("The arrow keys and the mouse move over the map."), TextRole.SMALL, tone="quiet")
        self._quantities = self._make_quantities()
        self._layers = named(QComboBox(), "effectExperts", self.tr("Layers, or the experts of one"))
        self._layers.currentIndexChanged.connect(self._draw)
        self._apart = column(spacing=UNIT)
        self._lay_out()

    def show_context(self, context: ResultContext | None) -> None:
        """Show another merge's effect."""
        effect = context.weight_delta if context else None
        if effect == self._effect:
            return
        self._effect = effect
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
        self._map_card.setVisible(bool(delta_map.cells))
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
        if self._effect is None:
            return
        layer = self._layers.currentData()
        delta_map = effect_map(self._effect) if layer is None else expert_map(self._effect, layer)
        self._delta_map = delta_map
        quantity = Quantity(self._quantities.value)
        self._explanation.setText(quantity_text(quantity)[1])
        is_share = quantity is not Quantity.LARGEST
        values = {cell: value * (100 if is_share else 1) for cell, value in delta_map.values(quantity).items()}
        across = self.tr("Layer") if layer is None else self.tr("Expert")
        names = [kind.label for kind in delta_map.kinds], [str(number) for number in delta_map.columns]
        least_top = _LEAST_LOSS if quantity in (Quantity.ROUNDED_AWAY, Quantity.UNMOVED) else 0.0
        self.map.show_chart(Chart(*names, values, across, " %" if is_share else "", least_top))

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

    def _lay_out(self) -> None:
        line = row(self._icon, self._precision, spacing=UNIT, margin=12, grows=1)
        self._precision_line = frame("offer", line)
        hero = frame("card", column(self._headline, self._precision_line, spacing=12, margin=2 * UNIT))
        switch = row(self._quantities, None, self._layers, spacing=2 * UNIT)
        parts = (switch, self._explanation, self.map, self._cell, self._hint)
        self._map_card: QFrame = frame("card", column(*parts, spacing=12, margin=2 * UNIT))
        title = Text(self.tr("Outside of the layers"), TextRole.HEADING)
        self._apart_card: QFrame = frame("card", column(title, self._apart, spacing=UNIT, margin=2 * UNIT))
        self.setLayout(column(hero, self._map_card, self._apart_card, spacing=2 * UNIT))
