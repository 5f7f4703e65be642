"""A whole merge in the real window without anybody at it: for the demonstration and its screenshot."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from math import inf
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer

from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.requests import AdapterChoice
from mergedesk.support.failures import Failure

from .app import build_window, create_application
from .jobs.engine_api import EngineApi
from .main_window import MainWindow
from .state.form import Form
from .state.settings import Settings

PICTURE = QSize(1440, 1040)
_INSPECTION_SECONDS = 60
_SETTLING_SECONDS = 0.5
_POLL_MS = 20


class DemoError(RuntimeError):
    """The window could not bring the merge to a report; the message says why."""


def run_demo_window(
    base: Path, adapter: Path, output: Path, screenshot: Path, backend: EngineApi | None = None
) -> MergeReport:
    """Fill in the real window, press its Merge button, wait for the end and save a picture of it.

    Raises:
        DemoError: if the merge broke off without a report.
        OSError: if the picture cannot be saved.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    create_application()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.in_file(Path(folder) / "demo.ini")
        window = build_window(Form(base, (AdapterChoice(adapter),), output), backend=backend, settings=settings)
        window.resize(PICTURE)
        window.show()
        try:
            report = _merged(window, output)
            _wait_until(lambda: False, _SETTLING_SECONDS)  # the tables take their height in several steps
            _save_picture(window, screenshot)
        finally:
            window.close()
            window.deleteLater()
    return report


def _merged(window: MainWindow, output: Path) -> MergeReport:
    _wait_until(lambda: _is_inspected(window), _INSPECTION_SECONDS)
    if window.inputs.output.consent.isVisible():
        window.inputs.output.consent.setChecked(True)  # the demonstration replaces its own last result
        _wait_until(lambda: _is_inspected(window), _INSPECTION_SECONDS)
    if not window.merging.start_bar.button.isEnabled():
        return _refusal(window, output)
    ended: list[object] = []
    window.jobs.failed.connect(ended.append)
    window.merging.start_bar.button.click()
    _wait_until(lambda: not window.jobs.running)
    if window.merging.report is None:
        details = ended[0].details if ended and isinstance(ended[0], Failure) else "cancelled"
        raise DemoError(details)
    return window.merging.report


def _refusal(window: MainWindow, output: Path) -> MergeReport:
    inspection = window.merging.inspection
    if inspection is None or inspection.failure is not None:
        raise DemoError(inspection.failure.details if inspection and inspection.failure else "timed out")
    return MergeReport(status=MergeStatus.REFUSED, output=output, findings=inspection.findings)


def _is_inspected(window: MainWindow) -> bool:
    inspection = window.merging.inspection
    return inspection is not None and inspection.complete


def _wait_until(reached: Callable[[], bool], seconds: float = inf) -> None:
    """Let the window work until ``reached``, or for at most ``seconds``."""
    deadline = time.monotonic() + seconds
    loop, poll = QEventLoop(), QTimer(interval=_POLL_MS)

    def look() -> None:
        if reached() or time.monotonic() > deadline:
            poll.stop()
            loop.quit()

    poll.timeout.connect(look)
    poll.start()
    loop.exec()


def _save_picture(window: MainWindow, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(file), "PNG"):
        raise OSError(f"the picture could not be saved: {file}")
