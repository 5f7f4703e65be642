"""What of the window is connected with the queue: its page, the Merge button, and those who look elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, SignalInstance

from mergedesk.domain.job_list import JobKind, JobList, JobState, QueuedJob, Task
from mergedesk.domain.requests import MergeRequest, VerifyRequest

from ..jobs.queued_signal import ask_in_thread
from ..results.results_panel import Page
from ..state.form import form_of
from ..state.form_history import ChangeKind
from ..state.made_of import form_of_verification
from ..text.messages import say
from ..text.queue_text import queue_summary
from ..widgets.file_dialogs import choose_file, choose_new_file
from ..widgets.opening import show_folder

if TYPE_CHECKING:
    from ..main_window import MainWindow
    from ..queue.queue_page import QueuePage

translate = QCoreApplication.translate
_KINDS = {"yaml": "YAML"}


def connect(window: MainWindow) -> None:
    """Connect what is there from the start and stays."""
    queue = window.queue
    window.queue_page_made.connect(partial(take_in_page, window))
    window.deploy_made.connect(lambda deploy: deploy.queued.connect(partial(put, window)))
    queue.changed.connect(lambda jobs: _show(window, jobs))
    queue.interrupted_found.connect(partial(_show_interrupted, window))
    queue.began.connect(lambda: window.outside.begin())
    queue.progressed.connect(lambda _number, reading: window.outside.show_progress(reading))
    queue.job_ended.connect(lambda job: _look_again(window, job))
    queue.stopped.connect(lambda: _end(window))


def of_parts(window: MainWindow) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
    """What is made anew with the window's parts."""
    return (
        (window.commands.add_to_queue.triggered, partial(_put_chosen, window)),
        (window.commands.one_each.triggered, partial(_ask_one_each, window)),
        (window.commands.show_queue.triggered, window.results.show_queue),
        (window.merging.start_bar.queue_asked, partial(_put_chosen, window)),
        (window.merging.ended, window.queue.step),
        (window.hub.queued, partial(put, window)),
    )


def take_in_page(window: MainWindow, page: QueuePage) -> None:
    """Connect the page, and have it show the list as it is."""
    queue = window.queue
    for asked, do in (
        (page.move_asked, queue.move),
        (page.pause_asked, queue.pause),
        (page.retry_asked, queue.retry),
        (page.remove_asked, queue.remove),
        (page.stop_asked, queue.stop),
        (page.hold_asked, queue.hold),
        (page.clear_asked, queue.clear),
        (page.report_asked, partial(_open_report, window)),
        (page.folder_asked, partial(_show_folder, window)),
        (page.form_asked, partial(_put_into_form, window)),
        (page.save_asked, partial(_save, window)),
        (page.open_asked, partial(_open, window)),
        (queue.changed, page.show_jobs),
        (queue.progressed, page.show_reading),
        (queue.told, page.say),
        (window.preferred, page.show_preferences),
    ):
        asked.connect(do)
    page.show_jobs(queue.jobs)
    page.show_preferences(window.settings.preferences)


def put(window: MainWindow, task: Task) -> None:
    """Lay a job at the queue's end."""
    window.queue.add([task])
    window.results.name_pages()
    window.merging.start_bar.say(translate("MainWindow", "Added to the queue."))


def _put_chosen(window: MainWindow) -> None:
    """Put what is chosen into the queue, as a job of its own."""
    if (task := window.merging.task) is not None:
        put(window, task)


def _ask_one_each(window: MainWindow) -> None:
    """Let the person lay a merge of each adapter at each strength into the queue."""
    from ..queue.one_each_dialog import OneEachDialog

    if isinstance(task := window.merging.task, MergeRequest):
        dialog = OneEachDialog(window, task, window.settings.preferences.naming)
        dialog.queued.connect(partial(_put_many, window))
        dialog.open()


def _put_many(window: MainWindow, tasks: tuple[Task, ...]) -> None:
    """Lay many jobs at the queue's end, and show it."""
    number = window.queue.add(tasks)
    window.results.show_queue()
    window.queue.told.emit(say("queue.added", number=number))


def _show_interrupted(window: MainWindow) -> None:
    """Show what was cut off before anything else, and that it can go on."""
    window.results.show_queue()
    window.queue.told.emit(translate("Queue", "A job was cut off when the program ended. “Go on” finishes it."))


def _put_into_form(window: MainWindow, number: int) -> None:
    """Show a job's inputs where they can be changed, with all that is known of them."""
    job = window.queue.jobs.job(number)
    if job is not None and isinstance(task := job.task, MergeRequest | VerifyRequest):
        form = replace(form_of(task), overwrite=False) if isinstance(task, MergeRequest) else form_of_verification(task)
        with window.undo.named(ChangeKind.SHOWN_AGAIN):
            window.inputs.set_choices(form)
        window.results.show_page(Page.PREFLIGHT)


def _show(window: MainWindow, jobs: JobList) -> None:
    """What the rest of the window says of the list: a Merge waits for the job that runs."""
    if jobs.jobs:
        window.results.name_pages()
    window.results.show_left(jobs.count(JobState.RUNNING, JobState.WAITING, JobState.INTERRUPTED))
    is_running = jobs.running is not None
    window.merging.hold(say("queue.merge_waits") if is_running else "", by="queue")
    window.verifying.hold(say("queue.merge_waits") if is_running else "", by="queue")
    if "playground" in window.__dict__:
        window.playground.wait_for(window.works)


def _look_again(window: MainWindow, job: QueuedJob) -> None:
    """A folder was written: what was said of the form's output may be another by now."""
    if job.output is not None:
        window.merging.look_again()


def _end(window: MainWindow) -> None:
    jobs = window.queue.jobs
    failed = jobs.count(JobState.REFUSED, JobState.FAILED, JobState.INTERRUPTED)
    headline = say("queue.ended_so" if failed else "queue.ended_well")
    window.outside.end(headline, queue_summary(jobs))
    window.close_if_asked()


def _open_report(window: MainWindow, number: int) -> None:
    """Show what came of a job: a merge on the pages of results, of all else the report as a page to read."""
    job = window.queue.jobs.job(number)
    if job is not None and job.state is JobState.DONE and isinstance(job.task, MergeRequest):
        from ..history.past_result import past_result

        ask_in_thread(partial(past_result, job.task, job.task.output), window.receive_past, name="past merge")
    elif job is not None and job.report is not None:
        from ..history.report_page import job_page

        ask_in_thread(partial(job_page, job, job.report), window.receive_page, name="report page")


def _show_folder(window: MainWindow, number: int) -> None:
    job = window.queue.jobs.job(number)
    if job is not None:
        is_file = job.kind is JobKind.EXPORT and job.subject.suffix == ".gguf"
        show_folder(window, job.subject.parent if is_file else job.subject)


def _save(window: MainWindow) -> None:
    title = translate("Queue", "Save the queue")
    choose_new_file(window, title, str(Path.home() / "jobs"), _KINDS, lambda file: window.queue.write_file(Path(file)))


def _open(window: MainWindow) -> None:
    title = translate("Queue", "Add jobs from a file")
    choose_file(window, title, str(Path.home()), "*.yaml *.yml", lambda file: window.queue.read_file(Path(file)))
