"""The quick proof as every merge passes it before it is published: rows of each merged tensor, worked out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...checkpoints.packed_tensor import StoredTensor
from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason
from ...domain.progress import CancelToken
from ...planning.plan import Action, PlannedTensor
from ...storage.safetensors_header import TensorRecord
from ..staged.structure import check_of
from .diagnose import amiss
from .matching import Matching
from .tensor_comparison import Comparison, compare


def samples_check(planned: Sequence[PlannedTensor], written: Mapping[str, StoredTensor], cancel: CancelToken) -> Check:
    """Whether samples of every merged tensor are W + D; a tensor of other values fails, whichever engine wrote it.

    Where PEFT's own code is the only measure of a method, proving it would be to do the same again: that is skipped.
    Raises Cancelled, UserError(read_failed).
    """
    merges = [tensor for tensor in planned if tensor.action is Action.MERGE]
    known = [tensor for tensor in merges if tensor.updates]
    if not merges or len(known) < len(merges):
        reason = SkipReason.ONLY_PEFT_KNOWS if merges else SkipReason.NOTHING_ADDED
        return Check(CheckCode.SAMPLES_AS_EXPECTED, CheckStatus.SKIPPED, {"reason": reason})
    found = {name: record for name, record in written.items() if isinstance(record, TensorRecord)}
    how = Comparison(Matching(found, {}, (), (), ()), quick=True, cancel=cancel)
    wrong = sorted(amiss(compare(known, how, lambda _count, _name: None)))
    return check_of(
        CheckCode.SAMPLES_AS_EXPECTED, not wrong, count=len(merges) - len(wrong), total=len(merges), names=list(wrong)
    )
