"""The queue in the window: jobs one after the other while the form stays free, kept from one start to the next."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QListWidget, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_match, a_report
from window_helpers import (
    ADAPTER,
    BASE,
    PATIENCE_MS,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

from mergedesk.domain.findings import Code, UserError, error
from mergedesk.domain.job_list import JobList, JobState, QueuedJob, added, begun
from mergedesk.domain.merge_record import Front
from mergedesk.domain.merge_report import MergeStatus, report_text
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.domain.transfer import UploadRequest
from mergedesk.pipelines.history.store import records
from mergedesk_gui.hub.upload_dialog import UploadDialog
from mergedesk_gui.jobs.latest_only import LatestOnly
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.platform import opener
from mergedesk_gui.queue.one_each_dialog import OneEachDialog
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.consents import Consent
from mergedesk_gui.widgets.labels import Text

MERGE = MergeRequest(BASE, (AdapterChoice(ADAPTER),), Path("/models/out"))
THREE = added(JobList(), [replace(MERGE, output=Path(f"/models/out-{number}")) for number in (1, 2, 3)])


def opened(qtbot: QtBot, open_window: OpenWindow) -> MainWindow:
    """A window whose queue is there."""
    window = open_window()
    qtbot.waitUntil(lambda: window.queue.is_ready, timeout=PATIENCE_MS)
    return window


def states(window: MainWindow) -> list[JobState]:
    return [job.state for job in window.queue.jobs.jobs]


def outputs(window: MainWindow) -> list[str]:
    return [job.subject.name for job in window.queue.jobs.jobs]


def wait_for(qtbot: QtBot, window: MainWindow, *wanted: JobState) -> None:
    qtbot.waitUntil(lambda: states(window) == list(wanted) and not window.queue.running, timeout=PATIENCE_MS)


def add(window: MainWindow) -> None:
    find(window, QPushButton, "addToQueueButton").click()


def press(window: MainWindow, name: str) -> None:
    button = find(window, QPushButton, name)
    assert button.isEnabled(), name
    button.click()


def select(window: MainWindow, row: int) -> None:
    window.results.show_queue()
    find(window, QTableWidget, "queueTable").selectRow(row)


def test_the_form_is_free_while_jobs_run(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.hold = True
    window = opened(qtbot, open_window)
    get_ready(qtbot, window)
    add(window)
    qtbot.waitUntil(lambda: len(engine.requests) == 1, timeout=PATIENCE_MS)
    assert window.merging.start_bar.status.plain
    fill_in(window, adapter=Path("/models/other-lora"))
    wait_inspected(qtbot, window)
    assert window.inputs.isEnabled()
    assert not merge_button(window).isEnabled(), "it waits for the queue"
    add(window)
    assert states(window) == [JobState.RUNNING, JobState.WAITING]
    engine.hold = False
    wait_for(qtbot, window, JobState.DONE, JobState.DONE)
    assert [one.adapters[0].folder.name for one in engine.requests] == ["pirate-lora", "other-lora"]
    qtbot.waitUntil(lambda: merge_button(window).isEnabled(), timeout=PATIENCE_MS)
    window.queue.finish()
    assert engine.queues[-1] == window.queue.jobs


def test_the_queue_waits_for_a_merge(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.hold = True
    window = opened(qtbot, open_window)
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.queue.add([MERGE])
    assert states(window) == [JobState.WAITING]
    engine.hold = False
    wait_for(qtbot, window, JobState.DONE)
    assert len(engine.requests) == 2


def test_the_same_output_twice_gets_a_number(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.hold = True
    window = opened(qtbot, open_window)
    window.queue.add([MERGE, MERGE, MERGE])
    assert outputs(window) == ["out", "out-2", "out-3"]


def test_order_pause_and_removal(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.queue_left = replace(THREE, held=True)
    window = opened(qtbot, open_window)
    select(window, 2)
    press(window, "queueUpButton")
    press(window, "queueUpButton")
    assert outputs(window) == ["out-3", "out-1", "out-2"]
    assert not find(window, QPushButton, "queueUpButton").isEnabled()
    press(window, "queueDownButton")
    press(window, "queuePauseButton")
    select(window, 0)
    press(window, "queueRemoveButton")
    assert outputs(window) == ["out-3", "out-2"]
    press(window, "queueHoldButton")
    wait_for(qtbot, window, JobState.PAUSED, JobState.DONE)
    select(window, 0)
    assert find(window, QPushButton, "queuePauseButton").accessibleName() == "Go on"
    press(window, "queuePauseButton")
    wait_for(qtbot, window, JobState.DONE, JobState.DONE)
    assert [one.output.name for one in engine.requests] == ["out-2", "out-3"]
    press(window, "queueClearButton")
    assert outputs(window) == []


def test_what_is_pressed_before_the_list_comes_is_heeded(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    comes = threading.Event()

    def open_queue() -> JobList:
        comes.wait()
        return JobList()

    window = open_window(backend=engine.backend(open_queue=open_queue))
    get_ready(qtbot, window)
    add(window)
    add(window)
    select(window, 1)
    press(window, "queuePauseButton")
    press(window, "queueHoldButton")
    assert not window.queue.is_ready
    comes.set()
    qtbot.waitUntil(lambda: window.queue.is_ready, timeout=PATIENCE_MS)
    assert window.queue.jobs.held
    assert states(window) == [JobState.WAITING, JobState.PAUSED]
    assert engine.requests == []
    press(window, "queueHoldButton")
    wait_for(qtbot, window, JobState.DONE, JobState.PAUSED)


def test_what_ran_at_the_end_offers_to_go_on(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.queue_left = begun(THREE, 1)
    window = opened(qtbot, open_window)
    qtbot.waitUntil(lambda: len(window.queue.jobs.jobs) == 3, timeout=PATIENCE_MS)
    assert states(window) == [JobState.INTERRUPTED, JobState.WAITING, JobState.WAITING]
    assert not engine.requests, "nothing is begun before the person says so"
    assert window.results.page is Page.QUEUE, "it is shown before the person looks for it"
    assert "cut off" in window.queue_page.notice.plain
    assert window.queue_page.selected is window.queue.jobs.jobs[0]
    assert find(window, QPushButton, "queueRetryButton").accessibleName() == "Go on"
    press(window, "queueRetryButton")
    wait_for(qtbot, window, JobState.DONE, JobState.DONE, JobState.DONE)
    assert [(one.output.name, one.resume) for one in engine.requests] == [
        ("out-1", True), ("out-2", False), ("out-3", False),
    ]  # fmt: skip


def places(window: MainWindow) -> dict[str, tuple[int, int]]:
    QApplication.processEvents()
    buttons = [one for one in window.queue_page.findChildren(QPushButton) if one.objectName()]
    assert all(one.isVisible() for one in buttons)
    of_list = ("queueHoldButton", "queueClearButton", "queueOpenButton", "queueSaveButton")
    return {one.objectName(): (one.x(), one.y()) for one in buttons if one.objectName() not in of_list}


def test_no_button_moves_under_the_mouse(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    """Where “Go on” was, “Remove” would take the second click of a double click."""
    engine.queue_left = replace(begun(THREE, 2), held=True)
    window = opened(qtbot, open_window)
    qtbot.waitUntil(lambda: len(window.queue.jobs.jobs) == 3, timeout=PATIENCE_MS)
    before = places(window)
    for row in range(3):
        select(window, row)
        assert places(window) == before
    engine.hold = True
    select(window, 1)
    press(window, "queueRetryButton")
    qtbot.waitUntil(lambda: len(engine.requests) == 1, timeout=PATIENCE_MS)
    for row in range(3):
        select(window, row)
        assert places(window) == before
    engine.hold = False


def test_after_a_removal_the_job_in_its_place_is_selected(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    engine.queue_left = replace(THREE, held=True)
    window = opened(qtbot, open_window)
    select(window, 1)
    window.queue_page.say("Something that is over.")
    press(window, "queueRemoveButton")
    selected = window.queue_page.selected
    assert selected is not None
    assert selected.subject.name == "out-3"
    assert not window.queue_page.notice.isVisible()
    press(window, "queueRemoveButton")
    assert window.queue_page.selected is window.queue.jobs.jobs[0]


def test_a_job_without_a_result_is_put_into_the_form_to_be_mended(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    full = error(Code.OUTPUT_NOT_EMPTY, path="/models/out")
    engine.outcome = lambda request: a_report(request, status=MergeStatus.REFUSED, findings=(full,))
    window = opened(qtbot, open_window)
    window.queue.add([replace(MERGE, overwrite=True), VerifyRequest(BASE, MERGE.adapters, Path("/models/merged"))])
    qtbot.waitUntil(lambda: states(window)[0] is JobState.REFUSED, timeout=PATIENCE_MS)
    select(window, 0)
    table = find(window, QTableWidget, "queueTable")
    table.activated.emit(table.model().index(0, 0))
    assert window.results.page is Page.PREFLIGHT
    chosen = window.inputs.choices
    assert (chosen.base, chosen.adapters, chosen.output) == (BASE, MERGE.adapters, MERGE.output)
    assert not chosen.overwrite, "what replaces a folder is asked for again"
    window.commands.undo.trigger()
    assert window.inputs.choices.base is None
    select(window, 1)
    press(window, "queueFormButton")
    assert window.inputs.choices.merged == Path("/models/merged")


def test_the_tab_says_how_many_jobs_are_to_come(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.queue_left = replace(THREE, held=True)
    window = opened(qtbot, open_window)
    names = find(window, QComboBox, "pagesCombo")
    qtbot.waitUntil(lambda: names.itemText(Page.QUEUE) == "Queue (3)", timeout=PATIENCE_MS)
    window.queue.hold()
    qtbot.waitUntil(lambda: names.itemText(Page.QUEUE) == "Queue", timeout=PATIENCE_MS)


def test_what_is_refused_or_refuted_is_told_and_tried_again(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    full = error(Code.OUTPUT_NOT_EMPTY, path="/models/out")
    engine.outcome = lambda request: a_report(request, status=MergeStatus.REFUSED, findings=(full,))
    engine.found = lambda request: a_match(request, reason=error(Code.MERGE_IS_THE_BASE))
    window = opened(qtbot, open_window)
    window.queue.add([MERGE, VerifyRequest(BASE, MERGE.adapters, Path("/models/merged"))])
    wait_for(qtbot, window, JobState.REFUSED, JobState.FAILED)
    select(window, 0)
    item = find(window, QTableWidget, "queueTable").item(0, 0)
    assert item is not None
    assert "/models/out is not empty" in item.text()
    engine.outcome = a_report
    press(window, "queueRetryButton")
    wait_for(qtbot, window, JobState.FAILED, JobState.DONE)
    assert [job.kind for job in window.queue.jobs.jobs] == ["verify", "merge"]


def test_a_running_job_is_cancelled_and_the_next_one_begins(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    window = opened(qtbot, open_window)
    window.queue.add([MERGE, replace(MERGE, output=Path("/models/two"))])
    qtbot.waitUntil(lambda: len(engine.requests) == 1, timeout=PATIENCE_MS)
    select(window, 0)
    press(window, "queueStopButton")
    qtbot.waitUntil(lambda: states(window) == [JobState.CANCELLED, JobState.RUNNING], timeout=PATIENCE_MS)
    engine.hold = False
    wait_for(qtbot, window, JobState.CANCELLED, JobState.DONE)


def test_closing_asks_and_leaves_the_running_job_to_go_on_with(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    engine.hold = True
    window = opened(qtbot, open_window)
    window.queue.add([MERGE, replace(MERGE, output=Path("/models/two"))])
    qtbot.waitUntil(lambda: len(engine.requests) == 1, timeout=PATIENCE_MS)
    window.close()
    assert window.isVisible()
    (quit_button,) = [one for one in window.findChildren(QPushButton) if one.text() == "Quit"]
    quit_button.click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE_MS)
    assert [job.state for job in engine.queues[-1].jobs] == [JobState.INTERRUPTED, JobState.WAITING]


def test_the_file_of_batch_is_saved_and_opened(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    engine.queue_left = replace(THREE, held=True)
    window = opened(qtbot, open_window)
    select(window, 0)
    choose(window, "queueSaveButton", tmp_path / "jobs.yaml")
    qtbot.waitUntil((tmp_path / "jobs.yaml").is_file, timeout=PATIENCE_MS)
    choose(window, "queueOpenButton", tmp_path / "jobs.yaml")
    qtbot.waitUntil(lambda: len(window.queue.jobs.jobs) == 6, timeout=PATIENCE_MS)
    assert outputs(window)[3:] == ["out-1-2", "out-2-2", "out-3-2"]
    (tmp_path / "jobs.yaml").write_text("- dance: {}", encoding="utf-8")
    choose(window, "queueOpenButton", tmp_path / "jobs.yaml")
    qtbot.waitUntil(lambda: "Job 1 is not one of" in window.queue_page.notice.plain, timeout=PATIENCE_MS)


def choose(window: MainWindow, button: str, file: Path) -> None:
    press(window, button)
    dialog = window.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(file))
    dialog.close()


def test_a_list_of_a_later_version_is_not_written_over(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine
) -> None:
    def newer() -> JobList:
        raise UserError(Code.QUEUE_NEWER)

    window = open_window(backend=engine.backend(open_queue=newer))
    qtbot.waitUntil(lambda: window.queue.is_ready, timeout=PATIENCE_MS)
    window.queue.add([MERGE])
    wait_for(qtbot, window, JobState.DONE)
    window.queue.finish()
    assert engine.queues == []


def test_the_keys_lead_to_the_queue(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = opened(qtbot, open_window)
    assert not window.commands.add_to_queue.isEnabled()
    window.commands.show_queue.trigger()
    assert window.results.page is Page.QUEUE
    get_ready(qtbot, window)
    window.commands.add_to_queue.trigger()
    wait_for(qtbot, window, JobState.DONE)


def test_exports_and_uploads_are_jobs_too(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    merged = tmp_path / "merged"
    merged.mkdir()
    engine.queue_left = JobList(held=True)
    engine.outcome = lambda request: a_report(request, output=merged)
    window = opened(qtbot, open_window)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.results.show_page(Page.DEPLOY)
    press(window, "queueGgufButton")
    press(window, "queueGgufButton")
    press(window, "queuePackButton")
    window.upload_result()
    dialog = window.findChildren(UploadDialog)[-1]
    dialog.repository.setText("me/model")
    qtbot.waitUntil(dialog.later.isEnabled, timeout=PATIENCE_MS)
    dialog.later.click()
    assert [job.kind for job in window.queue.jobs.jobs] == ["export", "export", "export", "upload"]
    assert outputs(window)[:2] == ["merged-GGUF", "merged-GGUF-2"]
    assert window.queue.jobs.jobs[-1].task == UploadRequest(merged, "me/model")
    assert not dialog.isVisible()


def test_one_merge_each(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    engine.queue_left = JobList(held=True)
    window = opened(qtbot, open_window)
    assert not window.commands.one_each.isEnabled()
    get_ready(qtbot, window)
    chosen = (AdapterChoice(ADAPTER), AdapterChoice(Path("/models/other-lora"), 0.5))
    window.inputs.adapters.set_choices(chosen)
    wait_inspected(qtbot, window)
    window.commands.one_each.trigger()
    (dialog,) = window.findChildren(OneEachDialog)
    for wrong in ("", "much", "1 inf"):
        dialog.strengths.setText(wrong)
        assert not dialog.add.isEnabled()
    dialog.strengths.setText("1")
    names = find(dialog, Text, "oneEachNames").plain.split()[2:]
    assert names == [f"Llama-3.2-1B-Instruct-{adapter}-lora-merged" for adapter in ("pirate", "other")]
    dialog.strengths.setText("1, 0,5 1")
    dialog.add.click()
    assert [job.task.adapters for job in window.queue.jobs.jobs if isinstance(job.task, MergeRequest)] == [
        (AdapterChoice(folder, strength),)
        for folder, strength in ((ADAPTER, 1.0), (ADAPTER, 0.5), (chosen[1].folder, 0.5), (chosen[1].folder, 0.25))
    ]
    assert outputs(window)[3] == "Llama-3.2-1B-Instruct-other-lora-0.5-merged"
    assert window.results.page is Page.QUEUE
    assert window.queue_page.notice.plain == "Jobs added: 4"


def test_one_merge_each_into_several_bases(qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine) -> None:
    """What was allowed holds for the form's own base alone."""
    engine.queue_left = JobList(held=True)
    window = opened(qtbot, open_window)
    get_ready(qtbot, window)
    window.inputs.set_consent(Consent.FOLLOW_LINKS, True)
    wait_inspected(qtbot, window)
    window.commands.one_each.trigger()
    (dialog,) = window.findChildren(OneEachDialog)
    bases = find(dialog, QListWidget, "oneEachBases")
    remove = find(dialog, QPushButton, "oneEachRemoveBase")
    other, wrong = Path("/models/other-base"), Path("/models/wrong")
    dialog.bases.add([other, wrong, other, BASE])
    assert dialog.bases.bases == (BASE, other, wrong)
    assert not remove.isEnabled()
    bases.setCurrentRow(2)
    remove.click()
    assert dialog.bases.bases == (BASE, other)
    bases.selectAll()
    remove.click()
    assert len(dialog.bases.bases) == 1, "one stays"
    dialog.bases.add([BASE, other])
    dialog.strengths.setText("1 0.5")
    assert find(dialog, Text, "oneEachNames").plain.startswith("4 merges")
    dialog.add.click()
    tasks = [job.task for job in window.queue.jobs.jobs if isinstance(job.task, MergeRequest)]
    assert sorted((task.base.name, task.adapters[0].weight, task.follow_links) for task in tasks) == [
        (BASE.name, 0.5, True),
        (BASE.name, 1.0, True),
        ("other-base", 0.5, False),
        ("other-base", 1.0, False),
    ]
    assert len(set(outputs(window))) == 4


