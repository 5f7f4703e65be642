"""A verdict as a document: why it was given and on what it stands, whatever the names in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mergedesk.domain.findings import Check, CheckCode, CheckStatus, Code, Finding, Severity, error, info, warning
from mergedesk.domain.messages import outcome_name
from mergedesk.domain.requests import AdapterChoice, VerifyRequest
from mergedesk.domain.verdict import RIGHT_STORIES, ModuleVerdict, Verdict, VerifyStatus
from mergedesk.reports.document_parts import CellTone
from mergedesk.reports.formats import ReportFormat
from mergedesk.reports.verdict_document import verdict_as, verdict_document
from mergedesk.verification.compare.outcome import AS_IT_SHOULD, TensorOutcome

REQUEST = VerifyRequest(
    Path("/models/基"), (AdapterChoice(Path("/loras/<b>|pirate"), 0.5), AdapterChoice(Path("/loras/poet"))), Path("/m")
)
PARTIAL = error(Code.MERGE_PARTIAL, count=1, total=2, names=["layers.1.q"])
MODULES = (
    ModuleVerdict("layers.0.q", "right", 1.0, 0.02, 1.0, 0.0),
    ModuleVerdict("layers.1.q", "unchanged", 0.0, 0.03, 0.0, 0.0),
)


def verdict(reason: Finding | None, status: VerifyStatus = VerifyStatus.PROVED) -> Verdict:
    checks = (Check(CheckCode.NO_ADAPTER_FILES, CheckStatus.PASS, {"names": []}),)
    return Verdict(status, REQUEST.merged, reason, checks, MODULES, seconds=1.5, peak_rss_bytes=10**8)


def test_every_story_has_words_and_the_right_ones_are_right() -> None:
    assert all(outcome_name(outcome) != outcome for outcome in TensorOutcome)
    assert {story.value for story in AS_IT_SHOULD} == RIGHT_STORIES


@pytest.mark.parametrize(
    ("reason", "begins", "tone"),
    [
        (PARTIAL, "Mismatch: Only 1 of the 2 tensors", CellTone.BAD),
        (info(Code.MERGE_PROVED, count=9, targeted=2), "Match: All 9 tensors", CellTone.GOOD),
        (warning(Code.MERGE_CHANGED_BOTH_TIED), "Match: The merge is right as PEFT", CellTone.REMARK),
    ],
)
def test_the_verdict_stands_first(reason: Finding, begins: str, tone: CellTone) -> None:
    document = verdict_document(REQUEST, verdict(reason))
    assert document.verdict.startswith(begins)
    assert document.tone is tone


def test_only_what_is_wrong_is_listed_among_the_tensors() -> None:
    document = verdict_document(REQUEST, verdict(PARTIAL))
    (section,) = [one for one in document.sections if one.title == "Tensors that are not right"]
    assert [row.cells for row in section.table.rows] == [("layers.1.q", "unchanged: as in the base", "0", "3 %")]


def test_without_a_verdict_it_says_so() -> None:
    refused = Verdict(VerifyStatus.REFUSED, REQUEST.merged, findings=(Finding(Code.NO_ADAPTER, Severity.ERROR, {}),))
    document = verdict_document(REQUEST, refused)
    assert document.verdict == "No verdict: the check was refused."
    assert "What was noticed" in [section.title for section in document.sections]


@pytest.mark.parametrize("kind", list(ReportFormat))
def test_every_form_holds_the_reason_and_the_folders(kind: ReportFormat) -> None:
    written = verdict_as(REQUEST, verdict(PARTIAL), kind)
    assert "Only 1 of the 2 tensors" in written
    assert "基" in written
    assert "<b>" not in written or kind is ReportFormat.JSON


def test_the_json_is_verifys_own_with_what_was_asked() -> None:
    stated = json.loads(verdict_as(REQUEST, verdict(PARTIAL), ReportFormat.JSON))
    assert stated["verdict"] == "mismatch"
    assert stated["base"] == str(REQUEST.base)
    assert stated["adapters"][0] == {"path": str(REQUEST.adapters[0].folder), "weight": 0.5}
    assert stated["modules"][1]["story"] == "unchanged"
