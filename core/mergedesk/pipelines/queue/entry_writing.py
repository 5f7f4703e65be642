"""From a job to an entry of a batch file, with what is not as it usually is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ...domain.gguf_export import GgufRequest
from ...domain.hub_reference import reference_of
from ...domain.job_list import Task
from ...domain.packed_export import ExportRequest
from ...domain.requests import SUM, AdapterChoice, Combination, MergeRequest, VerifyRequest
from ...domain.transfer import UploadRequest
from ...runtime.codec import to_plain
from .entry import AS_THEY_ARE


def entry_of(task: Task, home: Path) -> dict[str, dict[str, Any]]:
    """What ``tasks_of`` makes the task of; paths within ``home`` are written from there."""
    if isinstance(task, MergeRequest):
        return {"merge": _merge_entry(task, home)}
    if isinstance(task, VerifyRequest):
        return {"verify": _verify_entry(task, home)}
    if isinstance(task, UploadRequest):
        entry = {"model": _said(task.model, home), "repo": task.repository}
        return {"upload": entry if task.private else {**entry, "private": False}}
    return {"export": _export_entry(task, home)}


def _merge_entry(task: MergeRequest, home: Path) -> dict[str, Any]:
    plain = to_plain(task)
    default = to_plain(MergeRequest(base=Path(), adapters=(), output=Path()))
    entry: dict[str, Any] = {"base": _said(task.base, home), "adapter": _said_adapters(task.adapters, home)}
    entry["output"] = _said(task.output, home)
    entry |= {key: plain[key] for key in (*AS_THEY_ARE, "max_shard_size") if plain[key] != default[key]}
    if task.rounding.draws:
        entry |= {"rounding": task.rounding.mode.value, "seed": task.rounding.seed}
    return {**entry, **_combining(task.combination)}


def _verify_entry(task: VerifyRequest, home: Path) -> dict[str, Any]:
    entry: dict[str, Any] = {"base": _said(task.base, home), "adapter": _said_adapters(task.adapters, home)}
    entry["merged"] = _said(task.merged, home)
    if task.quick:
        entry["quick"] = True
    if task.own_alpha is not None:
        entry["own_alpha"] = task.own_alpha
    return {**entry, **_combining(task.combination)}


def _export_entry(task: GgufRequest | ExportRequest, home: Path) -> dict[str, Any]:
    model, form = (task.model, task.form) if isinstance(task, ExportRequest) else (task.source, task.to.value)
    entry: dict[str, Any] = {"model": _said(model, home), "to": form, "output": _said(task.output, home)}
    if task.overwrite:
        entry["overwrite"] = True
    if isinstance(task, ExportRequest):
        return entry
    rest: dict[str, Any] = {
        "type": list(task.types),
        "base": task.base and _said(task.base, home),
        "prompt": task.prompt,
    }
    entry |= {key: value for key, value in rest.items() if value}
    return entry if task.answer else {**entry, "answer": False}


def _combining(combination: Combination) -> dict[str, Any]:
    if combination == SUM:
        return {}
    said: dict[str, Any] = {"combine": combination.method.value}
    said |= {"density": combination.density} if combination.density != SUM.density else {}
    said |= {"majority_sign": combination.majority_sign.value} if combination.elects else {}
    return {**said, "seed": combination.seed} if combination.draws else said


def _said(path: Path, home: Path) -> str:
    if reference := reference_of(path):
        return f"hf://{reference.text}"
    return os.path.relpath(path, home) if path.is_relative_to(home) and path != home else str(path)


def _said_adapters(adapters: tuple[AdapterChoice, ...], home: Path) -> list[Any]:
    return [
        _said(one.folder, home)
        if one.weight == 1 and "=" not in one.folder.name
        else {"path": _said(one.folder, home), "weight": one.weight}
        for one in adapters
    ]
