"""How several adapters become one change."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.requests import Combination, CombinationMethod, MajoritySign

from ..state.form import MOST_SEED
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.labels import Text
from ..widgets.layouts import column, labelled
from ..widgets.naming import named
from ..widgets.steady import DecimalField, whole_number_field

_DENSITY_STEP = 0.05
_LEAST_DENSITY = 0.01


class CombinationPicker(QWidget):
    """The method, and only those of its numbers that count for it; each with what it does."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.method = ExplainedCombo(
            self.tr("Ho&w to combine"),
            "combinationCombo",
            [(method, say(f"combination.{method}.meaning")) for method in CombinationMethod],
            [say(f"combination.{method}.title") for method in CombinationMethod],
        )
        signs = [(sign, say(f"majority_sign.{sign}")) for sign in MajoritySign]
        self.sign = ExplainedCombo(self.tr("Majority sign"), "majoritySignCombo", signs)
        self.density = named(DecimalField(), "densitySpin", self.tr("Density"))
        self.density.setRange(_LEAST_DENSITY, 1.0)
        self.density.setSingleStep(_DENSITY_STEP)
        self.seed = named(whole_number_field(), "seedSpin", self.tr("Seed"))
        self.seed.setRange(0, MOST_SEED)
        self._density_part = explained(
            self.tr("Density"), self.density, self.tr("The share of each adapter's values that is kept.")
        )
        self._seed_part = explained(self.tr("Seed"), self.seed, self.tr("The same seed drops the same values again."))
        self.setLayout(column(self.method, self._density_part, self.sign, self._seed_part, spacing=UNIT))
        self.choose(Combination())
        self._connect()

    @property
    def combination(self) -> Combination:
        """What is chosen; numbers that do not count keep their usual values."""
        usual = Combination(CombinationMethod(self.method.value))
        return Combination(
            usual.method,
            round(self.density.value(), self.density.decimals()) if usual.prunes else usual.density,
            MajoritySign(self.sign.value) if usual.elects else usual.majority_sign,
            self.seed.value() if usual.draws else usual.seed,
        )

    def choose(self, combination: Combination) -> None:
        """Show ``combination``."""
        self.method.choose(combination.method)
        self.density.setValue(combination.density)
        self.sign.choose(combination.majority_sign)
        self.seed.setValue(combination.seed)
        self._show_numbers()

    def _connect(self) -> None:
        self.method.combo.currentIndexChanged.connect(self._on_changed)
        self.sign.combo.currentIndexChanged.connect(self._on_changed)
        self.density.valueChanged.connect(self._on_changed)
        self.seed.valueChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._show_numbers()
        self.changed.emit()

    def _show_numbers(self) -> None:
        method = Combination(CombinationMethod(self.method.value))
        self._density_part.setVisible(method.prunes)
        self.sign.setVisible(method.elects)
        self._seed_part.setVisible(method.draws)


def explained(name: str, control: QWidget, explanation: str) -> QWidget:
    """A control with its name above and what it does below."""
    control.setAccessibleDescription(explanation)
    lines = labelled(name, control, Text(explanation, TextRole.SMALL, "quiet"))
    lines.setAlignment(control, Qt.AlignmentFlag.AlignLeft)
    made = QWidget()
    made.setLayout(lines)
    return made
