"""About, licences, diagnostics, and what becomes of crashes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import qCritical, qInstallMessageHandler, qVersion, qWarning
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QMessageBox, QPlainTextEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_report
from window_helpers import PATIENCE_MS, find, get_ready, run_merge, what_is_opened

from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.support.failures import Failure, failure_of
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.form import Form
from mergedesk_gui.support import support_controller as upkeep_module
from mergedesk_gui.support.about_dialog import AboutDialog
from mergedesk_gui.support.crash_dialog import CrashDialog
from mergedesk_gui.support.crash_hooks import crashes_told, failure_of_qt
from mergedesk_gui.support.crash_reporter import Crash, CrashReporter
from mergedesk_gui.support.crash_text import CrashKind
from mergedesk_gui.support.diagnostics_dialog import DiagnosticsDialog
from mergedesk_gui.support.licences import components, from_notice
from mergedesk_gui.support.licences_dialog import LicencesDialog
from mergedesk_gui.support.log_dialog import LogDialog
from mergedesk_gui.support.shortcuts_dialog import ShortcutsDialog
from mergedesk_gui.widgets.page_dialog import resize_within_screen

SECRET = Path("/home/anna/Geheime Modelle/安娜-adapter")


def a_failure(reason: str = "deep down") -> Failure:
    try:
        raise ZeroDivisionError(reason)
    except ZeroDivisionError as error:
        return failure_of(error)


def crash_dialog(qtbot: QtBot, window: MainWindow) -> CrashDialog:
    """The crash dialog, once it is there with its text."""
    qtbot.waitUntil(lambda: window.support.crashes.dialog is not None, timeout=PATIENCE_MS)
    dialog = window.support.crashes.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.box.text), timeout=PATIENCE_MS)
    return dialog


def repr_of_kind(value: object) -> str:
    return type(value).__name__


def crash_dialogs(window: MainWindow) -> list[CrashDialog]:
    return [one for one in window.findChildren(CrashDialog) if one.isVisible()]


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


# --- About, licences, diagnostics ---


@pytest.mark.slow
def test_about_tells_versions_and_the_system(window: MainWindow) -> None:
    window.commands.about.trigger()
    (dialog,) = window.findChildren(AboutDialog)
    for name in ("torch", "transformers", "peft", "safetensors"):
        assert dialog.versions[name] == version(name)
    assert dialog.versions["Qt"] == qVersion()
    assert dialog.versions["Python"] == sys.version.split()[0]
    assert dialog.versions["PySide6"] == version("PySide6-Essentials")
    assert dialog.versions["System"]
    dialog.close()


@pytest.mark.slow
@pytest.mark.slow
def test_every_key_of_the_menus_is_on_the_map(window: MainWindow) -> None:
    window.commands.shortcuts.trigger()
    (dialog,) = window.findChildren(ShortcutsDialog)
    shown = find(dialog, QTableWidget, "shortcutsTable")
    rows = {tuple(shown.item(row, column).text() for column in range(3)) for row in range(shown.rowCount())}
    with_keys = [action for action in window.commands.findChildren(QAction) if not action.shortcut().isEmpty()]
    assert len(rows) == len(with_keys) > 20
    assert ("Merge", "Merge", "Ctrl+Return") in rows
    assert ("File", "New merge", "Ctrl+N") in rows
    dialog.close()


@pytest.mark.slow
def test_the_log_is_read_in_the_window(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(upkeep_module, "log_folder", lambda: tmp_path)
    (tmp_path / "mergedesk.log").write_text("first\n" + "x" * 300_000 + "\nlast line, 模型\n", encoding="utf-8")
    asked = what_is_opened(monkeypatch)
    window.commands.log.trigger()
    (dialog,) = window.findChildren(LogDialog)
    qtbot.waitUntil(lambda: bool(dialog.text), timeout=PATIENCE_MS)
    assert dialog.text == "last line, 模型\n"
    find(dialog, QPushButton, "copyLogButton").click()
    assert QGuiApplication.clipboard().text() == dialog.text
    find(dialog, QPushButton, "logFolderButton").click()
    assert asked == [tmp_path]
    (tmp_path / "mergedesk.log").unlink()
    find(dialog, QPushButton, "readLogButton").click()
    qtbot.waitUntil(lambda: not dialog.text, timeout=PATIENCE_MS)
    dialog.close()


def test_about_leads_to_licences_and_diagnostics(qtbot: QtBot, window: MainWindow) -> None:
    about = window.support.show_about()
    about.licences_button.click()
    (licences,) = about.findChildren(LicencesDialog)
    assert licences.isVisible()
    qtbot.waitUntil(lambda: find(licences, QListWidget, "licencesList").count() > 0, timeout=PATIENCE_MS)
    licences.close()
    about.diagnostics_button.click()
    (diagnostics,) = about.findChildren(DiagnosticsDialog)
    qtbot.waitUntil(lambda: "MergeDesk diagnostics" in clipboard(), timeout=PATIENCE_MS)
    assert diagnostics.isVisible()
    diagnostics.close()
    about.close()


@pytest.mark.slow
def test_the_licences_of_everything_installed_are_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.licences.trigger()
    (dialog,) = window.findChildren(LicencesDialog)
    works = find(dialog, QListWidget, "licencesList")
    qtbot.waitUntil(lambda: works.count() > 0, timeout=PATIENCE_MS)
    names = [works.item(number).text().partition(" ")[0].lower() for number in range(works.count())]
    assert names[0] == "mergedesk"
    assert {"torch", "transformers", "peft", "safetensors", "pyside6_essentials", "numpy"} <= set(names)
    assert "pytest" not in names
    assert len(names) == len(set(names))
    works.setCurrentRow(names.index("torch"))
    assert "copyright" in find(dialog, QPlainTextEdit, "licenceText").toPlainText().lower()
    dialog.close()


NOTICE = """MergeDesk is under the Apache License 2.0.

  torch 2.13.0 (BSD-3-Clause)

