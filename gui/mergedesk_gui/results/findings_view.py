"""Findings as rows: how bad, what is so, the way out, and where it can be taken right here, the box for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QPushButton, QVBoxLayout, QWidget

from mergedesk.domain.findings import Finding, Severity

from ..state.consents import Consent, consent_asked_by, consent_text, local_original, without_doubles
from ..text.messages import finding_message, severity_name
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconLabel
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, row
from ..widgets.naming import named

_BOX_WIDTH = 26  # as wide as the style sheet makes a box and its distance to the words
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_ICONS = {
    Severity.ERROR: ("error", "error"),
    Severity.WARNING: ("warning", "warning"),
    Severity.INFO: ("info", "quiet"),
}


class FindingsView(QWidget):
    """All findings, the worst first."""

    consent_changed = Signal(str, bool)
    """A ``Consent`` was given, or taken back."""
    base_chosen = Signal(object)
    """The ``Path`` of a better base was accepted."""

    def __init__(self, *, can_act: bool = False) -> None:
        super().__init__()
        self._can_act, self._is_locked = can_act, False
        self._rows = column()
        self._shown: tuple[object, ...] = ()
        self._widgets: list[QFrame] = []
        self._boxes: dict[Consent, QCheckBox] = {}
        self.setLayout(self._rows)

    @property
    def texts(self) -> tuple[str, ...]:
        """The findings as they are read out."""
        return tuple(row.accessibleName() for row in self._widgets)

    def show_findings(self, findings: Sequence[Finding], given: frozenset[Consent] = frozenset()) -> None:
        """Show ``findings`` in place of the earlier ones, and which consents are ``given``."""
        listed = without_doubles(findings) if self._can_act else findings
        ordered = tuple(sorted(listed, key=lambda finding: _ORDER.index(finding.severity)))
        if (ordered, given) == self._shown:
            return
        self._shown = (ordered, given)
        focused = next((consent for consent, box in self._boxes.items() if box.hasFocus()), None)
        self._clear()
        for finding in ordered:
            self._add(self._finding_row(finding, given))
        for consent in sorted(given - self._boxes.keys()) if self._can_act else ():
            self._add(self._consent_row(consent))
        if focused in self._boxes:
            self._boxes[focused].setFocus()

    def lock(self, is_locked: bool) -> None:
        """Keep consents as they are, or let them be changed again."""
        self._is_locked = is_locked
        for widget in self._widgets:
            for button in (*widget.findChildren(QCheckBox), *widget.findChildren(QPushButton)):
                button.setEnabled(not is_locked)

    def _add(self, made: QFrame) -> None:
        self._widgets.append(made)
        self._rows.addWidget(made)
        self.lock(self._is_locked)

    def _clear(self) -> None:
        for widget in self._widgets:
            self._rows.removeWidget(widget)
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        self._widgets, self._boxes = [], {}

    def _finding_row(self, finding: Finding, given: frozenset[Consent]) -> QFrame:
        message = finding_message(finding)
        words = column(selectable(Text(message.sentence, TextRole.BODY)), spacing=UNIT // 2)
        if message.hint:
            words.addWidget(selectable(Text(message.hint, TextRole.BODY, "quiet")))
        for action in self._actions(finding, given) if self._can_act else ():
            words.addSpacing(UNIT // 2)
            words.addLayout(_with_meaning(action))
        spoken = f"{severity_name(finding.severity)}: {message.whole}"
        return _row(finding.severity, words, spoken)

    def _consent_row(self, consent: Consent) -> QFrame:
        """A consent without a finding stays in sight, so that it can be taken back."""
        box = self._box(consent, is_given=True)
        return _row(Severity.INFO, _with_meaning(box), box.accessibleName())

    def _actions(self, finding: Finding, given: frozenset[Consent]) -> Iterator[QWidget]:
        original = local_original(finding)
        if original is not None:
            button = named(QPushButton(self.tr("Use the 16-bit original")), "useOriginalButton")
            button.setProperty("part", "link")
            button.setAccessibleDescription(str(original))
            button.clicked.connect(partial(self.base_chosen.emit, original))
            yield button
        consent = consent_asked_by(finding)
        if consent is not None:
            yield self._box(consent, is_given=consent in given)

    def _box(self, consent: Consent, *, is_given: bool) -> QCheckBox:
        label, meaning = consent_text(consent)
        box = named(QCheckBox(label), f"{consent.value}Check", label)
        box.setAccessibleDescription(meaning)
        box.setToolTip(meaning)
        box.setChecked(is_given)
        box.toggled.connect(partial(self.consent_changed.emit, consent.value))
        self._boxes[consent] = box
        return box


def _with_meaning(action: QWidget) -> QVBoxLayout:
    meaning = row(Text(action.accessibleDescription(), TextRole.SMALL, "quiet"))
    meaning.setContentsMargins(_BOX_WIDTH if isinstance(action, QCheckBox) else 0, 0, 0, 0)
    both = column(action, meaning, spacing=0)
    both.setAlignment(action, Qt.AlignmentFlag.AlignLeft)
    return both


def _row(severity: Severity, words: QVBoxLayout, spoken: str) -> QFrame:
    made = QFrame()
    made.setProperty("part", "finding")
    made.setProperty("severity", severity.value)
    made.setAccessibleName(spoken)
    icon = IconLabel(*_ICONS[severity], 20)
    line = row(icon, words, spacing=12, margin=12)
    line.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
    line.setStretch(1, 1)
    made.setLayout(line)
    return made
