"""``mergedesk demo``: a real merge of a real model, in the real window, with nothing to prepare."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

from mergedesk.cli.rendering import print_report
from mergedesk.demo.base_model import demo_adapter_folder, demo_output_folder
from mergedesk.domain.findings import Code, UserError
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import AdapterChoice

from .jobs.engine_api import engine

PICTURE_NAME = "mergedesk-demo.png"


def run(headless: bool = False) -> int:
    """Make the demo base once, then open the window on it; without a screen, merge at once and report.

    Returns the exit code. Raises UserError(demo_base_missing, demo_adapter_missing).
    """
    adapter = demo_adapter_folder()
    if not adapter.is_dir():
        raise UserError(Code.DEMO_ADAPTER_MISSING, path=str(adapter))
    with closing(engine()) as own:
        base = own.make_demo(_say, CancelToken())
    output = demo_output_folder()
    if not headless and has_display():
        from .app import run as open_window

        return open_window(base, [AdapterChoice(adapter)], output, overwrite=output.exists(), apart=True)
    return _merge_unattended(base, adapter, output)


def has_display() -> bool:
    """Whether a window could be seen: Windows and macOS always say yes, elsewhere a display must be named."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _merge_unattended(base: Path, adapter: Path, output: Path) -> int:
    from .unattended import run_demo_window

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    picture = base.parent / PICTURE_NAME
    _say("Opening the window and pressing Merge.")
    report = run_demo_window(base, adapter, output, picture)
    print_report(report)
    if report.status is not MergeStatus.MERGED:
        return 1
    _show_the_difference(base, adapter, report)
    print(f"The window, as it looked at the end: {picture}")
    return 0


def _show_the_difference(base: Path, adapter: Path, report: MergeReport) -> None:
    """Ask both models, print what they say, and put it into the report that lies in the folder."""
    from mergedesk.demo.answer import answers, with_answers

    with closing(engine()) as own:
        said = answers(own.try_it, base, adapter, report.output)
    with_answers(report, said)
    print(f"\n{said.question}")
    print(f"  before: {said.base}")
    print(f"  merged: {said.merged}\n")
