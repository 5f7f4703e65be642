"""The page “Queue”: every job with how it stands, and what can be done with the one that is selected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from mergedesk.domain.job_list import JobList, JobState, QueuedJob
from mergedesk.domain.requests import MergeRequest, VerifyRequest

from ..state.preferences import Preferences
from ..text.messages import say
from ..text.queue_text import ICONS, Reading, job_remark, job_title, queue_summary, reading_text, state_text
from ..theme.stylesheet import UNIT
from ..theme.typography import TextRole
from ..widgets.icons import Clicked, IconButton
from ..widgets.labels import Text, selectable
from ..widgets.layouts import column
from ..widgets.naming import announce, named
from ..widgets.table import Cell, ReadTable
from ..widgets.wrapping import WrapRow

_PROGRESS = 2
_TABLE_HEIGHT = 560


class QueuePage(QWidget):
    """Shows a list of jobs and asks for what is done with it; doing it is another's."""

    move_asked = Signal(int, int)
    """The number of a job, and by how many places."""
    pause_asked = Signal(int)
    retry_asked = Signal(int)
    remove_asked = Signal(int)
    stop_asked = Signal()
    report_asked = Signal(int)
    folder_asked = Signal(int)
    form_asked = Signal(int)
    hold_asked = Signal()
    clear_asked = Signal()
    save_asked = Signal()
    open_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._jobs = JobList()
        self.summary = named(Text("", tone="quiet"), "queueSummary")
        self.threads = named(Text("", TextRole.SMALL, "quiet"), "queueThreads")
        self.threads.hide()
        self.notice = selectable(Text("", tone="quiet"))
        self.notice.hide()
        headers = (self.tr("Job"), self.tr("State"), self.tr("Progress"))
        self.table = ReadTable("queueTable", self.tr("Jobs"), headers, stretched=0, most_height=_TABLE_HEIGHT)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.itemSelectionChanged.connect(self._update)
        self.table.activated.connect(self._open_job)
        self._make_buttons()
        title = Text(self.tr("Queue"), TextRole.DISPLAY)
        # None is ever hidden, and those that are renamed stand last: nothing else comes to lie under the mouse.
        of_job = WrapRow(
            self._up, self._down, self._report, self._folder, self._form,
            self._remove, self._stop, self._pause, self._retry,
        )  # fmt: skip
        of_list = WrapRow(self._hold, self._clear, self._open, self._save)
        about = column(self.summary, self.threads, spacing=UNIT // 2)
        self.setLayout(column(title, about, of_list, self.table, of_job, self.notice, spacing=2 * UNIT))
        self.table.hide()
        self.show_jobs(self._jobs)

    @property
    def selected(self) -> QueuedJob | None:
        """The job whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._jobs.jobs[rows[0].row()] if rows and rows[0].row() < len(self._jobs.jobs) else None

    def show_jobs(self, jobs: JobList) -> None:
        """Show another list; the same job stays selected, or the one that stands in its place."""
        kept, before, place = self.selected, self._jobs.jobs, self.table.currentRow()
        self._jobs = jobs
        if [job.number for job in before] == [job.number for job in jobs.jobs]:
            self._change_rows(before)
        else:
            self.table.show_rows([_cells(job) for job in jobs.jobs])
            self.table.setVisible(bool(jobs.jobs))
            self._select(kept.number if kept else None, place)
            self.notice.hide()
        self.summary.setText(queue_summary(jobs))
        self._update()

    def _change_rows(self, before: tuple[QueuedJob, ...]) -> None:
        """Show anew only what is another: a long list would keep the window waiting."""
        for row, (old, new) in enumerate(zip(before, self._jobs.jobs, strict=True)):
            if old != new:
                for column, cell in enumerate(_cells(new)):
                    self.table.change(row, column, cell)

    def show_preferences(self, preferences: Preferences) -> None:
        """Say how many threads merges take that begin from now on, if that is not left to the computer."""
        threads = preferences.threads
        self.threads.show_or_hide(say("queue.threads", count=threads) if threads else "")

    def show_reading(self, number: int, reading: Reading) -> None:
        """How far a job is."""
        for row, job in enumerate(self._jobs.jobs):
            if job.number == number:
                self.table.change(row, 0, Cell(_said(job, reading_text(reading))))
                self.table.change(row, _PROGRESS, _bar(reading.fraction or 0.0))

    def say(self, sentence: str) -> None:
        """What was done, or why not."""
        self.notice.setText(sentence)
        self.notice.setVisible(bool(sentence))
        announce(self, sentence)

    def _select(self, number: int | None, place: int) -> None:
        """Select a job; without one, that which can go on, or which stands in its place."""
        jobs = self._jobs.jobs
        rows = [row for row, job in enumerate(jobs) if job.number == number]
        if number is None:
            rows = [row for row, job in enumerate(jobs) if job.state is JobState.INTERRUPTED]
        if jobs:
            self.table.selectRow(rows[0] if rows else min(max(place, 0), len(jobs) - 1))

    def _open_job(self) -> None:
        """A double click, or Enter: what came of it, and where nothing did, its inputs."""
        for button in (self._report, self._form):
            is_for_it = self.selected is not None and (button is self._form) is self.selected.may_retry
            if is_for_it and button.isEnabled():
                button.click()

    def _make_buttons(self) -> None:
        up, down = (lambda number: self.move_asked.emit(number, -1)), (lambda number: self.move_asked.emit(number, 1))
        self._up = self._of_job(self.tr("Move up"), "up", "queueUpButton", up)
        self._down = self._of_job(self.tr("Move down"), "down", "queueDownButton", down)
        self._pause = self._of_job(self.tr("Pause"), "time", "queuePauseButton", self.pause_asked.emit)
        self._retry = self._of_job(self.tr("Try again"), "recent", "queueRetryButton", self.retry_asked.emit)
        self._stop = self._of_job(self.tr("Cancel"), "stop", "queueStopButton", lambda _number: self.stop_asked.emit())
        self._remove = self._of_job(self.tr("Remove"), "remove", "queueRemoveButton", self.remove_asked.emit)
        self._report = self._of_job(self.tr("Open report"), "proof", "queueReportButton", self.report_asked.emit)
        self._folder = self._of_job(self.tr("Show folder"), "folder", "queueFolderButton", self.folder_asked.emit)
        self._form = self._of_job(self.tr("Put into the form"), "tune", "queueFormButton", self.form_asked.emit)
        self._hold = _button(self.tr("Hold the queue"), "time", "queueHoldButton", self.hold_asked)
        self._clear = _button(self.tr("Remove what is done"), "remove", "queueClearButton", self.clear_asked)
        self._open = _button(self.tr("Add from a file…"), "add", "queueOpenButton", self.open_asked)
        self._save = _button(self.tr("Save as a file…"), "save", "queueSaveButton", self.save_asked)

    def _of_job(self, text: str, picture: str, name: str, ask: Callable[[int], object]) -> IconButton:
        def act() -> None:
            if (job := self.selected) is not None:
                ask(job.number)

        return _button(text, picture, name, act)

    def _update(self) -> None:
        job, jobs = self.selected, self._jobs
        place = jobs.jobs.index(job) if job else 0
        self._up.setEnabled(job is not None and place > 0)
        self._down.setEnabled(job is not None and place < len(jobs.jobs) - 1)
        state = job.state if job else None
        self._pause.setEnabled(state in (JobState.WAITING, JobState.PAUSED))
        is_paused = state is JobState.PAUSED
        self._pause.rename(self.tr("Go on") if is_paused else self.tr("Pause"), "current" if is_paused else "time")
        self._retry.setEnabled(job is not None and job.may_retry)
        self._retry.rename(self.tr("Go on") if state is JobState.INTERRUPTED else self.tr("Try again"), "recent")
        self._stop.setEnabled(state is JobState.RUNNING)
        self._form.setEnabled(job is not None and isinstance(job.task, MergeRequest | VerifyRequest))
        self._remove.setEnabled(job is not None and state is not JobState.RUNNING)
        self._report.setEnabled(job is not None and job.report is not None)
        self._folder.setEnabled(job is not None and (state is JobState.DONE or job.output is None))
        self._update_list()

    def _update_list(self) -> None:
        jobs = self._jobs
        self._hold.rename(
            self.tr("Start the queue") if jobs.held else self.tr("Hold the queue"), "current" if jobs.held else "time"
        )
        self._hold.setEnabled(bool(jobs.jobs))
        self._clear.setEnabled(bool(jobs.count(JobState.DONE)))
        self._save.setEnabled(bool(jobs.jobs))


def _button(text: str, picture: str, name: str, clicked: Clicked) -> IconButton:
    return named(IconButton(text, picture, clicked=clicked), name)


def _cells(job: QueuedJob) -> list[Cell]:
    said = Cell(_said(job, job_remark(job)), str(job.subject))
    progress = _bar(0.0) if job.state is JobState.RUNNING else Cell("")
    return [said, Cell(state_text(job.state), picture=ICONS[job.state]), progress]


def _said(job: QueuedJob, remark: str) -> str:
    return f"{job_title(job)}\n{remark}" if remark else job_title(job)


def _bar(share: float) -> Cell:
    return Cell(f"{int(100 * share)} %", share=share)
