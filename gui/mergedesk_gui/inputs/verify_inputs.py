"""The inputs of a verification: the folder that should be the merge, and how much of it is read."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLabel, QWidget

from ..state.folder_roles import FolderRole
from ..state.form import Form
from ..state.inspection import Inspection
from ..state.mode import Mode
from ..state.settings import Settings
from ..text.merged_folder_text import describe_merged
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, set_type
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.folder_field import FieldTexts, FolderField
from ..widgets.icons import IconLabel
from ..widgets.layouts import column, frame, row
from ..widgets.segments import Segment, Segments
from .recent import recent_folders

_QUICK, _FULL = "quick", "full"


class VerifyInputs(QWidget):
    """What a verification needs besides base and adapters."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.merged = FolderField(self._merged_texts(), "mergedPathEdit", recent_folders(settings, FolderRole.MERGED))
        self.extent = ExplainedCombo(self.tr("How m&uch to read"), "extentCombo", self._depths(), self._depth_titles())
        heading = QLabel(self.tr("How to verify"))
        set_type(heading, TextRole.HEADING)
        how = row(IconLabel("tune", "accent", 20), heading, None)
        self.setLayout(column(self.merged, frame("rule"), how, self.extent, spacing=2 * UNIT))
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

    def show_inspection(self, inspection: Inspection) -> None:
        """Say under the field what was found."""
        self.merged.describe(describe_merged(inspection))

    def _merged_texts(self) -> FieldTexts:
        return FieldTexts(
            picture="proof",
            label=self.tr("Me&rged model to verify"),
            placeholder=self.tr("Folder that some tool saved a merge in"),
            dialog_title=self.tr("Choose the merged model's folder"),
        )

    def _depths(self) -> list[tuple[str, str]]:
        return [
            (
                _QUICK,
                self.tr(
                    "About 65,000 values of every tensor, from four places in it; smaller tensors whole. What is "
                    "wrong elsewhere in a large tensor it can miss."
                ),
            ),
            (_FULL, self.tr("Every value of every tensor: base, adapters and merged model are read whole.")),
        ]

    def _depth_titles(self) -> list[str]:
        return [self.tr("Quick: samples"), self.tr("Full: everything")]


def mode_switch() -> Segments:
    """The switch between merging and verifying."""
    translate = QCoreApplication.translate
    return Segments(
        translate("ModeSwitch", "What to do"),
        [
            Segment(
                Mode.MERGE,
                translate("ModeSwitch", "Merge"),
                "modeMergeButton",
                translate("ModeSwitch", "Fold adapters into a base model"),
            ),
            Segment(
                Mode.VERIFY,
                translate("ModeSwitch", "Verify an existing merge"),
                "modeCheckButton",
                translate("ModeSwitch", "Prove or refute a merge that any tool made"),
            ),
        ],
    )
