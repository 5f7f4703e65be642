"""What pressing Merge will do, before it is pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from mergedesk.domain.units import human_bytes

from ..state.form import Form
from ..state.inspection import Inspection
from ..text.folder_text import describe_combination, sum_of
from ..text.readiness import errors_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, row

_ICON = 20


class PlanCard(QFrame):
    """Three promises with this merge's own names and numbers; hidden while it could not start."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._read, self._written, self._proved = Text(), Text(), Text()
        lines = (
            plan_line("adapter", self._read),
            plan_line("output", self._written),
            plan_line("proof", self._proved),
        )
        title = Text(self.tr("What Merge will do"), TextRole.HEADING)
        self.setLayout(column(title, *lines, spacing=12, margin=2 * UNIT))

    def show_inspection(self, inspection: Inspection) -> None:
        """Fill in what is known."""
        base, preflight, output = inspection.base, inspection.preflight, inspection.output
        possible = preflight is not None and not errors_of(inspection.findings) and not inspection.choices.verifies
        self.setVisible(possible)
        if not possible or base is None or preflight is None or output is None:
            return
        name = base.class_name or base.path.name
        self._read.setText(self._reading(inspection.choices, name))
        size = human_bytes(preflight.predicted_bytes or 0)
        written = self.tr("Writes {size} into a hidden folder on the same disk as {folder}.")
        self._written.setText(written.format(size=size, folder=output))
        proved = self.tr("Proves the result by loading it as a plain {name}. Only then it gets its name.")
        self._proved.setText(proved.format(name=name))

    def _reading(self, choices: Form, name: str) -> str:
        adapters = sum_of((one.folder.name, one.weight) for one in choices.adapters)
        how = describe_combination(choices.combination)
        if not how:
            text = self.tr("Adds {adapters} to {name}. These folders are only read and stay as they are.")
            return text.format(adapters=adapters, name=name)
        text = self.tr("Combines {adapters} ({how}) and adds that to {name}. These folders stay as they are.")
        return text.format(adapters=adapters, how=how, name=name)


def plan_line(picture: str, text: Text) -> QHBoxLayout:
    """One promise with its picture."""
    return row(IconLabel(picture, "quiet", _ICON), text, spacing=12, grows=1)
