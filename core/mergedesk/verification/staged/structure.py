"""Checks on the files of a result, from names and headers read anew from the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...checkpoints.checkpoint import Checkpoint, StoredTensor
from ...checkpoints.files import CONFIG, SAFETENSORS, WEIGHTS_INDEX, read_json
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, UserError, check_of
from ...planning.plan import PlannedTensor
from ...storage.safetensors_header import Header
from ..compare.config_checks import quantization_left
from .staged_check import Needs, StagedCheck, StagedMerge


def _checks(merge: StagedMerge) -> Iterator[Check]:
    """Files, keys, shapes, dtypes and index against the plan."""
    folder, planned = merge.folder, {tensor.name: tensor for tensor in merge.planned}
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
    yield from _tensor_checks(written.tensors, planned, misstated)
    yield _index_check(folder, written)
    yield _opens_check(folder, written.headers)


def _tensor_checks(
    written: Mapping[str, StoredTensor], planned: Mapping[str, PlannedTensor], misstated: Sequence[str]
) -> Iterator[Check]:
    different = sorted(written.keys() ^ planned.keys())
    yield check_of(CheckCode.KEYS_AS_PLANNED, not different, count=len(written), total=len(planned), names=different)
    both = sorted(written.keys() & planned.keys())
    reshaped = [name for name in both if written[name].shape != planned[name].shape]
    yield check_of(CheckCode.SHAPES_AS_PLANNED, not reshaped, count=len(both), names=reshaped)
    retyped = [*misstated, *(name for name in both if written[name].dtype != planned[name].dtype)]
    dtypes = sorted({record.dtype for record in written.values()})
    yield check_of(CheckCode.DTYPES_AS_PLANNED, not retyped, dtypes=dtypes, names=retyped)


def _index_check(folder: Path, written: Checkpoint) -> Check:
    """The index names every tensor's true file, and its total is the tensors' true size."""
    if not (folder / WEIGHTS_INDEX).is_file():
        return Check(CheckCode.INDEX_TRUE, CheckStatus.SKIPPED, {"reason": SkipReason.ONE_FILE})
    index = read_json(folder / WEIGHTS_INDEX)
    total = sum(record.nbytes for record in written.tensors.values())
    weight_map = index.get("weight_map") or {}
    true_map = {name: record.file.relative_to(folder).as_posix() for name, record in written.tensors.items()}
    stated = (index.get("metadata") or {}).get("total_size")
    return check_of(CheckCode.INDEX_TRUE, weight_map == true_map and stated == total, total_bytes=total)


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
