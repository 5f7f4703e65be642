"""Findings on the two folders together: the right way round, the right base, not merged before."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import ADAPTER_CONFIG, CONFIG, REPORT, read_or_empty
from ...checkpoints.tokenizer_files import chat_template
from ...domain.findings import Code, Finding, all_about, error, info, warning
from ...domain.folder_info import FolderKind
from ...domain.folder_names import short_name, spoken_name
from ...inspection.inspect_folder import FolderContents
from ...quantization.detect import original_name
from ...storage.file_identity import real_path

_MERGED = re.compile(r"[-_.]?merged$")
_MODELS = (FolderKind.MODEL, FolderKind.QUANTIZED_MODEL)


def pairing_findings(base: FolderContents, adapters: Sequence[FolderContents]) -> Iterator[Finding]:
    """Whether there is a model on one side and adapters on the other; explains what is there instead."""
    if not adapters:
        yield error(Code.NO_ADAPTER)
    if base.adapter and base.checkpoint is None and any(look.folder_info.kind in _MODELS for look in adapters):
        names = {"base": spoken_name(base.folder_info.path), "adapter": spoken_name(adapters[0].folder_info.path)}
        yield error(Code.SWAPPED, **names)
        return
    yield from all_about(base.folder_info.path, _of_base(base))
    for look in adapters:
        yield from all_about(look.folder_info.path, _of_adapter(look))


def _of_base(base: FolderContents) -> Iterator[Finding]:
    yield from base.folder_info.findings
    if base.folder_info.kind is FolderKind.ADAPTER:
        yield error(Code.BASE_NOT_A_MODEL, path=str(base.folder_info.path))


def _of_adapter(look: FolderContents) -> Iterator[Finding]:
    if look.adapter is None and look.folder_info.kind in _MODELS:
        yield error(Code.ADAPTER_NOT_AN_ADAPTER, path=str(look.folder_info.path))
    elif look.adapter is None or look.checkpoint is None:
        yield from look.folder_info.findings


def base_findings(base: Checkpoint, adapter: Adapter, given: Sequence[Adapter] = ()) -> Iterator[Finding]:
    """Whether this is the base that the adapter was trained on, as far as names and templates tell.

    ``given`` are all adapters: one may have been trained on top of another.
    """
    recorded = recorded_base(adapter)
    names = {_plain(name) for name in _names_of(base)}
    named_otherwise = bool(recorded) and _plain(recorded) not in names and not _is_merged_too(base, recorded, given)
    if named_otherwise and (other := _adapter_at(adapter)) is not None:
        yield warning(Code.ADAPTER_ON_ADAPTER, adapter=spoken_name(adapter.folder), path=str(other))
    elif named_otherwise:
        yield warning(Code.WRONG_BASE_NAME, recorded=recorded, chosen=_names_of(base)[0])
    theirs = next(filter(None, map(chat_template, reversed(adapter.folders))), None)
    ours = chat_template(base.folder)
    if theirs and theirs != ours:
        yield (warning if named_otherwise or ours is None else info)(Code.TEMPLATE_DIFFERS)


def recorded_base(adapter: Adapter) -> str:
    """What the adapter calls the base it was trained on, without folders or owner; empty where it says nothing."""
    return _last_part(adapter.base_model_name_or_path or "")


def is_one_of(recorded: str, adapters: Sequence[Adapter]) -> bool:
    """Whether what an adapter calls its base is one of these adapters, or the name of a merge of one."""
    names = {short_name(folder).lower() for adapter in adapters for folder in (*adapter.folders, adapter.folder.parent)}
    return not names.isdisjoint({recorded.lower(), _MERGED.sub("", recorded.lower())})


def _is_merged_too(base: Checkpoint, recorded: str, given: Sequence[Adapter]) -> bool:
    before = {str(entry.get("name")).lower() for entry in merged_adapters(base.folder)}
    return is_one_of(recorded, given) or not before.isdisjoint({recorded.lower(), _MERGED.sub("", recorded.lower())})


def _adapter_at(adapter: Adapter) -> Path | None:
    """The adapter that is recorded as the base, where it was or beside this one."""
    stated = adapter.base_model_name_or_path or ""
    places = (Path(stated), adapter.folder.parent / stated, adapter.folder.parent / recorded_base(adapter))
    return next((place.absolute() for place in places if _has(place, ADAPTER_CONFIG) and not _has(place, CONFIG)), None)


def _has(folder: Path, name: str) -> bool:
    """Never raises, as pathlib does where what an adapter states is no name that a disk could have."""
    return os.path.isfile(folder / name)  # noqa: PTH113


def _names_of(base: Checkpoint) -> list[str]:
    """What the base may be called: its folder, its hub cache entry, what its config records."""
    folder = real_path(base.folder)
    names = [base.folder.name or folder.name]
    if folder.parent.name == "snapshots":
        names.insert(0, folder.parent.parent.name.rpartition("--")[2])
    if stated := base.config.get("_name_or_path"):
        names.append(_last_part(str(stated)))
    return names


def _last_part(name: str) -> str:
    return PureWindowsPath(name.rstrip("/\\")).name


def _plain(name: str) -> str:
    """A model's name without the mark of a quantised copy, so that the 16-bit original counts as the same."""
    return (original_name(name) or name).lower()


def repeat_findings(base: Checkpoint, adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """Refuse to merge an adapter into a model that says it already holds it."""
    merged = {str(entry.get("sha256")) for entry in merged_adapters(base.folder)}
    for adapter in adapters if merged else ():
        try:
            repeated = file_sha256(adapter.weights_file) in merged
        except OSError as trouble:
            reason = trouble.strerror or ""
            said = error(Code.FOLDER_UNREADABLE, file=adapter.weights_file.name, reason=reason)
            yield from all_about(adapter.chosen, [said])
            continue
        if repeated:
            names = {"adapter": spoken_name(adapter.folder), "base": spoken_name(base.folder)}
            yield from all_about(adapter.chosen, [error(Code.ALREADY_MERGED, **names)])


def merged_adapters(folder: Path) -> list[dict[str, Any]]:
    """The adapters that a MergeDesk report in ``folder`` lists, those of earlier merges included."""
    return entries_in(read_report(folder), "adapters", "inherited_adapters")


def read_report(folder: Path) -> dict[str, Any]:
    """MergeDesk's report in ``folder``; empty where there is none that can be read."""
    return read_or_empty(folder / REPORT)


def entries_in(report: Mapping[str, Any], *fields: str) -> list[dict[str, Any]]:
    """The objects that a report lists under these fields."""
    lists = [value for value in map(report.get, fields) if isinstance(value, list)]
    return [entry for entries in lists for entry in entries if isinstance(entry, dict)]


def file_sha256(file: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
