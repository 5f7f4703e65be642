"""What can be done with a finished merge: open its folder, save its report."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from mergedesk.report import MergeReport, report_json


def open_folder(folder: Path) -> bool:
    """Show ``folder`` in the system's file manager; False if there is none to ask."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def save_report(report: MergeReport, file: Path) -> None:
    """Write a report as JSON.

    Raises:
        OSError: if the file cannot be written.
    """
    text = json.dumps(report_json(report), ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")
