"""Start the window."""

from __future__ import annotations

import locale
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

import mergedesk
from mergedesk.domain.requests import AdapterChoice
from mergedesk.support.failures import failure_of

from . import renewal
from .jobs.engine_api import EngineApi, engine
from .main_window import MainWindow
from .platform import interpreter
from .platform.screen import missing_screen_told
from .platform.sigint import on_interrupt
from .state.form import NOTHING, Form
from .state.mode import Mode
from .state.settings import Settings
from .support.app_guard import guarded
from .text.messages import failure_text, finding_message
from .text.translations import install_translations
from .theme.appearance import theme_of
from .theme.icons import application_icon
from .widgets.dialogs import show_failure
from .wiring import window_wiring

DESKTOP_FILE = "io.github.mergedesk.MergeDesk"


def run(
    base: Path | None = None,
    adapters: Sequence[AdapterChoice] = (),
    output: Path | None = None,
    merged: Path | None = None,
    *,
    overwrite: bool = False,
) -> int:
    """Open the window, prefilled with what is given, and return when it is closed. ``overwrite``: allowed already."""
    mode = Mode.VERIFY if merged else Mode.MERGE
    given = Form(base, tuple(adapters), output, overwrite=overwrite, mode=mode, merged=merged)
    with interpreter.prompt(), guarded() as watch:
        try:
            application = create_application()
            window = build_window(given)
        except Exception as error:
            return _tell_without_window(error)
        window.seen.connect(interpreter.keep_all, Qt.ConnectionType.QueuedConnection)
        window.show()
        watch.look_after(window, window.support)
        application.aboutToQuit.connect(window.jobs.cancel)
        with on_interrupt(window.cancel_and_quit):
            return application.exec()


def _tell_without_window(error: Exception) -> int:
    """Say what went wrong on the terminal, if there is one, and in a dialog, if there can be one."""
    failure = failure_of(error)
    if sys.stderr is not None:
        print(finding_message(failure.finding).whole, file=sys.stderr, flush=True)
    if QApplication.instance() is not None:
        show_failure(None, failure_text(failure)).exec()
    return 1


def create_application() -> QApplication:
    """The application object with its names, language and looks; the one there is, if there is one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    with missing_screen_told():
        application = QApplication(sys.argv[:1])
    prepare_application(application, QLocale.system())
    return application


def prepare_application(application: QApplication, language: QLocale) -> None:
    """Give an application object this program's names, language and looks."""
    # Qt sets the C library's locale, after which "0.5" no longer reads as a half in some countries.
    locale.setlocale(locale.LC_NUMERIC, "C")
    application.setOrganizationName("MergeDesk")
    application.setApplicationName("MergeDesk")
    application.setApplicationDisplayName("MergeDesk")
    application.setApplicationVersion(mergedesk.__version__)
    application.setDesktopFileName(DESKTOP_FILE)
    install_translations(application, language)
    application.setWindowIcon(application_icon())
    theme_of(application)


def build_window(
    given: Form = NOTHING, *, backend: EngineApi | None = None, settings: Settings | None = None
) -> MainWindow:
    """The window, not shown yet. Where nothing is given, the last inputs come back."""
    settings = settings or Settings.of_user()
    renewal.wear(settings.preferences)
    window = MainWindow(backend or engine(), settings)
    window_wiring.connect(window)
    window.preferred.connect(partial(renewal.take, window))
    if given == NOTHING:
        window.inputs.restore(settings.choices)
    else:
        window.prefill(given)
    window.undo.forget()
    return window
