"""One notification of the system, where it has any; clicking it brings the window to the front."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

_SHOWN_MS = 20_000


def notify(window: QWidget, headline: str, more: str) -> None:
    """Show it; the icon that it needs in the notification area goes away with it."""
    if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
        return
    icon = QSystemTrayIcon(window.windowIcon(), window)
    icon.setToolTip(headline)
    icon.messageClicked.connect(lambda: bring_to_front(window))
    icon.activated.connect(lambda _reason: bring_to_front(window))
    icon.show()
    icon.showMessage(headline, more, window.windowIcon(), _SHOWN_MS)
    QTimer.singleShot(_SHOWN_MS, icon, icon.deleteLater)


def bring_to_front(window: QWidget) -> None:
    """As if the person had gone to it."""
    window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
    window.raise_()
    window.activateWindow()