def test_only_the_latest_is_written_and_all_is_written_at_the_end() -> None:
    written: list[int] = []
    writer = LatestOnly(written.append, "test")
    for number in range(1000):
        writer.put(number)
    writer.wait()
    assert written[-1] == 999
    assert written == sorted(set(written))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama in ``base`` and a LoRA adapter in ``lora``."""
    from tiny_models import make_adapter, make_base

    home = tmp_path_factory.mktemp("models")
    make_adapter("llama", make_base("llama", home / "base", "bfloat16"), home / "lora")
    return home


@pytest.mark.slow
def test_a_real_merge_in_the_queue(qtbot: QtBot, open_window: OpenWindow, models: Path, tmp_path: Path) -> None:
    """Through the real engine: a worker, a report, the list on the disk."""
    from mergedesk.pipelines.queue.stored import load, queue_file, queue_folder
    from mergedesk_gui.jobs.engine_api import engine as real_engine

    window = open_window(backend=real_engine())
    window.queue.add([MergeRequest(models / "base", (AdapterChoice(models / "lora"),), tmp_path / "out")])
    qtbot.waitUntil(lambda: states(window) == [JobState.DONE], timeout=120_000)
    window.queue.finish()
    (job,) = load(queue_file(queue_folder())).jobs
    assert (job.state, (tmp_path / "out" / "config.json").is_file()) == (JobState.DONE, True)
    assert job.report is not None
    assert job.report.is_file()


def test_the_report_of_a_refused_job_is_a_page_to_read(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(opener.QDesktopServices, "openUrl", lambda address: shown.append(address) or True)
    window = opened(qtbot, open_window)
    full = error(Code.OUTPUT_NOT_EMPTY, path="/models/out")
    report = tmp_path / "report.json"
    report.write_text(report_text(a_report(MERGE, status=MergeStatus.REFUSED, findings=(full,))), encoding="utf-8")
    job = QueuedJob(1, MERGE, JobState.REFUSED, findings=(full,), report=report)
    window.queue.jobs = JobList((job,))
    window.queue.changed.emit(window.queue.jobs)
    select(window, 0)
    press(window, "queueReportButton")
    qtbot.waitUntil(lambda: bool(shown), timeout=PATIENCE_MS)
    page = Path(shown[0].toLocalFile())
    assert page.suffix == ".html"
    assert "Not merged: refused." in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_merge_of_the_queue_is_a_past_merge_and_opens_on_the_pages(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = opened(qtbot, open_window)
    task = replace(MERGE, output=tmp_path / "out", max_shard_size=5 * 10**9, dequantize=True)
    window.queue.add([task])
    wait_for(qtbot, window, JobState.DONE)
    (past,) = records().values()
    assert (past.request, past.front, past.is_made) == (task, Front.QUEUE, True)
    task.output.mkdir()
    (task.output / "mergedesk-report.json").write_text(report_text(a_report(task)), encoding="utf-8")
    select(window, 0)
    press(window, "queueReportButton")
    qtbot.waitUntil(lambda: window.results.page is Page.RESULT, timeout=PATIENCE_MS)
    assert find(window, Text, "madeLabel").plain == "out"
