"""What came of a job of the queue, as a document to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.job_list import JobKind
from ..domain.units import human_bytes, human_seconds
from . import json_values as stored
from .document import checks_section, fact_table, files_section, findings_section, report_document, versions_section
from .document_parts import CellTone, Document, Section

_TITLES: Mapping[JobKind, str] = {
    JobKind.VERIFY: "Verification of a merge",
    JobKind.EXPORT: "Export",
    JobKind.UPLOAD: "Upload",
}
_DONE = frozenset({"exported", "proved", "pushed"})


def job_document(kind: JobKind, report: Mapping[str, Any], name: str) -> Document:
    """The document of a job's report as its JSON object; ``name`` of the model or file that the job was about.

    What is missing, or is not of the kind it should be, is left out.
    """
    if kind is JobKind.MERGE:
        return report_document(report)
    sections = _job(report), checks_section(report), findings_section(report), files_section(report)
    return Document(
        title=f"{_TITLES[kind]}: {name}",
        verdict=_outcome(report),
        tone=CellTone.GOOD if _went_well(report) else CellTone.BAD,
        classes="",
        sections=tuple(one for one in (*sections, versions_section(report)) if one.table.rows),
    )


def _outcome(report: Mapping[str, Any]) -> str:
    """Of a verification its verdict and why, of all else its status."""
    said = stored.text(report, "verdict") or stored.text(report, "status") or "status not known"
    why = stored.text(stored.mapping(report, "reason"), "message")
    return f"{said.capitalize()}: {why}" if why else f"{said.capitalize()}."


def _went_well(report: Mapping[str, Any]) -> bool:
    return stored.text(report, "status") in _DONE and stored.text(report, "verdict") in ("", "match")


def _job(report: Mapping[str, Any]) -> Section:
    total = stored.whole(report, "bytes") or stored.whole(report, "total_bytes")
    seconds = stored.real(report, "seconds")
    facts = {
        "Base model": stored.text(report, "base"),
        "Written to": stored.text(report, "output"),
        "On the hub": stored.text(report, "address"),
        "Size": human_bytes(total) if total else "",
        "Duration": human_seconds(seconds) if seconds else "",
    }
    return Section("The job", fact_table(facts))
