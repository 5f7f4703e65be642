"""The verdict on a merge as a document, to be saved or shown to somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.findings import Data, Severity
from ..domain.json_objects import json_text
from ..domain.merge_report import combination_json
from ..domain.messages import finding_message, outcome_name, peak_memory
from ..domain.requests import VerifyRequest
from ..domain.units import human_count, human_seconds
from ..domain.verdict import ModuleVerdict, Verdict, effect_of, verdict_json
from .document import checks_section, combination_note, fact_table, findings_section, versions_section
from .document_parts import CellTone, Document, Row, Section, Table
from .formats import ReportFormat, written
from .weight_delta_section import effect_section

_MODULES_NOTE = (
    "Factor: how many times the adapter's change was added; a right merge has 1. "
    "Change: the size of the change that the adapter asks for, relative to the base's weight."
)


def verdict_as(request: VerifyRequest, verdict: Verdict, kind: ReportFormat) -> str:
    """The verdict in one of the forms it is saved in, ending in a line break."""
    if kind is ReportFormat.JSON:
        return json_text(proof_json(request, verdict), indent=2) + "\n"
    return written(verdict_document(request, verdict), kind)


def proof_json(request: VerifyRequest, verdict: Verdict) -> dict[str, Data]:
    """What ``verify --json`` prints, with what was asked."""
    return {
        **verdict_json(verdict),
        "base": str(request.base),
        "adapters": [{"path": str(adapter.folder), "weight": adapter.weight} for adapter in request.adapters],
        "combination": combination_json(request.combination),
    }


def verdict_document(request: VerifyRequest, verdict: Verdict) -> Document:
    """The verdict, why, and all it stands on."""
    stated: Mapping[str, Any] = verdict_json(verdict)
    sections = (
        _inputs(request),
        _check(verdict),
        _modules(verdict.modules),
        *((effect_section(effect),) if (effect := effect_of(verdict)) else ()),
        checks_section(stated),
        findings_section(stated),
        versions_section(stated),
    )
    sentence, tone = _verdict(verdict)
    return Document(
        title=f"Verification of a merge: {request.merged.name}",
        verdict=sentence,
        tone=tone,
        classes="",
        sections=tuple(section for section in sections if section.table.rows),
    )


def _verdict(verdict: Verdict) -> tuple[str, CellTone]:
    if verdict.matches is None or verdict.reason is None:
        return f"No verdict: the check was {verdict.status.value}.", CellTone.BAD
    why = finding_message(verdict.reason)
    if not verdict.matches:
        return f"Mismatch: {why}", CellTone.BAD
    return f"Match: {why}", CellTone.REMARK if verdict.reason.severity is Severity.WARNING else CellTone.GOOD


def _inputs(request: VerifyRequest) -> Section:
    rows = [Row(("Merged model", str(request.merged), "")), Row(("Base model", str(request.base), ""))]
    rows += [Row(("Adapter", str(adapter.folder), f"{adapter.weight:g}")) for adapter in request.adapters]
    combined = combination_note({"combination": combination_json(request.combination)}, len(request.adapters))
    return Section("What was compared", Table(("Input", "Folder", "Strength"), tuple(rows), (2,)), combined)


def _check(verdict: Verdict) -> Section:
    right = sum(module.is_right for module in verdict.modules)
    modules = f"{human_count(right)} of {human_count(len(verdict.modules))}" if verdict.modules else ""
    extent = "samples of every tensor" if verdict.quick else "every tensor, whole"
    facts = {
        "Read": extent if verdict.checks else "names, configs and headers",
        "Targeted tensors that are right": modules,
        "Duration": human_seconds(verdict.seconds),
        "Peak memory": peak_memory(verdict.peak_rss_beyond_imports_bytes, verdict.peak_rss_bytes),
    }
    return Section("The check", fact_table(facts))


def _modules(modules: Sequence[ModuleVerdict]) -> Section:
    wrong = [module for module in modules if not module.is_right]
    rows = tuple(
        Row((module.name, outcome_name(module.story), f"{module.factor:.3g}", f"{100 * module.delta_share:.3g} %"))
        for module in wrong
    )
    table = Table(("Tensor", "What happened", "Factor", "Change"), rows, numeric=(2, 3))
    return Section("Tensors that are not right", table, _MODULES_NOTE)
