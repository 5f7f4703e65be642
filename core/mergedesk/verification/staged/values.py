"""Checks on the values of a result, read back from the disk: changed where targeted, identical elsewhere.

Nothing here calls the engine's arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import torch

from ...checkpoints.packed_tensor import PackedTensor, StoredTensor
from ...domain.dtypes import DTYPES
from ...domain.findings import Check, CheckCode, CheckStatus, Data, check_of
from ...domain.progress import CancelToken
from ...planning.plan import Action, PlannedTensor
from ...quantization.reference import holds, packed_rows
from ...runtime.threads import one_thread_per_worker
from ...storage.open_files import OpenFiles, open_files
from ...storage.safetensors_header import TensorRecord
from ...storage.tensor_reading import read_flat
from ...storage.torch_dtypes import torch_dtype
from .lost_delta import delta_is_lost
from .staged_check import Needs, StagedCheck, StagedMerge

BLOCK_BYTES = 1 << 20
# Unpacked in float64, with several copies on the way.
PACKED_ELEMENTS = 1 << 17
WORKERS = 2


@dataclass(frozen=True, slots=True)
class ValueVerdict:
    """What was found on one tensor; ``changed`` is against the base, ``equal`` against its unmerged source.

    A tensor of stacked experts counts as changed if every expert that should be is.

    ``explained``: unchanged because the delta is nothing, or smaller than the written dtype can show.
    """

    tensor: PlannedTensor
    changed: bool
    finite: bool
    equal: bool
    explained: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """The open files, from which blocks are read until somebody cancels."""

    files: OpenFiles
    cancel: CancelToken

    def block(self, side: str, record: TensorRecord, begin: int, end: int) -> torch.Tensor:
        """Elements ``begin`` to ``end``, valid until the same thread reads the same side again."""
        return read_flat(self.files, record, begin, end, side)

    def blocks(self, record: TensorRecord) -> Iterator[tuple[int, int]]:
        """Element ranges of about BLOCK_BYTES each."""
        step = max(1, BLOCK_BYTES * record.elements // max(record.nbytes, 1))
        for begin in range(0, record.elements, step):
            self.cancel.check()
            yield begin, min(record.elements, begin + step)


def _checks(merge: StagedMerge) -> Iterator[Check]:
    """Compare every written tensor with what it came from."""
    written = merge.readable.tensors
    with open_files() as files, one_thread_per_worker():
        reader = _Reader(files, merge.cancel)

        def judge(tensor: PlannedTensor) -> ValueVerdict:
            merge.cancel.check()
            verdict = _judge(tensor, written[tensor.name], reader, tensor.name in merge.unmoved)
            merge.advance(tensor.nbytes, tensor.name)
            return verdict

        with ThreadPoolExecutor(WORKERS, thread_name_prefix="mergedesk-verify") as pool:
            verdicts = list(pool.map(judge, sorted(merge.planned, key=lambda tensor: -tensor.nbytes)))
    yield from _told(verdicts)


def _judge(tensor: PlannedTensor, written: StoredTensor, reader: _Reader, unmoved: bool) -> ValueVerdict:
    if tensor.action is Action.MERGE:
        still = [part for part in _parts(tensor) if _same_part(written, tensor, part, reader)]
        explained = bool(still) and (unmoved or all(delta_is_lost(tensor, reader.cancel, part) for part in still))
        return ValueVerdict(tensor, not still, _is_finite(written, reader), True, explained)
    equal = _same_values(written, tensor.source, reader)
    targeted = tensor.action is Action.REPLACE
    changed = targeted and not _same_values(written, tensor.base, reader)
    return ValueVerdict(tensor, changed, not targeted or _is_finite(written, reader), equal)


def _parts(tensor: PlannedTensor) -> list[tuple[int, int] | None]:
    """The rows of each expert that is changed by itself; None, for all rows, where there is but one part."""
    parts = {(*update.rows, update.width) for update in tensor.updates}
    alike = isinstance(tensor.base, TensorRecord) and {width for *_, width in parts} == {tensor.width}
    return [(begin, end) for begin, end, _ in sorted(parts)] if alike and len(parts) > 1 else [None]


def _same_part(written: StoredTensor, tensor: PlannedTensor, part: tuple[int, int] | None, reader: _Reader) -> bool:
    if part is None:
        return _same_values(written, tensor.base, reader)
    return _same_values(_cut(written, part, tensor.width), _cut(tensor.base, part, tensor.width), reader)


def _cut(record: StoredTensor, rows: tuple[int, int], width: int) -> TensorRecord:
    """Some rows of a stored tensor, as a tensor of one dimension."""
    assert isinstance(record, TensorRecord)
    size = record.nbytes // record.elements
    begin, count = rows[0] * width, (rows[1] - rows[0]) * width
    return replace(record, shape=(count,), offset=record.offset + begin * size, nbytes=count * size)


def _same_values(written: StoredTensor, source: StoredTensor, reader: _Reader) -> bool:
    """Whether each value is the source's, rounded once to the written dtype; stops at the first that is not."""
    if written.shape != source.shape:
        return False
    assert isinstance(written, TensorRecord)
    if isinstance(source, PackedTensor):
        return _holds_dequantized(written, source, reader)
    if written.dtype == source.dtype and not DTYPES[written.dtype].computed:
        written, source = _as_bytes(written), _as_bytes(source)
    dtype = torch_dtype(written.dtype)
    for begin, end in reader.blocks(written):
        ours, theirs = reader.block("ours", written, begin, end), reader.block("theirs", source, begin, end)
        if not torch.equal(_bits(ours), _bits(theirs.to(dtype))):
            return False
    return True


