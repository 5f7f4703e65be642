"""Start the window."""

from __future__ import annotations

import locale
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication

import mergedesk
from mergedesk.domain.requests import AdapterChoice
from mergedesk.output.folder_lock import FolderInUse
from mergedesk.runtime.allocator import give_back_at_once
from mergedesk.support.failures import failure_of

from . import renewal
from .instance.first_window import first_or_handed, instance_folder, listen
from .instance.handed import Handed, message_of
from .jobs.engine_api import EngineApi, engine
from .main_window import MainWindow
from .platform import interpreter
from .platform.screen import missing_screen_told
from .platform.sigint import on_interrupt
from .state.form import NOTHING, Form
from .state.settings import Settings
from .support.app_guard import guarded
from .text.messages import failure_text, finding_message
from .text.translations import install_translations
from .theme.appearance import theme_of
from .theme.icons import application_icon
from .widgets.dialogs import show_failure
from .widgets.spoken import teach_roles
from .wiring import window_wiring
from .wiring.arrivals import Arrivals

DESKTOP_FILE = "io.github.mergedesk.MergeDesk"


def run(
    base: Path | None = None,
    adapters: Sequence[AdapterChoice] = (),
    output: Path | None = None,
    merged: Path | None = None,
    *,
    paths: Sequence[Path] = (),
    overwrite: bool = False,
    apart: bool = False,
) -> int:
    """Open the window with what is given, and return when it is closed; or give it to the window that is there.

    ``paths`` are sorted into the form by what they are. ``overwrite``: allowed already. ``apart``: whatever is open.
    """
    handed = Handed(base, tuple(adapters), output, merged, tuple(paths))
    with ExitStack() as kept:
        if not apart and not _is_first(handed, kept):
            return 0
        return _run(handed, kept, overwrite=overwrite, listens=not apart)


def _is_first(handed: Handed, kept: ExitStack) -> bool:
    """Whether a window is to be opened here; where that cannot be settled, it is."""
    with suppress(OSError, FolderInUse):
        lock = first_or_handed(instance_folder(), message_of(handed))
        if lock is None:
            return False
        kept.enter_context(lock)
    return True


def _run(handed: Handed, kept: ExitStack, *, overwrite: bool, listens: bool) -> int:
    give_back_at_once()
    with interpreter.prompt(), guarded() as watch:
        try:
            application = create_application()
            window = build_window(replace(handed.form, overwrite=overwrite), restores=not handed.paths)
        except Exception as error:
            return _tell_without_window(error)
        arrivals = Arrivals(window)
        application.installEventFilter(arrivals)
        if listens:
            _listen(arrivals, kept)
        window.seen.connect(interpreter.keep_all, Qt.ConnectionType.QueuedConnection)
        window.show()
        arrivals.open(Handed(paths=handed.paths))
        watch.look_after(window, window.support)
        application.aboutToQuit.connect(window.jobs.cancel)
        with on_interrupt(window.cancel_and_quit):
            return application.exec()


def _listen(arrivals: Arrivals, kept: ExitStack) -> None:
    """Take what later starts hand over; where there can be no listening, each has a window of its own."""
    with suppress(OSError):
        kept.callback(listen(instance_folder(), arrivals.take_message).close)


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
    teach_roles()


def build_window(
    given: Form = NOTHING,
    *,
    backend: EngineApi | None = None,
    settings: Settings | None = None,
    restores: bool = True,
) -> MainWindow:
    """The window, not shown yet. Where nothing is given, the last inputs come back, if it ``restores`` them."""
    settings = settings or Settings.of_user()
    renewal.wear(settings.preferences)
    window = MainWindow(backend or engine(), settings)
    window_wiring.connect(window)
    window.preferred.connect(partial(renewal.take, window))
    if given != NOTHING:
        window.prefill(given)
    elif restores:
        window.inputs.restore(settings.cut_off or settings.choices)
    settings.cut_off = None
    window.undo.forget()
    return window
