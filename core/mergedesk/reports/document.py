"""What stands in a report document, in order, whatever it is written as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..domain.findings import CheckCode, CheckStatus
from ..domain.messages import check_title, peak_memory, presentable
from ..domain.units import human_bytes, human_count, human_seconds
from ..domain.weight_delta import effect_from_json
from . import json_values as stored
from .document_parts import CellTone, Document, Row, Section, Table
from .weight_delta_section import effect_section

_OUTCOMES: Mapping[str, str] = {
    CheckStatus.PASS: "passed",
    CheckStatus.WARN: "remark",
    CheckStatus.FAIL: "failed",
    CheckStatus.SKIPPED: "not applicable",
}
_NO_HEADER = "none: pickled weights"
_HEADER_NOTE = (
    "The header of a weight file names every tensor with its type, shape and place. Its SHA-256 tells which layout was "
    "merged into; two models of one architecture may share it."
)


_ROW_TONES: Mapping[str, CellTone] = {
    CheckStatus.PASS: CellTone.GOOD,
    CheckStatus.WARN: CellTone.REMARK,
    CheckStatus.FAIL: CellTone.BAD,
    "warning": CellTone.REMARK,
    "error": CellTone.BAD,
}


def report_document(report: Mapping[str, Any]) -> Document:
    """The document of a report as its JSON object, of this or another version of the program.

    What is missing, or is not of the kind it should be, is left out.
    """
    name = stored.last_part(stored.text(report, "output"))
    verdict, tone = _verdict(report)
    sections = (
        _inputs(report),
        _base_files(report),
        _merge(report),
        _effect(report),
        _answers(report),
        checks_section(report),
        findings_section(report),
        files_section(report),
    )
    return Document(
        title=f"Merge report: {name}" if name else "Merge report",
        verdict=verdict,
        tone=tone,
        classes=_classes(report),
        sections=tuple(section for section in (*sections, versions_section(report)) if section.table.rows),
    )


def _verdict(report: Mapping[str, Any]) -> tuple[str, CellTone]:
    outcomes = [stored.text(check, "status") for check in stored.objects(report, "checks")]
    passed, remarks, failed = map(outcomes.count, (CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL))
    if failed:
        return f"Not published: {_checks_count(failed)} failed.", CellTone.BAD
    if stored.text(report, "status") != "merged":
        return f"Not merged: {stored.text(report, 'status') or 'status not known'}.", CellTone.BAD
    if not passed:
        return "Merged; the report holds no checks.", CellTone.REMARK
    if remarks:
        more = f"{remarks} with a remark"
        return f"Merged and verified: {_checks_count(passed)} passed, {more}.", CellTone.REMARK
    return f"Merged and verified: {_checks_count(passed)} passed.", CellTone.GOOD


def _checks_count(count: int) -> str:
    return "1 check" if count == 1 else f"{human_count(count)} checks"


def _classes(report: Mapping[str, Any]) -> str:
    classes = stored.mapping(report, "classes")
    before, after = stored.text(classes, "adapter"), stored.text(classes, "merged")
    return f"{before} → {after}" if before and after else ""


def _inputs(report: Mapping[str, Any]) -> Section:
    base = stored.text(report, "base")
    rows = [Row(("Base model", base, "", "", ""))] if base else []
    rows += [_adapter_row("Adapter", adapter) for adapter in stored.objects(report, "adapters")]
    rows += [_adapter_row("Merged before", adapter) for adapter in stored.objects(report, "inherited_adapters")]
    headers = ("Input", "Name", "Method", "Strength", "SHA-256")
    combined = combination_note(report, len(stored.objects(report, "adapters")))
    return Section("Inputs", Table(headers, tuple(rows), numeric=(3,)), combined)


def _adapter_row(role: str, adapter: Mapping[str, Any]) -> Row:
    name, method, sha256 = (stored.text(adapter, key) for key in ("name", "peft_type", "sha256"))
    return Row((role, name, method, stored.number(adapter, "weight"), sha256))


def combination_note(report: Mapping[str, Any], adapters: int) -> str:
    """How several ``adapters`` became one; empty for one alone."""
    stated = stored.mapping(report, "combination") if adapters > 1 else {}
    parts = [f"{key.replace('_', ' ')} {value}" for key, value in stored.scalars(stated)]
    return f"Combined: {', '.join(parts)}." if parts else ""


def _base_files(report: Mapping[str, Any]) -> Section:
    rows = (
        Row((stored.text(file, "name"), stored.size(file), stored.text(file, "header_sha256") or _NO_HEADER))
        for file in stored.objects(report, "base_files")
    )
    table = Table(("File", "Size", "SHA-256 of its header"), tuple(rows), numeric=(1,))
    return Section("Weight files of the base", table, _HEADER_NOTE)


_ALLOWED = {
    "dequantise": "dequantising the base",
    "resize_vocabulary": "resizing the vocabulary",
    "follow_links": "following links out of the folders",
    "fold_own": "merging the adapter that the base held",
    "own_alpha": "merging the adapter that the base held, with the lora_alpha that was given",
    "overwrite": "replacing the output folder",
}


def _merge(report: Mapping[str, Any]) -> Section:
    modules, tensors = stored.mapping(report, "modules"), stored.mapping(report, "tensors")
    matched, targeted = stored.whole(modules, "matched"), stored.whole(modules, "targeted")
    own, whole = (stored.whole(report, f"peak_rss_{name}") for name in ("beyond_imports_bytes", "bytes"))
    seconds = report.get("seconds")
    asked = stored.mapping(report, "options")
    facts = {
        "Finished": stored.text(report, "finished").replace("T", " ").replace("+00:00", " UTC"),
        "Engine": " – ".join(filter(None, (stored.text(report, "engine"), stored.text(report, "engine_reason")))),
        "Engine asked for": stored.text(asked, "engine"),
        "Precision": stored.text(report, "precision"),
        "Rounding": _rounding(report),
        "Allowed": ", ".join(words for name, words in _ALLOWED.items() if asked.get(name) is True),
        "Largest weight file": human_bytes(size) if (size := stored.whole(asked, "max_shard_size")) else "",
        "Modules of the adapter": f"{human_count(matched)} of {human_count(targeted)} matched" if targeted else "",
        "Tensors": ", ".join(f"{value} {key}" for key, value in stored.scalars(tensors)),
        "Duration": human_seconds(seconds) if isinstance(seconds, (int, float)) and 0 <= seconds < 1e9 else "",
        "Peak memory": peak_memory(own, whole),
    }
    return Section("The merge", fact_table(facts))


def _rounding(report: Mapping[str, Any]) -> str:
    """How weights were rounded to 16 bits."""
    stated = stored.mapping(report, "rounding")
    mode, seed = stored.text(stated, "mode"), stored.number(stated, "seed")
    return f"{mode}, seed {seed}" if seed else mode


def _effect(report: Mapping[str, Any]) -> Section:
    effect = effect_from_json(report.get("modules_effect"))
    if effect is None:
        return Section("", Table((), ()))
    modules = tuple(replace(module, name=stored.clean(module.name)) for module in effect.modules)
    return effect_section(replace(effect, modules=modules))


def checks_section(report: Mapping[str, Any]) -> Section:
    """Every check: its outcome, what it found, and its numbers."""
    rows = tuple(_check_row(check) for check in stored.objects(report, "checks"))
    return Section("What was verified", Table(("Outcome", "Check", "What was found", "Numbers"), rows))


def _check_row(check: Mapping[str, Any]) -> Row:
    code, status = stored.text(check, "code"), stored.text(check, "status")
    title = check_title(CheckCode(code)) if code in set(CheckCode) else code
    data = "" if status == CheckStatus.SKIPPED else _data(stored.mapping(check, "data"))
    outcome = _OUTCOMES.get(status, status)
    return Row((outcome, title, stored.text(check, "message"), data), _ROW_TONES.get(status, CellTone.PLAIN))


def _data(data: Mapping[str, Any]) -> str:
    known = {key: value for key, value in data.items() if stored.is_plain(value)}
    return stored.clean("; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in presentable(known).items()))


def findings_section(report: Mapping[str, Any]) -> Section:
    """Everything that was noticed about the inputs."""
    rows = tuple(
        Row((severity, stored.text(finding, "message")), _ROW_TONES.get(severity, CellTone.PLAIN))
        for finding in stored.objects(report, "findings")
        for severity in [stored.text(finding, "severity")]
    )
    return Section("What was noticed", Table(("Weight", "Finding"), rows))


def _answers(report: Mapping[str, Any]) -> Section:
    rows = tuple(
        Row(tuple(stored.text(answer, key) for key in ("question", "base", "merged")))
        for answer in stored.objects(report, "answers")
    )
    return Section("What the models say", Table(("Asked", "Base", "Merged"), rows))


def files_section(report: Mapping[str, Any]) -> Section:
    """Every file that was written, with its size."""
    files = stored.objects(report, "files")
    rows = [Row((stored.text(file, "name"), stored.size(file), str(stored.whole(file, "bytes")))) for file in files]
    total = stored.whole(report, "total_bytes")
    rows += [Row(("In all", human_bytes(total), str(total)))] if files else []
    return Section("Files of the result", Table(("File", "Size", "Bytes"), tuple(rows), numeric=(1, 2)))


def versions_section(report: Mapping[str, Any]) -> Section:
    """The program and what it computes with."""
    return Section("Made with", fact_table(dict(stored.scalars(stored.mapping(report, "versions")))))


def fact_table(facts: Mapping[str, str]) -> Table:
    """Names and their values; what has no value is left out."""
    return Table((), tuple(Row((name, value)) for name, value in facts.items() if value))