def _holds_dequantized(written: TensorRecord, source: PackedTensor, reader: _Reader) -> bool:
    rows = packed_rows(source)
    step = max(1, PACKED_ELEMENTS // source.width)
    for begin in range(0, source.rows, step):
        reader.cancel.check()
        end = min(source.rows, begin + step)
        ours = reader.block("ours", written, begin * source.width, end * source.width)
        if not holds(ours, source, rows(begin, end)):
            return False
    return True


def _as_bytes(record: TensorRecord) -> TensorRecord:
    """The same stretch of the file, for dtypes that torch has no name for."""
    return replace(record, dtype="U8", shape=(record.nbytes,))


def _bits(values: torch.Tensor) -> torch.Tensor:
    """Values as integers, so that a NaN equals itself; as wide ones as fit, which compare much faster."""
    integers = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    nbytes = values.numel() * values.element_size()
    return values.view(torch.int64 if nbytes % 8 == 0 and nbytes else integers[values.element_size()])


def _is_finite(record: StoredTensor, reader: _Reader) -> bool:
    """Whether no value is infinite or NaN: a sum stays finite unless one is, or it overflows by itself."""
    assert isinstance(record, TensorRecord)
    for begin, end in reader.blocks(record):
        values = reader.block("ours", record, begin, end)
        if not bool(values.sum().isfinite()) and not bool(values.isfinite().all()):
            return False
    return True


def _told(verdicts: Sequence[ValueVerdict]) -> Iterator[Check]:
    merged = [one for one in verdicts if one.tensor.action is Action.MERGE]
    replaced = [one for one in verdicts if one.tensor.action is Action.REPLACE]
    others = [one for one in verdicts if not one.tensor.targeted]
    yield _changed_check(merged, replaced)
    broken = sorted(one.tensor.name for one in (*merged, *replaced) if not one.finite)
    yield check_of(CheckCode.TARGETED_FINITE, not broken, count=len(merged) + len(replaced), names=list(broken))
    different = sorted(one.tensor.name for one in others if not one.equal)
    yield check_of(CheckCode.OTHERS_IDENTICAL, not different, count=len(others), names=list(different))
    if replaced:
        unlike = sorted(one.tensor.name for one in replaced if not one.equal)
        yield check_of(CheckCode.REPLACED_EQUAL_ADAPTER, not unlike, count=len(replaced), names=list(unlike))


def _changed_check(merged: Sequence[ValueVerdict], replaced: Sequence[ValueVerdict]) -> Check:
    """Fails where a delta should have left its mark and did not, and where nothing changed at all.

    A full copy may well be the base's own, so copies are looked at only where there is nothing else.
    """
    targeted = merged or replaced
    unchanged = [one for one in targeted if not one.changed]
    names = sorted(one.tensor.name for one in unchanged)
    data: dict[str, Data] = {"count": len(targeted) - len(unchanged), "total": len(targeted), "names": names}
    if targeted and not unchanged:
        return Check(CheckCode.TARGETED_CHANGED, CheckStatus.PASS, data)
    harmless = len(unchanged) < len(targeted) and (not merged or all(one.explained for one in unchanged))
    return Check(CheckCode.TARGETED_CHANGED, CheckStatus.WARN if harmless else CheckStatus.FAIL, data)


CHECK = StagedCheck(
    (
        CheckCode.TARGETED_CHANGED,
        CheckCode.TARGETED_FINITE,
        CheckCode.OTHERS_IDENTICAL,
        CheckCode.REPLACED_EQUAL_ADAPTER,
    ),
    _checks,
    Needs.TENSORS,
)
