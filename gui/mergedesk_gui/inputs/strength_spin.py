"""A number for how strongly an adapter counts."""

from __future__ import annotations

from ..state.form import MOST_STRENGTH
from ..widgets.steady import DecimalField

_STEP = 0.05
_DECIMALS = 4
_SHOWN_DECIMALS = 2


class StrengthSpin(DecimalField):
    """From -10 to 10, with at least two digits after the point."""

    def __init__(self) -> None:
        super().__init__()
        self.setDecimals(_DECIMALS)
        self.setRange(-MOST_STRENGTH, MOST_STRENGTH)
        self.setSingleStep(_STEP)
        self.setValue(1.0)

    def textFromValue(self, value: float) -> str:  # noqa: N802 (Qt's name)
        """``1.00``, ``0.125``."""
        whole, _, digits = f"{value:.{_DECIMALS}f}".partition(".")
        return f"{whole}.{digits.rstrip('0').ljust(_SHOWN_DECIMALS, '0')}"
