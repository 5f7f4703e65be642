"""What becomes of each tensor of a model that is packed, merged with adapters or as it is; torch is not imported."""

from __future__ import annotations

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, error
from ..domain.progress import CancelToken
from ..domain.requests import CheckRequest, Engine, Precision
from ..export.packed.plan import LinearWeights, PackedPlan, plan_packing
from ..export.packed.scheme import SCHEMES, SHORT_GROUPS, Scheme
from ..planning.known_classes import linear_weights_of_table
from ..planning.plan import Plan, make_plan, with_rounding
from ..planning.preflight import Ready
from ..planning.task_heads import add_head
from ..quantization.detect import packed_in
from ..runtime.bounded_call import Elsewhere, LimitMet, Limits, bounded

CLASS_LIMITS = Limits(60.0, 3_000_000_000)
_LINEAR = Elsewhere("mergedesk.export.packed.linear_layers:linear_weights", LinearWeights)


def packed_merge(
    request: CheckRequest, form: str, ready: Ready, cancel: CancelToken, limits: Limits = CLASS_LIMITS
) -> PackedPlan | Finding:
    """What becomes of each tensor of a merge that is packed, or why it cannot be. Raises Cancelled."""
    if ready.base.stays_packed or any(packed_in(ready.base)):
        return error(Code.EXPORT_PACKED_ALREADY, path=str(request.base))
    if ready.engine is Engine.PEFT:
        return error(Code.EXPORT_NEEDS_STREAMING)
    plan = make_plan(ready.base, ready.mapped, request.precision, (), request.combination)
    plan = with_rounding(add_head(plan, ready.head, request.precision, ()), ready.base, request.rounding)
    return planned_packing(plan, ready.base, SCHEMES[form], cancel, limits)


def planned_packing(
    plan: Plan, model: Checkpoint, scheme: Scheme, cancel: CancelToken, limits: Limits = CLASS_LIMITS
) -> PackedPlan | Finding:
    """What becomes of each tensor of a plan, or why nothing can be packed. Raises Cancelled.

    ``limits``: of the process in which a class is asked that no table knows.
    """
    name = model.architecture or ""
    if not name:
        return error(Code.EXPORT_CLASS_UNNAMED, path=str(model.folder))
    try:
        linear = _linear_weights(model, cancel, limits)
    except LimitMet as trouble:
        return error(Code.EXPORT_CLASS_NOT_BUILT, name=name, reason=trouble.reason)
    if not linear.built:
        return error(Code.EXPORT_CLASS_UNKNOWN, name=name)
    if not linear.names:
        return error(Code.EXPORT_NOTHING_LINEAR, name=name)
    packed = plan_packing(plan, frozenset(linear.names), scheme)
    return packed if packed.packed else _nothing_fits(plan, linear, scheme, name)


def _nothing_fits(plan: Plan, linear: LinearWeights, scheme: Scheme, name: str) -> Finding:
    """With the way out that there is: shorter groups, if those would fit."""
    shorter = SHORT_GROUPS
    helps = scheme.bits == shorter.bits and plan_packing(plan, frozenset(linear.names), shorter).packed
    return error(Code.EXPORT_NOTHING_FITS if helps else Code.EXPORT_NO_GROUP_FITS, name=name, size=scheme.size)


def _linear_weights(model: Checkpoint, cancel: CancelToken, limits: Limits) -> LinearWeights:
    """By a table where that knows the class, which spares importing transformers. Raises Cancelled, LimitMet."""
    if (known := linear_weights_of_table(model)) is not None:
        return LinearWeights(True, known)
    return bounded(_LINEAR, model.folder, limits=limits, check=cancel.check)


def refused_options(request: CheckRequest) -> str | None:
    """An option that says nothing of a result that is packed, by its name; None where there is none."""
    if request.precision is not Precision.AUTO:
        return "--precision"
    if getattr(request, "resume", False):  # only a merge goes on with what another left
        return "--resume"
    return "--keep-quantization" if request.keep_quantization else None
