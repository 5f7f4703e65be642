"""A strength as a number, and as a slider beside it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QSlider

from ..text.numbers import written
from .steady import DecimalField, steady

_STEP = 0.05
_DECIMALS = 4
_SHOWN_DECIMALS = 2
_SLIDER_MOST = 2.0


class StrengthSpin(DecimalField):
    """From ``-most`` to ``most``, with at least two digits after the point."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self.setDecimals(_DECIMALS)
        self.setRange(-most, most)
        self.setSingleStep(_STEP)
        self.setValue(1.0)

    @property
    def strength(self) -> float:
        """The number, without the noise of stepping in twentieths."""
        return round(self.value(), self.decimals())

    def textFromValue(self, value: float) -> str:  # noqa: N802 (Qt's name)
        """``1.00``, ``0.125``."""
        return strength_number(value)


def strength_number(value: float) -> str:
    """``1.00``, ``0.125``: a strength as its field writes it, with the decimal mark of the window's language."""
    whole, _, digits = f"{value:.{_DECIMALS}f}".partition(".")
    return written(f"{whole}.{digits.rstrip('0').ljust(_SHOWN_DECIMALS, '0')}")


class StrengthSlider(QSlider):
    """From none to twice as strong, in twentieths; its spin box takes more, and either follows the other."""

    def __init__(self, spin: StrengthSpin) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._spin = steady(spin)
        steady(self)
        self.setRange(0, round(_SLIDER_MOST / _STEP))
        self.setPageStep(5)
        self._follow(spin.value())
        self.valueChanged.connect(lambda steps: spin.setValue(round(steps * _STEP, _DECIMALS)))
        spin.valueChanged.connect(self._follow)

    def _follow(self, value: float) -> None:
        with QSignalBlocker(self):
            self.setValue(round(value / _STEP))
