"""What pressing Verify will do, before it is pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from ..state.inspection import Inspection
from ..text.folder_text import describe_combination, sum_of
from ..text.merged_folder_text import merged_trouble
from ..text.readiness import errors_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.labels import Text
from ..widgets.layouts import column
from .plan_card import plan_line


class VerifyPlanCard(QFrame):
    """Three promises with this verification's own names; hidden while it could not start."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._question, self._read, self._answer = Text(), Text(), Text()
        lines = (
            plan_line("adapter", self._question),
            plan_line("model", self._read),
            plan_line("proof", self._answer),
        )
        title = Text(self.tr("What Verify will do"), TextRole.HEADING)
        self.setLayout(column(title, *lines, spacing=12, margin=2 * UNIT))

    def show_inspection(self, inspection: Inspection) -> None:
        """Fill in what is known."""
        choices, preflight = inspection.choices, inspection.preflight
        blocked = bool(errors_of(inspection.findings) or merged_trouble(inspection))
        possible = choices.verifies and preflight is not None and inspection.merged is not None and not blocked
        self.setVisible(possible)
        if not possible or choices.base is None or choices.merged is None:
            return
        self._question.setText(self._asked(inspection))
        quick = self.tr("Reads samples of every tensor of all folders. Nothing is loaded, changed or written.")
        full = self.tr("Reads every value of all folders, tensor by tensor. Nothing is loaded, changed or written.")
        self._read.setText(quick if choices.quick else full)
        self._answer.setText(
            self.tr("Says whether they match, and if not, why: in a sentence, and tensor by tensor in a table.")
        )

    def _asked(self, inspection: Inspection) -> str:
        choices = inspection.choices
        base, merged = choices.base, choices.merged
        made_of = sum_of([(one.folder.name, one.weight) for one in choices.adapters], base.name if base else "")
        how = describe_combination(choices.combination)
        text = self.tr("Asks whether {merged} is {sum}.")
        return text.format(merged=merged.name if merged else "", sum=f"{made_of} ({how})" if how else made_of)
