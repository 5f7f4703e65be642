"""Checks on the files of a result, from names and headers read anew from the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...checkpoints.checkpoint import Checkpoint
from ...checkpoints.files import CONFIG, SAFETENSORS, WEIGHTS_INDEX
from ...checkpoints.weight_index import read_index, says_the_same
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, UserError, check_of
from ...storage.safetensors_header import Header
from ..compare.config_checks import quantization_left
from .staged_check import Needs, StagedCheck, StagedMerge


def _checks(merge: StagedMerge) -> Iterator[Check]:
    """Files, keys, shapes, dtypes and index against the plan."""
    folder, planned = merge.folder, merge.planned
    names = sorted(entry.relative_to(folder).as_posix() for entry in folder.rglob("*") if entry.is_file())
    missing = sorted(set(merge.files) - set(names))
    unplanned = sorted(set(names) - set(merge.files))
    yield check_of(
        CheckCode.FILES_AS_PLANNED,
        not missing and not unplanned,
        count=len({*names, *merge.written_last}),
        names=missing + unplanned,
    )
    adapters = [name for name in names if name.rpartition("/")[2].startswith(("adapter_config", "adapter_model"))]
    yield check_of(CheckCode.NO_ADAPTER_FILES, not adapters, names=adapters)
    written = merge.written
    if isinstance(written, UserError):
        yield check_of(CheckCode.KEYS_AS_PLANNED, False, count=0, total=len(planned), names=[written.code.value])
        yield _opens_check(folder, ())
        return
    if not (merge.stays_packed or merge.packs):
        packed = quantization_left(written)
        yield check_of(CheckCode.NO_QUANTIZATION_LEFT, not packed, method=packed)
    misstated = [CONFIG] if written.stated_dtype != merge.stated_dtype else []
    yield from _tensor_checks(merge, misstated)
    yield _index_check(folder, written)
    yield _opens_check(folder, written.headers)


def _tensor_checks(merge: StagedMerge, misstated: Sequence[str]) -> Iterator[Check]:
    written, planned = merge.stored, merge.planned
    lacking, reshaped, retyped = list[str](), list[str](), list[str]()
    for tensor, record in merge.side_by_side:
        if record is None:
            lacking.append(tensor.name)
        else:
            reshaped += [tensor.name] if record.shape != tensor.shape else []
            retyped += [tensor.name] if record.dtype != tensor.dtype else []
    both = len(planned) - len(lacking)
    extra = set(written) - {tensor.name for tensor in planned} if both < len(written) else set[str]()
    different = sorted((*lacking, *extra))
    yield check_of(CheckCode.KEYS_AS_PLANNED, not different, count=len(written), total=len(planned), names=different)
    yield check_of(CheckCode.SHAPES_AS_PLANNED, not reshaped, count=both, names=sorted(reshaped))
    retyped = [*misstated, *sorted(retyped)]
    dtypes = sorted({record.dtype for record in written.values()})
    yield check_of(CheckCode.DTYPES_AS_PLANNED, not retyped, dtypes=dtypes, names=retyped)


def _index_check(folder: Path, written: Checkpoint) -> Check:
    """The index names every tensor's true file, and its total is the tensors' true size."""
    if not (folder / WEIGHTS_INDEX).is_file():
        return Check(CheckCode.INDEX_TRUE, CheckStatus.SKIPPED, {"reason": SkipReason.ONE_FILE})
    total = sum(record.nbytes for record in written.tensors.values())
    headers = {header.file.relative_to(folder).as_posix(): header for header in written.headers}
    return check_of(CheckCode.INDEX_TRUE, _is_true(folder / WEIGHTS_INDEX, headers, total), total_bytes=total)


def _is_true(file: Path, headers: Mapping[str, Header], total: int) -> bool:
    try:
        index = read_index(file)
    except UserError:
        return False
    stated = (index.rest.get("metadata") or {}).get("total_size")
    return says_the_same(index.pieces, headers) and stated == total


def _opens_check(folder: Path, read: Sequence[Header]) -> Check:
    """safetensors itself, stricter than any reader of JSON, opens every file and finds the same tensors there."""
    headers = {header.file: header for header in read}
    files = sorted(folder.rglob(f"*{SAFETENSORS}"))
    refused = [file.name for file in files if not _opens(file, headers.get(file))]
    return check_of(CheckCode.OPENS_WITH_SAFETENSORS, not refused, count=len(files), names=refused)


def _opens(file: Path, header: Header | None) -> bool:
    """``header`` is what this program reads there; None for a file that is none of the model's."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            return header is None or set(opened.keys()) == set(header.tensors)
    except (SafetensorError, OSError):
        return False


CHECK = StagedCheck(_checks, Needs.NOTHING)