====================================================================================================
Python 3.11.7
====================================================================================================

--- LICENSE

Python's text

====================================================================================================
torch 2.13.0 — BSD-3-Clause
====================================================================================================

--- LICENSE

torch's text
==============================================================================
of its own
==============================================================================
"""


def test_in_a_bundle_its_notice_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "THIRD-PARTY.txt").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "licences" / "LICENSE").write_text("our text", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    ours, python, torch = components()
    assert (ours.title, ours.text) == ("MergeDesk — Apache-2.0", "our text")
    assert (python.title, python.licence) == ("Python 3.11.7", "")
    assert torch.title == "torch 2.13.0 — BSD-3-Clause"
    assert torch.text == NOTICE.partition("BSD-3-Clause\n=")[2].partition("\n\n")[2].strip()


def test_a_notice_without_sections_has_no_components() -> None:
    assert list(from_notice("nothing here")) == []


@pytest.mark.slow
def test_the_diagnostics_are_copied_without_what_is_personal(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(given=Form(SECRET.with_name("base model")))
    window.inputs.adapter.set_folder(str(SECRET))
    failure_of(FileNotFoundError(2, "No such file or directory", str(SECRET / "adapter_config.json")))
    failure_of(RuntimeError("安娜-adapter does not fit base model"))
    clipboard_before = "something else"
    QGuiApplication.clipboard().setText(clipboard_before)
    window.commands.diagnostics.trigger()
    (dialog,) = window.findChildren(DiagnosticsDialog)
    qtbot.waitUntil(lambda: clipboard() != clipboard_before, timeout=PATIENCE_MS)
    text = clipboard()
    assert text == dialog.box.text
    for secret in ("anna", "Geheime", "安娜", "base model", str(Path.home()) + "/"):
        assert secret not in text, secret
    for wanted in ("RuntimeError: <folder ", "does not fit", "torch ", "Screens ", "Memory ", "Output's drive"):
        assert wanted in text, wanted
    dialog.close()


def test_the_diagnostics_are_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    dialog = window.support.show_diagnostics()
    qtbot.waitUntil(lambda: bool(dialog.box.text), timeout=PATIENCE_MS)
    dialog.box.save_button.click()
    (chooser,) = dialog.box.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "mine.txt"))
    chooser.close()
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == dialog.box.text
    assert "mine.txt" in dialog.box.said
    dialog.box.save(str(tmp_path / "not" / "there.txt"))
    assert "could not be written" in dialog.box.said
    dialog.close()


def test_buttons_wait_for_the_text(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.support.show_diagnostics()
    assert not dialog.box.copy_button.isEnabled()
    qtbot.waitUntil(dialog.box.copy_button.isEnabled, timeout=PATIENCE_MS)
    dialog.close()


@pytest.mark.slow
def test_a_dialog_closed_while_its_text_is_gathered_is_no_trouble(qtbot: QtBot, window: MainWindow) -> None:
    window.support.show_diagnostics().close()
    window.support.show_licences().close()
    qtbot.wait(300)


def test_a_failures_details_are_copied_without_paths(window: MainWindow) -> None:
    error = FileNotFoundError(2, "No such file or directory", str(SECRET / "config.json"))
    window.outcome.show_failure(failure_of(error))
    window.outcome.failure.copy_details()
    assert "FileNotFoundError" in clipboard()
    assert "Geheime" not in clipboard()


def test_the_log_folder_is_shown(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = what_is_opened(monkeypatch)
    monkeypatch.setattr(upkeep_module, "log_folder", lambda: tmp_path)
    window.commands.log_folder.trigger()
    assert opened == [tmp_path]


def test_where_no_log_folder_can_be_shown_its_path_is_told(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep_module, "log_folder", lambda: tmp_path / "none")
    what_is_opened(monkeypatch, works=False)
    window.commands.log_folder.trigger()
    (box,) = window.findChildren(QMessageBox)
    assert str(tmp_path / "none") in box.informativeText()
    box.close()


def test_diagnostics_that_cannot_be_made_tell_nothing_personal(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object, **_more: object) -> str:
        raise PermissionError(13, "Permission denied", f"{SECRET}/config.json")

    monkeypatch.setattr("mergedesk.support.diagnostics.diagnostics", broken)
    dialog = window.support.show_diagnostics()
    qtbot.waitUntil(lambda: bool(dialog.box.text), timeout=PATIENCE_MS)
    assert "PermissionError: [Errno 13] Permission denied: '<path>/config.json'" in clipboard()
    dialog.close()


def test_a_dialog_is_no_larger_than_its_screen(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    room = dialog.screen().availableSize()
    resize_within_screen(dialog, 10 * room.width(), 200)
    assert dialog.width() < room.width()
    assert dialog.height() == 200


# --- Crashes reach a dialog ---


@pytest.fixture
def quiet_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing below this program's hooks: pytest has some there that fail the test."""
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(place, name, lambda *_arguments: None)


