"""A merged folder's report as a web page."""

from __future__ import annotations

import hashlib
from pathlib import Path

from platformdirs import user_cache_path


def report_page(folder: Path) -> Path:
    """A merged folder's report as a web page in the user's cache, in the place of an earlier one of the folder.

    Raises:
        UserError: if the folder holds no report that can be read.
        OSError: if the page cannot be written.
    """
    from mergedesk.reports.formats import ReportFormat, read_report, report_as

    page = report_as(read_report(folder), ReportFormat.HTML)
    name = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:16]
    file = user_cache_path("mergedesk", ensure_exists=True) / "reports" / f"{name}.html"
    file.parent.mkdir(exist_ok=True)
    file.write_text(page, encoding="utf-8", newline="\n")
    return file
