"""Every dialog can be read and reached at any size of type, in every language, on the smallest screen."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from any_size import SMALLEST, at_every_size, language, settled
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from window_fakes import FakeEngine, OpenWindow, a_finding
from window_helpers import ADAPTER, BASE, PATIENCE_MS

import mergedesk_gui
from mergedesk.domain.findings import Code, Severity, UserError
from mergedesk.domain.merge_record import Front, MergeRecord
from mergedesk.domain.merge_report import MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice, MergeRequest
from mergedesk.domain.transfer import Transfer, TransferStage
from mergedesk.hub.outgoing import Outgoing
from mergedesk.hub.questions import OutgoingFile, Pushed
from mergedesk.pipelines.history.store import keep, records
from mergedesk.support.failures import failure_of
from mergedesk_gui.hub.upload_dialog import UploadDialog
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.queue.one_each_dialog import OneEachDialog
from mergedesk_gui.state.settings import SettingsNotice
from mergedesk_gui.support.app_guard import AppGuard
from mergedesk_gui.support.crash_reporter import Crash, CrashReporter
from mergedesk_gui.support.crash_text import CrashKind
from mergedesk_gui.text.messages import failure_text
from mergedesk_gui.widgets import dialogs, file_dialogs
from mergedesk_gui.wiring.arrivals import Arrivals
from mergedesk_gui.wiring.manual_wiring import manual_of

__all__ = ["language"]

MERGED = Path("/models/a-model-with-a-long-name-that-was-merged")
REPOSITORY = "me/captain"

Open = Callable[[MainWindow], QDialog | None]
"""Opens a dialog; where it gives none, the one is meant that is over the window then."""


def with_past_merges(window: MainWindow) -> QDialog:
    """The list with a merge that failed, selected, and one that is gone."""
    if not records():
        why = (a_finding(Code.KEYS_UNMATCHED, Severity.ERROR), a_finding(Code.WRONG_BASE_NAME, Severity.ERROR))
        now = datetime.now(UTC)
        keep(MergeRecord(now - timedelta(1), MERGE, MergeStatus.MERGED, Front.WINDOW, (), 3.5, 10**9, "bfloat16"))
        keep(MergeRecord(now, MERGE, MergeStatus.FAILED, Front.COMMAND, why, 3.5))
    dialog = window.show_history()
    wait_for(lambda: len(window.past.merges) == 2 and window.past.is_read)
    return dialog


MERGE = MergeRequest(BASE, (AdapterChoice(ADAPTER, 0.7),), Path("/models/out"))


def wait_for(is_so: Callable[[], object]) -> None:
    for _ in range(PATIENCE_MS // 10):
        if is_so():
            return
        QTest.qWait(10)
    raise AssertionError("it never came")


def one_each(window: MainWindow) -> QDialog:
    dialog = OneEachDialog(window, MERGE)
    dialog.bases.add([Path("/models/another-base-model")])
    dialog.open()
    return dialog


def manual(window: MainWindow, wanted: str = "") -> QDialog:
    opened = manual_of(window).show("refused")
    opened.field.setText(wanted)
    return opened


def upload(window: MainWindow, name: str = "") -> UploadDialog:
    """What goes, and where ``name`` says how, an upload that was refused, is on its way, or done."""
    dialog = window.hub.upload(MERGED)
    wait_for(lambda: dialog.going is not None)
    if name:
        dialog.repository.setText(f"{REPOSITORY}-{name}")
        dialog.start.click()
        wait_for(lambda: any(part.isVisible() for part in (dialog.token, dialog.show_page, dialog.bar)))
    return dialog


def uploaded(request: object, cancel: CancelToken, report: Callable[[Transfer], None], _token: str | None) -> Pushed:
    """As the end of the repository's name has it."""
    repository = request.repository  # type: ignore[attr-defined]
    if repository.endswith("refused"):
        raise UserError(Code.HUB_REFUSED, name=repository, host="huggingface.co", reason="403")
    while repository.endswith("going"):
        report(Transfer(TransferStage.UPLOAD, 1_234_000_000, 2_471_645_608, 9.0))
        cancel.check()
    return Pushed(f"https://huggingface.co/{repository}", "0" * 40, 9, 2_471_645_608, 2_471_000_000, True)


GOING = Outgoing(
    (OutgoingFile("model.safetensors", MERGED / "model.safetensors", 2_471_645_608),),
    (a_finding(Code.HUB_PATHS_REPLACED, Severity.INFO),),
    "# The captain\n",
)


def crash(window: MainWindow) -> QDialog | None:
    details = "Traceback (most recent call last):\n  deep down"
    window.support.crashes = CrashReporter(window, lambda crash, receive: receive(crash.details))  # it has told nothing
    window.support.crashes.report(Crash(CrashKind.JOB, details))
    wait_for(lambda: window.support.crashes.dialog is not None)
    dialog = window.support.crashes.dialog
    assert dialog is not None
    wait_for(lambda: bool(dialog.box.text))
    dialog.count_another()
    return dialog


def diagnostics(window: MainWindow) -> QDialog:
    dialog = window.support.show_diagnostics()
    wait_for(lambda: dialog.box.said)
    return dialog


def failure(window: MainWindow) -> QDialog:
    dialog = dialogs.show_failure(window, failure_text(failure_of(ValueError("deep down"))))
    next(button for button in dialog.findChildren(QPushButton) if button.isCheckable()).click()
    return dialog


