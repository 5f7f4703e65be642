"""The report of a merge as data again, from the JSON beside the model: to look at a past merge as at a fresh one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from ..checkpoints.files import REPORT
from ..domain.findings import Check, CheckCode, CheckStatus, Code, Data, Finding, Severity, UserError
from ..domain.merge_report import (
    AdapterIdentity,
    MergeReport,
    MergeStatus,
    ModuleCounts,
    OutputFile,
    QuestionAnswered,
    TensorCounts,
)
from ..domain.messages import engine_reason
from ..domain.weight_delta import effect_from_json
from .formats import read_report
from .json_values import mapping, objects, real, text, whole

E = TypeVar("E", bound=StrEnum)
_TENSORS = ("total", "merged", "replaced", "copied", "cast")


def stored_report(folder: Path) -> MergeReport:
    """The report that lies in a merged folder, about that folder wherever it lies by now.

    What this version does not know is left out; combination and rounding are not told. Raises UserError.
    """
    stated = read_report(folder)
    status = _member(MergeStatus, stated, "status")
    if status is not MergeStatus.MERGED:
        raise UserError(Code.REPORT_MISSING, folder=str(folder))
    classes = mapping(stated, "classes")
    return MergeReport(
        status,
        folder,
        engine=text(stated, "engine") or None,
        engine_reason=_reason(text(stated, "engine_reason")),
        precision=text(stated, "precision"),
        adapter_class=text(classes, "adapter") or None,
        merged_class=text(classes, "merged") or None,
        files=_files(stated, folder),
        tensors=TensorCounts(**{name: whole(mapping(stated, "tensors"), name) for name in _TENSORS}),
        modules=_modules(mapping(stated, "modules")),
        checks=tuple(check for one in objects(stated, "checks") if (check := _check(one)) is not None),
        findings=tuple(finding for one in objects(stated, "findings") if (finding := _finding(one)) is not None),
        base_name=text(stated, "base"),
        adapters=tuple(map(_adapter, objects(stated, "adapters"))),
        versions={name: text(mapping(stated, "versions"), name) for name in mapping(stated, "versions")},
        seconds=max(0.0, real(stated, "seconds")),
        peak_rss_bytes=whole(stated, "peak_rss_bytes"),
        peak_rss_beyond_imports_bytes=whole(stated, "peak_rss_beyond_imports_bytes"),
        effect=effect_from_json(stated.get("modules_effect")),
        answers=tuple(
            QuestionAnswered(text(one, "question"), text(one, "base"), text(one, "merged"))
            for one in objects(stated, "answers")
        ),
        finished=text(stated, "finished"),
    )


def _files(stated: Mapping[str, Any], folder: Path) -> tuple[OutputFile, ...]:
    """What the report lists, and the report, which was written after its own list."""
    listed = [OutputFile(text(file, "name"), whole(file, "bytes")) for file in objects(stated, "files")]
    own = OutputFile(REPORT, (folder / REPORT).stat().st_size)
    return tuple(sorted((*(file for file in listed if file.name != REPORT), own), key=lambda file: file.name))


def _modules(stated: Mapping[str, Any]) -> ModuleCounts:
    return ModuleCounts(whole(stated, "targeted"), whole(stated, "matched"))


def _adapter(stated: Mapping[str, Any]) -> AdapterIdentity:
    name, sha256, kind = (text(stated, key) for key in ("name", "sha256", "peft_type"))
    return AdapterIdentity(name, sha256, real(stated, "weight", 1.0), kind)


def _check(stated: Mapping[str, Any]) -> Check | None:
    code, status = _member(CheckCode, stated, "code"), _member(CheckStatus, stated, "status")
    return Check(code, status, _data(stated)) if code and status else None


def _finding(stated: Mapping[str, Any]) -> Finding | None:
    code, severity = _member(Code, stated, "code"), _member(Severity, stated, "severity")
    return Finding(code, severity, _data(stated)) if code and severity else None


def _data(stated: Mapping[str, Any]) -> dict[str, Data]:
    return dict(mapping(stated, "data"))


def _member(kind: type[E], stated: Mapping[str, Any], key: str) -> E | None:
    value = text(stated, key)
    return kind(value) if value in {*kind} else None


def _reason(sentence: str) -> Code | None:
    """The code whose English sentence it is."""
    return next((code for code in Code if sentence and engine_reason(code) == sentence), None)
