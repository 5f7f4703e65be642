"""A folder whose name says nothing is called by that alone nowhere in the window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import OpenWindow
from window_helpers import PATIENCE_MS, get_ready, merge_button, run_merge

from mergedesk.domain.requests import MergeRequest, VerifyRequest
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.mode import Mode

HASH = "0123456789abcdef0123"
BASE = Path("/hub/models--acme--Little-7B/snapshots") / HASH
ADAPTER = Path("/runs/pirate/lora-adapter")
NAMED_BADLY = re.compile(rf"(?<!snapshots/){HASH}|(?<![\w/-])lora-adapter|(?<!/)checkpoint-\d+")
_NO_BREAK = "\u200b"


def texts(root: QWidget) -> Iterator[str]:
    """All that is said in labels and tables, hidden ones too."""
    for label in root.findChildren(QLabel):
        yield label.text().replace(_NO_BREAK, "")
    for table in root.findChildren(QTableView):
        model = table.model()
        for row in range(model.rowCount()):
            yield from (str(model.index(row, column).data() or "") for column in range(model.columnCount()))


def badly_named(root: QWidget) -> list[str]:
    return [text for text in texts(root) if NAMED_BADLY.search(text)]


def test_a_name_that_says_nothing_would_be_seen() -> None:
    for text in (f"{HASH} + pirate", "Little-7B + lora-adapter", "checkpoint-1500", f"lora-adapter → {HASH}"):
        assert NAMED_BADLY.search(text), text
    for text in (str(BASE), str(ADAPTER), "acme/Little-7B + pirate/lora-adapter", "pirate/checkpoint-1500"):
        assert not NAMED_BADLY.search(text), text


def all_pages(window: MainWindow) -> None:
    for page in Page:
        window.results.prepare(page)


def test_merging_and_what_comes_of_it(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window, BASE, ADAPTER)
    assert isinstance(window.merging.task, MergeRequest)
    assert window.merging.task.output.name == "Little-7B-pirate-lora-adapter-merged"
    all_pages(window)
    assert badly_named(window) == []
    window.commands.add_to_queue.trigger()
    qtbot.waitUntil(merge_button(window).isEnabled, timeout=PATIENCE_MS)  # the queue may have begun first
    run_merge(qtbot, window)
    assert badly_named(window) == []
    assert any("acme/Little-7B + pirate/lora-adapter" in text for text in texts(window.outcome))


def test_verifying_and_what_comes_of_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.inputs.set_mode(Mode.VERIFY)
    window.inputs.verify.merged.set_folder(Path("/out/pirate/merged"))
    get_ready(qtbot, window, BASE, ADAPTER)
    all_pages(window)
    assert badly_named(window) == []
    assert isinstance(window.merging.task, VerifyRequest)
    window.commands.add_to_queue.trigger()
    qtbot.waitUntil(merge_button(window).isEnabled, timeout=PATIENCE_MS)  # the queue may have begun first
    run_merge(qtbot, window)
    assert badly_named(window) == []
    assert any("acme/Little-7B + pirate/lora-adapter" in text for text in texts(window.outcome))
