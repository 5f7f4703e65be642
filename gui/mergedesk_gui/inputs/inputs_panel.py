"""The left side: which folders, and how to merge them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.requests import SUM, Engine, Precision

from ..state.consents import Consent, still_given
from ..state.folder_roles import FolderRole
from ..state.form import Form
from ..state.inspection import MODEL_KINDS
from ..state.mode import Mode
from ..state.settings import Settings
from ..state.suggestions import ADAPTER_KINDS, Suggestion, offers
from ..text.folder_text import describe_base, describe_missing_base
from ..text.messages import say
from ..text.suggestion_text import suggestion_actions, suggestion_sentence
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, set_type
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.folder_field import FolderField
from ..widgets.icons import IconLabel
from ..widgets.layouts import column, frame, row
from .adapter_list import AdapterList
from .adapter_row import AdapterRow
from .advanced import Advanced
from .combination import CombinationPicker
from .fields import field_texts, recent_folders
from .output_field import OutputField
from .verify_inputs import VerifyInputs, mode_switch

if TYPE_CHECKING:
    from mergedesk.planning.provenance import Provenance

    from ..state.inspection import Inspection


class InputsPanel(QWidget):
    """Holds the choices, and says under each what it is."""

    changed = Signal()
    confirmed = Signal()
    """Enter was pressed in a field, or a consent was given."""
    mode_changed = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._consents: frozenset[Consent] = frozenset()
        self._restored: Form | None = None
        self._adapter_folders: tuple[Path, ...] = ()
        self.switch = mode_switch()
        self.base = FolderField(field_texts(FolderRole.BASE), "basePathEdit", recent_folders(settings, FolderRole.BASE))
        self.adapters = AdapterList(field_texts(FolderRole.ADAPTER), recent_folders(settings, FolderRole.ADAPTER))
        self.combination = CombinationPicker()
        self.output = OutputField(
            field_texts(FolderRole.OUTPUT), "outputPathEdit", recent_folders(settings, FolderRole.OUTPUT)
        )
        self.precision = ExplainedCombo(
            self.tr("&Precision"),
            "precisionCombo",
            [(precision, say(f"precision.{precision}")) for precision in Precision],
        )
        self.advanced = Advanced()
        self.verify = VerifyInputs(settings)
        self._lay_out()
        self.combination.hide()
        self._connect()

    @property
    def adapter(self) -> AdapterRow:
        """The first adapter's row."""
        return self.adapters.first

    @property
    def choices(self) -> Form:
        """The inputs as they stand."""
        adapters = self.adapters.choices
        return Form(
            base=self.base.folder,
            adapters=adapters,
            output=self.output.chosen,
            precision=Precision(self.precision.value),
            engine=Engine(self.advanced.engine.value),
            overwrite=self.output.overwrite,
            shard_size=self.advanced.shard_size.text().strip(),
            combination=self.combination.combination if len(adapters) > 1 else SUM,
            consents=self._consents,
            mode=self.mode,
            merged=self.verify.merged.folder,
            quick=self.verify.quick,
        )

    @property
    def mode(self) -> Mode:
        """Whether to merge or to verify a merge."""
        return Mode(self.switch.value)

    @property
    def goal(self) -> FolderField:
        """The field of the folder to write, or of the one to verify."""
        return self.verify.merged if self.mode is Mode.VERIFY else self.output

    def set_mode(self, mode: Mode) -> None:
        """Turn to merging or to verifying; base and adapters stay."""
        self.switch.choose(mode)

    def set_consent(self, consent: Consent, is_given: bool) -> None:
        """Give a consent for the folders as they stand, or take it back."""
        self._consents = self._consents | {consent} if is_given else self._consents - {consent}
        self.changed.emit()
        self.confirmed.emit()

    def restore(self, choices: Form) -> None:
        """Put remembered choices into the fields; folders that are gone by now are quietly dropped."""
        self._restored = choices
        self.set_choices(choices)

    def set_choices(self, choices: Form) -> None:
        """Put remembered or given choices into the fields."""
        self.base.set_folder(choices.base)
        self.adapters.set_choices(choices.adapters)
        self.output.set_folder(choices.output)
        self.output.consent.setChecked(choices.overwrite)
        self.combination.choose(choices.combination)
        self.precision.choose(choices.precision)
        self.advanced.engine.choose(choices.engine)
        self.advanced.shard_size.setText(choices.shard_size)
        self.verify.set_choices(choices)
        self.set_mode(choices.mode)
        if choices.consents != self._consents:  # of a past merge: they were given for these very folders
            self._consents = choices.consents
            self.changed.emit()

    def show_inspection(self, inspection: Inspection) -> None:
        """Say under each field what was found, and offer what one click can put right."""
        if inspection.complete and self._drop_missing(inspection):
            return
        missing = describe_missing_base(inspection)
        self.base.describe(describe_base(inspection.base) if inspection.base else missing)
        self.adapters.show_inspection(inspection)
        if inspection.choices.verifies:
            self.verify.show_inspection(inspection)
        else:
            self.output.show_inspection(inspection)
        offered = offers(inspection)
        _offer(self.base, next((one for one in offered if one.slot is FolderRole.BASE), None))
        of_adapters = {one.adapter: one for one in offered if one.slot is FolderRole.ADAPTER}
        for number, row_ in enumerate(self.adapters.filled_rows):
            _offer(row_, of_adapters.get(number))

    def swap(self, adapter: int = 0) -> None:
        """Exchange base and the adapter in the given row."""
        row_ = self.adapters.rows[adapter]
        base, path = self.base.edit.text(), row_.edit.text()
        self.base.edit.setText(path)
        row_.edit.setText(base)

    def take_origins(self, origins: Provenance) -> None:
        """Fill in what a merged folder was made of, as far as it was found."""
        if origins.base is not None:
            self.base.set_folder(origins.base)
        if origins.adapters:
            self.adapters.set_choices(origins.adapters)
            self.combination.choose(origins.combination)

    def receive(self, folder: Path, kind: str, *, is_merge: bool = False) -> None:
        """Put a dropped folder where its kind belongs; ``is_merge`` if it says itself that it was merged."""
        if self.mode is Mode.VERIFY and kind not in ADAPTER_KINDS and (is_merge or self.base.folder is not None):
            self.verify.merged.set_folder(folder)
            return
        # What nobody recognised goes where something is missing, and the field says what is wrong with it.
        needs_adapter = self.base.folder is not None and not self.adapters.choices
        if kind in ADAPTER_KINDS or (kind not in MODEL_KINDS and needs_adapter):
            self.adapters.receive(folder)
        else:
            self.base.set_folder(folder)

    def _drop_missing(self, inspection: Inspection) -> bool:
        """Empty the fields of restored choices whose folders are gone; False if none is."""
        restored, self._restored = self._restored, None
        if restored is None or restored != inspection.choices:
            return False
        base_is_gone, merged_is_gone = _is_missing(inspection.base), _is_missing(inspection.merged)
        gone = [number for number, adapter in enumerate(inspection.adapters) if _is_missing(adapter)]
        if base_is_gone:
            self.base.set_folder(None)
        if merged_is_gone:
            self.verify.merged.set_folder(None)
        if gone:
            self.adapters.drop_folders(gone)
        return base_is_gone or merged_is_gone or bool(gone)

    def _take_for_base(self, taken: object) -> None:
        if isinstance(taken, Path):
            self.base.set_folder(taken)
        elif isinstance(taken, Suggestion):
            self._exchange(taken)

    def _take_for_adapter(self, row_number: int, taken: object) -> None:
        if isinstance(taken, Path):
            self.adapters.rows[row_number].set_folder(taken)
        elif isinstance(taken, Suggestion):
            self._exchange(taken)

    def _exchange(self, offer: Suggestion) -> None:
        """The offer counts the adapters that are chosen; a row before them may be empty."""
        rows, filled = self.adapters.rows, self.adapters.filled_rows
        self.swap(rows.index(filled[offer.adapter]) if offer.adapter < len(filled) else 0)

    def _on_base(self) -> None:
        self._consents = still_given(self._consents, same_base=False)
        self.adapters.withdraw_undo()
        self.changed.emit()

    def _on_adapters(self) -> None:
        folders = tuple(choice.folder for choice in self.adapters.choices)
        if folders != self._adapter_folders:
            self._consents = still_given(self._consents, same_base=True)
            self._adapter_folders = folders
        self.combination.setVisible(len(folders) > 1)
        self.changed.emit()

    def _on_mode(self) -> None:
        verifies = self.mode is Mode.VERIFY
        self._merge_part.setVisible(not verifies)
        self.verify.setVisible(verifies)
        self.mode_changed.emit(self.mode)
        self.changed.emit()

    def _connect(self) -> None:
        self.switch.changed.connect(self._on_mode)
        self.verify.changed.connect(self.changed)
        self.verify.merged.edit.returnPressed.connect(self.confirmed)
        self.base.changed.connect(self._on_base)
        self.output.changed.connect(self.changed)
        for field in (self.base, self.output):
            field.edit.returnPressed.connect(self.confirmed)
        self.adapters.changed.connect(self._on_adapters)
        self.combination.changed.connect(self.changed)
        self.adapters.confirmed.connect(self.confirmed)
        self.adapters.offer_taken.connect(self._take_for_adapter)
        self.base.offer_bar.taken.connect(self._take_for_base)
        self.output.consent_changed.connect(self.changed)
        self.precision.combo.currentTextChanged.connect(self.changed)
        self.advanced.changed.connect(self.changed)

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("How to merge"))
        set_type(heading, TextRole.HEADING)
        self._merge_part = QWidget()
        how = row(IconLabel("tune", "accent", 20), heading, None)
        parts = (self.output, frame("rule"), how, self.precision, self.advanced)
        self._merge_part.setLayout(column(*parts, spacing=2 * UNIT))
        self.verify.hide()
        self.setLayout(
            column(
                self.switch,
                self.base,
                frame("rule"),
                self.adapters,
                self.combination,
                frame("rule"),
                self._merge_part,
                self.verify,
                None,
                spacing=2 * UNIT,
                margin=2 * UNIT,
            )
        )


def _is_missing(folder_info: FolderInfo | None) -> bool:
    return folder_info is not None and folder_info.kind is FolderKind.MISSING


def _offer(field: FolderField, suggestion: Suggestion | None) -> None:
    if suggestion is None:
        field.offer_bar.withdraw()
    else:
        field.offer_bar.offer(suggestion_sentence(suggestion), suggestion_actions(suggestion))
