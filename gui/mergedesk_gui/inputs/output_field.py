"""Where the merged model goes: proposed until the person says otherwise."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal

from ..state.inspection import Inspection
from ..text.folder_text import describe_output, wants_consent
from ..widgets.folder_field import FieldTexts, FolderField
from ..widgets.naming import named
from ..widgets.recent_menu import RecentFolders
from ..widgets.word_button import WordBox


class OutputField(FolderField):
    """A folder field with a proposal of its own, and the consent to replace what is already there."""

    consent_changed = Signal()

    def __init__(self, texts: FieldTexts, object_name: str, recent: RecentFolders) -> None:
        super().__init__(texts, object_name, recent)
        self._placeholder = texts.placeholder
        self._proposal = ""
        self.consent = named(WordBox(self.tr("&Replace what is in this folder")), "overwriteCheck")
        self.consent.setToolTip(self.tr("The old content stays until the new model is verified."))
        self.consent.hide()
        self.consent.toggled.connect(self.consent_changed)
        self.body.addWidget(self.consent)
        self.edit.editingFinished.connect(self._adopt_proposal)

    @property
    def chosen(self) -> Path | None:
        """The person's own choice; None while the proposal stands."""
        return None if self.edit.text() in {"", self._proposal} else self.folder

    @property
    def overwrite(self) -> bool:
        """Whether the person allowed the folder's content to be replaced."""
        return self.consent.isChecked()

    def show_inspection(self, inspection: Inspection) -> None:
        """Show what was found out, and propose the folder if none is chosen."""
        self.consent.setVisible(wants_consent(inspection))
        if not inspection.complete:
            return
        if self.chosen is None:
            self._propose(str(inspection.output or ""))
        self.describe(describe_output(inspection))

    def _propose(self, proposal: str) -> None:
        is_being_edited = self.edit.hasFocus() and not self.edit.text()
        self._proposal = proposal
        self.edit.setPlaceholderText(proposal or self._placeholder)
        if not is_being_edited:
            self._show_proposal()

    def _adopt_proposal(self) -> None:
        if not self.edit.text():
            self._show_proposal()

    def _show_proposal(self) -> None:
        # Not a change of mind, so nothing needs to be inspected anew.
        with QSignalBlocker(self.edit):
            self.edit.setText(self._proposal)
            self.edit.setToolTip(self._proposal or self.edit.placeholderText())
        self._told = self._proposal

    def _browse_from(self) -> str:
        return str(self.folder.parent) if self.folder else ""

    @property
    def _browsed(self) -> str:
        return ""  # it need not be there yet

    def _on_text(self) -> None:
        # Consent was given for the folder that stood there before.
        with QSignalBlocker(self.consent):
            self.consent.setChecked(False)
        self.consent.hide()
        super()._on_text()
