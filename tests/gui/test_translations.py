"""Nothing on the window stays untranslated, and the German texts are complete."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow
from window_helpers import (
    ADAPTER,
    BASE,
    assert_settles,
    fill_in,
    find,
    get_ready,
    merge_button,
    run_merge,
    start_merge,
    wait_inspected,
)

import mergedesk_gui
from mergedesk.domain.findings import Code, Finding, Severity
from mergedesk.domain.messages import LOCALES, catalogue
from mergedesk.runtime.versions import platform_name
from mergedesk_gui.history.history_dialog import HistoryDialog
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.support.crash_reporter import Crash
from mergedesk_gui.support.crash_text import CrashKind
from mergedesk_gui.text.language import window_language
from mergedesk_gui.text.messages import finding_message
from mergedesk_gui.text.translations import install_translations
from mergedesk_gui.theme.icons import translations_folder
from mergedesk_gui.widgets import dialogs
from mergedesk_gui.widgets.table import row_texts

ENGLISH = translations_folder() / "mergedesk_en.ts"
LANGUAGES = sorted(translations_folder().glob("mergedesk_*.ts"))
TOOLS = Path(sys.executable).parent

# Names and code that are the same in every language, numbers, and what a person typed or the files say.
SAME_EVERYWHERE = re.compile(
    r"MergeDesk|torch|transformers|safetensors|PySide6|Qt|Python|(?:[A-Za-z]\w+ )?\d+\.[\w.+-]*|model\.layers\..*"
    r"|auto|float32|bfloat16|float16|streaming|peft|total|frequency"
    r"|transformers|vLLM|Ollama|LM Studio|llama\.cpp"
    r"|LlamaForCausalLM|PeftModelForCausalLM → LlamaForCausalLM"
    r"|Llama-3\.2-1B-Instruct(?: [+−] .*|-pirate-lora-merged)"
    r"|\w+\.from_pretrained\(.*\)"
    r"|[\d.,\s]+ ?([kMGT]?B|bytes|s|Ctrl.*)?|/.*|F\d|\W*"
)


class Pseudo(QTranslator):
    """Puts every text it is asked for between brackets: what has none was never asked for."""

    def translate(self, _context: str, text: str, _note: str | None = None, _count: int = -1) -> str:
        return f"⟦{text}⟧"

    def isEmpty(self) -> bool:  # noqa: N802 (Qt's name)
        return False


class PseudoCatalogue(NullTranslations):
    """The engine's messages in the same way."""

    def gettext(self, message: str) -> str:
        text = catalogue("en").gettext(message)
        return message if text == message else f"⟦{text}⟧"


@pytest.fixture
def pseudo(dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("mergedesk.domain.messages.catalogue", lambda language: PseudoCatalogue())
    translator = Pseudo()
    dressed.installTranslator(translator)
    yield
    dressed.removeTranslator(translator)


def texts_of(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(number) for number in range(widget.count()))
    if isinstance(widget, QTableWidget):
        headers = (widget.horizontalHeaderItem(column) for column in range(widget.columnCount()))
        yield from (header.text() for header in headers if header)
        yield from (widget.item(row, 0).text() for row in range(widget.rowCount()) if widget.columnCount() > 2)


def all_texts(window: QWidget) -> set[str]:
    widgets = [window, *window.findChildren(QWidget)]
    found = {text for widget in widgets for text in texts_of(widget)}
    found |= {text for action in window.findChildren(QAction) for text in (action.text(), action.toolTip())}
    return {text.replace("\u200b", "") for text in found}


def untranslated(window: QWidget) -> list[str]:
    return sorted(text for text in all_texts(window) if "⟦" not in text and not SAME_EVERYWHERE.fullmatch(text.strip()))


@pytest.mark.slow
def test_the_watch_sees_what_is_not_translated(pseudo: None, window: MainWindow) -> None:
    window.results.welcome.findChildren(QLabel)[1].setText("Plain English")
    assert "Plain English" in untranslated(window)


def test_an_empty_window_is_translated(pseudo: None, window: MainWindow) -> None:
    assert untranslated(window) == []


@pytest.mark.slow
def test_a_whole_merge_is_translated(qtbot: QtBot, pseudo: None, window: MainWindow, engine: FakeEngine) -> None:
    get_ready(qtbot, window)
    assert untranslated(window) == []
    engine.hold = True
    start_merge(qtbot, window)
    assert untranslated(window) == []
    engine.hold = False
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert untranslated(window) == []


def test_a_cancelled_merge_is_translated(qtbot: QtBot, pseudo: None, window: MainWindow, engine: FakeEngine) -> None:
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    window.merging.cancel()
    qtbot.waitUntil(lambda: not window.jobs.running)
    wait_inspected(qtbot, window)
    assert untranslated(window) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "adapter"),
    [
        (ADAPTER, BASE),
        (BASE, Path("/models/my-run")),
        (Path("/models/missing"), Path("/models/junk")),
        (Path("/models/full"), ADAPTER),
    ],
    ids=["swapped", "run", "missing", "other"],
)
def test_every_trouble_is_translated(qtbot: QtBot, pseudo: None, window: MainWindow, base: Path, adapter: Path) -> None:
    fill_in(window, base, adapter)
    window.inputs.output.set_folder("/models/full-output")
    wait_inspected(qtbot, window)
    assert untranslated(window) == []