def keyring(window: MainWindow) -> None:
    window.hub.tokens._say_if_not_kept(failure_of(UserError(Code.HUB_NO_KEYRING, reason="NoKeyringError")))


def modelfile(window: MainWindow) -> QDialog:
    return window.deploy._ask_to_replace(f"{MERGED}/Modelfile")


def clearing(window: MainWindow) -> None:
    dialog = with_past_merges(window)
    dialog._ask_to_clear()  # type: ignore[attr-defined]


def arrival(window: MainWindow) -> None:
    Arrivals(window)._ask(lambda: None)


def settings_set_aside(window: MainWindow) -> None:
    window.support.settings_notice = SettingsNotice.SET_ASIDE
    AppGuard().look_after(window, window.support)
    window.support.settings_notice = SettingsNotice.NONE


def not_saved(window: MainWindow) -> None:
    def write(_file: Path) -> None:
        raise PermissionError(13, "Permission denied")

    file_dialogs.save_file(window, "", MERGED / "report", {"md": "Markdown"}, write, lambda _said: None)
    (chooser,) = window.findChildren(file_dialogs.QFileDialog)
    chooser.fileSelected.emit("/report.md")
    chooser.close()
    chooser.deleteLater()


OUTER = frozenset({"file_dialogs.save_file"})
"""What has the function in it that tells."""

OPENED: Mapping[str, Open] = {
    "HistoryDialog": with_past_merges,
    "OneEachDialog": one_each,
    "PreferencesDialog": lambda window: window.show_preferences(),
    "AboutDialog": lambda window: window.support.show_about(),
    "PageDialog": dialogs.show_help,
    "PageDialog of a failure": failure,
    "DiagnosticsDialog": diagnostics,
    "LicencesDialog": lambda window: window.support.show_licences(),
    "ShortcutsDialog": lambda window: window.support.show_shortcuts(),
    "LogDialog": lambda window: window.support.show_log(),
    "CrashDialog": crash,
    "TokenDialog": lambda window: window.hub.tokens.ask(),
    "UploadDialog": upload,
    "UploadDialog, refused": partial(upload, name="refused"),
    "UploadDialog, on its way": partial(upload, name="going"),
    "UploadDialog, done": partial(upload, name="done"),
    "ManualWindow": manual,
    "ManualWindow that finds nothing": partial(manual, wanted="xyzzy"),
    "dialogs.ask_to_cancel": lambda window: dialogs.ask_to_cancel(window, lambda: None),
    "dialogs.ask_to_cancel a verification": lambda window: dialogs.ask_to_cancel(window, lambda: None, verifies=True),
    "dialogs.ask_to_stop": lambda window: dialogs.ask_to_stop(window, lambda: None),
    "dialogs.ask_to_leave_queue": lambda window: dialogs.ask_to_leave_queue(window, lambda: None),
    "token_dialog._say_if_not_kept": keyring,
    "deploy_controller._ask_to_replace": modelfile,
    "history_dialog._ask_to_clear": clearing,
    "arrivals._ask": arrival,
    "app_guard.look_after": settings_set_aside,
    "file_dialogs.save": not_saved,
}


@pytest.mark.slow
def test_the_dialogs(engine: FakeEngine, open_window: OpenWindow, language: str) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window = open_window(backend=engine.backend(prepare_upload=lambda *_: GOING, upload=uploaded))
    wrong: list[str] = []
    for points in at_every_size(window, language):
        for name, make in OPENED.items():
            wrong += [f"{points} pt, {name}: {one}" for one in what_is_wrong(make(window) or the_one_over(window))]
            close_all(window)
    assert "\n".join(wrong) == ""


def the_one_over(window: MainWindow) -> QDialog:
    over = QApplication.activeModalWidget()
    assert isinstance(over, QDialog), window
    return over


def what_is_wrong(dialog: QDialog) -> Iterator[str]:
    dialog.resize(dialog.size().boundedTo(QSize(*SMALLEST)))
    yield from settled(dialog)
    if dialog.width() > SMALLEST[0] or dialog.height() > SMALLEST[1]:
        yield f"{dialog.width()}×{dialog.height()} is more than the screen"


def close_all(window: MainWindow) -> None:
    for dialog in window.findChildren(QDialog):
        dialog.close()
    wait_for(lambda: QApplication.activeModalWidget() is None)
    if (shown := manual_of(window).window) is not None:
        shown.close()


def test_every_dialog_is_looked_at() -> None:
    looked_at = {name.split()[0].rstrip(",") for name in OPENED}
    assert {kind.__name__ for kind in all_kinds_of(QDialog)} - looked_at == set()
    assert set(questions()) - looked_at == set()


def all_kinds_of(kind: type) -> Iterator[type]:
    for module in pkgutil.walk_packages(mergedesk_gui.__path__, "mergedesk_gui."):
        importlib.import_module(module.name)
    for one in kind.__subclasses__():
        if one.__module__.startswith("mergedesk_gui"):
            yield one
            yield from all_kinds_of(one)


def questions() -> Iterator[str]:
    """Where in the window's code something is asked or told in a box: module and function."""
    for file in Path(mergedesk_gui.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
            yield from (call for call in calls if call.startswith("dialogs.ask_"))
            if {"dialogs.ask", "dialogs.tell"} & set(calls) and f"{file.stem}.{function.name}" not in OUTER:
                yield f"{file.stem}.{function.name}"
