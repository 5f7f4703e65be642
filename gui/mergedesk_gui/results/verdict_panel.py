"""What a verification came to: match or mismatch, why, and what every tensor of the adapter became."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.findings import CheckCode
from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.units import human_count
from mergedesk.domain.verdict import Verdict

from ..state.result_context import ResultContext
from ..text.finding_rows import finding_rows
from ..text.folder_text import describe_combination, sum_of
from ..text.lines import Line
from ..text.numbers import human_seconds
from ..text.outcome_text import other_findings, verdict_text_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from ..widgets.tiles import Fact, counted
from ..widgets.wrapping import WrapRow
from .judged_panel import JudgedPanel
from .module_table import ModuleTable


class VerdictPanel(JudgedPanel):
    """The verdict of the latest verification."""

    verify_all_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()
    merge_asked = Signal()

    def __init__(self) -> None:
        super().__init__("verdictPanel", self.tr("What was compared"))
        self.headline.setObjectName("verdictLabel")
        self._checks.setObjectName("verdictChecksTable")
        self._checks_line.button.setObjectName("showVerdictChecksButton")
        self._checks_line.words.setObjectName("verdictChecksPassedLabel")
        self.reason = named(selectable(Text("", TextRole.HEADING)), "reasonLabel")
        self._hint = selectable(Text())
        self._whole = ""
        self._class = selectable(Text("", TextRole.STRONG))
        self.modules = ModuleTable()
        headline = row(self._icon, self.headline, spacing=12, grows=1)
        why = column(self.reason, self._meaning, spacing=UNIT // 2)
        self._hint_line = frame("offer", row(IconLabel("info", "accent", 16), self._hint, margin=12, grows=1))
        about = column(self._class, self._sum, self._folder, spacing=UNIT // 2)
        hero = self._hero(headline, why, self._hint_line, about, self._make_actions())
        parts = (hero, self._tiles, self.findings, self.modules, self._checks_card)
        self.setLayout(column(*parts, spacing=2 * UNIT))

    def show_verdict(self, verdict: Verdict, context: ResultContext, class_name: str = "") -> None:
        """Show a finished verification; ``class_name`` is the merged model's."""
        words = verdict_text_of(verdict)
        self._judge(Line(words.headline, words.icon, words.tone), words.meaning)
        self._whole = words.whole
        self.reason.setText(words.reason)
        self._hint.setText(words.hint)
        self._hint_line.setVisible(bool(words.hint))
        self._class.show_or_hide(class_name)
        self._show_context(context)
        self._tiles.show_facts(self._facts(verdict) if verdict.matches is not None else ())
        findings = () if verdict.matches is not None else other_findings(verdict)
        self._show_details(finding_rows(findings), verdict.checks)
        self.modules.show_modules(verdict.modules)
        self.modules.setVisible(bool(verdict.modules))
        self._verify_all.setVisible(verdict.quick and bool(verdict.checks))
        for button in (self._again, self._open):
            button.setVisible(context.report is None)  # the merge's own report is below, with its buttons

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job from being pressed while one is running."""
        self._verify_all.setEnabled(not is_locked)
        self._again.setEnabled(not is_locked)

    def _show_context(self, context: ResultContext) -> None:
        added = [(spoken_name(adapter.folder), adapter.weight) for adapter in context.adapters]
        combined = describe_combination(context.combination)
        made_of = sum_of(added, spoken_name(context.base))
        text = self.tr("{merged}, compared with {sum}")
        whole = f"{made_of} ({combined})" if combined else made_of
        self._sum.setText(text.format(merged=spoken_name(context.merged), sum=whole))
        self._folder.setText(str(context.merged))

    def _facts(self, verdict: Verdict) -> tuple[Fact, ...]:
        right = sum(module.is_right for module in verdict.modules)
        planned = next((check for check in verdict.checks if check.code is CheckCode.KEYS_AS_PLANNED), None)
        compared = planned.data.get("count") if planned else 0
        depth = self.tr("Samples") if verdict.quick else self.tr("Everything")
        return (
            counted(self.tr("Adapter's tensors right"), right, len(verdict.modules)),
            Fact(self.tr("Tensors compared"), human_count(compared) if isinstance(compared, int) and compared else ""),
            Fact(self.tr("Read"), depth if verdict.checks else self.tr("Folder's kind")),
            Fact(self.tr("Duration"), human_seconds(verdict.seconds) if verdict.seconds else ""),
            *self._memory(verdict),
        )

    def _make_actions(self) -> QWidget:
        every = self.tr("Compare every value of every tensor, not samples")
        verify_all = IconButton(self.tr("Verify every&thing"), "proof", clicked=self.verify_all_asked, tooltip=every)
        turn = self.tr("Turn to Merge with the same base and adapters")
        again = IconButton(self.tr("Merge a&new"), "merge", clicked=self.merge_asked, tooltip=turn)
        save = IconButton(self.tr("Save verd&ict…"), "save", clicked=self.save_asked)
        copy = IconButton(self.tr("Cop&y reason"), "copy", clicked=lambda: self.notice.copy(self._whole))
        self._verify_all, self._again = named(verify_all, "fullCheckAgainButton"), named(again, "mergeAnewButton")
        self._open = IconButton(self.tr("Open fo&lder"), "folder", clicked=self.open_asked)
        save_and_copy = named(save, "saveVerdictButton"), named(copy, "copyReasonButton")
        return WrapRow(self._verify_all, self._again, self._open, *save_and_copy)
