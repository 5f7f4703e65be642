"""What a merge came to: the class before and after, the verdict, and the proof."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QWidget

from mergedesk.domain.folder_names import spoken_name
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import MergeRequest

from ..state.follow_up import told_afterwards
from ..text.finding_rows import rows_after_merge
from ..text.folder_text import describe_combination, sum_of
from ..text.lines import Line
from ..text.messages import engine_reason
from ..text.numbers import human_bytes, human_seconds
from ..text.outcome_text import HeadlineKind, headline_of
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import IconButton
from ..widgets.labels import Text, breakable, selectable
from ..widgets.layouts import column, frame, row
from ..widgets.naming import named
from ..widgets.table import Cell, ReadTable
from ..widgets.tiles import Fact, counted
from ..widgets.wrapping import SideBySide, WrapRow
from .judged_panel import JudgedPanel

_TABLE_WIDTH = 432
_FILES_HEIGHT = 640  # a large model has a hundred files and more


class VerificationPanel(JudgedPanel):
    """The report of the latest merge."""

    open_asked = Signal()
    save_asked = Signal()
    copy_asked = Signal()
    verify_all_asked = Signal()
    upload_asked = Signal()
    gguf_asked = Signal()
    try_asked = Signal()
    use_asked = Signal()
    ollama_asked = Signal()
    next_asked = Signal()

    def __init__(self) -> None:
        super().__init__("verificationPanel", self.tr("What was verified"))
        self._made = named(selectable(Text("", TextRole.DISPLAY)), "madeLabel")
        self._classes = named(selectable(Text("", TextRole.STRONG)), "classLabel")
        self._engine_reason = Text("", tone="quiet")
        self._files_title = Text("", TextRole.HEADING)
        self._files = self._files_table()
        self._files_card = frame("card", column(self._files_title, self._files, spacing=UNIT, margin=12))
        tables = SideBySide(self._checks_card, self._files_card, least=_TABLE_WIDTH, shares=(3, 2), high=False)
        self._steps, self._actions = self._make_steps(), self._make_actions()
        headline = row(self._icon, column(self.headline, self._meaning, spacing=2), spacing=12, grows=1)
        self._finished = named(Text("", TextRole.SMALL, "quiet"), "finishedLabel")
        about = column(self._sum, self._classes, self._folder, self._finished, spacing=UNIT // 2)
        hero = self._hero(self._made, headline, about, self._steps, self._actions)
        parts = (hero, self._tiles, self._engine_reason, self.findings, tables, None)
        self.setLayout(column(*parts, spacing=2 * UNIT))

    def show_report(self, report: MergeReport, request: MergeRequest | None = None) -> None:
        """Show a finished merge; ``request`` tells where its inputs lie, the report only their names."""
        judged = headline_of(report)
        is_published = judged.kind in {HeadlineKind.PROVEN, HeadlineKind.REMARKS}
        self._judge(Line(judged.headline, judged.icon, judged.tone), judged.meaning)
        self._show_classes(report)
        self._show_sum(report, request)
        self._show_finished(report)
        self._made.show_or_hide(breakable(spoken_name(report.output)) if is_published else "")
        self._folder.setText(str(report.output))
        self._folder.setVisible(is_published)
        self._steps.setVisible(is_published)
        self._tiles.show_facts(self._facts(report))
        self._engine_reason.show_or_hide(engine_reason(report.engine_reason))
        # After a good merge the proof counts; what was known before stays on the page before.
        findings = told_afterwards(report.findings, errors=not is_published)
        self._show_details(rows_after_merge(findings), report.checks)
        self._show_files(report)
        self._actions.setVisible(bool(report.files) or judged.kind is HeadlineKind.REFUTED)

    def offer_verify_all(self, offered: bool) -> None:
        """Offer to verify every value, where samples were compared so far."""
        self._verify_all.setVisible(offered)

    def lock(self, is_locked: bool) -> None:
        """Keep what starts a job from being pressed while one is running."""
        self._verify_all.setEnabled(not is_locked)
        self.findings.lock(is_locked)

    def _show_classes(self, report: MergeReport) -> None:
        known = bool(report.adapter_class and report.merged_class)
        self._classes.show_or_hide(f"{report.adapter_class} → {report.merged_class}" if known else "")
        spoken = self.tr("The class was {before} and is now {after}.")
        spoken = spoken.format(before=report.adapter_class, after=report.merged_class)
        self._classes.setAccessibleName(spoken if known else "")

    def _show_sum(self, report: MergeReport, request: MergeRequest | None) -> None:
        added, base = [(adapter.name, adapter.weight) for adapter in report.adapters], report.base_name
        if request is not None and added:
            added = [(spoken_name(adapter.folder), adapter.weight) for adapter in request.adapters]
            base = spoken_name(request.base)
        combined = describe_combination(report.combination)
        lines = [sum_of(added, base), self.tr("Combined: {how}").format(how=combined) if combined else ""]
        self._sum.show_or_hide("\n".join(line for line in lines if line) if added else "")

    def _show_finished(self, report: MergeReport) -> None:
        moment = QDateTime.fromString(report.finished, Qt.DateFormat.ISODate).toLocalTime()
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        self._finished.show_or_hide(self.tr("Finished {moment}").format(moment=when) if moment.isValid() else "")

    def _facts(self, report: MergeReport) -> tuple[Fact, ...]:
        modules, tensors, made = report.modules, report.tensors, report.status is MergeStatus.MERGED
        # Where nothing was made, the number is that of the plan.
        title = self.tr("Modules merged") if made else self.tr("Modules matched")
        return (
            counted(title, modules.matched, modules.targeted),
            counted(self.tr("Tensors changed"), tensors.merged, tensors.total),
            Fact(self.tr("Engine"), report.engine or ""),
            Fact(self.tr("Duration"), human_seconds(report.seconds) if report.seconds else ""),
            *self._memory(report),
        )

    def _show_files(self, report: MergeReport) -> None:
        self._files.show_rows([(Cell(file.name, file.name), human_bytes(file.bytes)) for file in report.files])
        number = self.tr("%n file(s)", "", len(report.files))
        total = self.tr("{files}, {size} in all").format(files=number, size=human_bytes(report.total_bytes))
        self._files_title.setText(total)
        self._files_card.setVisible(bool(report.files))

    def _make_steps(self) -> QWidget:
        """What people do next with a model."""
        trial = self.tr("Ask base, adapter and merged model the same, side by side")
        where = self.tr("For llama.cpp, Ollama and LM Studio")
        elsewhere = self.tr("With Ollama, LM Studio, vLLM, SGLang, llama.cpp or from Python")
        runs = self.tr("As a model that Ollama runs on this computer")
        what = self.tr("Look at what would go to a hub, and send it")
        steps = (
            ("tryResultButton", self.tr("Try it"), "prompt", self.try_asked, trial),
            ("makeGgufOfResultButton", self.tr("Make GGUF…"), "output", self.gguf_asked, where),
            ("createInOllamaOfResultButton", self.tr("Create in Ollama…"), "prompt", self.ollama_asked, runs),
            ("useResultButton", self.tr("Use it…"), "tune", self.use_asked, elsewhere),
            ("uploadResultButton", self.tr("Up&load…"), "up", self.upload_asked, what),
            ("openResultButton", self.tr("Open fol&der"), "folder", self.open_asked, ""),
            ("copyPathButton", self.tr("Copy path"), "copy", self._copy_path, ""),
        )
        return WrapRow(
            *(named(IconButton(words, icon, clicked=do, tooltip=tip), name) for name, words, icon, do, tip in steps)
        )

    def _copy_path(self) -> None:
        self.notice.copy(self._folder.text())

    def _make_actions(self) -> QWidget:
        so_far = self.tr("Compare every value of the merged folder with base and adapters; so far it was samples")
        verify_all = IconButton(self.tr("Verify every&thing"), "proof", clicked=self.verify_all_asked, tooltip=so_far)
        self._verify_all = named(verify_all, "fullCheckButton")
        save = IconButton(self.tr("&Save report…"), "save", clicked=self.save_asked)
        script = self.tr("The same merge as a Python script with PEFT")
        copy = IconButton(self.tr("&Copy PEFT code"), "copy", clicked=self.copy_asked, tooltip=script)
        another = self.tr("Keep the base and how to merge, and choose another adapter")
        following = IconButton(self.tr("Next merge"), "merge", clicked=self.next_asked, tooltip=another)
        return WrapRow(self._verify_all, save, copy, named(following, "nextMergeButton"))

    def _files_table(self) -> ReadTable:
        name, headers = self.tr("Files of the result"), (self.tr("File"), self.tr("Size"))
        return ReadTable("filesTable", name, headers, numeric=(1,), most_height=_FILES_HEIGHT)
