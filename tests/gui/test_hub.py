"""Names of models on a hub in the window: looked at, downloaded, cancelled, refused, and a result that goes up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from folders import make_lora, make_model
from hub_environment import ADAPTER, MODEL, hub
from loopback_hub import TOKEN, LoopbackHub
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_model, an_adapter, check
from window_helpers import PATIENCE_MS, find, get_ready, merge_button, run_merge, wait_inspected

from mergedesk.domain.findings import Code, Finding, Severity, UserError
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.hub_reference import HubReference, reference_of
from mergedesk.domain.progress import CancelToken
from mergedesk.domain.requests import CheckRequest, MergeRequest
from mergedesk.domain.transfer import Transfer, TransferReport, TransferStage
from mergedesk.hub.questions import HubModel
from mergedesk.planning.preflight import Preflight
from mergedesk_gui.hub import hub_field
from mergedesk_gui.hub.hub_bar import HubBar
from mergedesk_gui.hub.hub_field import HubField
from mergedesk_gui.hub.upload_dialog import UploadDialog
from mergedesk_gui.jobs.engine_api import EngineApi
from mergedesk_gui.jobs.engine_api import engine as real_engine
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.state.mode import Mode

__all__ = ["hub"]
TINY = HubReference("acme/tiny")
A_WHILE_MS = 60_000


def a_hub_model(**changes: object) -> HubModel:
    info = replace(a_model(TINY.path))
    made = HubModel(TINY, "0" * 40, info, licence="apache-2.0", missing_bytes=info.bytes)
    return replace(made, **changes)  # type: ignore[arg-type]


class FakeHub:
    """What the window is told of a hub; a download waits until the test lets it go on."""

    def __init__(self) -> None:
        self.model = a_hub_model()
        self.trouble: Code | None = None
        self.asked: list[tuple[str, str | None]] = []
        self.kept: list[str] = []
        self.go_on = threading.Event()

    def describe(self, reference: HubReference, cancel: CancelToken, token: str | None) -> HubModel:
        self.asked.append((reference.text, token))
        if self.trouble:
            raise UserError(self.trouble, name=reference.text, address="x", host="h", reason="")
        return replace(self.model, reference=reference)

    def download(self, reference: HubReference, cancel: CancelToken, report: TransferReport, token: str | None) -> Path:
        while not self.go_on.wait(0.01):
            cancel.check()
            report(Transfer(TransferStage.DOWNLOAD, 10**9, 2 * 10**9, 4.0))
        return Path("/cache/model-tiny")

    def keep(self, token: str) -> bool:
        self.kept.append(token)
        raise UserError(Code.HUB_NO_KEYRING, reason="NoKeyringError")


@pytest.fixture(autouse=True)
def _quick_typist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_field, "WAIT_MS", 30)


@pytest.fixture
def there() -> FakeHub:
    return FakeHub()


@pytest.fixture
def window(engine: FakeEngine, there: FakeHub, open_window: OpenWindow) -> MainWindow:
    parts = {"describe_on_hub": there.describe, "download": there.download, "keep_token": there.keep}
    return open_window(backend=engine.backend(**parts))


def base(window: MainWindow) -> HubField:
    return window.hub.of(window.inputs.base)


def shown(qtbot: QtBot, field: HubField, words: str) -> HubBar:
    qtbot.waitUntil(lambda: field.bar is not None and words in field.bar.said, timeout=PATIENCE_MS)
    assert field.bar is not None
    return field.bar


def type_in(window: MainWindow, name: str = "acme/tiny") -> HubField:
    window.inputs.base.edit.setText(name)
    return base(window)


def test_a_name_is_looked_at_and_nothing_is_downloaded(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    bar = shown(qtbot, type_in(window), "LlamaForCausalLM")
    for words in ("2.47 GB to download", "apache-2.0", "1.24 B"):
        assert words in bar.said
    assert bar.download.isVisible()
    assert not bar.cancel.isVisible()
    assert there.asked == [("acme/tiny", None)]


def test_half_a_name_is_not_asked_for(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    for end in range(5, 10):
        window.inputs.base.edit.setText("acme/tiny"[:end])
    shown(qtbot, base(window), "LlamaForCausalLM")
    assert there.asked == [("acme/tiny", None)]


def test_a_folder_is_never_asked_for(
    qtbot: QtBot, window: MainWindow, there: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("/acme/tiny", "model", str(tmp_path), "~/acme", "C:\\acme\\tiny"):
        window.inputs.base.edit.setText(text)
        wait_inspected(qtbot, window)
    assert base(window).bar is None
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme" / "tiny").mkdir(parents=True)
    of_base = type_in(window)
    qtbot.waitUntil(lambda: of_base.bar is not None and not of_base.runner.running, timeout=PATIENCE_MS)
    assert of_base.bar is not None
    assert not of_base.bar.isVisible()
    assert not there.asked


def test_the_download_shows_how_far_it_is_and_ends_in_the_field(
    qtbot: QtBot, window: MainWindow, there: FakeHub
) -> None:
    bar = shown(qtbot, type_in(window), "LlamaForCausalLM")
    bar.download.click()
    shown(qtbot, base(window), "1.00 GB of 2.00 GB")
    assert "250 MB/s" in bar.said
    assert "4.0 s" in bar.said
    assert bar.bar.value() == 500
    assert bar.cancel.isVisible()
    there.go_on.set()
    qtbot.waitUntil(lambda: window.inputs.base.folder == Path("/cache/model-tiny"), timeout=PATIENCE_MS)
    assert not bar.isVisible()


def test_a_download_that_was_cancelled_can_go_on(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    bar = shown(qtbot, type_in(window), "LlamaForCausalLM")
    bar.download.click()
    shown(qtbot, base(window), "1.00 GB of 2.00 GB")
    there.model = a_hub_model(missing_bytes=10**9)
    bar.cancel.click()
    shown(qtbot, base(window), "1.00 GB to download")
    assert bar.download.text() == "Go on with the download"
    assert not base(window).runner.running


def test_another_name_ends_the_download(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    bar = shown(qtbot, type_in(window), "LlamaForCausalLM")
    bar.download.click()
    shown(qtbot, base(window), "1.00 GB of 2.00 GB")
    type_in(window, "acme/other")
    qtbot.waitUntil(lambda: there.asked[-1][0] == "acme/other", timeout=PATIENCE_MS)
    shown(qtbot, base(window), "LlamaForCausalLM")
    type_in(window, "")
    assert not bar.isVisible()


def test_what_is_here_already_is_taken(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    there.model = a_hub_model(folder=Path("/cache/model-here"), missing_bytes=0)
    type_in(window, "https://huggingface.co/acme/tiny/tree/v1")
    qtbot.waitUntil(lambda: window.inputs.base.folder == Path("/cache/model-here"), timeout=PATIENCE_MS)
    assert there.asked == [("acme/tiny@v1", None)]


def test_a_gated_model_asks_for_a_token_which_is_used_and_shown_nowhere(
    qtbot: QtBot, window: MainWindow, there: FakeHub
) -> None:
    there.trouble = Code.HUB_GATED
    bar = shown(qtbot, type_in(window), "open only to people")
    there.trouble = None
    bar.token.click()
    edit = find(window, QLineEdit, "tokenEdit")
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    edit.setText(TOKEN)
    find(window, QCheckBox, "keepTokenBox").setChecked(False)
    edit.window().accept()  # type: ignore[attr-defined]
    shown(qtbot, base(window), "LlamaForCausalLM")
    assert there.asked[-1] == ("acme/tiny", TOKEN)
    assert not there.kept
    assert TOKEN not in bar.said


@pytest.mark.parametrize("points", [9, 18, 24])
def test_all_of_the_question_for_a_token_is_seen_at_any_size_of_type(window: MainWindow, points: int) -> None:
    before = QApplication.font()
    larger = QFont(before)
    larger.setPointSize(points)
    QApplication.setFont(larger)
    try:
        dialog = window.hub.tokens.ask()
        QApplication.processEvents()
        (area,) = dialog.findChildren(QScrollArea)
        assert area.widget().height() <= area.viewport().height()
        assert area.widget().width() <= area.viewport().width()
        dialog.reject()
    finally:
        QApplication.setFont(before)


def test_a_system_without_a_keyring_is_told(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    from PySide6.QtWidgets import QMessageBox

    window.hub.tokens.take(TOKEN, keeps=True)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None, timeout=PATIENCE_MS)
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "keyring" in box.text()
    assert TOKEN not in box.text() + box.informativeText()
    box.reject()


def test_trouble_is_told_and_tried_again(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    there.trouble = Code.HUB_NO_NETWORK
    bar = shown(qtbot, type_in(window), "cannot be reached")
    assert not bar.token.isVisible()
    there.trouble = None
    bar.again.click()
    shown(qtbot, base(window), "LlamaForCausalLM")


def test_a_dropped_address_becomes_a_name(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://huggingface.co/acme/tiny")])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(1, 1), copy, data, left, Qt.KeyboardModifier.NoModifier)
    window.inputs.adapter.edit.dropEvent(event)
    assert window.inputs.adapter.edit.text() == "hf://acme/tiny"
    shown(qtbot, window.hub.of(window.inputs.adapter), "LlamaForCausalLM")


def drop_text(window: MainWindow, text: str) -> bool:
    """Drag a text over the window itself, and let go; False if it was not welcome."""
    data = QMimeData()
    data.setText(text)
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(700, 300), copy, data, left, no_key)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(700, 300), copy, data, left, no_key))
    return enter.isAccepted()


@pytest.mark.parametrize("text", ["acme/tiny", "hf://acme/tiny", "https://huggingface.co/acme/tiny/tree/main"])
def test_a_name_dropped_anywhere_goes_to_the_field_of_its_kind(
    qtbot: QtBot, window: MainWindow, there: FakeHub, text: str
) -> None:
    assert drop_text(window, text)
    bar = shown(qtbot, base(window), "LlamaForCausalLM")
    assert bar.download.isVisible()
    assert window.inputs.base.edit.text().startswith("hf://acme/tiny")
    there.model = replace(there.model, info=an_adapter(TINY.path))
    assert drop_text(window, text)
    adapter = window.inputs.adapter.edit
    qtbot.waitUntil(lambda: "acme/tiny" in adapter.text(), timeout=PATIENCE_MS)
    assert "acme/tiny" in window.inputs.base.edit.text()
    assert not window._drop_hint.isVisible()


def test_a_dropped_name_that_is_not_there_says_so_in_its_field(
    qtbot: QtBot, window: MainWindow, there: FakeHub
) -> None:
    there.trouble = Code.HUB_NOT_FOUND
    assert drop_text(window, "acme/tiny")
    shown(qtbot, base(window), "acme/tiny")
    assert not window._drop_hint.isVisible()


def test_other_texts_are_not_welcome(window: MainWindow, there: FakeHub) -> None:
    assert not drop_text(window, "a sentence, not a name")
    assert not drop_text(window, "https://example.org/acme/tiny")
    assert not there.asked


def test_an_adapter_s_base_is_offered_by_its_name(
    qtbot: QtBot, engine: FakeEngine, there: FakeHub, open_window: OpenWindow
) -> None:
    backend = engine.backend(describe_on_hub=there.describe, hub_base=lambda _adapter: TINY)
    window = open_window(backend=backend)
    window.inputs.adapter.set_folder("/x/adapter")
    bar = window.inputs.base.offer_bar
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE_MS)
    assert not there.asked, "nothing is asked before that is wanted"
    bar.buttons[0].click()
    assert window.inputs.base.edit.text() == "hf://acme/tiny"
    shown(qtbot, base(window), "LlamaForCausalLM")


def test_closing_ends_a_download(qtbot: QtBot, window: MainWindow, there: FakeHub) -> None:
    bar = shown(qtbot, type_in(window), "LlamaForCausalLM")
    bar.download.click()
    shown(qtbot, base(window), "1.00 GB of 2.00 GB")
    runner = base(window).runner
    window.close()
    qtbot.waitUntil(lambda: not runner.running, timeout=PATIENCE_MS)


@pytest.mark.slow
def test_from_a_name_to_a_folder_for_real(
    qtbot: QtBot, hub: LoopbackHub, engine: FakeEngine, open_window: OpenWindow
) -> None:
    real = real_engine()
    names = ("describe_on_hub", "download", "inspect_folder")
    window = open_window(backend=engine.backend(**{name: getattr(real, name) for name in names}))
    for field, name in ((window.inputs.base, MODEL), (window.inputs.adapter, ADAPTER)):
        field.edit.setText(name)
        of_field = window.hub.of(field)
        qtbot.waitUntil(lambda f=of_field: f.bar is not None and f.bar.download.isVisible(), timeout=A_WHILE_MS)
        assert of_field.bar is not None
        of_field.bar.download.click()
        qtbot.waitUntil(lambda f=field: "snapshots" in f.edit.text(), timeout=A_WHILE_MS)
    real.close()


# Up


def upload_of(window: MainWindow, model: Path) -> UploadDialog:
    return window.hub.upload(model)


@pytest.mark.slow
def test_a_result_goes_up_after_a_look_at_its_card(
    qtbot: QtBot, hub: LoopbackHub, tmp_path: Path, engine: FakeEngine, open_window: OpenWindow
) -> None:
    model = make_model(tmp_path / "merged", _name_or_path="/home/anna/base")
    (model / "README.md").write_text("# The captain\n")
    window = open_window(backend=engine.backend())
    dialog = upload_of(window, model)
    qtbot.waitUntil(lambda: dialog.going is not None, timeout=PATIENCE_MS)
    assert dialog.card.toPlainText() == "# The captain\n"
    assert "config.json" in dialog.plan.plain
    assert not dialog.start.isEnabled(), "no name yet"
    dialog.repository.setText("me/captain")
    dialog.start.click()
    qtbot.waitUntil(dialog.token.isVisible, timeout=A_WHILE_MS)
    window.hub.tokens.take(TOKEN, keeps=False)
    dialog.start.click()
    qtbot.waitUntil(lambda: "me/captain" in dialog.said, timeout=A_WHILE_MS)
    assert "me/captain" in hub.private
    assert "anna" not in (hub.folder("me/captain") / "config.json").read_text()
    dialog.reject()


def test_an_upload_that_cannot_be(qtbot: QtBot, tmp_path: Path, engine: FakeEngine, open_window: OpenWindow) -> None:
    (tmp_path / "empty").mkdir()
    dialog = upload_of(open_window(backend=engine.backend()), tmp_path / "empty")
    qtbot.waitUntil(lambda: "nothing to upload" in dialog.said, timeout=PATIENCE_MS)
    dialog.repository.setText("me/captain")
    assert not dialog.start.isEnabled()
    dialog.reject()


def test_closing_the_dialog_ends_the_upload(
    qtbot: QtBot, tmp_path: Path, engine: FakeEngine, open_window: OpenWindow
) -> None:
    def upload(_request: object, cancel: CancelToken, _report: Callable[[object], None], _token: str | None) -> None:
        while True:
            cancel.check()

    dialog = upload_of(open_window(backend=engine.backend(upload=upload)), make_lora(tmp_path / "lora"))
    qtbot.waitUntil(lambda: dialog.going is not None, timeout=PATIENCE_MS)
    dialog.repository.setText("me/captain")
    dialog.start.click()
    with qtbot.waitSignal(dialog.finished, timeout=PATIENCE_MS):
        dialog.reject()


def test_a_merge_offers_its_result(qtbot: QtBot, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    find(window, QPushButton, "uploadResultButton").click()
    dialog = window.findChild(UploadDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.said) and not dialog.runner.running, timeout=PATIENCE_MS)
    dialog.reject()


class KnowsHeaders:
    """What is told of a merge by headers alone."""

    def __init__(self) -> None:
        self.asked: list[CheckRequest] = []
        self.findings: tuple[Finding, ...] = ()

    def check(self, request: CheckRequest, cancel: CancelToken) -> Preflight:
        self.asked.append(request)
        known = check(cast(MergeRequest, request))
        return replace(known, findings=self.findings, pieces_bytes=300_000_000, base_bytes=2_471_645_608)


@pytest.fixture
def headers() -> KnowsHeaders:
    return KnowsHeaders()


@pytest.fixture
def informed(engine: FakeEngine, there: FakeHub, headers: KnowsHeaders, open_window: OpenWindow) -> MainWindow:
    """A window on a hub whose models are judged by their headers, with an adapter chosen."""
    backend = engine.backend(describe_on_hub=there.describe, download=there.download, check_on_hub=headers.check)
    window = open_window(backend=replace(backend, inspect_folder=_as_on_a_hub(backend)))
    window.inputs.adapters.rows[0].edit.setText("/adapters/lora")
    return window


def _as_on_a_hub(backend: EngineApi) -> Callable[[Path], FolderInfo]:
    def look(folder: Path) -> FolderInfo:
        if reference_of(folder) is None:
            return backend.inspect_folder(folder)
        wants_it = Finding(Code.LOOKS_LIKE_HUB_NAME, Severity.ERROR, {"name": "acme/tiny"}, about=str(folder))
        return FolderInfo(folder, FolderKind.UNKNOWN, findings=(wants_it,))

    return look


def test_a_named_base_is_judged_before_anything_is_downloaded(
    qtbot: QtBot, informed: MainWindow, headers: KnowsHeaders
) -> None:
    headers.findings = (Finding(Code.BASE_BY_HEADERS, Severity.INFO, {"name": "acme/tiny", "left_bytes": 10**9}),)
    bar = shown(qtbot, type_in(informed), "2.47 GB")
    qtbot.waitUntil(lambda: "Not kept, it takes 300 MB" in bar.rooms.text(), timeout=PATIENCE_MS)
    said = informed.results.preflight.findings
    assert any("headers" in text for text in said.texts)
    assert any("name of a model on a hub" in text for text in said.texts)
    assert not merge_button(informed).isEnabled()
    assert headers.asked[-1].base == TINY.path
    assert bar.download.isVisibleTo(informed)


def test_a_base_that_is_not_kept_is_merged_at_once(
    qtbot: QtBot, informed: MainWindow, engine: FakeEngine, headers: KnowsHeaders
) -> None:
    bar = shown(qtbot, type_in(informed), "2.47 GB")
    qtbot.waitUntil(lambda: bar.unkept.isVisibleTo(informed), timeout=PATIENCE_MS)
    qtbot.mouseClick(bar.unkept, Qt.MouseButton.LeftButton, pos=QPoint(10, bar.unkept.height() // 2))
    qtbot.waitUntil(merge_button(informed).isEnabled, timeout=PATIENCE_MS)
    assert not bar.download.isVisibleTo(informed)
    assert informed.merging.start_bar.add.isEnabled()
    run_merge(qtbot, informed)
    assert engine.requests[0].base == TINY.path
    assert not engine.requests[0].keep_base


def test_the_choice_is_one_for_this_name(qtbot: QtBot, informed: MainWindow) -> None:
    bar = shown(qtbot, type_in(informed), "2.47 GB")
    qtbot.waitUntil(lambda: bar.unkept.isVisibleTo(informed), timeout=PATIENCE_MS)
    bar.unkept.setChecked(True)
    assert not informed.inputs.choices.keep_base
    type_in(informed, "acme/other")
    assert informed.inputs.choices.keep_base
    qtbot.waitUntil(lambda: bar.unkept.isVisibleTo(informed), timeout=PATIENCE_MS)
    assert not bar.unkept.isChecked()


def test_only_a_base_to_be_merged_may_go_again(qtbot: QtBot, informed: MainWindow) -> None:
    bar = shown(qtbot, type_in(informed), "2.47 GB")
    qtbot.waitUntil(lambda: bar.unkept.isVisibleTo(informed), timeout=PATIENCE_MS)
    informed.inputs.set_mode(Mode.VERIFY)
    assert not bar.unkept.isVisibleTo(informed)
    row = informed.inputs.adapters.rows[0]
    row.edit.setText("acme/other-lora")
    other = shown(qtbot, informed.hub.of(row), "2.47 GB")
    assert not other.unkept.isVisibleTo(informed)


@pytest.mark.slow
def test_a_base_that_is_not_kept_for_real(
    qtbot: QtBot, hub: LoopbackHub, tmp_path: Path, open_window: OpenWindow
) -> None:
    real = real_engine()
    window = open_window(backend=real)
    window.inputs.adapters.rows[0].edit.setText(str(hub.folder("acme/tiny-lora")))
    window.inputs.output.set_folder(tmp_path / "out")
    bar = shown(qtbot, type_in(window), "to download")
    bar.unkept.setChecked(True)
    qtbot.waitUntil(merge_button(window).isEnabled, timeout=A_WHILE_MS)
    merge_button(window).click()
    qtbot.waitUntil(lambda: window.merging.published is not None, timeout=A_WHILE_MS)
    assert (tmp_path / "out" / "model.safetensors").is_file()
    assert not list(tmp_path.glob(".out*"))
    assert not list((tmp_path / "hf").rglob("*.safetensors"))
    real.close()
