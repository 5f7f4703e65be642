"""Past merges: what became of each, its report, and its settings for another merge."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mergedesk.support.failures import failure_of

from ..jobs.queued_signal import ask_in_thread
from ..state.mode import Mode
from ..state.past_merge import PastMerge
from ..state.result_context import ResultContext
from ..text.history_text import about
from ..text.messages import failure_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole, grown
from ..widgets import dialogs
from ..widgets.icons import IconButton
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column, scrolled
from ..widgets.naming import named
from ..widgets.opening import show_folder
from ..widgets.page_dialog import PageDialog, resize_within_screen
from ..widgets.wrapping import WrapRow
from .past_merges import PastMergeList
from .past_result import past_result
from .past_table import PastTable
from .report_page import report_page, show_page

_WIDTH, _HEIGHT = 1000, 680
_ABOUT_LINES = 7


class HistoryDialog(PageDialog):
    """The past merges of window and command line, the latest first; what ends meanwhile is added."""

    repeated = Signal(object)
    """The ``Form`` that is wanted again."""
    reopened = Signal(object)
    """The ``ResultContext`` of a merge that is to be looked at."""

    chapter = "past-merges"

    def __init__(self, parent: QWidget, past: PastMergeList, *, can_reopen: bool) -> None:
        """``can_reopen``: whether the pages of results are free."""
        super().__init__(parent, self.tr("Past merges"))
        self._past, self._can_reopen = past, can_reopen
        self._empty = Text(self.tr("There are no past merges yet."), tone="quiet")
        self._table = PastTable(self, self.tr("Past merges"), self._update, self._look_again)
        spoken = self.tr("Search past merges")
        self._search = named(QLineEdit(placeholderText=spoken, clearButtonEnabled=True), "historySearchEdit", spoken)
        self._search.textChanged.connect(self._show)
        self._about = named(selectable(Text("", tone="quiet")), "historyAbout")
        self._buttons = self._make_buttons()
        self._lay_out()
        past.changed.connect(self._show)
        self.finished.connect(past.leave)
        self._show()
        past.follow()

    @property
    def selected(self) -> PastMerge | None:
        """The merge whose row is selected."""
        return self._table.selected

    def _show(self) -> None:
        merges, words = self._past.merges, self._search.text().strip().lower()
        is_empty = not merges
        self._empty.setVisible(is_empty and self._past.is_read)
        for part in (self._table.view, self._search, self._around):
            part.setHidden(is_empty)
        self._table.show(past for past in merges if not words or words in past.words)
        self._update()

    def _update(self) -> None:
        past = self.selected
        is_there = past is not None and past.folder is not None
        is_made = past is None or past.record.is_made
        self._about.setText(about(past) if past is not None else "")
        self._look.setEnabled(is_there and self._can_reopen)
        self._report.setEnabled(is_there)
        self._folder.setEnabled(is_there)
        self._again.setEnabled(past is not None and past.may_repeat)
        self._again.rename(self.tr("&Again with these settings") if is_made else self.tr("&Try again"), "merge")
        self._verify.setEnabled(is_there and past is not None and past.may_repeat)
        self._remove.setEnabled(past is not None)
        self._clear.setEnabled(bool(self._past.merges))

    def _look_again(self) -> None:
        if (past := self.selected) is not None and past.folder is not None and self._can_reopen:
            question = partial(past_result, past.record.request, past.folder)
            ask_in_thread(question, self._show_result, name="past merge")

    def _show_result(self, context: object) -> None:
        if isinstance(context, Exception):
            dialogs.show_failure(self, failure_text(failure_of(context)))
        elif isinstance(context, ResultContext):
            self.reopened.emit(context)
            self.accept()

    def _open_report(self) -> None:
        if self.selected is not None and self.selected.folder is not None:
            ask_in_thread(partial(report_page, self.selected.folder), self._show_page, name="report page")

    def _show_page(self, page: object) -> None:
        show_page(self, page)

    def _show_folder(self) -> None:
        if self.selected is not None and self.selected.folder is not None:
            show_folder(self, self.selected.folder)

    def _choose_again(self) -> None:
        if self.selected is not None:
            self.repeated.emit(self.selected.choices)
            self.accept()

    def _choose_to_verify(self) -> None:
        past = self.selected
        if past is not None and past.folder is not None:
            self.repeated.emit(replace(past.choices, mode=Mode.VERIFY, merged=past.folder))
            self.accept()

    def _take_out(self) -> None:
        if self.selected is not None:
            self._past.remove([self.selected.name])

    def _ask_to_clear(self) -> None:
        words = (
            self.tr("Clear the list"),
            self.tr("Remove all merges from the list?"),
            self.tr("Clear the list"),
            self.tr("Keep it"),
        )
        dialogs.ask(self, words, self.tr("The merged folders stay."), self._take_all_out)

    def _take_all_out(self) -> None:
        self._past.remove([past.name for past in self._past.merges])

    def _make_buttons(self) -> WrapRow:
        again = self.tr("Result, effect, trial and use of this merge, as after it was made")
        self._look = IconButton(self.tr("&Open"), "model", clicked=self._look_again, tooltip=again)
        named(self._look, "reopenButton")
        self._report = IconButton(self.tr("Open re&port"), "proof", clicked=self._open_report)
        self._folder = IconButton(self.tr("Show &folder"), "folder", clicked=self._show_folder)
        self._again = IconButton(self.tr("&Again with these settings"), "merge", clicked=self._choose_again)
        named(self._again, "repeatButton")
        as_now = self.tr("Compare the merged folder with base and adapters as they are now")
        self._verify = IconButton(self.tr("&Verify this merge"), "pass", clicked=self._choose_to_verify, tooltip=as_now)
        stays = self.tr("The merged folder stays.")
        self._remove = IconButton(self.tr("&Remove from the list"), "remove", clicked=self._take_out, tooltip=stays)
        self._clear = IconButton(self.tr("C&lear the list…"), "remove", clicked=self._ask_to_clear)
        return WrapRow(self._look, self._report, self._folder, self._verify, self._again, self._remove, self._clear)

    def _lay_out(self) -> None:
        title = Text(self.tr("Past merges"), TextRole.DISPLAY)
        about = QWidget()
        about.setLayout(column(self._about, None, spacing=0))
        self._around = named(scrolled(about, "page"), "historyAboutArea")
        table, rest = self._table.view, (self._around, self._buttons, self.close_box)
        lines = column(title, self._empty, self._search, table, *rest, spacing=2 * UNIT, margin=3 * UNIT)
        content = QWidget()
        lines.setStretch(3, 1)
        content.setLayout(lines)
        self.setLayout(column(scrolled(content, "page"), spacing=0))
        self._around.setFixedHeight(_ABOUT_LINES * self._about.fontMetrics().lineSpacing())
        resize_within_screen(self, grown(_WIDTH), grown(_HEIGHT))
