"""The inputs of a verification: the folder that should be the merge, and how much of it is read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ..state.form import Form
from ..state.inspection import Inspection
from ..state.mode import FolderRole, Mode
from ..state.settings import Settings
from ..text.folder_text import describe_merged
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.folder_field import FolderField
from ..widgets.layouts import column, frame
from ..widgets.segments import Segment, Segments
from .fields import field_parts, options_heading

_QUICK, _FULL = "quick", "full"


class VerifyInputs(QWidget):
    """What a verification needs besides base and adapters."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.merged = FolderField(*field_parts(FolderRole.MERGED, settings))
        self._offered: Path | None = None
        meanings, titles = (
            [say(f"extent.{extent}.{part}") for extent in (_QUICK, _FULL)] for part in ("meaning", "title")
        )
        extents = list(zip((_QUICK, _FULL), meanings, strict=True))
        self.extent = ExplainedCombo(self.tr("How m&uch to read"), "extentCombo", extents, titles)
        heading = options_heading(self.tr("How to verify"))
        self.setLayout(column(self.merged, frame("rule"), heading, self.extent, spacing=2 * UNIT))
        self.merged.changed.connect(self.changed)
        self.extent.combo.currentIndexChanged.connect(self.changed)

    @property
    def quick(self) -> bool:
        """Whether samples will do."""
        return self.extent.value == _QUICK

    def set_choices(self, choices: Form) -> None:
        """Put remembered or given choices into the fields."""
        self.merged.set_folder(choices.merged)
        self.extent.choose(_QUICK if choices.quick else _FULL)

    def offer(self, made: Path) -> None:
        """Put in what was just made, unless the person has chosen another folder."""
        if self.merged.folder in (None, self._offered):
            self._offered = made
            self.merged.set_folder(made)

    def show_inspection(self, inspection: Inspection) -> None:
        """Say under the field what was found."""
        self.merged.describe(describe_merged(inspection))


def mode_switch() -> Segments:
    """The switch between merging and verifying."""
    object_names = {Mode.MERGE: "modeMergeButton", Mode.VERIFY: "modeCheckButton"}
    return Segments(
        say("mode.name"),
        [Segment(mode, say(f"mode.{mode}.name"), object_names[mode], say(f"mode.{mode}.meaning")) for mode in Mode],
    )
