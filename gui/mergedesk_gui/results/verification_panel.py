"""What a merge came to: the class before and after, the verdict, and the proof."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from mergedesk.domain.merge_report import MergeReport
from mergedesk.domain.units import human_bytes, human_count, human_seconds

from ..text.finding_rows import finding_rows
from ..text.folder_text import describe_combination, sum_of
from ..text.messages import engine_reason, peak_memory
from ..text.outcome_text import Headline, HeadlineKind, headline_of
from ..text.readiness import errors_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import ElidedText, Text, selectable, set_tone
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from ..widgets.tiles import Fact, Tiles
from ..widgets.wrap_row import WrapRow
from .report_tables import ChecksTable, FilesTable

_ICON = 32
_SIDE_BY_SIDE = 880
_NOTICE_MS = 5000


class VerificationPanel(QWidget):
    """The report of the latest merge."""

    open_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal()
    verify_all_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verificationPanel")
        self._icon = IconLabel("proof", "success", _ICON)
        self._headline = Text("", TextRole.TITLE)
        self._meaning = Text("", tone="quiet")
        self._classes = selectable(Text("", TextRole.DISPLAY))
        self._classes.setObjectName("classLabel")
        self._sum = selectable(Text())
        self._output = ElidedText("", tone="quiet")
        self._tiles = Tiles()
        self._engine_reason = Text("", tone="quiet")
        self._findings = FindingsView()
        self._notice = Text("", tone="quiet")
        self._forget_notice = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._notice.hide()
        self._forget_notice.timeout.connect(self._notice.hide)
        self._files_title = Text("", TextRole.HEADING)
        self._files = FilesTable()
        self._checks = ChecksTable()
        self._files_card = frame("card", column(self._files_title, self._files, spacing=UNIT, margin=12))
        self._checks_card = self._make_checks_card()
        self._tables = self._make_tables()
        self._actions = self._make_actions()
        self._lay_out()

    @property
    def headline(self) -> str:
        """The verdict in words."""
        return self._headline.plain

    def show_report(self, report: MergeReport) -> None:
        """Show a finished merge."""
        judged = headline_of(report)
        self._show_verdict(judged)
        self._show_classes(report)
        self._show_sum(report)
        self._output.setText(str(report.output))
        self._output.setVisible(_is_published(judged))
        self._show_numbers(report)
        self._show_findings(report, judged)
        self._show_tables(report)
        self._actions.setVisible(bool(report.files) or judged.kind is HeadlineKind.REFUTED)
        self._open.setVisible(_is_published(judged))

    def offer_verify_all(self, offered: bool) -> None:
        """Offer to verify every value, where samples were compared so far."""
        self._verify_all.setVisible(offered)

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job from being pressed while one is running."""
        self._verify_all.setEnabled(not is_locked)

    def notify(self, notice: str) -> None:
        """Say below the buttons what one of them did, for a few seconds."""
        self._notice.setText(notice)
        self._notice.show()
        self._forget_notice.start()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Put the tables side by side where there is room."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = event.size().width() >= _SIDE_BY_SIDE
        self._tables.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _show_verdict(self, judged: Headline) -> None:
        self._icon.show_icon(judged.icon, judged.tone)
        self._headline.setText(judged.headline)
        set_tone(self._headline, judged.tone)
        self._meaning.setText(judged.meaning)

    def _show_classes(self, report: MergeReport) -> None:
        known = bool(report.adapter_class and report.merged_class)
        self._classes.setText(f"{report.adapter_class} → {report.merged_class}" if known else "")
        self._classes.setVisible(known)
        spoken = self.tr("The class was {before} and is now {after}.")
        self._classes.setAccessibleName(
            spoken.format(before=report.adapter_class, after=report.merged_class) if known else ""
        )

    def _show_sum(self, report: MergeReport) -> None:
        added = [(one.name, one.weight) for one in report.adapters]
        how = describe_combination(report.combination)
        lines = [sum_of(added, report.base_name), self.tr("Combined: {how}").format(how=how) if how else ""]
        self._sum.setText("\n".join(line for line in lines if line))
        self._sum.setVisible(bool(added))

    def _show_numbers(self, report: MergeReport) -> None:
        facts = self._facts(report)
        self._tiles.show_facts(facts)
        self._tiles.setVisible(bool(facts))
        reason = engine_reason(report.engine_reason)
        self._engine_reason.setText(reason)
        self._engine_reason.setVisible(bool(reason))

    def _facts(self, report: MergeReport) -> list[Fact]:
        modules = self.tr("{matched} of {targeted}").format(
            matched=human_count(report.modules.matched), targeted=human_count(report.modules.targeted)
        )
        tensors = self.tr("{merged} of {total}").format(
            merged=human_count(report.tensors.merged), total=human_count(report.tensors.total)
        )
        facts = (
            Fact(self.tr("Modules merged"), modules if report.modules.targeted else ""),
            Fact(self.tr("Tensors changed"), tensors if report.tensors.total else ""),
            Fact(self.tr("Engine"), report.engine or ""),
            Fact(self.tr("Duration"), human_seconds(report.seconds) if report.seconds else ""),
            Fact(self.tr("Peak memory"), peak_memory(report)),
        )
        return [fact for fact in facts if fact.value]

    def _show_findings(self, report: MergeReport, judged: Headline) -> None:
        # After a good merge the proof counts; the findings stay on the page before.
        shown = () if _is_published(judged) else errors_of(report.findings)
        self._findings.show_rows(finding_rows(shown))
        self._findings.setVisible(bool(shown))

    def _show_tables(self, report: MergeReport) -> None:
        self._files.show_files(report.files)
        self._checks.show_checks(report.checks)
        number = self.tr("%n file(s)", "", len(report.files))
        total = self.tr("{files}, {size} in all").format(files=number, size=human_bytes(report.total_bytes))
        self._files_title.setText(total)
        self._files_card.setVisible(bool(report.files))
        self._checks_card.setVisible(bool(report.checks))

    def _make_checks_card(self) -> QFrame:
        title = Text(self.tr("What was verified"), TextRole.HEADING)
        return frame("card", column(title, self._checks, spacing=UNIT, margin=12))

    def _make_tables(self) -> QHBoxLayout:
        tables = row(self._checks_card, self._files_card, spacing=2 * UNIT)
        tables.setStretch(0, 3)
        tables.setStretch(1, 2)
        for card in (self._checks_card, self._files_card):
            tables.setAlignment(card, Qt.AlignmentFlag.AlignTop)
        return tables

    def _make_actions(self) -> QWidget:
        self._open = IconButton(self.tr("Open fol&der"), "folder")
        self._save = IconButton(self.tr("&Save report…"), "save")
        self._copy = IconButton(self.tr("&Copy PEFT code"), "copy")
        self._copy.setToolTip(self.tr("The same merge as a Python script with PEFT"))
        self._verify_all = named(IconButton(self.tr("Verify every&thing"), "proof"), "fullCheckButton")
        self._verify_all.setToolTip(
            self.tr("Compare every value of the merged folder with base and adapters; so far it was samples")
        )
        self._verify_all.clicked.connect(self.verify_all_asked)
        self._open.clicked.connect(self.open_asked)
        self._save.clicked.connect(self.save_asked)
        self._copy.clicked.connect(self.copy_asked)
        return WrapRow(self._open, self._verify_all, self._save, self._copy)

    def _lay_out(self) -> None:
        verdict_line = row(self._icon, column(self._headline, self._meaning, spacing=2), spacing=12, grows=1)
        hero = frame(
            "card",
            column(
                verdict_line,
                self._classes,
                self._sum,
                self._output,
                self._actions,
                self._notice,
                spacing=12,
                margin=2 * UNIT,
            ),
        )
        parts = (hero, self._tiles, self._engine_reason, self._findings, self._tables, None)
        self.setLayout(column(*parts, spacing=2 * UNIT))


def _is_published(judged: Headline) -> bool:
    return judged.kind in {HeadlineKind.PROVEN, HeadlineKind.REMARKS}
