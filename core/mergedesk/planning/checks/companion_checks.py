"""Findings on files beside the weights that are only named, as pointers of Git LFS and links that lead nowhere are, or
are no files but pipes and devices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import SAFETENSORS, is_pointer
from ...checkpoints.part_folders import part_files, part_folders
from ...checkpoints.tokenizer_files import has_tokenizer
from ...domain.findings import Code, Finding, error, warning
from ...domain.folder_names import spoken_name

_SUFFIXES = frozenset({".json", ".jinja", ".model", ".txt", ".py", ".tiktoken", ".spm", ".vocab", ".bpe"})
_NEEDED = _SUFFIXES | {SAFETENSORS, ".bin"}
_TERMS = ("LICENSE", "LICENCE", "NOTICE", "USE_POLICY")


def companion_findings(base: Checkpoint, adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """Refuse what would be copied and is not there, by name; of what no model needs it is only told that it is not."""
    folders = [base.folder, *(folder for adapter in adapters for folder in adapter.folders)]
    parts = {part for folder in folders for part in part_folders(folder)}
    seen = {
        f"{folder.name}/{file.relative_to(folder).as_posix()}": file
        for folder in folders
        for file in (*_companions(folder, of_base=folder == base.folder), *part_files(folder, parts))
    }
    absent = [name for name, file in seen.items() if file.suffix in _NEEDED and _is_only_named(file)]
    odd = [name for name, file in seen.items() if file.suffix in _NEEDED and _is_no_file(file)]
    left = [
        name
        for name, file in seen.items()
        if file.suffix not in _NEEDED and (_is_only_named(file) or _is_no_file(file))
    ]
    if absent:
        yield error(Code.COMPANION_ABSENT, names=absent, count=len(absent))
    yield from (error(Code.NOT_A_PLAIN_FILE, file=name) for name in odd[:1])
    if left:
        yield warning(Code.COMPANION_LEFT_OUT, names=left, count=len(left))


def tokenizer_findings(base: Checkpoint, adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """That the result will have none, where a vocabulary asks for one."""
    folders = [base.folder, *(folder for adapter in adapters for folder in adapter.folders)]
    if "vocab_size" in base.config and not any(map(has_tokenizer, folders)):
        yield warning(Code.TOKENIZER_ABSENT, base=spoken_name(base.folder))


def _companions(folder: Path, *, of_base: bool) -> Iterator[Path]:
    """What may be copied of a folder, and of those in a base's that hold small parts of a model only."""
    entries = [entry for entry in _entries(folder) if not entry.name.startswith(".")]
    yield from (entry for entry in entries if entry.suffix in _SUFFIXES or entry.name.upper().startswith(_TERMS))
    for within in entries if of_base else ():
        if within.is_dir() and not within.name.startswith("checkpoint-"):
            small = _entries(within)
            yield from small if all(entry.suffix in _SUFFIXES for entry in small) else ()


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _is_only_named(file: Path) -> bool:
    return not file.exists() or is_pointer(file)


def _is_no_file(file: Path) -> bool:
    return file.exists() and not file.is_file() and not file.is_dir()
