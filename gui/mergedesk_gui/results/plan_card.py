"""What pressing the button will do, before it is pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from ..state.inspection import Inspection
from ..text.plan_text import plan_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, row

_ICON = 20


class PlanCard(QFrame):
    """Three promises with this job's own names and numbers; hidden while it could not start."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Text("", TextRole.HEADING)
        self._lines = tuple((IconLabel("proof", "quiet", _ICON), Text()) for _ in range(3))
        lines = (row(icon, text, spacing=12, grows=1) for icon, text in self._lines)
        self.setLayout(column(self._title, *lines, spacing=12, margin=2 * UNIT))

    def show_inspection(self, inspection: Inspection) -> None:
        """Fill in what is known."""
        plan = plan_of(inspection)
        self.setVisible(plan is not None)
        if plan is not None:
            self._title.setText(plan.title)
            for (icon, text), line in zip(self._lines, plan.lines, strict=True):
                icon.show_icon(line.icon, line.tone)
                text.setText(line.sentence)
