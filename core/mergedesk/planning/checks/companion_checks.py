"""Findings on files beside the weights that are only named: pointers of Git LFS, and links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ...checkpoints.adapter import Adapter
from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import is_pointer
from ...checkpoints.tokenizer_files import has_tokenizer
from ...domain.findings import Code, Finding, error, warning

_SUFFIXES = frozenset({".json", ".jinja", ".model", ".txt", ".py", ".tiktoken", ".spm", ".vocab", ".bpe"})


def companion_findings(base: Checkpoint, adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """Refuse what would be copied and is not there, by name."""
    folders = [base.folder, *(folder for adapter in adapters for folder in adapter.folders)]
    absent = [f"{folder.name}/{file.name}" for folder in folders for file in _absent(folder)]
    if absent:
        yield error(Code.COMPANION_ABSENT, names=absent, count=len(absent))


def tokenizer_findings(base: Checkpoint, adapters: Sequence[Adapter]) -> Iterator[Finding]:
    """That the result will have none, where a vocabulary asks for one."""
    folders = [base.folder, *(folder for adapter in adapters for folder in adapter.folders)]
    if "vocab_size" in base.config and not any(map(has_tokenizer, folders)):
        yield warning(Code.TOKENIZER_ABSENT, base=base.folder.name)


def _absent(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for entry in sorted(folder.iterdir()):
            if entry.suffix in _SUFFIXES and (not entry.exists() or is_pointer(entry)):
                yield entry
