"""Checks on the files of a result, from names and headers read anew from the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...checkpoints.checkpoint import Checkpoint, read_checkpoint
from ...checkpoints.files import CONFIG, WEIGHTS_INDEX, read_json
from ...checkpoints.packed_tensor import StoredTensor
from ...domain.errors import UserError
from ...domain.findings import Check, CheckCode, CheckStatus, Data, SkipReason
from ...planning.layout import Layout
from ...planning.plan import PlannedTensor
from ...quantization.detect import find_quantization, stated_quantization


def check_of(code: CheckCode, passed: bool, **data: Data) -> Check:
    """A check that either passed or failed."""
    return Check(code, CheckStatus.PASS if passed else CheckStatus.FAIL, data)


def structure_checks(
    folder: Path, planned: Sequence[PlannedTensor], expected_files: Sequence[str], stated_dtype: str | None
) -> Iterator[Check]:
    """Files, keys, shapes, dtypes and index of ``folder`` against the plan, as read back from the disk.

    ``stated_dtype`` is what the config should say of its tensors' dtype.
    """
    names = sorted(entry.relative_to(folder).as_posix() for entry in folder.rglob("*") if entry.is_file())
    missing = sorted(set(expected_files) - set(names))
    unplanned = sorted(set(names) - set(expected_files))
    yield check_of(
        CheckCode.FILES_AS_PLANNED, not missing and not unplanned, count=len(names), names=missing + unplanned
    )
    adapters = [name for name in names if name.rpartition("/")[2].startswith(("adapter_config", "adapter_model"))]
    yield check_of(CheckCode.NO_ADAPTER_FILES, not adapters, names=adapters)
    try:
        written = read_checkpoint(folder)
    except UserError as trouble:
        yield check_of(CheckCode.KEYS_AS_PLANNED, False, count=0, total=len(planned), names=[trouble.code.value])
        return
    yield _quantization_check(written)
    misstated = [CONFIG] if written.stated_dtype != stated_dtype else []
    yield from _tensor_checks(written.tensors, {tensor.name: tensor for tensor in planned}, misstated)
    yield _index_check(folder, written)


def layout_files(layout: Layout) -> list[str]:
    """The weight files and index that a layout makes."""
    return [shard.name for shard in layout.shards] + ([WEIGHTS_INDEX] if layout.index else [])


def _quantization_check(written: Checkpoint) -> Check:
    left = find_quantization(written.config, written.tensors) or stated_quantization(written.config)
    return check_of(CheckCode.NO_QUANTIZATION_LEFT, left is None, method=left.label if left else "")


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
