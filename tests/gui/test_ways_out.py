"""Every finding has its way out at hand: which code offers what, what a press does, and which of several is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import FakeEngine, OpenWindow, a_model, a_report, an_adapter, check, data_for
from window_helpers import find, get_ready, run_merge, wait_inspected

from mergedesk.domain.findings import Code, Data, Finding, Severity
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.messages import template
from mergedesk.domain.requests import (
    AdapterChoice,
    Combination,
    CombinationMethod,
    Engine,
    MergeRequest,
    Precision,
    RoundingChoice,
    RoundingMode,
)
from mergedesk.planning.preflight import Preflight
from mergedesk_gui.main_window import MainWindow
from mergedesk_gui.results.results_panel import Page
from mergedesk_gui.state.chain import earlier_adapter
from mergedesk_gui.state.consents import Consent, consents_asked_by, local_original
from mergedesk_gui.state.follow_up import follow_ups
from mergedesk_gui.state.form import Form
from mergedesk_gui.state.form_changes import FormChange
from mergedesk_gui.state.inspection import Inspection
from mergedesk_gui.state.mode import FolderRole
from mergedesk_gui.state.places import FieldPlace
from mergedesk_gui.state.ways_by_code import CHOOSE_IT, WAYS, Act
from mergedesk_gui.state.ways_out import ways_out
from mergedesk_gui.widgets.labels import Text
from mergedesk_gui.wiring import finding_actions

BASE, OTHER = Path("/models/Llama-3.2-1B-Instruct"), Path("/models/Llama-3.2-3B")
FIRST, SECOND = Path("/models/pirate-lora"), Path("/models/runs/pirate/checkpoint-1000-adapter")
RUN = Path("/models/runs/pirate")
CACHED = Path("/cache/models--meta--Llama-3.2-1B/snapshots/0123")

TOLD = "it only tells, and asks for nothing"
HUB = "the bar under the field, or the dialog, that says it has buttons of its own: again, a token"
TRY_IT = "it is said on the page Try it beside what was asked there"
USE_IT = "it is said on the page Use it, or in its dialogs, beside the choice that it is about"
VERDICT = "it is what a verification found, whose page has the steps after it"
CARD = "the card of a failure has Merge again, and details to copy"
COMMANDS = "only the command line says it"
QUEUE = "the queue's rows have Go on and Retry; a file of jobs is mended in an editor"

NO_WAY = {
    HUB: {code for code in Code if code.startswith("hub_")}
    - {Code.HUB_NAME_WRONG, Code.HUB_IS_DATASET, Code.HUB_IS_SPACE}
    | {Code.BASE_ON_HUB},
    TRY_IT: {code for code in Code if code.startswith(("trial_", "logits_"))},
    USE_IT: {code for code in Code if code.startswith(("gguf_", "export_", "ollama_", "lm_studio_", "unmerged_"))}
    - {Code.GGUF_ONLY, Code.GGUF_LORA}
    | {Code.NOT_A_GGUF, Code.NOT_A_WHOLE_MODEL, Code.NAME_UNWRITABLE, Code.FILE_EXISTS},
    VERDICT: {code for code in Code if code.startswith("merge_")} | {Code.VERIFICATION_FAILED, Code.NOTHING_KEPT},
    CARD: {code for code in Code if code.startswith("worker_")} | {Code.INTERNAL},
    QUEUE: {code for code in Code if code.startswith(("batch_", "queue_"))},
    COMMANDS: {
        Code.CURRENT_FOLDER_GONE,
        Code.FOREIGN_NEEDS_BASE,
        Code.BASE_NEEDED_WHOLE,
        Code.BASE_BY_HEADERS,
        Code.LIBRARIES_NOT_ASKED,
        Code.NO_WINDOW,
        Code.REPORT_MISSING,
        Code.DEMO_BASE_MISSING,
        Code.DEMO_ADAPTER_MISSING,
    },
    TOLD: {
        Code.PICKLED_WEIGHTS,
        Code.PICKLE_UNWRAPPED,
        Code.INNER_ADAPTER,
        Code.FOREIGN_READ_MLX,
        Code.FOREIGN_READ_ROTATED,
        Code.FOREIGN_READ_SPLIT,
        Code.FOREIGN_READ_TINKER,
        Code.LEFTOVER_ADAPTER_CONFIG,
        Code.COMPANION_LEFT_OUT,
        Code.TEMPLATE_DIFFERS,
        Code.KEYS_RENAMED,
        Code.MODULES_MISSING,
        Code.HEAD_ADDED,
        Code.HEAD_MISSING,
        Code.HEAD_DRAWN,
        Code.TIED_EMBEDDINGS_SPLIT,
        Code.PACKED_KEPT,
        Code.PACKING_KEEPS,
        Code.PACKING_LOSES,
        Code.ORIGINAL_FOUND,
        Code.QUANTIZATION_ERROR_ESTIMATED,
        Code.QUANTIZATION_ERROR_MEASURED,
        Code.QUANTIZATION_LEFTOVER,
        Code.GENERATION_CONFIG_ODD,
        Code.CUSTOM_CODE,
        Code.BESIDE_FOLDED,
        Code.BESIDE_CARRIED,
        Code.BESIDE_ANOTHER_STATE,
        Code.NAMES_REPAIRED,
        Code.UNKNOWN_FIELDS_IGNORED,
        Code.SCALING_RANK_STABILISED,
        Code.TOKENIZERS_DIFFER,
        Code.STREAMS,
        Code.WHOLE_MODEL,
        Code.ENGINE_CHOSEN,
        Code.NEEDS_PEFT_ENGINE,
        Code.OUTPUT_WILL_BE_REPLACED,
        Code.LEFTOVER_SET_ASIDE,
        Code.OUTPUT_PUT_BACK,
        Code.NAME_NOT_SYNCED,
        Code.RESUMED,
        Code.RESUME_NOTHING,
        Code.RESUME_NEEDS_STREAMING,
        Code.PRECISION_LOSES_EFFECT,
        Code.EFFECT_ROUNDED_AWAY,
        Code.EFFECT_TOO_SMALL,
    },
}


def a_finding(code: Code, about: Path | None = BASE, **data: Data) -> Finding:
    filled = {**data_for(*(template(f"finding.{code}.{part}") for part in ("sentence", "hint"))), **data}
    return Finding(code, Severity.ERROR, filled, about=str(about) if about else "")


def has_other_button(code: Code) -> bool:
    told = a_finding(code, path="/models/left", adapter="pirate-lora", original_path=str(OTHER))
    ways = (*consents_asked_by(told), *follow_ups(told), *filter(None, [earlier_adapter(told)]))
    return bool(ways) or (code is not Code.ORIGINAL_FOUND and "original" in told.data and bool(local_original(told)))


@pytest.mark.parametrize("code", Code)
def test_every_finding_has_a_way_out_or_a_reason_why_not(code: Code) -> None:
    reasons = [reason for reason, codes in NO_WAY.items() if code in codes]
    acts = code in WAYS or has_other_button(code)
    assert len(reasons) + acts == 1, (acts, reasons)


def everything() -> Inspection:
    """What is known of a base and two adapters, of which anything may be wrong."""
    form = Form(
        base=BASE,
        adapters=(AdapterChoice(FIRST, 0.5), AdapterChoice(SECOND, 0.5)),
        output=Path("/out/merged"),
        precision=Precision.FLOAT16,
        engine=Engine.PEFT,
        combination=Combination(CombinationMethod.TIES, density=2.0),
        rounding=RoundingChoice(RoundingMode.STOCHASTIC),
    )
    adapters = (an_adapter(FIRST), FolderInfo(SECOND, FolderKind.TRAINING_RUN, checkpoint_folders=(SECOND / "a",)))
    return Inspection(form, base=a_model(BASE), adapters=adapters, found_base=OTHER, output=form.output)


@pytest.mark.parametrize("code", sorted(WAYS))
@pytest.mark.parametrize("about", [BASE, SECOND])
def test_every_code_with_ways_offers_one(code: Code, about: Path) -> None:
    known = everything()
    if code is Code.SWAPPED:
        known = replace(known, adapters=(a_model(FIRST), known.adapters[1]))
    told = a_finding(code, None if code.startswith(("output_", "disk_")) else about, parent="/models", folder="/out")
    if code in (Code.TRAINING_RUN, Code.COPIES_CANNOT_BE_SCALED):  # never said about such a base
        told = replace(told, about=str(SECOND))
    assert list(ways_out(told, known))


@dataclass(frozen=True)
class Case:
    """``code`` is said about ``about`` on a form with ``given``; after the press it has ``wanted``."""

    code: Code
    about: Path | None = None
    given: dict[str, object] = field(default_factory=dict)
    wanted: dict[str, object] = field(default_factory=dict)
    data: dict[str, Data] = field(default_factory=dict)


def two(first: Path = FIRST, second: Path = SECOND, weight: float = 1.0) -> tuple[AdapterChoice, ...]:
    return AdapterChoice(first, weight), AdapterChoice(second)


ONE = (AdapterChoice(FIRST),)
TIES = Combination(CombinationMethod.TIES, density=2.0)
PRUNED = replace(TIES, density=0.5)
CHANGES = {
    FormChange.SWAP: Case(
        Code.SWAPPED,
        given={"base": FIRST, "adapters": (AdapterChoice(BASE),)},
        wanted={"base": BASE, "adapters": (AdapterChoice(FIRST),)},
    ),
    FormChange.LATEST_CHECKPOINT: Case(
        Code.TRAINING_RUN,
        RUN / "run",
        {"adapters": two(second=RUN / "run")},
        {"adapters": two(second=RUN / "run/checkpoint-1500-adapter")},
    ),
    FormChange.EARLIER_CHECKPOINT: Case(
        Code.ADAPTER_NOT_FINITE,
        RUN / "run/checkpoint-1000-adapter",
        {"adapters": two(second=RUN / "run/checkpoint-1000-adapter")},
        {"adapters": two(second=RUN / "run/checkpoint-500-adapter")},
    ),
    FormChange.LATER_CHECKPOINT: Case(
        Code.ADAPTER_UNTRAINED,
        RUN / "run/checkpoint-1000-adapter",
        {"adapters": (AdapterChoice(RUN / "run/checkpoint-1000-adapter"),)},
        {"adapters": (AdapterChoice(RUN / "run/checkpoint-1500-adapter"),)},
    ),
    FormChange.PARENT_FOLDER: Case(
        Code.NOT_A_FOLDER, SECOND, {"adapters": two()}, {"adapters": two(second=RUN)}, {"parent": str(RUN)}
    ),
    FormChange.NAMED_BASE: Case(Code.KEYS_UNMATCHED, FIRST, {"adapters": ONE}, {"base": OTHER}),
    FormChange.AS_ADAPTER: Case(
        Code.BASE_NOT_A_MODEL,
        SECOND,
        {"base": SECOND, "adapters": ONE},
        {"base": None, "adapters": (AdapterChoice(SECOND), AdapterChoice(FIRST))},
    ),
    FormChange.AS_BASE: Case(
        Code.ADAPTER_NOT_AN_ADAPTER, OTHER, {"adapters": two(second=OTHER)}, {"base": OTHER, "adapters": ONE}
    ),
    FormChange.LEAVE_OUT: Case(Code.SAME_ADAPTER_TWICE, SECOND, {"adapters": two()}, {"adapters": ONE}),
    FormChange.FULL_STRENGTH: Case(
        Code.COPIES_CANNOT_BE_SCALED, FIRST, {"adapters": two(weight=0.5)}, {"adapters": two()}
    ),
    FormChange.PLAIN_SUM: Case(
        Code.COMBINATION_UNDEFINED, None, {"adapters": two(), "combination": PRUNED}, {"combination": Combination()}
    ),
    FormChange.HALF_DENSITY: Case(
        Code.DENSITY_OUT_OF_RANGE,
        None,
        {"adapters": two(), "combination": replace(PRUNED, density=0.25)},
        {"combination": PRUNED},
    ),
    FormChange.PROPOSED_OUTPUT: Case(Code.OUTPUT_IS_INPUT, None, {"output": Path("/out/x")}, {"output": None}),
    FormChange.INSIDE_DRIVE: Case(
        Code.OUTPUT_IS_DRIVE,
        None,
        {"output": Path("/out")},
        {"output": Path("/out/Llama-3.2-1B-Instruct-pirate-lora-merged")},
        {"path": "/out"},
    ),
    FormChange.REPLACE: Case(Code.OUTPUT_NOT_EMPTY, None, {"output": Path("/out/full")}, {"overwrite": True}),
    FormChange.AUTO_PRECISION: Case(
        Code.SIZE_GROWS, None, {"precision": Precision.FLOAT32}, {"precision": Precision.AUTO}
    ),
    FormChange.BFLOAT16: Case(
        Code.FLOAT16_OVERFLOW, None, {"precision": Precision.FLOAT16}, {"precision": Precision.BFLOAT16}
    ),
    FormChange.FLOAT32: Case(
        Code.FLOAT16_OVERFLOW, None, {"precision": Precision.FLOAT16}, {"precision": Precision.FLOAT32}
    ),
    FormChange.AUTO_ENGINE: Case(Code.CANNOT_STREAM, None, {"engine": Engine.STREAMING}, {"engine": Engine.AUTO}),
    FormChange.STREAMING: Case(
        Code.CUSTOM_CODE_NEEDS_STREAMING, None, {"engine": Engine.PEFT}, {"engine": Engine.STREAMING}
    ),
    FormChange.NEAREST: Case(
        Code.ROUNDING_NEEDS_STREAMING,
        None,
        {"rounding": RoundingChoice(RoundingMode.STOCHASTIC)},
        {"rounding": RoundingChoice()},
    ),
    FormChange.SPLIT_FILES: Case(Code.FILE_TOO_BIG, None, {}, {"shard_size": "2GB"}),
    FormChange.DEQUANTIZE: Case(Code.PACKING_LOSES_TOO_MUCH, None, {}, {"consents": frozenset({Consent.DEQUANTIZE})}),
    FormChange.ACCEPT_LOSS: Case(Code.PACKING_LOSES_TOO_MUCH, None, {}, {"consents": frozenset({Consent.ACCEPT_LOSS})}),
}


def saying(told: Finding) -> Callable[[MergeRequest], Preflight]:
    return lambda request: replace(check(request), findings=(told,))


def opened_on(open_window: OpenWindow, fake: FakeEngine, told: Finding, **given: object) -> MainWindow:
    """A window in which ``told`` is said of the form, whatever it is."""
    fake.base_found = OTHER
    window = open_window(backend=fake.backend(check=saying(told)))
    window.inputs.set_choices(replace(Form(base=BASE, adapters=ONE), **given))  # type: ignore[arg-type]
    return window


def button(window: MainWindow, name: str) -> QPushButton:
    return find(window.results.preflight.findings, QPushButton, f"{name}Button")


def test_every_change_is_pressed() -> None:
    assert set(CHANGES) == set(FormChange)


@pytest.mark.parametrize("change", FormChange)
def test_a_press_changes_the_form(
    change: FormChange, qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    case = CHANGES[change]
    window = opened_on(open_window, engine, a_finding(case.code, case.about, **case.data), **case.given)
    wait_inspected(qtbot, window)
    before = window.inputs.choices
    assert any(getattr(before, name) != value for name, value in case.wanted.items())
    button(window, change).click()
    after = window.inputs.choices
    assert {name: getattr(after, name) for name in case.wanted} == case.wanted
    wait_inspected(qtbot, window)
    known = window.merging.inspection
    assert known is not None
    assert known.choices == after


@pytest.mark.parametrize(
    ("act", "code", "about", "title"),
    [
        (Act.CHOOSE_BASE, Code.FOLDER_UNKNOWN, BASE, "base"),
        (Act.CHOOSE_ADAPTER, Code.FOLDER_UNKNOWN, FIRST, "adapter"),
        (Act.CHOOSE_OUTPUT, Code.OUTPUT_NOT_REPLACEABLE, None, "merged model goes"),
    ],
)
def test_a_press_opens_the_choice_of_a_folder(
    act: Act, code: Code, about: Path | None, title: str, qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window = opened_on(open_window, engine, a_finding(code, about))
    wait_inspected(qtbot, window)
    button(window, act).click()
    (dialog,) = window.findChildren(QFileDialog)
    assert title in dialog.windowTitle().lower()
    dialog.close()


def test_a_press_shows_the_folder(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(finding_actions, "show_folder", lambda _window, folder: shown.append(folder))
    window = opened_on(open_window, engine, a_finding(Code.HEADER_BROKEN, FIRST))
    wait_inspected(qtbot, window)
    button(window, Act.SHOW_FOLDER).click()
    assert shown == [FIRST]
    full = opened_on(open_window, engine, a_finding(Code.DISK_FULL, None, folder="/out"))
    wait_inspected(qtbot, full)
    button(full, Act.SHOW_DISK).click()
    assert shown == [FIRST, Path("/out")]


def test_a_press_looks_again(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    asked: list[MergeRequest] = []
    told = a_finding(Code.JSON_BROKEN, FIRST)
    window = opened_on(open_window, engine, told)
    wait_inspected(qtbot, window)
    window.merging.inspected.connect(asked.append)
    button(window, Act.LOOK_AGAIN).click()
    qtbot.waitUntil(lambda: bool(asked))


@pytest.mark.parametrize(
    ("code", "folder", "name"),
    [
        (Code.LOOKS_LIKE_HUB_NAME, Path("meta/Llama-3.2-1B"), "meta/Llama-3.2-1B"),
        (Code.SHARDS_MISSING, CACHED, "meta/Llama-3.2-1B"),
    ],
)
def test_a_press_downloads(
    code: Code,
    folder: Path,
    name: str,
    qtbot: QtBot,
    engine: FakeEngine,
    open_window: OpenWindow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = opened_on(open_window, engine, a_finding(code, folder, name=name), base=folder)
    wait_inspected(qtbot, window)
    looked_after = window.hub.of(window.inputs.base)
    brought: list[str] = []
    monkeypatch.setattr(looked_after, "download", lambda: brought.append(window.inputs.base.edit.text()))
    button(window, Act.DOWNLOAD).click()
    assert brought == [name]
    looked_after.stop()


def test_every_act_is_pressed() -> None:
    pressed = {Act.SHOW_FOLDER, Act.SHOW_DISK, Act.LOOK_AGAIN, Act.DOWNLOAD}
    chosen = {Act.CHOOSE_BASE, Act.CHOOSE_ADAPTER, Act.CHOOSE_OUTPUT, Act.CHOOSE_MERGED}
    assert pressed | chosen == set(Act)
    assert CHOOSE_IT not in Act


def test_of_several_adapters_the_one_is_named_and_led_to(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow
) -> None:
    window = opened_on(open_window, engine, a_finding(Code.RANK_DIFFERS, SECOND), adapters=two())
    wait_inspected(qtbot, window)
    window.inputs.base.edit.setFocus()
    subject = button(window, "subject")
    assert subject.text() == "Adapter 2"
    shown = {label.plain for label in subject.parentWidget().findChildren(Text)}
    assert "checkpoint-1000-adapter" in shown
    said = window.results.preflight.findings.texts[0]
    assert said.startswith("Problem: Adapter 2, checkpoint-1000-adapter. The config gives")
    subject.click()
    assert QApplication.focusWidget() is window.inputs.adapters.rows[1].edit


def test_a_lone_adapter_needs_no_name(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = opened_on(open_window, engine, a_finding(Code.RANK_DIFFERS, FIRST))
    wait_inspected(qtbot, window)
    assert not window.results.preflight.findings.findChildren(QWidget, "subjectButton")


def test_leaving_out_takes_the_one_that_is_meant(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    window = opened_on(open_window, engine, a_finding(Code.RANK_DIFFERS, FIRST), adapters=two())
    wait_inspected(qtbot, window)
    button(window, FormChange.LEAVE_OUT).click()
    assert window.inputs.choices.adapters == (AdapterChoice(SECOND),)


def test_what_would_change_nothing_is_not_offered() -> None:
    known = Inspection(Form(base=BASE, adapters=ONE))
    assert [one.way for one in ways_out(a_finding(Code.SIZE_GROWS, None), known)] == []
    chosen = replace(known, choices=replace(known.choices, precision=Precision.FLOAT32))
    assert [one.way for one in ways_out(a_finding(Code.SIZE_GROWS, None), chosen)] == [FormChange.AUTO_PRECISION]


def test_a_failed_merge_is_put_right_on_its_page(qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow) -> None:
    def overflowed(request: MergeRequest) -> MergeReport:
        told = (a_finding(Code.FLOAT16_OVERFLOW, None, tensor="x", largest=1e9),)
        return a_report(request, status=MergeStatus.FAILED, findings=told, files=(), checks=())

    engine.outcome = overflowed
    window = open_window()
    window.inputs.precision.choose(Precision.FLOAT16)
    get_ready(qtbot, window)
    run_merge(qtbot, window)
    find(window.outcome.verification.findings, QPushButton, "bfloat16Button").click()
    assert window.inputs.choices.precision is Precision.BFLOAT16
    assert window.results.page is Page.PREFLIGHT


def test_the_place_of_an_output_is_its_field() -> None:
    known = everything()
    ways = list(ways_out(a_finding(Code.OUTPUT_NOT_WRITABLE, None), known))
    assert [one.place for one in ways] == [FieldPlace(FolderRole.OUTPUT)] * 2
