"""Starting: light imports, the right names, a number format that stays the programmer's."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path

import pytest
from fresh_python import run_python
from PySide6.QtCore import QLocale
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from window_fakes import FakeEngine, a_report
from window_helpers import ADAPTER, BASE

from mergedesk.domain.findings import Code
from mergedesk.domain.folder_info import FolderKind
from mergedesk.domain.merge_report import MergeStatus
from mergedesk_gui import app
from mergedesk_gui.app import DESKTOP_FILE
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.unattended import DemoError, run_demo_window

HEAVY = ("torch", "transformers", "peft", "numpy", "safetensors", "huggingface_hub")

# Not heavy, but of no use before a folder is chosen or something went wrong.
LATER = ("mergedesk.planning.preflight", "mergedesk.support.diagnostics", "psutil", "importlib.metadata")

NO_HINTS = "default.warning=false"  # the offscreen platform says of every dialog that it has no window manager


@pytest.mark.slow
def test_a_visible_window_has_imported_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import json, sys\n"
        "from mergedesk_gui import app\n"
        "application = app.create_application()\n"
        "window = app.build_window()\n"
        "window.show()\n"
        "application.processEvents()\n"
        f"print(json.dumps([name for name in {HEAVY + LATER!r} if name in sys.modules]))\n"
        "window.close()\n"
    )
    assert json.loads(run_python(program, XDG_CONFIG_HOME=str(tmp_path))) == []


@pytest.mark.slow
def test_about_and_diagnostics_import_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import json, sys, threading\n"
        "from mergedesk_gui import app\n"
        "application = app.create_application()\n"
        "window = app.build_window()\n"
        "window.show()\n"
        "window.support.show_about()\n"
        "text = window.support.show_diagnostics().box\n"
        "while not text.text:\n"
        "    application.processEvents()\n"
        "assert 'torch' in text.text\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
        "window.close()\n"
    )
    assert json.loads(run_python(program, XDG_CONFIG_HOME=str(tmp_path), QT_LOGGING_RULES=NO_HINTS)) == []


def test_the_application_introduces_itself(dressed: QApplication) -> None:
    assert dressed.applicationName() == "MergeDesk"
    assert dressed.organizationName() == "MergeDesk"
    assert dressed.desktopFileName() == DESKTOP_FILE == "io.github.mergedesk.MergeDesk"
    assert not dressed.windowIcon().isNull()


def test_numbers_are_read_with_a_point_in_every_country(dressed: QApplication) -> None:
    strtod = ctypes.CDLL(None).strtod
    strtod.restype = ctypes.c_double
    assert strtod(b"0.5", None) == 0.5


def test_the_number_format_is_put_back_after_qt_has_set_it(
    dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, str | None]] = []
    monkeypatch.setattr(app.locale, "setlocale", lambda category, name=None: calls.append((category, name)))
    monkeypatch.setattr(app, "theme_of", lambda _application: None)
    monkeypatch.setattr(app, "install_translations", lambda _application, _language: None)
    app.prepare_application(dressed, QLocale.c())
    assert calls == [(app.locale.LC_NUMERIC, "C")]


def test_the_real_engine_answers_through_the_backend(tmp_path: Path) -> None:
    found = real_engine().inspect_folder(tmp_path / "nowhere")
    assert found.kind is FolderKind.MISSING
    assert [finding.code for finding in found.findings] == [Code.FOLDER_MISSING]


@pytest.mark.slow
def test_the_demonstration_presses_the_real_button_and_saves_a_picture(tmp_path: Path) -> None:
    engine = FakeEngine()
    picture = tmp_path / "pictures" / "demo.png"
    report = run_demo_window(BASE, ADAPTER, Path("/models/out"), picture, engine.backend())
    assert report.status is MergeStatus.MERGED
    assert engine.requests[0].output == Path("/models/out")
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1440, 1040)


@pytest.mark.slow
def test_the_demonstration_replaces_its_own_last_result(tmp_path: Path) -> None:
    engine = FakeEngine()
    run_demo_window(BASE, ADAPTER, Path("/models/full-demo"), tmp_path / "demo.png", engine.backend())
    assert engine.requests[0].overwrite


@pytest.mark.slow
def test_the_demonstration_reports_a_refusal(tmp_path: Path) -> None:
    report = run_demo_window(BASE, Path("/models/junk"), Path("/out"), tmp_path / "demo.png", FakeEngine().backend())
    assert report.status is MergeStatus.REFUSED
    assert report.findings


@pytest.mark.slow
def test_the_demonstration_does_not_hide_a_crash(tmp_path: Path) -> None:
    def broken(_request):  # type: ignore[no-untyped-def]
        raise ZeroDivisionError("deep down")

    with pytest.raises(DemoError, match="deep down"):
        run_demo_window(BASE, ADAPTER, Path("/out"), tmp_path / "d.png", FakeEngine(outcome=broken).backend())


@pytest.mark.slow
def test_a_picture_that_cannot_be_saved_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "demo.png"
    folder.mkdir()
    with pytest.raises(OSError, match=r"demo\.png"):
        run_demo_window(BASE, ADAPTER, Path("/out"), folder, FakeEngine(outcome=a_report).backend())