def test_the_dialogs_are_translated(qtbot: QtBot, pseudo: None, window: MainWindow) -> None:
    for dialog in (window.support.show_about(), dialogs.show_help(window), dialogs.ask_to_cancel(window, lambda: None)):
        assert set(untranslated(dialog)) <= {platform_name()}
        assert "⟦" in dialog.windowTitle()
        dialog.close()


def test_what_looks_after_the_program_is_translated(qtbot: QtBot, pseudo: None, window: MainWindow) -> None:
    for kind in CrashKind:
        window.support.crashes.report(Crash(kind, f"ValueError: {kind.name}"))
        qtbot.waitUntil(lambda: window.support.crashes.dialog is not None)
        dialog = window.support.crashes.dialog
        assert dialog is not None
        dialog.count_another()
        assert untranslated(dialog) == []
        dialog.close()
    for other in (window.support.show_diagnostics(), window.support.show_licences()):
        assert untranslated(other) == []
        other.close()
    window.demo.card.show_missing()
    assert not [text for text in untranslated(window) if "model" in text]


def test_the_past_merges_are_translated(qtbot: QtBot, pseudo: None, window: MainWindow) -> None:
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    window.show_history()
    (dialog,) = window.findChildren(HistoryDialog)
    view = dialog.findChildren(QTableView)[0]
    qtbot.waitUntil(lambda: view.model().rowCount() == 1 and "gone" in row_texts(view, 0)[1])
    assert untranslated(dialog) == []
    assert ["⟦" in text for text in row_texts(view, 0)[1:3]] == [True, True], "what became of it, and how it ended"
    dialog.close()


@pytest.fixture
def german(dressed: QApplication) -> Iterator[None]:
    before = set(dressed.findChildren(QTranslator))
    install_translations(dressed, QLocale(QLocale.Language.German))
    yield
    for translator in set(dressed.findChildren(QTranslator)) - before:
        dressed.removeTranslator(translator)


def test_the_window_speaks_german(qtbot: QtBot, german: None, open_window: OpenWindow) -> None:
    window = open_window()
    assert merge_button(window).toolTip() == "Ein Basismodell und einen Adapter wählen."
    get_ready(qtbot, window)
    assert "2 Dateien" in window.inputs.base.description
    run_merge(qtbot, window)
    assert window.outcome.verification.headline.plain == "Verschmolzen und verifiziert"


@pytest.mark.slow
def test_german_fits_into_the_smallest_window(
    qtbot: QtBot, german: None, engine: FakeEngine, open_window: OpenWindow
) -> None:
    window = open_window()
    window.resize(900, 600)
    engine.hold = True
    get_ready(qtbot, window)
    start_merge(qtbot, window)
    assert_settles(qtbot, window)
    with qtbot.waitSignal(window.merging.ended):
        engine.hold = False
    assert_settles(qtbot, window)


def test_an_unknown_language_leaves_english(qtbot: QtBot, dressed: QApplication, open_window: OpenWindow) -> None:
    install_translations(dressed, QLocale(QLocale.Language.Icelandic))
    assert merge_button(open_window()).toolTip() == "Choose a base model and an adapter."


Message = tuple[str, str]


