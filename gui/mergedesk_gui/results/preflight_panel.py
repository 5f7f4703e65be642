"""What is known before the merge: whether it may start, its numbers, and the findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFrame, QWidget

from mergedesk.domain.findings import Finding, Severity, errors_of
from mergedesk.domain.requests import Engine

from ..state.inspection import Inspection
from ..text.finding_rows import rows_with_consents
from ..text.messages import engine_reason, failure_text, finding_message
from ..text.numbers import human_bytes
from ..text.plan_text import plan_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.failure_card import FailureCard
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconLabel
from ..widgets.labels import Text
from ..widgets.layouts import column, row
from ..widgets.naming import announce
from ..widgets.tiles import Fact, Tiles, counted

_ICON, _PLAN_ICON = 28, 20


class PlanCard(QFrame):
    """Three promises with this job's own names and numbers; hidden while it could not start."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Text("", TextRole.HEADING)
        self._lines = tuple((IconLabel("proof", "quiet", _PLAN_ICON), Text()) for _ in range(3))
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


class PreflightPanel(QWidget):
    """The answer of the preflight."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("info", "quiet", _ICON)
        self._title = Text("", TextRole.DISPLAY)
        self._subtitle = Text("", tone="quiet")
        self._tiles = Tiles()
        self._engine_reason = Text("", tone="quiet")
        self._failure = FailureCard()
        self._failure.hide()
        self._told = ""
        self.findings = FindingsView()
        self.findings.setObjectName("checksView")
        heading = row(self._icon, self._title, spacing=12, grows=1)
        top = column(heading, self._subtitle, spacing=UNIT // 2)
        self._plan = PlanCard()
        parts = (top, self._tiles, self._engine_reason, self._failure, self.findings, self._plan)
        self.setLayout(column(*parts, None, spacing=2 * UNIT))

    def show_inspection(self, inspection: Inspection) -> None:
        """Show what was found out about the chosen folders."""
        picture, tone, title, subtitle = self._verdict(inspection)
        if inspection.complete and inspection.choices.has_inputs:
            self._tell(title, errors_of(inspection.findings))
        self._icon.show_icon(picture, tone)
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._tiles.show_facts(self._facts(inspection))
        self._show_engine_reason(inspection)
        self._failure.setVisible(inspection.failure is not None)
        if inspection.failure is not None:
            self._failure.show_failure(failure_text(inspection.failure))
        verifies = inspection.choices.verifies
        given = frozenset() if verifies else inspection.choices.consents
        self.findings.show_rows(rows_with_consents(inspection, given, _output(inspection)))
        self._plan.show_inspection(inspection)

    def _tell(self, title: str, errors: Sequence[Finding]) -> None:
        """Have a screen reader say what it came to, and the first thing that stands in the way; once."""
        said = f"{title}. {finding_message(errors[0]).sentence}" if errors else title
        if said != self._told:
            self._told = said
            announce(self, said)

    def _verdict(self, inspection: Inspection) -> tuple[str, str, str, str]:
        problems = len(errors_of(inspection.findings)) + (inspection.failure is not None)
        if problems:
            title = self.tr("%n problem(s) to solve first", "", problems)
            return "error", "error", title, self.tr("Nothing was changed. Each one below says what to do.")
        if not inspection.complete:
            return "time", "quiet", self.tr("Looking at the folders…"), ""
        read_so_far = self.tr("So far files were only looked into; nothing was written.")
        if inspection.choices.verifies and inspection.choices.merged is None:
            return "info", "quiet", self.tr("Choose the merged model to verify"), read_so_far
        warnings = sum(finding.severity is Severity.WARNING for finding in inspection.findings)
        if warnings:
            title = self.tr("Ready, with %n thing(s) to weigh", "", warnings)
            return "warning", "warning", title, read_so_far
        ready = self.tr("Ready to verify") if inspection.choices.verifies else self.tr("Ready to merge")
        return "pass", "success", ready, read_so_far

    def _facts(self, inspection: Inspection) -> list[Fact]:
        preflight = inspection.preflight
        if preflight is None:
            return []
        verifies, merged = inspection.choices.verifies, inspection.merged
        modules = preflight.modules
        return [
            counted(self.tr("Modules matched"), modules.matched, modules.targeted),
            Fact(self.tr("Base weights"), _size(preflight.base_bytes)),
            Fact(self.tr("Merged size"), _size(merged.bytes or None) if merged else ""),
            Fact(self.tr("Output weights"), "" if verifies else _size(preflight.predicted_bytes)),
            Fact(self.tr("Free space"), "" if verifies else _size(preflight.free_bytes)),
            Fact(self.tr("Engine"), "" if verifies else preflight.engine or ""),
        ]

    def _show_engine_reason(self, inspection: Inspection) -> None:
        preflight = inspection.preflight
        # Where the reason is among the findings, it is on the page already.
        listed = (
            preflight is None
            or inspection.choices.verifies
            or any(finding.code is preflight.engine_reason for finding in preflight.findings)
        )
        reason = "" if preflight is None or listed else engine_reason(preflight.engine_reason)
        self._engine_reason.show_or_hide(reason)


def _output(inspection: Inspection) -> Path | None:
    """Where a merge could start now, and go on with what another began."""
    can_start = inspection.complete and not errors_of(inspection.findings) and not inspection.failure
    streams = inspection.preflight is not None and inspection.preflight.engine is Engine.STREAMING
    return inspection.output if can_start and streams and not inspection.choices.verifies else None


def _size(count: int | None) -> str:
    return "" if count is None else human_bytes(count)
