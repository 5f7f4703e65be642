"""The left side: which folders, and how to merge them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.requests import SUM, Engine, Precision

from ..state.consents import Consent, changed, still_given
from ..state.form import Form
from ..state.inspection import MODEL_KINDS
from ..state.mode import FolderRole, Mode
from ..state.settings import Settings
from ..state.suggestions import ADAPTER_KINDS, Suggestion, suggestions_for
from ..text.folder_text import describe_base, describe_missing_base, suggestion_actions, suggestion_sentence
from ..text.messages import say
from ..theme.stylesheet import UNIT
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.folder_field import FolderField
from ..widgets.icons import IconButton
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from .adapter_list import AdapterList
from .adapter_row import AdapterRow
from .advanced import Advanced
from .combination import CombinationPicker
from .fields import field_parts, options_heading
from .output_field import OutputField
from .rounding import RoundingPicker
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
    turned_away = Signal(object)
    """A ``Path`` that was dropped, is nothing that is merged, and would have taken the place of what is chosen."""
    clear_asked = Signal()
    tidied = Signal()
    """Remembered folders that are gone were taken out, which nobody asked for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._consents: frozenset[Consent] = frozenset()
        self._restored: Form | None = None
        self._adapter_folders: tuple[Path, ...] = ()
        self._open_changes = 0
        self.switch = mode_switch()
        clear = IconButton(self.tr("Clear all inputs"), "clear", "accent", clicked=self.clear_asked)
        clear.setProperty("part", "link")
        self.clear_button = named(clear, "clearInputsButton")
        self.base = FolderField(*field_parts(FolderRole.BASE, settings))
        self.adapters = AdapterList(*field_parts(FolderRole.ADAPTER, settings))
        self.combination = CombinationPicker()
        self.output = OutputField(*field_parts(FolderRole.OUTPUT, settings))
        self.precision = ExplainedCombo(
            self.tr("&Precision"),
            "precisionCombo",
            [(precision, say(f"precision.{precision}")) for precision in Precision],
        )
        self.rounding = RoundingPicker()
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
            rounding=self.rounding.choice,
            keep_base=self.base.keeps,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen that is not as it usually is."""
        return self.choices == Form(mode=self.mode)

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
        self._consents = changed(self._consents, consent, is_given=is_given)
        self._tell()
        self.confirmed.emit()

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """Tell of all that is changed meanwhile once, at the end."""
        before = self.choices
        self._open_changes += 1
        try:
            yield
        finally:
            self._open_changes -= 1
            if self.choices != before:
                self._tell()

    def restore(self, choices: Form) -> None:
        """Put remembered choices into the fields; folders that are gone by now are quietly dropped."""
        self._restored = choices
        self.set_choices(choices)

    def set_choices(self, choices: Form) -> None:
        """Put remembered or given choices into the fields; those that hold them already stay as they are typed."""
        with self.one_change():
            self._set_folders(choices)
            self.output.consent.setChecked(choices.overwrite)
            self.combination.choose(choices.combination)
            self.precision.choose(choices.precision)
            self.rounding.choose(choices.rounding)
            self.advanced.engine.choose(choices.engine)
            if choices.shard_size != self.advanced.shard_size.text().strip():
                self.advanced.shard_size.setText(choices.shard_size)
            self.verify.set_choices(choices)
            self.set_mode(choices.mode)
            self._consents = choices.consents  # they were given for these very folders

    def _set_folders(self, choices: Form) -> None:
        if choices.base != self.base.folder:
            self.base.set_folder(choices.base)
        self.base.set_keeps(choices.keep_base)
        if choices.adapters != self.adapters.choices:
            self.adapters.set_choices(choices.adapters)
        if choices.output != self.output.chosen:
            self.output.set_folder(choices.output)

    def begin_anew(self, base: Path | None = None) -> None:
        """Empty every field of a folder but the ``base``'s, for another merge or verification.

        How to merge stays as it was chosen.
        """
        now = self.choices
        self.set_choices(
            replace(
                now,
                base=base,
                keep_base=True,
                adapters=(),
                output=None,
                merged=None,
                overwrite=False,
                combination=SUM,
                consents=frozenset(),
            )
        )

    def clear(self) -> None:
        """Empty all fields, and choose everything as it usually is."""
        self.set_choices(Form(mode=self.mode))

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
        offered = suggestions_for(inspection)
        _offer(self.base, next((offer for offer in offered if offer.slot is FolderRole.BASE), None))
        of_adapters = {offer.adapter: offer for offer in offered if offer.slot is FolderRole.ADAPTER}
        for number, row_ in enumerate(self.adapters.filled_rows):
            _offer(row_, of_adapters.get(number))

    def swap(self, adapter: int = 0) -> None:
        """Exchange base and the adapter in the given row."""
        row_ = self.adapters.rows[adapter]
        base, path = self.base.edit.text(), row_.edit.text()
        with self.one_change():
            self.base.edit.setText(path)
            row_.edit.setText(base)

    def take_origins(self, origins: Provenance) -> None:
        """Fill in what a merged folder was made of, as far as it was found."""
        with self.one_change():
            if origins.base is not None:
                self.base.set_folder(origins.base)
            if origins.adapters:
                self.adapters.set_choices(origins.adapters)
                self.combination.choose(origins.combination)

    def receive(self, folder: Path, kind: str, *, is_merge: bool = False) -> None:
        """Put a dropped folder where its kind belongs; ``is_merge`` if it says itself that it was merged."""
        if kind not in ADAPTER_KINDS | MODEL_KINDS and self._is_filled:
            self.turned_away.emit(folder)
            return
        if self.mode is Mode.VERIFY and kind not in ADAPTER_KINDS and (is_merge or self.base.folder is not None):
            self.verify.merged.set_folder(folder)
            return
        # What nobody recognised goes where something is missing, and the field says what is wrong with it.
        needs_adapter = self.base.folder is not None and not self.adapters.choices
        if kind in ADAPTER_KINDS or (kind not in MODEL_KINDS and needs_adapter):
            self.adapters.receive(folder)
        else:
            self.base.set_folder(folder)

    @property
    def _is_filled(self) -> bool:
        """Whether every field that is needed has a folder, good or bad."""
        goal = self.mode is Mode.MERGE or self.verify.merged.folder is not None
        return goal and self.base.folder is not None and bool(self.adapters.choices)

    def _drop_missing(self, inspection: Inspection) -> bool:
        """Empty the fields of restored choices whose folders are gone; False if none is."""
        restored, self._restored = self._restored, None
        if restored is None or restored != inspection.choices:
            return False
        missing = [
            field
            for field, folder_info in ((self.base, inspection.base), (self.verify.merged, inspection.merged))
            if _is_missing(folder_info)
        ]
        gone = [number for number, adapter in enumerate(inspection.adapters) if _is_missing(adapter)]
        with self.one_change():
            for field in missing:
                field.set_folder(None)
            if gone:
                self.adapters.drop_folders(gone)
            self.tidied.emit()
        return bool(missing or gone)

    def _take(self, field: FolderField, taken: object) -> None:
        if isinstance(taken, (Path, str)):
            field.set_folder(taken)
        elif isinstance(taken, Suggestion):
            self._exchange(taken)

    def _exchange(self, offer: Suggestion) -> None:
        """The offer counts the adapters that are chosen; a row before them may be empty."""
        rows, filled = self.adapters.rows, self.adapters.filled_rows
        self.swap(rows.index(filled[offer.adapter]) if offer.adapter < len(filled) else 0)

    def _on_base(self) -> None:
        self._consents = still_given(self._consents, same_base=False)
        self.adapters.undo_bar.withdraw()  # the key and the menu still undo
        self._tell()

    def _on_adapters(self) -> None:
        folders = tuple(choice.folder for choice in self.adapters.choices)
        if folders != self._adapter_folders:
            self._consents = still_given(self._consents, same_base=True)
            self._adapter_folders = folders
        self.combination.setVisible(len(folders) > 1)
        self._tell()

    def _on_mode(self) -> None:
        verifies = self.mode is Mode.VERIFY
        self._merge_part.setVisible(not verifies)
        self.verify.setVisible(verifies)
        self.mode_changed.emit(self.mode)
        self._tell()

    def _tell(self) -> None:
        if not self._open_changes:
            self.changed.emit()

    def _connect(self) -> None:
        self.switch.changed.connect(self._on_mode)
        self.base.changed.connect(self._on_base)
        self.base.keeps_changed.connect(self._tell)
        self.base.keeps_changed.connect(self.confirmed)
        self.base.offer_bar.taken.connect(partial(self._take, self.base))
        self.adapters.changed.connect(self._on_adapters)
        self.adapters.confirmed.connect(self.confirmed)
        self.adapters.offer_taken.connect(lambda number, taken: self._take(self.adapters.rows[number], taken))
        self.output.consent_changed.connect(self._tell)
        self.precision.combo.currentTextChanged.connect(self._tell)
        for part in (self.verify, self.output, self.combination, self.rounding, self.advanced):
            part.changed.connect(self._tell)
        for field in (self.base, self.output, self.verify.merged):
            field.edit.returnPressed.connect(self.confirmed)

    def _lay_out(self) -> None:
        heading = options_heading(self.tr("How to merge"))
        parts = (self.output, frame("rule"), heading, self.precision, self.rounding, self.advanced)
        self._merge_part = QWidget()
        self._merge_part.setLayout(column(*parts, spacing=2 * UNIT))
        self.verify.hide()
        clear = row(self.clear_button, None)
        folders = (self.switch, self.base, frame("rule"), self.adapters, self.combination, clear, frame("rule"))
        rest = (self._merge_part, self.verify, None)
        self.setLayout(column(*folders, *rest, spacing=2 * UNIT, margin=2 * UNIT))


def _is_missing(folder_info: FolderInfo | None) -> bool:
    return folder_info is not None and folder_info.kind is FolderKind.MISSING


def _offer(field: FolderField, suggestion: Suggestion | None) -> None:
    if suggestion is None:
        field.offer_bar.withdraw()
    else:
        field.offer_bar.offer(suggestion_sentence(suggestion), suggestion_actions(suggestion))
