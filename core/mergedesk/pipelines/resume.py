"""Going on with what a run left that ended: only where inputs, plan and versions are the same to the byte."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch

from ..domain.findings import Code, Finding, info
from ..domain.requests import MergeRequest
from ..engines.streaming import Chunk, chunks
from ..methods.tile_context import CHUNK_BYTES, TILE_ELEMENTS
from ..output.journal import JournalContent, JournalHeader, read_journal, refuse_other_work
from ..output.journal_writer import JournalWriter, journal_of
from ..output.shards import are_there, create_shards, remove_others
from ..planning.layout import Layout
from ..runtime.codec import to_text
from ..runtime.versions import package_versions
from ..storage.positional_io import PositionalFile
from .merge_job import MergeJob


@contextmanager
def shards_and_journal(job: MergeJob, layout: Layout) -> Iterator[tuple[Mapping[str, PositionalFile], JournalWriter]]:
    """The output's weight files, and the journal of what is in them, which also says what an earlier run put there.

    Raises UserError(resume_input_differs or resume_plan_differs) where that run's work is of no use, beside those of
    writing.
    """
    header = JournalHeader(plan_digest(job.request, layout), job.inputs.described())
    kept = _kept(job, layout, header)
    with (
        create_shards(job.folder, layout, again=True) as outputs,
        journal_of(job.staging.home, header, kept, outputs, job.adapter_digests) as journal,
    ):
        yield outputs, journal


def _kept(job: MergeJob, layout: Layout, header: JournalHeader) -> JournalContent:
    """What of an earlier run's work stays; everything else in the folder is removed."""
    before = read_journal(job.staging.home)
    if before.done:
        refuse_other_work(before, header, job.adapter_digests(True))
        if are_there(job.folder, layout):
            remove_others(job.folder, layout)
            return before
    clear(job.folder)
    return JournalContent()


def clear(folder: Path) -> None:
    """Remove all that an earlier run wrote. Raises UserError(write_failed)."""
    remove_others(folder, Layout((), None))


def resumed_findings(layout: Layout, journal: JournalWriter) -> list[Finding]:
    """How much was there already; nothing where there was nothing."""
    if not journal.done:
        return []
    sizes = [chunk.nbytes for chunk in chunks(layout)]
    done = sum(size for index, size in enumerate(sizes) if index in journal.done)
    return [info(Code.RESUMED, done_bytes=done, total_bytes=sum(sizes))] if done else []


def plan_digest(request: MergeRequest, layout: Layout) -> str:
    """SHA-256 of all that decides the output's bytes beside the inputs' own."""
    digest = hashlib.sha256()
    for text in _described(request, layout):
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def _described(request: MergeRequest, layout: Layout) -> Iterator[str]:
    adapters = tuple(replace(choice, folder=Path(os.path.realpath(choice.folder))) for choice in request.adapters)
    base = Path(os.path.realpath(request.base))
    same = replace(request, output=Path(), overwrite=False, resume=False, threads=None)
    yield to_text(replace(same, base=base, adapters=adapters))
    yield to_text(package_versions())
    yield f"{CHUNK_BYTES} {TILE_ELEMENTS} {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
    for shard in layout.shards:
        yield f"{shard.name} {shard.nbytes} {hashlib.sha256(shard.prefix).hexdigest()}"
    yield from map(_chunk, chunks(layout))


def _chunk(chunk: Chunk) -> str:
    tensor = chunk.placed.tensor
    return f"{tensor.name} {tensor.action} {tensor.dtype} {chunk.begin} {chunk.end} {chunk.extent} {len(chunk.updates)}"
