"""Checks on the values of a result, read back from the disk: changed where targeted, identical elsewhere.

Nothing here calls the engine's arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import torch

from ..checkpoints.safetensors_header import TensorRecord
from ..findings import Check, CheckCode, CheckStatus, Data
from ..planning.plan import Action, PlannedTensor
from ..positional_io import PositionalFile, open_positional
from ..progress import CancelToken
from ..torch_dtypes import TORCH_DTYPES
from .lost_delta import delta_is_lost
from .structure import check_of

BLOCK_BYTES = 1 << 20
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found on one tensor; ``changed`` is against the base, ``equal`` against its unmerged source.

    ``explained``: unchanged because the delta is nothing, or smaller than the written dtype can show.
    """

    tensor: PlannedTensor
    changed: bool
    finite: bool
    equal: bool
    explained: bool = False


def number_checks(
    planned: Sequence[PlannedTensor],
    written: Mapping[str, TensorRecord],
    advance: Callable[[int, str], None],
    cancel: CancelToken,
) -> list[Check]:
    """Compare every written tensor with what it came from; ``advance`` is told bytes and name of each one done.

    Raises Cancelled, UserError(read_failed).
    """
    with ExitStack() as stack:
        files = _open_all(stack, planned, written)

        def judge(tensor: PlannedTensor) -> Verdict:
            cancel.check()
            verdict = _judge(tensor, written[tensor.name], files, cancel)
            advance(tensor.nbytes, tensor.name)
            return verdict

        with ThreadPoolExecutor(WORKERS, thread_name_prefix="mergedesk-verify") as pool:
            verdicts = list(pool.map(judge, sorted(planned, key=lambda tensor: -tensor.nbytes)))
    return list(_checks(verdicts))


def _open_all(
    stack: ExitStack, planned: Sequence[PlannedTensor], written: Mapping[str, TensorRecord]
) -> dict[Path, PositionalFile]:
    paths = {record.file for record in written.values()}
    paths |= {tensor.source.file for tensor in planned} | {tensor.base.file for tensor in planned}
    files = {path: open_positional(path) for path in paths}
    for file in files.values():
        stack.callback(file.close)
    return files


def _judge(
    tensor: PlannedTensor, written: TensorRecord, files: Mapping[Path, PositionalFile], cancel: CancelToken
) -> Verdict:
    if tensor.action is Action.COPY:
        equal = _same_bytes(written, tensor.source, files, cancel)
        return Verdict(tensor, not equal, True, equal)
    if tensor.action is Action.MERGE:
        changed = _differs(written, tensor.base, files)
        explained = not changed and delta_is_lost(tensor, cancel)
        return Verdict(tensor, changed, _is_finite(written, files, cancel), True, explained)
    equal = _same_values(written, tensor.source, files, cancel)
    targeted = tensor.action is Action.REPLACE
    changed = targeted and _differs(written, tensor.base, files)
    return Verdict(tensor, changed, not targeted or _is_finite(written, files, cancel), equal)


