"""The check in the window with the real engine: tiny models, merged right by PEFT and wrong by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from window_fakes import OpenWindow
from window_helpers import find

from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.mode import Mode

LONG_MS = 60_000

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Made:
    """One base, one adapter and what became of them."""

    def __init__(self, home: Path) -> None:
        import merges
        from tiny_models import make_adapter, make_base, merge_with_peft

        self.base = make_base("llama", home / "base", "bfloat16")
        self.adapter = make_adapter("llama", self.base, home / "lora")
        self.right = merge_with_peft("llama", self.base, self.adapter, home / "right")
        self.twice = merges.merged_twice("llama", self.base, self.adapter, home / "twice")
        self.half = merges.mixed("llama", self.base, self.right, home / "half", lambda name: "layers.0" in name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("models"))


@pytest.fixture
def real(open_window: OpenWindow, made: Made) -> Iterator[MainWindow]:
    window = open_window(backend=real_engine())
    find(window, QPushButton, "modeCheckButton").click()
    find(window, QLineEdit, "basePathEdit").setText(str(made.base))
    find(window, QLineEdit, "adapterPathEdit").setText(str(made.adapter))
    return window


def text_of(window: MainWindow, name: str) -> str:
    return find(window, QLabel, name).text().replace("\u200b", "")


def check(qtbot: QtBot, window: MainWindow, merged: Path) -> None:
    find(window, QLineEdit, "mergedPathEdit").setText(str(merged))
    qtbot.waitUntil(lambda: window.merging.start_bar.button.isEnabled(), timeout=LONG_MS)
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        window.merging.start_bar.button.click()


@pytest.mark.slow
def test_pefts_own_merge_matches_quickly_and_in_full(qtbot: QtBot, real: MainWindow, made: Made) -> None:
    check(qtbot, real, made.right)
    assert text_of(real, "verdictLabel") == "Match"
    with qtbot.waitSignal(real.merging.ended, timeout=LONG_MS):
        find(real, QPushButton, "fullCheckAgainButton").click()
    assert text_of(real, "verdictLabel") == "Match"
    verdict = real.verifying.verdict
    assert verdict is not None
    assert not verdict.quick
    assert verdict.modules


@pytest.mark.slow
@pytest.mark.parametrize(
    ("merged", "reason"),
    [
        ("twice", "The adapter was applied twice"),
        ("half", "Only "),
        ("base", ""),
    ],
)
def test_a_wrong_merge_is_refuted_with_its_reason(
    qtbot: QtBot, real: MainWindow, made: Made, tmp_path: Path, merged: str, reason: str
) -> None:
    folder = getattr(made, merged)
    if merged == "base":  # a copy of it: the folder itself is not even accepted
        import shutil

        folder = Path(shutil.copytree(folder, tmp_path / "copy"))
        reason = "This is the unmodified base"
    check(qtbot, real, folder)
    assert text_of(real, "verdictLabel") == "Mismatch"
    assert text_of(real, "reasonLabel").startswith(reason)
    assert real.outcome.verdict.modules.rows


@pytest.mark.slow
def test_an_adapter_that_was_saved_instead_is_called_so(
    qtbot: QtBot, real: MainWindow, made: Made, tmp_path: Path
) -> None:
    import shutil

    saved = Path(shutil.copytree(made.adapter, tmp_path / "merged"))
    check(qtbot, real, saved)
    assert text_of(real, "verdictLabel") == "Mismatch"
    assert "only an adapter" in text_of(real, "reasonLabel")


def test_a_broken_folder_never_becomes_a_traceback(qtbot: QtBot, real: MainWindow, made: Made, tmp_path: Path) -> None:
    import shutil

    broken = Path(shutil.copytree(made.right, tmp_path / "broken"))
    (broken / "model.safetensors").write_bytes(b"1234")
    find(real, QLineEdit, "mergedPathEdit").setText(str(broken))
    qtbot.waitUntil(lambda: real.merging.inspection is not None and real.merging.inspection.complete, timeout=LONG_MS)
    assert not real.merging.start_bar.button.isEnabled()
    assert "safetensors" in real.inputs.verify.merged.description


@pytest.mark.slow
def test_a_merge_made_here_is_checked_whole_and_its_report_stays(
    qtbot: QtBot, open_window: OpenWindow, made: Made, tmp_path: Path
) -> None:
    window = open_window(backend=real_engine())
    find(window, QLineEdit, "basePathEdit").setText(str(made.base))
    find(window, QLineEdit, "adapterPathEdit").setText(str(made.adapter))
    find(window, QLineEdit, "outputPathEdit").setText(str(tmp_path / "merged"))
    qtbot.waitUntil(lambda: window.merging.start_bar.button.isEnabled(), timeout=LONG_MS)
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        window.merging.start_bar.button.click()
    with qtbot.waitSignal(window.merging.ended, timeout=LONG_MS):
        find(window, QPushButton, "fullCheckButton").click()
    assert window.results.page is Page.RESULT
    assert text_of(window, "verdictLabel") == "Match"
    assert window.outcome.verification.isVisible()
    assert window.merging.report is not None
    # And the folder tells by itself what it was made of.
    other = open_window(given=Form(mode=Mode.VERIFY, merged=tmp_path / "merged"), backend=real_engine())
    bar = other.inputs.verify.merged.offer_bar
    qtbot.waitUntil(bar.isVisible, timeout=LONG_MS)
    bar.buttons[0].click()
    assert other.inputs.choices.base == made.base
    assert [one.folder for one in other.inputs.choices.adapters] == [made.adapter]
