"""Have the system's own program open a folder, a file or a web page, and hear whether it did."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

_XDG_OPEN = "xdg-open"
# What ends with an error later was open meanwhile.
_SOON_MS = 10_000


def open_address(address: QUrl, failed: Callable[[], object]) -> None:
    """Open it; ``failed`` is called where no program does, at once or a moment later."""
    program = shutil.which(_XDG_OPEN) if QGuiApplication.platformName() == "xcb" else None
    if program is not None:
        _watched(program, address, failed)
    elif not QDesktopServices.openUrl(address):
        failed()


def _watched(program: str, address: QUrl, failed: Callable[[], object]) -> None:
    """Qt starts this program too, but does not wait for what it says."""
    process, soon = QProcess(QCoreApplication.instance()), QDeadlineTimer(_SOON_MS)
    parameters = QProcess.UnixProcessParameters()
    parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
    process.setUnixProcessParameters(parameters)
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())

    def end(code: int) -> None:
        process.deleteLater()
        if code and not soon.hasExpired():
            failed()

    process.finished.connect(lambda code, _status: end(code))
    process.errorOccurred.connect(lambda error: end(1) if error is QProcess.ProcessError.FailedToStart else None)
    process.start(program, [address.toString(QUrl.ComponentFormattingOption.FullyEncoded)])