def messages_in(file: Path) -> dict[Message, ElementTree.Element]:
    contexts = ElementTree.parse(file).getroot().findall("context")
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in contexts
        for message in context.findall("message")
    }


def translations_of(message: ElementTree.Element) -> list[str]:
    translation = message.find("translation")
    assert translation is not None
    forms = translation.findall("numerusform")
    return [form.text or "" for form in forms] if forms else [translation.text or ""]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} | set(re.findall("%n", text))


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_every_text_is_translated_with_its_placeholders(file: Path) -> None:
    for (_, source), message in messages_in(file).items():
        translation = message.find("translation")
        assert translation is not None
        assert translation.get("type") is None, f"not finished: {source}"
        for text in translations_of(message):
            assert text.strip(), f"empty: {source}"
            assert placeholders(text) == placeholders(source), source
            assert text.count("&") == source.count("&"), source


# Words that are the same in English and in one of the other languages, beside what consists of names and placeholders.
SAME_WORDS = {"System", "Adapter", "Name", "Text", "Tensor", "Prompt", "Prompts", "Token", "Repository"}
NAMES_ONLY = re.compile(r"(\{\w+\}|MergeDesk|Markdown|JSON|pt|in|[\s–%.])*")
PLURAL_FORMS = {"en": 2, "de": 2, "zh_CN": 1}


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_no_text_stays_as_it_is_in_english(file: Path) -> None:
    for (_, source), message in messages_in(file).items():
        forms = translations_of(message)
        if message.get("numerus") == "yes":
            assert len(forms) == PLURAL_FORMS[file.stem.removeprefix("mergedesk_")], source
        words = re.sub(r"\{\w+\}|&", "", source).strip()
        if file != ENGLISH and words not in SAME_WORDS and not NAMES_ONLY.fullmatch(source):
            assert source not in forms


def texts_in(folder: Path, fresh: Path) -> dict[Message, ElementTree.Element]:
    """What lupdate finds in the code below a folder."""
    options = ["-silent", "-extensions", "py"]
    subprocess.run([TOOLS / "pyside6-lupdate", *options, folder, "-ts", fresh], check=True, timeout=120)
    return messages_in(fresh)


def test_the_translation_files_know_every_text_of_the_code(tmp_path: Path) -> None:
    window = texts_in(Path(mergedesk_gui.__file__).parent, tmp_path / "window.ts")
    assert len(window) > 300
    for file in LANGUAGES:
        assert file == ENGLISH or set(messages_in(file)) == set(window), file
    plural = {key for key, message in window.items() if message.get("numerus") == "yes"}
    assert set(messages_in(ENGLISH)) == plural


def test_the_window_and_the_engine_have_the_same_languages() -> None:
    files = {file.stem.removeprefix("mergedesk_"): messages_in(file) for file in LANGUAGES}
    assert set(files) == {folder.name for folder in LOCALES.iterdir()}
    for language, messages in files.items():
        named = messages.get(("Language", "en"))
        assert language == "en" if named is None else translations_of(named) == [language]


def test_the_window_s_language_is_that_of_its_texts(german: None) -> None:
    assert window_language() == "de"


def test_a_finding_speaks_german(german: None) -> None:
    finding = Finding(Code.QUANTIZED_BASE, Severity.ERROR, {"method": "bitsandbytes 4-bit", "original": None})
    message = finding_message(finding)
    assert message.sentence.startswith("Die Basis ist quantisiert (bitsandbytes 4-bit)")
    assert "(vermutlicher Name: nicht bekannt)" in message.hint


@pytest.mark.slow
@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_the_compiled_texts_are_up_to_date(tmp_path: Path, file: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    subprocess.run([TOOLS / "pyside6-lrelease", "-silent", file, "-qm", fresh], check=True, timeout=60)
    assert fresh.read_bytes() == file.with_suffix(".qm").read_bytes()


def test_numbers_are_written_as_the_language_does(qtbot: QtBot, german: None, open_window: OpenWindow) -> None:
    window = open_window()
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    sizes = find(window, QTableWidget, "filesTable")
    shown = all_texts(window) | {sizes.item(row, 1).text() for row in range(sizes.rowCount())}
    assert {"1,98 GB", "2,9 s", "52,0 MB"} <= shown
    assert not {text for text in shown if re.search(r"\d\.\d+ (?:kB|MB|GB|B|s|%)", text)}