@pytest.fixture
def told(window: MainWindow, quiet_hooks: None) -> Iterator[MainWindow]:
    """The window, with everything that nobody catches told over it."""
    with crashes_told(window.support.crashes.tell):
        yield window


def raising(error: BaseException) -> Callable[..., Any]:
    def slot(*_given: object) -> None:
        raise error

    return slot


@pytest.mark.slow
def test_an_error_in_a_slot_reaches_a_dialog_and_the_window_goes_on(qtbot: QtBot, told: MainWindow) -> None:
    sys.excepthook(ZeroDivisionError, a_zero_division(), None)
    dialog = crash_dialog(qtbot, told)
    assert "that should not have" in dialog.sentence
    assert "ZeroDivisionError: in a slot" in dialog.box.text
    assert "torch " in dialog.box.text
    assert not dialog.isModal()
    get_ready(qtbot, told)
    run_merge(qtbot, told)
    dialog.close()


def a_zero_division() -> ZeroDivisionError:
    try:
        raise ZeroDivisionError("in a slot")
    except ZeroDivisionError as error:
        return error


class Mute(Exception):
    """An error that fails at telling what it is."""

    def __str__(self) -> str:
        raise ValueError("no words")


def test_an_error_without_words_reaches_a_dialog(qtbot: QtBot, told: MainWindow) -> None:
    sys.excepthook(Mute, Mute(), None)
    dialog = crash_dialog(qtbot, told)
    assert "Mute: <exception str() failed>" in dialog.box.text
    dialog.close()


