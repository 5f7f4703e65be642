"""The window's own thinking, without a window: paths, proposals, offers, readiness and words."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import pytest
from window_fakes import FakeEngine, a_check, a_finding, a_report, all_checks, an_adapter
from window_helpers import ADAPTER, BASE

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Severity, SkipReason
from mergedesk.domain.folder_info import FolderInfo, FolderKind
from mergedesk.domain.merge_report import MergeReport, MergeStatus
from mergedesk.domain.progress import Progress, Stage
from mergedesk.domain.requests import AdapterChoice, Engine, MergeRequest, Precision
from mergedesk_gui.state.form import Form, proposed_output
from mergedesk_gui.state.inspection import Inspection, inspect
from mergedesk_gui.state.mode import FolderRole
from mergedesk_gui.state.suggestions import Suggestion, SuggestionKind, suggestions_for
from mergedesk_gui.text import messages
from mergedesk_gui.text.folder_text import (
    describe_adapter,
    describe_base,
    describe_missing_base,
    describe_output,
    wants_consent,
)
from mergedesk_gui.text.outcome_text import HeadlineKind, headline_of
from mergedesk_gui.text.progress_text import progress_numbers
from mergedesk_gui.text.readiness import readiness
from mergedesk_gui.theme.tone import Tone
from mergedesk_gui.widgets.path_edit import folder_from_text

RUN = Path("/models/my-run")


def choices(base: Path | None = BASE, adapter: Path | None = ADAPTER, output: Path | None = None) -> Form:
    return Form(base, (AdapterChoice(adapter),) if adapter else (), output)


def inspected(chosen: Form, engine: FakeEngine | None = None) -> Inspection:
    delivered: list[Inspection] = []
    inspect((engine or FakeEngine()).backend(), chosen, delivered.append)
    return delivered[-1]


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("", None),
        ("   ", None),
        ('""', None),
        ("/models/base", Path("/models/base")),
        ('  "/models/my base"  ', Path("/models/my base")),
        ("file:///models/my%20base", Path("/models/my base")),
        ("~/models", Path.home() / "models"),
        ("~nobody-of-this-name/models", Path("~nobody-of-this-name/models")),
        ("模型/通义", Path("模型/通义")),
    ],
)
def test_a_folder_is_understood_however_it_is_written(text: str, folder: Path | None) -> None:
    assert folder_from_text(text) == folder


def test_the_proposed_output_is_named_after_both_and_free(tmp_path: Path) -> None:
    adapter = tmp_path / "adapters" / "pirate"
    adapter.mkdir(parents=True)
    first = proposed_output(Path("/m/Llama"), [adapter])
    assert first == adapter.parent / "Llama-pirate-merged"
    first.mkdir()
    assert proposed_output(Path("/m/Llama"), [adapter]) == first, "an empty folder is free"
    (first / "config.json").write_text("{}")
    second = proposed_output(Path("/m/Llama"), [adapter])
    assert second == adapter.parent / "Llama-pirate-merged-2"
    second.write_text("a file in the way")
    assert proposed_output(Path("/m/Llama"), [adapter]).name == "Llama-pirate-merged-3"


def test_a_checkpoint_is_proposed_with_the_name_of_its_run() -> None:
    name = proposed_output(Path("/m/Llama"), [Path("/runs/pirate/checkpoint-500")]).name
    assert name == "Llama-pirate-checkpoint-500-merged"


def test_several_adapters_are_proposed_with_short_names(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("pirate", "poet", "sailor")]
    assert proposed_output(Path("/m/Llama"), folders[:2]).name == "Llama-pirate-poet-merged"
    assert proposed_output(Path("/m/Llama"), folders).name == "Llama-pirate-and-2-more-merged"
    long = [tmp_path / name / ("诗" * 30) for name in ("one", "two")]
    assert proposed_output(Path("/m/Llama"), long).name == f"Llama-{'诗' * 30}-and-1-more-merged"


def test_a_request_needs_a_base() -> None:
    with pytest.raises(ValueError, match="base"):
        choices(base=None).request(None)


def test_a_request_carries_every_choice() -> None:
    adapters = (AdapterChoice(ADAPTER, 0.5),)
    chosen = Form(BASE, adapters, None, Precision.FLOAT16, Engine.PEFT, overwrite=True, shard_size="2GiB")
    assert chosen.request(Path("/out")) == MergeRequest(
        BASE, adapters, Path("/out"), Precision.FLOAT16, Engine.PEFT, 2 * 1024**3, True
    )


@pytest.mark.parametrize(
    ("base", "adapter", "offered"),
    [
        (BASE, ADAPTER, ()),
        (ADAPTER, BASE, (Suggestion(FolderRole.BASE, SuggestionKind.SWAP),)),
        (RUN, BASE, (Suggestion(FolderRole.BASE, SuggestionKind.SWAP),)),
        (ADAPTER, None, (Suggestion(FolderRole.BASE, SuggestionKind.MOVE),)),
        (None, BASE, (Suggestion(FolderRole.ADAPTER, SuggestionKind.MOVE),)),
        (BASE, BASE, ()),
        (ADAPTER, ADAPTER, ()),
        (None, None, ()),
    ],
)
def test_what_is_offered(base: Path | None, adapter: Path | None, offered: tuple[Suggestion, ...]) -> None:
    assert suggestions_for(inspected(choices(base, adapter))) == offered


def test_a_training_run_offers_its_checkpoints_the_latest_first() -> None:
    (offer,) = suggestions_for(inspected(choices(BASE, RUN)))
    assert (offer.slot, offer.kind) == (FolderRole.ADAPTER, SuggestionKind.CHECKPOINTS)
    assert [folder.name for folder in offer.folders] == [
        "checkpoint-1500-adapter",
        "checkpoint-1000-adapter",
        "checkpoint-500-adapter",
    ]


def test_an_adapters_base_is_offered_only_while_none_is_chosen() -> None:
    engine = FakeEngine(base_found=BASE)
    assert suggestions_for(inspected(choices(None, ADAPTER), engine)) == (
        Suggestion(FolderRole.BASE, SuggestionKind.USE_BASE, (BASE,)),
    )
    assert suggestions_for(inspected(choices(BASE, ADAPTER), engine)) == ()


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (choices(None, None), "Choose a base model and an adapter."),
        (choices(None, ADAPTER), "Choose the base model."),
        (choices(BASE, None), "Choose the adapter."),
    ],
)
def test_what_is_missing_is_said_first(chosen: Form, sentence: str) -> None:
    state = readiness(chosen, None)
    assert (state.ready, state.sentence, state.is_problem) == (False, sentence, False)


def test_readiness_waits_for_the_whole_answer() -> None:
    assert readiness(choices(), None).sentence == "Looking at the folders…"
    unfinished = Inspection(choices())
    assert not readiness(choices(), unfinished).ready
    assert readiness(choices(), inspected(choices())).ready


def test_the_first_problem_is_named_and_the_others_counted() -> None:
    bad = inspected(choices(Path("/models/missing"), Path("/models/junk")))
    state = readiness(bad.choices, bad)
    assert not state.ready
    assert state.is_problem
    first = messages.finding_message(bad.findings[0]).sentence
    assert state.sentence == f"{first} (and 2 other problems)"


def test_a_running_or_finished_merge_keeps_the_next_one_from_starting() -> None:
    known = inspected(choices())
    assert not readiness(choices(), known, running=True).ready
    assert not readiness(choices(), known, merged=True).ready


def test_models_and_adapters_are_described_with_their_numbers() -> None:
    known = inspected(choices())
    assert known.base is not None
    base = describe_base(known.base)
    assert base.title == "LlamaForCausalLM"
    assert base.details == "1.24 B parameters · bfloat16 · 2.47 GB · weights in 2 files"
    adapter = describe_adapter(known.adapters[0], known)
    assert adapter.title == "LoRA adapter for Llama-3.2-1B-Instruct"
    for part in ("rank 16", "alpha 32", "q_proj", "210 of 210 modules matched", "9.79 MB"):
        assert part in adapter.details
    output = describe_output(known)
    assert output is not None
    assert output.details == "2.47 GB of weights will be written; 53.0 GB free"


def test_how_long_it_takes_stands_beside_the_size() -> None:
    known = inspected(choices())
    assert known.preflight is not None
    timed = replace(known, preflight=replace(known.preflight, expected_seconds=71.6))
    output = describe_output(timed)
    assert output is not None
    assert output.details == "2.47 GB of weights will be written; 53.0 GB free; takes about 1 min 12 s"


def test_a_range_stands_there_where_one_number_would_tell_too_little() -> None:
    known = inspected(choices())
    assert known.preflight is not None
    for between, told in (
        ((60.0, 90.0), "takes about 1 min 12 s"),
        ((40.0, 130.0), "takes 40 s to 2 min 10 s"),
    ):
        preflight = replace(known.preflight, expected_seconds=71.6, expected_between=between)
        output = describe_output(replace(known, preflight=preflight))
        assert output is not None
        assert output.details.endswith(told)


def test_what_is_left_counts_to_the_end_of_the_job() -> None:
    half = Progress(Stage.MERGE, 5 * 10**9, 10**10, 10.0, job_seconds_left=25.0)
    assert progress_numbers(half) == "5.00 GB of 10.0 GB · 500 MB/s · about 25 s left"
    assert progress_numbers(replace(half, job_seconds_left=None)).endswith("about 10 s left")
    assert progress_numbers(Progress(Stage.PUBLISH, job_seconds_left=7.0)) == "about 7.0 s left"
    assert progress_numbers(Progress(Stage.PUBLISH, job_seconds_left=0.0)) == ""


def test_a_single_file_is_not_called_files() -> None:
    assert "weights in 1 file" in describe_base(FolderInfo(BASE, FolderKind.MODEL, shards=1)).details.split(" · ")


def test_many_targets_are_cut_short() -> None:
    adapter = an_adapter(ADAPTER, target_modules=tuple(f"module_{number}" for number in range(40)))
    details = describe_adapter(adapter, Inspection(choices())).details
    assert "module_6, …" in details
    assert "module_7" not in details


@pytest.mark.parametrize("kind", list(FolderKind))
def test_every_kind_of_folder_has_a_description_in_both_fields(kind: FolderKind) -> None:
    folder = FolderInfo(BASE, kind)
    for described in (describe_base(folder), describe_adapter(folder, Inspection(choices()))):
        assert described.title
    is_wrong_as_base = kind in {FolderKind.ADAPTER, FolderKind.UNKNOWN, FolderKind.MISSING}
    assert (describe_base(folder).tone is Tone.ERROR) == is_wrong_as_base


def test_the_adapters_own_word_on_its_base_is_shown_while_none_is_chosen() -> None:
    described = describe_missing_base(inspected(choices(None, ADAPTER)))
    assert described is not None
    assert described.details == "The adapter was trained on meta-llama/Llama-3.2-1B-Instruct."
    assert describe_missing_base(inspected(choices())) is None


def test_consent_is_asked_for_a_full_folder_and_stays_visible_once_given() -> None:
    full = Path("/models/full-output")
    asked = inspected(choices(output=full))
    assert wants_consent(asked)
    described = describe_output(asked)
    assert described is not None
    assert described.tone is Tone.ERROR
    given = Form(BASE, (AdapterChoice(ADAPTER),), full, overwrite=True)
    assert wants_consent(inspected(given))
    assert readiness(given, inspected(given)).ready


@pytest.mark.parametrize("code", list(Code))
def test_every_finding_has_a_sentence_with_nothing_left_open(code: Code) -> None:
    message = messages.finding_message(a_finding(code, Severity.ERROR))
    assert message.sentence
    fields = [name for part in message.whole.splitlines() for _, name, _, _ in string.Formatter().parse(part)]
    assert not any(fields)


@pytest.mark.parametrize("status", list(CheckStatus))
@pytest.mark.parametrize("code", list(CheckCode))
def test_every_check_has_a_title_and_a_message(code: CheckCode, status: CheckStatus) -> None:
    check = a_check(code, status)
    assert messages.check_title(check)
    assert messages.check_message(check)


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_reason_for_skipping_is_a_sentence(reason: SkipReason) -> None:
    check = Check(CheckCode.INDEX_TRUE, CheckStatus.SKIPPED, {"reason": reason})
    assert messages.check_message(check).replace("llama.cpp", "it").count(".") == 2


REQUEST = MergeRequest(BASE, (AdapterChoice(ADAPTER),), Path("/out"))


@pytest.mark.parametrize(
    ("report", "kind", "headline"),
    [
        (a_report(REQUEST), HeadlineKind.PROVEN, "Merged and verified"),
        (
            a_report(REQUEST, checks=(a_check(CheckCode.TOKENIZER_LOADS, CheckStatus.WARN),)),
            HeadlineKind.REMARKS,
            "Merged and verified, with remarks",
        ),
        (
            a_report(REQUEST, status=MergeStatus.FAILED, checks=all_checks(CheckCode.TARGETED_CHANGED)),
            HeadlineKind.REFUTED,
            "1 check failed",
        ),
        (a_report(REQUEST, status=MergeStatus.REFUSED, checks=()), HeadlineKind.REFUSED, "Not started"),
        (a_report(REQUEST, status=MergeStatus.FAILED, checks=()), HeadlineKind.FAILED, "The merge failed"),
    ],
)
def test_the_verdict_says_how_it_ended(report: MergeReport, kind: HeadlineKind, headline: str) -> None:
    judged = headline_of(report)
    assert (judged.kind, judged.headline) == (kind, headline)
    assert judged.meaning
