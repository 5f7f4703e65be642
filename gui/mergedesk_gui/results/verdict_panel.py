"""What a verification came to: match or mismatch, why, and what every tensor of the adapter became."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.findings import CheckCode
from mergedesk.domain.units import human_count, human_seconds
from mergedesk.domain.verdict import Verdict

from ..state.result_context import ResultContext
from ..text.finding_rows import finding_rows
from ..text.folder_text import describe_combination, sum_of
from ..text.messages import peak_memory
from ..text.verdict_text import VerdictText, other_findings, verdict_text_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.findings_view import FindingsView
from ..widgets.icons import IconButton, IconLabel
from ..widgets.labels import ElidedText, Text, selectable, set_tone
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from ..widgets.tiles import Fact, Tiles
from ..widgets.wrap_row import WrapRow
from .module_table import ModuleTable
from .report_tables import ChecksTable

_ICON = 32
_NOTICE_MS = 5000


class VerdictPanel(QWidget):
    """The verdict of the latest verification."""

    verify_all_asked = Signal()
    open_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal()
    merge_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdictPanel")
        self._icon = IconLabel("proof", "success", _ICON)
        self._headline = named(Text("", TextRole.TITLE), "verdictLabel")
        self._reason = named(selectable(Text("", TextRole.HEADING)), "reasonLabel")
        self._meaning = Text("", tone="quiet")
        self._hint = selectable(Text())
        self._class = selectable(Text("", TextRole.STRONG))
        self._sum = selectable(Text())
        self._folder = ElidedText("", tone="quiet")
        self._notice = Text("", tone="quiet")
        self._notice.hide()
        self._forget_notice = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._forget_notice.timeout.connect(self._notice.hide)
        self._tiles = Tiles()
        self._findings = FindingsView()
        self.modules = ModuleTable()
        self._checks = ChecksTable()
        self._checks.setObjectName("verdictChecksTable")
        title = Text(self.tr("What was compared"), TextRole.HEADING)
        self._checks_card = frame("card", column(title, self._checks, spacing=UNIT, margin=12))
        self._actions = self._make_actions()
        self._lay_out()

    @property
    def reason(self) -> str:
        """Why the verdict is what it is."""
        return self._reason.plain

    def show_verdict(self, verdict: Verdict, context: ResultContext, class_name: str = "") -> None:
        """Show a finished verification; ``class_name`` is the merged model's."""
        self._show_words(verdict_text_of(verdict))
        self._show_context(context)
        self._class.setText(class_name)
        self._class.setVisible(bool(class_name))
        facts = self._facts(verdict)
        self._tiles.show_facts(facts)
        self._tiles.setVisible(verdict.matches is not None)
        shown = () if verdict.matches is not None else other_findings(verdict)
        self._findings.show_rows(finding_rows(shown))
        self._findings.setVisible(bool(shown))
        self.modules.show_modules(verdict.modules)
        self.modules.setVisible(bool(verdict.modules))
        self._checks.show_checks(verdict.checks)
        self._checks_card.setVisible(bool(verdict.checks))
        self._verify_all.setVisible(verdict.quick and bool(verdict.checks))
        for button in (self._again, self._open):
            button.setVisible(context.report is None)  # the merge's own report is below, with its buttons

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job from being pressed while one is running."""
        self._verify_all.setEnabled(not is_locked)
        self._again.setEnabled(not is_locked)

    def notify(self, notice: str) -> None:
        """Say below the buttons what one of them did, for a few seconds."""
        self._notice.setText(notice)
        self._notice.show()
        self._forget_notice.start()

    def _show_words(self, words: VerdictText) -> None:
        self._icon.show_icon(words.icon, words.tone)
        self._headline.setText(words.headline)
        set_tone(self._headline, words.tone)
        self._reason.setText(words.reason)
        self._meaning.setText(words.meaning)
        self._hint.setText(words.hint)
        self._hint_line.setVisible(bool(words.hint))

    def _show_context(self, context: ResultContext) -> None:
        added = [(one.folder.name, one.weight) for one in context.adapters]
        how = describe_combination(context.combination)
        made_of = sum_of(added, context.base.name)
        text = self.tr("{merged}, compared with {sum}")
        name = context.merged.name
        self._sum.setText(text.format(merged=name, sum=f"{made_of} ({how})" if how else made_of))
        self._folder.setText(str(context.merged))

    def _facts(self, verdict: Verdict) -> list[Fact]:
        right = sum(one.is_right for one in verdict.modules)
        modules = self.tr("{right} of {total}").format(
            right=human_count(right), total=human_count(len(verdict.modules))
        )
        compared = next((one.data.get("count") for one in verdict.checks if one.code is CheckCode.KEYS_AS_PLANNED), 0)
        depth = self.tr("Samples") if verdict.quick else self.tr("Everything")
        facts = (
            Fact(self.tr("Adapter's tensors right"), modules if verdict.modules else ""),
            Fact(self.tr("Tensors compared"), human_count(compared) if isinstance(compared, int) and compared else ""),
            Fact(self.tr("Read"), depth if verdict.checks else self.tr("Folder's kind")),
            Fact(self.tr("Duration"), human_seconds(verdict.seconds) if verdict.seconds else ""),
            Fact(self.tr("Peak memory"), peak_memory(verdict)),
        )
        return [fact for fact in facts if fact.value]

    def _make_actions(self) -> QWidget:
        self._verify_all = named(IconButton(self.tr("Verify every&thing"), "proof"), "fullCheckAgainButton")
        self._verify_all.setToolTip(self.tr("Compare every value of every tensor, not samples"))
        self._open = IconButton(self.tr("Open fo&lder"), "folder")
        save = named(IconButton(self.tr("Save verd&ict…"), "save"), "saveVerdictButton")
        copied = named(IconButton(self.tr("Cop&y reason"), "copy"), "copyReasonButton")
        self._again = named(IconButton(self.tr("Merge a&new"), "merge"), "mergeAnewButton")
        self._again.setToolTip(self.tr("Turn to Merge with the same base and adapters"))
        for button, signal in (
            (self._verify_all, self.verify_all_asked),
            (self._open, self.open_asked),
            (save, self.save_asked),
            (copied, self.copy_asked),
            (self._again, self.merge_asked),
        ):
            button.clicked.connect(signal)
        return WrapRow(self._verify_all, self._again, self._open, save, copied)

    def _lay_out(self) -> None:
        heading = row(self._icon, self._headline, spacing=12, grows=1)
        hint = IconLabel("info", "accent", 16)
        line = row(hint, self._hint, spacing=UNIT, margin=12, grows=1)
        self._hint_line = frame("offer", line)
        about = column(self._class, self._sum, self._folder, spacing=UNIT // 2)
        why = column(self._reason, self._meaning, spacing=UNIT // 2)
        parts = (heading, why, self._hint_line, about, self._actions, self._notice)
        hero = frame("card", column(*parts, spacing=12, margin=2 * UNIT))
        tables = (hero, self._tiles, self._findings, self.modules, self._checks_card)
        self.setLayout(column(*tables, spacing=2 * UNIT))
