"""What methods give that only PEFT's own code knows: it merges one layer at a time, and each is compared at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ...checkpoints.checkpoint import Checkpoint
from ...domain.progress import CancelToken
from ...domain.requests import Precision
from ...engines.peft import whole
from ...engines.peft.attach import attach
from ...engines.peft.layers import mark, merged_values, plan_for
from ...engines.peft.survey import Survey, survey
from ...engines.plain_copy import write_plain_copy
from ...planning.engine_choice import needs_plain_copy
from ...planning.plan import Plan, PlannedTensor, make_plan
from ...planning.resolved_adapter import ResolvedAdapter
from ...runtime.transformers_class import let_go
from ...storage.safetensors_header import TensorRecord
from .tensor_comparison import Advance, Comparison, Measured, compare


@contextmanager
def loadable_base(base: Checkpoint, cancel: CancelToken) -> Iterator[Checkpoint]:
    """The base as PEFT can load it: itself, or a plain copy for as long as the block lasts."""
    if not needs_plain_copy(base):
        yield base
        return
    with TemporaryDirectory(prefix="mergedesk-") as home:
        yield write_plain_copy(base, Path(home) / "plain", lambda _count, _name: None, cancel)


def precision_of(merged: Mapping[str, TensorRecord], base: Checkpoint) -> Precision:
    """AUTO where PEFT merged in the base's dtype, as far as can be seen; else everything is worked out in float32."""
    same = sum(name in base.tensors and base.tensors[name].dtype == record.dtype for name, record in merged.items())
    return Precision.AUTO if 2 * same > len(merged) else Precision.FLOAT32


class PeftSide:
    """The base with the adapter attached; ``plan`` says what becomes of every tensor."""

    def __init__(self, base: Checkpoint, mapped: ResolvedAdapter, precision: Precision, cancel: CancelToken) -> None:
        self.model = attach(base, mapped.adapter)
        self._survey: Survey = survey(self.model, base, mapped.adapter)
        self._whole: whole.Merged | None = None
        if self._survey.layers is not None:
            self.plan: Plan = plan_for(self._survey, base, precision, ())
        else:
            let_go(self.model)
            self.model = attach(base, mapped.adapter, whole.loading_dtype(base, precision))
            self._whole = whole.merge_whole(self.model, self._survey.targeted, base, cancel.check)
            plain = make_plan(base, [], Precision.AUTO)
            self.plan = mark(plain, base, self._whole.targeted, self._whole.splits_tie)

    def compare(self, comparison: Comparison, advance: Advance) -> list[Measured]:
        """Every tensor of the plan. Raises Cancelled, UserError(peft_failed, read_failed)."""
        if self._whole is not None:
            expected = {name: self._whole.tensors[name] for name in self._whole.targeted}
            return compare(self.plan.tensors, replace(comparison, expected=expected), advance)
        planned = {tensor.name: tensor for tensor in self.plan.tensors}
        measured: dict[str, Measured] = {}
        for tensor, _, merged in merged_values(self._survey.layers or (), planned, comparison.cancel):
            for measurement in compare([tensor], replace(comparison, expected={tensor.name: merged}), advance):
                measured[measurement.name] = measurement
        rest: list[PlannedTensor] = [tensor for name, tensor in planned.items() if name not in measured]
        return [*measured.values(), *compare(rest, comparison, advance)]

    def close(self) -> None:
        """Let go of the model and its mapped files."""
        let_go(self.model)
