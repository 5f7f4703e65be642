"""What came of each kind of job, read from the report that the job itself wrote."""

from __future__ import annotations

import pytest
from tiny_models import make_adapter, make_base

from mergedesk.domain.job_list import JobKind
from mergedesk.domain.merge_report import MergeReport, report_json
from mergedesk.domain.messages import finding_text
from mergedesk.domain.packed_export import ExportRequest, export_json
from mergedesk.domain.progress import CancelToken, unheard
from mergedesk.domain.requests import AdapterChoice, MergeRequest, VerifyRequest
from mergedesk.pipelines.export_packed import export_packed
from mergedesk.pipelines.merge import merge
from mergedesk.pipelines.verify import verify
from mergedesk.reports.document_parts import CellTone, Document, markdown
from mergedesk.reports.job_document import job_document
from mergedesk.reports.verdict_document import proof_json

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MergeReport:
    home = tmp_path_factory.mktemp("jobs")
    adapter = make_adapter("llama", make_base("llama", home / "base", "bfloat16"), home / "lora")
    return merge(MergeRequest(home / "base", (AdapterChoice(adapter),), home / "out"))


def sections(document: Document) -> set[str]:
    return {section.title for section in document.sections}


def test_a_refused_merge_says_why(made: MergeReport) -> None:
    request = MergeRequest(made.output.with_name("base"), (AdapterChoice(made.output.with_name("lora")),), made.output)
    refused = merge(request)
    page = job_document(JobKind.MERGE, report_json(refused), "out")
    assert (page.verdict, page.tone) == ("Not merged: refused.", CellTone.BAD)
    assert "out" in page.title
    assert refused.findings
    said = markdown(page).replace("\\", "")
    assert all(finding_text(finding).sentence in said for finding in refused.findings)


@pytest.mark.parametrize(
    ("weight", "begins", "tone"), [(1.0, "Match: ", CellTone.GOOD), (0.5, "Mismatch: ", CellTone.BAD)]
)
def test_a_verification_says_its_verdict_and_its_checks(
    made: MergeReport, weight: float, begins: str, tone: CellTone
) -> None:
    home = made.output.parent
    request = VerifyRequest(home / "base", (AdapterChoice(home / "lora", weight),), made.output)
    page = job_document(JobKind.VERIFY, proof_json(request, verify(request)), "out")
    assert page.verdict.startswith(begins)
    assert page.verdict.endswith(".")
    assert page.tone is tone
    assert {"The job", "What was verified", "Made with"} <= sections(page)


def test_an_export_says_its_files(made: MergeReport) -> None:
    written = export_packed(ExportRequest(made.output, made.output.with_name("out-FP8"), "fp8"), unheard, CancelToken())
    page = job_document(JobKind.EXPORT, export_json(written), "out")
    assert (page.title, page.verdict, page.tone) == ("Export: out", "Exported.", CellTone.GOOD)
    assert {"The job", "What was verified", "Files of the result"} <= sections(page)
    assert "model.safetensors" in markdown(page).replace("\\", "")


@pytest.mark.parametrize("report", [{}, {"status": 3, "checks": "none", "files": [1]}])
@pytest.mark.parametrize("kind", JobKind)
def test_what_is_no_report_is_left_out(kind: JobKind, report: dict[str, object]) -> None:
    page = job_document(kind, report, "out")
    assert page.tone is CellTone.BAD
    assert markdown(page)
