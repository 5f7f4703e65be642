"""What the parts of the preferences are made of: a list to choose from under its name, a heading over some of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QLayout, QWidget

from ..state.preferences import Preferences
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import column
from ..widgets.mnemonics import without_mnemonic
from ..widgets.naming import named
from ..widgets.steady import steady

Change = Callable[[Callable[[Preferences], Preferences]], None]
"""Has a function make other preferences of those there are."""


def headed(heading: str, *parts: QWidget | QLayout) -> QLayout:
    """Parts below what they have in common."""
    return column(Text(heading, TextRole.HEADING), *parts, spacing=12)


def choice(
    name: str,
    object_name: str,
    choices: Sequence[tuple[object, str]],
    current: object,
    chosen: Callable[[object], None],
) -> QComboBox:
    """A list of values with their words, ``current`` being chosen; ``chosen`` is told of another."""
    combo = named(steady(QComboBox()), object_name, without_mnemonic(name))
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(12)
    for value, words in choices:
        combo.addItem(words, value)
    combo.setCurrentIndex(max(0, [value for value, _ in choices].index(current) if current in dict(choices) else 0))
    combo.setToolTip(combo.currentText())
    combo.currentTextChanged.connect(combo.setToolTip)
    combo.activated.connect(lambda index: chosen(combo.itemData(index)))
    return combo
