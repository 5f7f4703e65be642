"""What the precision would keep of the adapter, and how weights are rounded to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.precision_advice import PrecisionAdvice
from mergedesk.domain.requests import RoundingChoice, RoundingMode

from ..state.form import MOST_SEED
from ..text.messages import advice_text, say
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.labels import Text, set_tone
from ..widgets.layouts import column
from ..widgets.naming import named
from ..widgets.steady import whole_number_field
from .combination import explained


class RoundingPicker(QWidget):
    """The advice, and below it the rounding with its seed, where that counts."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.advice = Text("", TextRole.SMALL, "quiet")
        self.advice.setObjectName("precisionAdviceLabel")
        self.advice.hide()
        self.mode = ExplainedCombo(
            self.tr("Rounding"),
            "roundingCombo",
            [(mode, say(f"rounding.{mode}.meaning")) for mode in RoundingMode],
            [say(f"rounding.{mode}.title") for mode in RoundingMode],
        )
        self.seed = named(whole_number_field(), "roundingSeedSpin", self.tr("Seed of the rounding"))
        self.seed.setRange(0, MOST_SEED)
        self._seed_part = explained(
            self.tr("Seed"), self.seed, self.tr("The same seed rounds the same weights in the same way.")
        )
        self.setLayout(column(self.advice, self.mode, self._seed_part, spacing=UNIT))
        self._seed_part.hide()
        self.mode.combo.currentIndexChanged.connect(self._on_changed)
        self.seed.valueChanged.connect(self._on_changed)

    @property
    def choice(self) -> RoundingChoice:
        """What is chosen; a seed that does not count keeps its usual value."""
        mode = RoundingMode(self.mode.value)
        return RoundingChoice(mode, self.seed.value()) if RoundingChoice(mode).draws else RoundingChoice(mode)

    def choose(self, choice: RoundingChoice) -> None:
        """Show ``choice``."""
        self.mode.choose(choice.mode)
        self.seed.setValue(choice.seed)

    def show_advice(self, advice: PrecisionAdvice | None) -> None:
        """Say what precisions keep of the adapter; nothing where that is not known."""
        self.advice.show_or_hide(advice_text(advice) if advice else "")
        set_tone(self.advice, "warning" if advice and advice.loses else "quiet")

    def _on_changed(self) -> None:
        self._seed_part.setVisible(RoundingChoice(RoundingMode(self.mode.value)).draws)
        self.changed.emit()