def test_an_error_in_a_thread_reaches_a_dialog(qtbot: QtBot, told: MainWindow) -> None:
    before = threading.excepthook
    thread = threading.Thread(target=raising(ValueError("in a thread")), name="worker")
    thread.start()
    thread.join()
    assert "ValueError: in a thread" in crash_dialog(qtbot, told).box.text
    assert threading.excepthook is before
    crash_dialog(qtbot, told).close()


class Troubled:
    def __del__(self) -> None:
        raise LookupError("in a finaliser")


@pytest.mark.slow
def test_an_error_that_cannot_be_raised_reaches_a_dialog(qtbot: QtBot, told: MainWindow) -> None:
    troubled = [Troubled()]
    troubled.clear()
    assert "LookupError: in a finaliser" in crash_dialog(qtbot, told).box.text
    crash_dialog(qtbot, told).close()


@pytest.mark.qt_log_ignore("a serious matter|a small matter")
def test_a_serious_complaint_of_qts_reaches_a_dialog_and_a_small_one_the_log(
    qtbot: QtBot, told: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mergedesk"):
        qWarning("a small matter")
        qtbot.wait(50)
        assert told.support.crashes.dialog is None
        qCritical("a serious matter")
    assert "Qt: a serious matter" in crash_dialog(qtbot, told).box.text
    assert [record.levelname for record in caplog.records if "matter" in record.getMessage()] == ["WARNING", "ERROR"]
    crash_dialog(qtbot, told).close()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_a_wish_to_stop_is_no_crash(qtbot: QtBot, told: MainWindow, error: BaseException) -> None:
    sys.excepthook(type(error), error, None)
    qtbot.wait(50)
    assert told.support.crashes.dialog is None


def test_the_hooks_are_put_back(quiet_hooks: None) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    qt_before = qInstallMessageHandler(None)
    qInstallMessageHandler(qt_before)
    with crashes_told(lambda _failure: None):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert qInstallMessageHandler(qt_before) is qt_before


def test_an_error_while_telling_starts_no_second_round(quiet_hooks: None, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_failure: Failure) -> None:
        raise RuntimeError("the telling failed")

    with crashes_told(broken):
        sys.excepthook(ZeroDivisionError, a_zero_division(), None)
    assert "the telling failed" not in capsys.readouterr().err


def test_a_crash_of_the_job_reaches_a_dialog(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    def broken(_request: object) -> object:
        raise SystemError(f"lost {SECRET}/model.safetensors")

    engine.outcome = broken  # type: ignore[assignment]
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    dialog = crash_dialog(qtbot, window)
    assert "The job stopped" in dialog.sentence
    assert "SystemError: lost <path>/model.safetensors" in dialog.box.text
    assert "安娜" not in dialog.box.text
    dialog.close()
    engine.outcome = a_report
    qtbot.waitUntil(lambda: window.merging.start_bar.button.isEnabled(), timeout=PATIENCE_MS)
    run_merge(qtbot, window)
    assert window.outcome.verification.headline.plain == "Merged and verified"


@pytest.mark.parametrize("error", [Mute(), SystemExit(3), KeyboardInterrupt(), RecursionError()], ids=repr_of_kind)
def test_no_error_of_the_job_leaves_the_window_waiting(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine, error: BaseException
) -> None:
    engine.outcome = raising(error)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    dialog = crash_dialog(qtbot, window)
    assert type(error).__name__ in dialog.box.text
    dialog.close()


def test_a_fault_that_the_engine_caught_reaches_a_dialog_too(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    def failed(request):  # type: ignore[no-untyped-def]
        logging.getLogger("mergedesk").error("It stopped.", exc_info=a_zero_division())
        finding = Finding(Code.INTERNAL, Severity.ERROR, {"reason": "ZeroDivisionError"})
        return a_report(request, status=MergeStatus.FAILED, output=None, findings=(finding,))

    engine.outcome = failed
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    assert "ZeroDivisionError: in a slot" in crash_dialog(qtbot, window).box.text
    crash_dialog(qtbot, window).close()


def test_a_merge_that_merely_failed_opens_no_dialog(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    finding = Finding(Code.OUT_OF_MEMORY, Severity.ERROR, {})
    engine.outcome = lambda request: a_report(request, status=MergeStatus.FAILED, output=None, findings=(finding,))
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    qtbot.wait(50)
    assert window.support.crashes.dialog is None


# --- One at a time ---


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(window: MainWindow) -> Clock:
    made = Clock()
    window.support.crashes._clock = made
    return made


def tell(qtbot: QtBot, window: MainWindow, failure: Failure, times: int = 1) -> None:
    for _ in range(times):
        window.support.crashes.tell(failure)
    qtbot.wait(20)


def test_a_storm_of_crashes_is_one_dialog_that_counts(qtbot: QtBot, window: MainWindow, clock: Clock) -> None:
    failure = a_failure()
    tell(qtbot, window, failure, 50)
    (dialog,) = crash_dialogs(window)
    assert dialog.others == 49
    dialog.close()
    tell(qtbot, window, failure, 50)
    assert crash_dialogs(window) == [], "it goes on as before, and was told of"


def test_a_crash_that_comes_back_after_a_while_is_told_again(qtbot: QtBot, window: MainWindow, clock: Clock) -> None:
    failure = a_failure()
    for pause in (0, 2, 4, 8):
        clock.now += pause
        tell(qtbot, window, failure)
        (dialog,) = crash_dialogs(window)
        dialog.close()
    clock.now += 15
    tell(qtbot, window, failure)
    assert crash_dialogs(window) == [], "the fourth time it must have been quiet for sixteen seconds"


def test_another_crash_is_told_at_once(qtbot: QtBot, window: MainWindow, clock: Clock) -> None:
    for reason in ("one thing", "another thing"):
        tell(qtbot, window, a_failure(reason))
        (dialog,) = crash_dialogs(window)
        dialog.close()


def test_the_same_crash_at_another_address_is_the_same(qtbot: QtBot, window: MainWindow, clock: Clock) -> None:
    tell(qtbot, window, a_failure("object at 0x7f00aa"))
    crash_dialogs(window)[0].close()
    tell(qtbot, window, a_failure("object at 0x7f00bb"))
    assert crash_dialogs(window) == []


def test_a_crash_while_a_dialog_is_open_can_be_read_and_closed(qtbot: QtBot, window: MainWindow) -> None:
    about = window.support.show_about()
    tell(qtbot, window, a_failure())
    (dialog,) = crash_dialogs(window)
    assert dialog.parent() is about
    about.close()
    qtbot.waitUntil(lambda: window.support.crashes.dialog is None, timeout=PATIENCE_MS)
    tell(qtbot, window, a_failure("something else"))
    assert len(crash_dialogs(window)) == 1
    crash_dialogs(window)[0].close()


def test_the_crash_dialog_copies_its_text_and_shows_the_log_folder(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = what_is_opened(monkeypatch)
    monkeypatch.setattr(upkeep_module, "log_folder", lambda: tmp_path)
    window.support.crashes.tell(a_failure())
    dialog = crash_dialog(qtbot, window)
    dialog.findChild(QPushButton, "copyDiagnosticsButton").click()
    assert clipboard() == dialog.box.text
    dialog.findChild(QPushButton, "logFolderButton").click()
    assert opened == [tmp_path]
    dialog.close()


def test_an_earlier_crash_is_told_of_with_its_trace(qtbot: QtBot, window: MainWindow) -> None:
    window.support.tell_of_earlier("")
    qtbot.wait(20)
    assert window.support.crashes.dialog is None
    window.support.tell_of_earlier('Fatal Python error: Segmentation fault\n  File "/home/anna/x.py", line 3 in f')
    dialog = crash_dialog(qtbot, window)
    assert "ended unexpectedly" in dialog.sentence
    assert "Segmentation fault" in dialog.box.text
    assert "anna" not in dialog.box.text
    dialog.close()


def test_after_the_window_nothing_is_told(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    desk: CrashReporter = window.support.crashes
    window.close()
    window.deleteLater()
    qtbot.waitUntil(lambda: not _is_valid(desk), timeout=PATIENCE_MS)
    desk.report(Crash(CrashKind.WINDOW, "too late"))


def _is_valid(thing: object) -> bool:
    from shiboken6 import isValid

    return isValid(thing)


def test_a_complaint_of_qts_says_where_it_came_from() -> None:
    failure = failure_of_qt("QObject: it is so\nand more")
    assert failure.finding.data["reason"] == "Qt: QObject: it is so"
    assert "test_a_complaint_of_qts" in failure.details
    assert failure.details.endswith("and more\n")


# --- The program as it is started ---

CRASHING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mergedesk_gui import app
from mergedesk_gui.support.crash_dialog import CrashDialog
application = app.create_application()
found = []
def look():
    for one in application.allWidgets():
        if isinstance(one, CrashDialog) and one.isVisible() and one.box.text:
            found.append(one.sentence + one.box.text)
            one.close()
            next(w for w in application.topLevelWidgets() if hasattr(w, "support")).close()
timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
def crash():
    {crash}
QTimer.singleShot(100, crash)
QTimer.singleShot(15000, application.quit)
code = app.run()
timer.stop()
print("||".join(found))
raise SystemExit(code)
"""


def run_app(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.slow
def test_the_running_program_tells_of_an_error_in_a_slot_and_logs_it(tmp_path: Path) -> None:
    done = run_app(CRASHING.format(crash="raise ZeroDivisionError('in the running program')"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ZeroDivisionError: in the running program") == 1
    (log,) = tmp_path.rglob("mergedesk.log")
    logged = log.read_text(encoding="utf-8")
    assert "MergeDesk starts (package): MergeDesk" in logged
    assert "ZeroDivisionError: in the running program" in logged
    assert "MergeDesk ends." in logged
    assert not list(tmp_path.rglob("crash-*.txt"))


@pytest.mark.slow
def test_a_program_that_died_is_told_of_once_at_the_next_start(tmp_path: Path) -> None:
    died = run_app(CRASHING.format(crash="import faulthandler; faulthandler._sigsegv()"), tmp_path)
    assert died.returncode < 0
    again = run_app(CRASHING.format(crash="pass"), tmp_path)
    assert again.returncode == 0, again.stderr
    assert "MergeDesk ended unexpectedly the last time." in again.stdout
    assert "Segmentation fault" in again.stdout
    assert "in crash" in again.stdout
    third = run_app(CRASHING.format(crash="application.quit()"), tmp_path)
    assert third.stdout.strip() == ""


@pytest.mark.slow
def test_a_program_that_was_ended_at_work_is_told_of(tmp_path: Path) -> None:
    ended = (
        "import os; window = next(w for w in application.topLevelWidgets() if hasattr(w, 'support'));"
        "window.jobs.started.emit(); os._exit(9)"
    )
    assert run_app(CRASHING.format(crash=ended), tmp_path).returncode == 9
    again = run_app(CRASHING.format(crash="pass"), tmp_path)
    assert again.returncode == 0, again.stderr
    assert "was ended from outside the last time" in again.stdout
    assert "A job was running, since" in again.stdout


@pytest.mark.slow
def test_without_a_screen_that_is_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "nowhere", "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from mergedesk.cli.entry import main\nmain()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "The window cannot be opened: " in done.stderr
    assert "mergedesk --help" in done.stderr
    (log,) = tmp_path.rglob("mergedesk.log")
    assert "nowhere" in log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_window_that_cannot_be_built_says_so(tmp_path: Path) -> None:
    program = (
        "from PySide6.QtCore import QTimer\nfrom PySide6.QtWidgets import QDialog\n"
        "from mergedesk_gui import app\n"
        "def broken(*_given, **_more):\n    raise ZeroDivisionError('while building')\n"
        "app.build_window = broken\n"
        "application = app.create_application()\n"
        "def answer():\n"
        "    (dialog,) = [one for one in application.topLevelWidgets() if isinstance(one, QDialog)]\n"
        "    print(dialog.windowTitle(), flush=True)\n"
        "    dialog.reject()\n"
        "QTimer.singleShot(300, answer)\n"
        "raise SystemExit(app.run())\n"
    )
    done = run_app(program, tmp_path)
    assert (done.returncode, done.stdout) == (1, "Something went wrong\n"), done.stderr
    assert done.stderr.startswith("Something went wrong that should not have: ZeroDivisionError: while")
    assert "Traceback" not in done.stderr
