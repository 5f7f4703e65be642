"""The left side: which folders, and how to merge them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from mergedesk.checkpoints.recognise import FolderKind
from mergedesk.request import AdapterChoice, Engine, Precision

from ..choices import Choices
from ..describe import describe_adapter, describe_base, describe_missing_base
from ..inspection import MODEL_KINDS
from ..offers import ADAPTER_KINDS, Offer, OfferKind, Slot, offers
from ..settings import Settings
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, set_type
from ..widgets.explained_combo import ExplainedCombo
from ..widgets.folder_field import FieldTexts, FolderField
from ..widgets.icons import IconLabel
from ..widgets.layouts import column, frame, row
from ..widgets.offer_bar import Action
from .output_field import OutputField

if TYPE_CHECKING:
    from ..inspection import Inspection


class InputsPanel(QWidget):
    """Holds the choices, and says under each what it is."""

    changed = Signal()
    confirmed = Signal()
    """Enter was pressed in a field."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.base = FolderField(self._base_texts(), "basePathEdit", settings)
        self.adapter = FolderField(self._adapter_texts(), "adapterPathEdit", settings)
        self.output = OutputField(self._output_texts(), "outputPathEdit", settings)
        self.precision = ExplainedCombo(self.tr("&Precision"), "precisionCombo", self._precisions())
        self.engine = ExplainedCombo(self.tr("En&gine"), "engineCombo", self._engines())
        self._lay_out()
        self._connect()

    @property
    def choices(self) -> Choices:
        """The inputs as they stand."""
        adapter = self.adapter.folder
        return Choices(
            base=self.base.folder,
            adapters=(AdapterChoice(adapter),) if adapter else (),
            output=self.output.chosen,
            precision=Precision(self.precision.combo.currentText()),
            engine=Engine(self.engine.combo.currentText()),
            overwrite=self.output.overwrite,
        )

    def set_choices(self, choices: Choices) -> None:
        """Put remembered or given choices into the fields."""
        self.base.set_folder(choices.base)
        self.adapter.set_folder(choices.adapters[0].folder if choices.adapters else None)
        self.output.set_folder(choices.output)
        self.precision.combo.setCurrentText(choices.precision.value)
        self.engine.combo.setCurrentText(choices.engine.value)

    def show_inspection(self, inspection: Inspection) -> None:
        """Say under each field what was found, and offer what one click can put right."""
        adapter = inspection.adapters[0] if inspection.adapters else None
        missing = describe_missing_base(inspection)
        self.base.describe(describe_base(inspection.base) if inspection.base else missing)
        self.adapter.describe(describe_adapter(adapter, inspection) if adapter else None)
        self.output.show_inspection(inspection)
        offered = {offer.slot: offer for offer in offers(inspection)}
        self._offer(self.base, offered.get(Slot.BASE))
        self._offer(self.adapter, offered.get(Slot.ADAPTER))

    def clear_missing(self, inspection: Inspection) -> bool:
        """Empty the fields whose folders are gone; False if none is."""
        adapter = inspection.adapters[0] if inspection.adapters else None
        seen = ((self.base, inspection.base), (self.adapter, adapter))
        gone = [field for field, found in seen if found and found.kind is FolderKind.MISSING]
        for field in gone:
            field.set_folder(None)
        return bool(gone)

    def swap(self) -> None:
        """Exchange base and adapter."""
        base, adapter = self.base.edit.text(), self.adapter.edit.text()
        self.base.edit.setText(adapter)
        self.adapter.edit.setText(base)

    def receive(self, folder: Path, kind: str) -> None:
        """Put a dropped folder where its kind belongs."""
        self._field_for(kind).set_folder(folder)

    def _field_for(self, kind: str) -> FolderField:
        if kind in ADAPTER_KINDS:
            return self.adapter
        # What nobody recognised goes where something is missing, and the field says what is wrong with it.
        needs_adapter = self.base.folder is not None and self.adapter.folder is None
        return self.adapter if kind not in MODEL_KINDS and needs_adapter else self.base

    def _offer(self, field: FolderField, offer: Offer | None) -> None:
        if offer is None:
            field.offer_bar.withdraw()
        else:
            field.offer_bar.offer(self._sentence(offer), self._actions(offer))

    def _sentence(self, offer: Offer) -> str:
        if offer.kind is OfferKind.SWAP:
            return self.tr("These two are the wrong way round.")
        if offer.kind is OfferKind.MOVE:
            return (
                self.tr("An adapter belongs in the field below.")
                if offer.slot is Slot.BASE
                else self.tr("A model belongs in the field above.")
            )
        if offer.kind is OfferKind.USE_BASE:
            return self.tr("The adapter's base is on this computer: {path}").format(path=offer.folders[0])
        return self.tr("Choose one of the checkpoints in it.")

    def _actions(self, offer: Offer) -> list[Action]:
        if offer.kind is OfferKind.SWAP:
            return [Action(self.tr("Swap them"), offer)]
        if offer.kind is OfferKind.MOVE:
            return [Action(self.tr("Move it there"), offer)]
        text = self.tr("Use {name}")
        return [Action(text.format(name=folder.name), folder) for folder in offer.folders]

    def _take(self, field: FolderField, taken: object) -> None:
        if isinstance(taken, Path):
            field.set_folder(taken)
        else:
            self.swap()

    def _connect(self) -> None:
        for field in (self.base, self.adapter, self.output):
            field.changed.connect(self.changed)
            field.edit.returnPressed.connect(self.confirmed)
        self.output.consent_changed.connect(self.changed)
        self.base.offer_bar.taken.connect(lambda taken: self._take(self.base, taken))
        self.adapter.offer_bar.taken.connect(lambda taken: self._take(self.adapter, taken))
        for combo in (self.precision.combo, self.engine.combo):
            combo.currentTextChanged.connect(self.changed)

    def _lay_out(self) -> None:
        options = row(self.precision, self.engine, spacing=2 * UNIT)
        options.setStretch(0, 1)
        options.setStretch(1, 1)
        heading = QLabel(self.tr("How to merge"))
        set_type(heading, TextRole.HEADING)
        self.setLayout(
            column(
                self.base,
                frame("rule"),
                self.adapter,
                frame("rule"),
                self.output,
                frame("rule"),
                row(IconLabel("tune", "accent", 20), heading, None),
                options,
                None,
                spacing=2 * UNIT,
                margin=2 * UNIT,
            )
        )

    def _base_texts(self) -> FieldTexts:
        return FieldTexts(
            slot=Slot.BASE,
            picture="model",
            label=self.tr("&Base model"),
            placeholder=self.tr("Folder with config.json and weights"),
            dialog_title=self.tr("Choose the base model's folder"),
        )

    def _adapter_texts(self) -> FieldTexts:
        return FieldTexts(
            slot=Slot.ADAPTER,
            picture="adapter",
            label=self.tr("&Adapter"),
            placeholder=self.tr("Folder with adapter_config.json"),
            dialog_title=self.tr("Choose the adapter's folder"),
        )

    def _output_texts(self) -> FieldTexts:
        return FieldTexts(
            slot="output",
            picture="output",
            label=self.tr("Merged &output"),
            placeholder=self.tr("Proposed once both are chosen"),
            dialog_title=self.tr("Choose where the merged model goes"),
        )

    def _precisions(self) -> list[tuple[str, str]]:
        return [
            (Precision.AUTO, self.tr("Every tensor keeps its own type.")),
            (Precision.FLOAT32, self.tr("Exact, and twice the size of 16 bits.")),
            (Precision.BFLOAT16, self.tr("16 bits with float32's range; the usual choice.")),
            (Precision.FLOAT16, self.tr("16 bits, finer but with a smaller range.")),
        ]

    def _engines(self) -> list[tuple[str, str]]:
        return [
            (Engine.AUTO, self.tr("Streams wherever the adapter allows it.")),
            (Engine.STREAMING, self.tr("Fast, in little memory: the model is never loaded.")),
            (Engine.PEFT, self.tr("PEFT's own code, layer by layer; for every method.")),
        ]
