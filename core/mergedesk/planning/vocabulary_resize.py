"""Vocabularies of another size: an adapter trained after its base's embeddings were resized.

Trainers resize the base with transformers' ``resize_token_embeddings`` before training, and PEFT saves the resized
embeddings with the adapter. Fewer rows: the base's last ones go, as transformers cuts them, and all other ids keep
theirs. More rows: they must come whole from the adapter, for transformers starts new ones from chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.tokenizer_files import tokenizer_length
from ..domain.findings import Code, Finding, error, info
from ..storage.safetensors_header import TensorRecord, stored_bytes
from .keymap import input_embeddings, is_over_vocabulary
from .plan import Plan
from .resolved_adapter import ResolvedAdapter


@dataclass(frozen=True, slots=True)
class Resize:
    """From how many rows to how many, and which of the base's tensors have a row for each id."""

    before: int
    after: int
    names: tuple[str, ...]


def find_resize(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> Resize | None:
    """The resize that the adapters ask for; None where they fit, or do not agree among themselves."""
    embeddings = input_embeddings(base.tensors)
    if embeddings is None:
        return None
    before = base.tensors[embeddings].shape[0]
    asked = {rows for resolved in mapped for rows in _rows_of_vocabulary(resolved)} - {before}
    if len(asked) != 1:
        return None
    with_a_row_each = (name for name, record in base.tensors.items() if record.shape[:1] == (before,))
    return Resize(before, asked.pop(), tuple(filter(is_over_vocabulary, with_a_row_each)))


def _rows_of_vocabulary(mapped: ResolvedAdapter) -> Iterator[int]:
    """The vocabulary's size as each of the adapter's tensors has it that goes into an embedding or a head."""
    for name, record in mapped.contents.copies.items():
        if record.shape and _over_vocabulary(mapped, name):
            yield record.shape[0]
    for pair in mapped.contents.lora:
        if len(pair.a.shape) == len(pair.b.shape) == 2 and _over_vocabulary(mapped, f"{pair.module}.weight"):
            yield pair.a.shape[1] if pair.embedding else pair.b.shape[0]


def _over_vocabulary(mapped: ResolvedAdapter, parameter: str) -> bool:
    return parameter not in mapped.keys.unmatched and is_over_vocabulary(parameter)


def resized(base: Checkpoint, resize: Resize) -> Checkpoint:
    """The base with its vocabulary's last rows cut; one that grows stays, its new rows come from the adapter."""
    if resize.after > resize.before:
        return base
    tensors = dict(base.tensors)
    for name in resize.names:
        if isinstance(record := tensors[name], TensorRecord):
            shape = (resize.after, *record.shape[1:])
            tensors[name] = structs.replace(record, shape=shape, nbytes=stored_bytes(record.dtype, shape))
    return replace(base, tensors=tensors)


def resize_findings(
    base: Checkpoint, mapped: Sequence[ResolvedAdapter], resize: Resize, plan: Plan | None, allowed: bool
) -> Iterator[Finding]:
    """Why the vocabulary cannot be resized; else the question whether it may be, or that it will be.

    ``plan`` is the streamed merge over the resized base, None where another engine merges.
    """
    rows: dict[str, int] = {"base_rows": resize.before, "adapter_rows": resize.after}
    apart = [(name, record) for name, record in base.tensors.items() if name not in resize.names]
    others = [name for name, record in apart if resize.before in record.shape]
    if others:  # beside embeddings and heads, they have a size in common with the vocabulary
        yield error(Code.RESIZE_UNCLEAR, names=others, **rows)
    elif plan is None:
        yield error(Code.RESIZE_NEEDS_STREAMING, **rows)
    elif unknown := _unknown_rows(plan, resize):
        yield error(Code.RESIZE_ROWS_UNKNOWN, names=unknown, **rows)
    elif allowed:
        yield info(Code.VOCABULARY_RESIZED, names=list(resize.names), **rows)
    else:
        length = effective_length(base, [folder for resolved in mapped for folder in resolved.adapter.folders])
        yield error(Code.VOCABULARY_MISMATCH, names=list(resize.names), tokenizer_length=length, **rows)


def _unknown_rows(plan: Plan, resize: Resize) -> list[str]:
    """Embeddings and heads of the plan for which neither the base nor the adapter's copy has all rows."""
    tables = [tensor for tensor in plan.tensors if is_over_vocabulary(tensor.name)]
    return [table.name for table in tables if table.shape[:1] == (resize.before,)]


def effective_length(base: Checkpoint, adapters: Sequence[Path]) -> int | None:
    """How many ids the result's tokenizer makes: the last adapter's that has one, else the base's."""
    lengths = [tokenizer_length(folder) for folder in (base.folder, *adapters)]
    return next((length for length in reversed(lengths) if length is not None), None)