def _blocks(record: TensorRecord, cancel: CancelToken | None = None) -> Iterator[tuple[int, int]]:
    """Element ranges of about BLOCK_BYTES each."""
    step = max(1, BLOCK_BYTES // TORCH_DTYPES[record.dtype].itemsize)
    for begin in range(0, record.elements, step):
        if cancel is not None:
            cancel.check()
        yield begin, min(record.elements, begin + step)


def _read(record: TensorRecord, files: Mapping[Path, PositionalFile], begin: int, end: int) -> torch.Tensor:
    dtype = TORCH_DTYPES[record.dtype]
    buffer = bytearray((end - begin) * dtype.itemsize)
    files[record.file].read_into(memoryview(buffer), record.offset + begin * dtype.itemsize)
    return torch.frombuffer(buffer, dtype=dtype)


def _same_bytes(
    one: TensorRecord, other: TensorRecord, files: Mapping[Path, PositionalFile], cancel: CancelToken
) -> bool:
    if one.nbytes != other.nbytes:
        return False
    left, right = bytearray(min(BLOCK_BYTES, one.nbytes)), bytearray(min(BLOCK_BYTES, one.nbytes))
    for begin in range(0, one.nbytes, BLOCK_BYTES):
        cancel.check()
        size = min(BLOCK_BYTES, one.nbytes - begin)
        files[one.file].read_into(memoryview(left)[:size], one.offset + begin)
        files[other.file].read_into(memoryview(right)[:size], other.offset + begin)
        if left != right:
            return False
    return True


def _differs(written: TensorRecord, base: TensorRecord, files: Mapping[Path, PositionalFile]) -> bool:
    """Whether any value is not the base's, beyond what rounding the base to the written dtype gives."""
    if written.shape != base.shape:
        return True
    dtype = TORCH_DTYPES[written.dtype]
    for begin, end in _blocks(written):
        ours, theirs = _read(written, files, begin, end), _read(base, files, begin, end)
        if not torch.equal(_bits(ours), _bits(theirs.to(dtype))):
            return True
    return False


def same_values(written: TensorRecord, source: TensorRecord) -> bool:
    """Whether a written tensor holds its source's values, rounded once to the written dtype."""
    with ExitStack() as stack:
        files = {path: open_positional(path) for path in {written.file, source.file}}
        for file in files.values():
            stack.callback(file.close)
        return written.shape == source.shape and _same_values(written, source, files, CancelToken())


def _same_values(
    written: TensorRecord, source: TensorRecord, files: Mapping[Path, PositionalFile], cancel: CancelToken
) -> bool:
    dtype = TORCH_DTYPES[written.dtype]
    for begin, end in _blocks(written, cancel):
        ours, theirs = _read(written, files, begin, end), _read(source, files, begin, end)
        if not torch.equal(_bits(ours), _bits(theirs.to(dtype))):
            return False
    return True


def _bits(values: torch.Tensor) -> torch.Tensor:
    """Values as integers, so that a NaN equals itself."""
    integers = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    return values.view(integers[values.element_size()]) if values.dtype.is_floating_point else values


def _is_finite(record: TensorRecord, files: Mapping[Path, PositionalFile], cancel: CancelToken) -> bool:
    """Whether no value is infinite or NaN: a sum stays finite unless one is, or it overflows by itself."""
    for begin, end in _blocks(record, cancel):
        values = _read(record, files, begin, end)
        if not bool(values.sum(dtype=torch.float32).isfinite()) and not bool(values.isfinite().all()):
            return False
    return True


def _checks(verdicts: Sequence[Verdict]) -> Iterator[Check]:
    merged = [one for one in verdicts if one.tensor.action is Action.MERGE]
    replaced = [one for one in verdicts if one.tensor.action is Action.REPLACE]
    others = [one for one in verdicts if not one.tensor.targeted]
    yield _changed_check(merged)
    broken = sorted(one.tensor.name for one in (*merged, *replaced) if not one.finite)
    yield check_of(CheckCode.TARGETED_FINITE, not broken, count=len(merged) + len(replaced), names=list(broken))
    different = sorted(one.tensor.name for one in others if not one.equal)
    yield check_of(CheckCode.OTHERS_IDENTICAL, not different, count=len(others), names=list(different))
    if replaced:
        unlike = sorted(one.tensor.name for one in replaced if not one.equal)
        yield check_of(CheckCode.REPLACED_EQUAL_ADAPTER, not unlike, count=len(replaced), names=list(unlike))


def _changed_check(merged: Sequence[Verdict]) -> Check:
    """Fails where a delta should have left its mark and did not, and where nothing changed at all."""
    unchanged = [one for one in merged if not one.changed]
    names = sorted(one.tensor.name for one in unchanged)
    data: dict[str, Data] = {"count": len(merged) - len(unchanged), "total": len(merged), "names": names}
    if not unchanged:
        return Check(CheckCode.TARGETED_CHANGED, CheckStatus.PASS, data)
    harmless = len(unchanged) < len(merged) and all(one.explained for one in unchanged)
    return Check(CheckCode.TARGETED_CHANGED, CheckStatus.WARN if harmless else CheckStatus.FAIL, data)
