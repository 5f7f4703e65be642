"""The quick proof as every merge passes it before it is published: rows of each merged tensor, worked out anew."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.findings import Check, CheckCode, CheckStatus, SkipReason, check_of
from ...planning.plan import Action
from ...storage.safetensors_header import TensorRecord
from ..compare.diagnose import amiss
from ..compare.matching import Matching
from ..compare.tensor_comparison import Comparison, compare
from .staged_check import Needs, StagedCheck, StagedMerge


def _checks(merge: StagedMerge) -> Iterator[Check]:
    """Whether samples of every merged tensor are W + D; a tensor of other values fails, whichever engine wrote it.

    Where PEFT's own code is the only measure of a method, proving it would be to do the same again: that is skipped.
    """
    merges = [tensor for tensor in merge.planned if tensor.action is Action.MERGE]
    known = [tensor for tensor in merges if tensor.updates]
    if not merges or len(known) < len(merges):
        reason = SkipReason.ONLY_PEFT_KNOWS if merges else SkipReason.NOTHING_ADDED
        yield Check(CheckCode.SAMPLES_AS_EXPECTED, CheckStatus.SKIPPED, {"reason": reason})
        return
    found = {name: record for name, record in merge.readable.tensors.items() if isinstance(record, TensorRecord)}
    how = Comparison(Matching(found, {}, (), (), ()), quick=True, cancel=merge.cancel)
    wrong = sorted(amiss(compare(known, how, lambda _count, _name: None)))
    yield check_of(
        CheckCode.SAMPLES_AS_EXPECTED, not wrong, count=len(merges) - len(wrong), total=len(merges), names=list(wrong)
    )


CHECK = StagedCheck(_checks, Needs.TENSORS)
