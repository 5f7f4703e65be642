"""A head that an adapter was trained with and its base's class has no place for: the result is of the task's class.

People train classifiers on a plain language model; PEFT then saves the whole head with the adapter. transformers makes
the class from the task, takes the body from the base and leaves the old head behind. So is it done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, info, warning
from ..domain.requests import Precision
from ..storage.safetensors_header import TensorRecord
from .plan import Action, Plan, PlannedTensor, output_dtype
from .resolved_adapter import ResolvedAdapter
from .transformers_conversion import body_prefix, class_for_task

# transformers' number of labels where a config names none.
_LABELS = 2
HEADS = ("score", "classifier", "classification_head", "qa_outputs")


@dataclass(frozen=True, slots=True)
class NewHead:
    """The class that the task asks for, the adapter's tensors of its head, and the base's that have no place in it.

    ``dtype`` is what most of the base has; ``config`` is what the config must say of the head.
    """

    architecture: str
    tensors: Mapping[str, TensorRecord]
    dropped: tuple[str, ...]
    dtype: str
    config: Mapping[str, Any]


def find_head(base: Checkpoint, mapped: Sequence[ResolvedAdapter]) -> NewHead | None:
    """The head that the one adapter brings for a class other than the base's; None where the base has its place."""
    if len(mapped) != 1:
        return None
    resolved = mapped[0]
    architecture = class_for_task(resolved.adapter.task_type, base.model_type)
    copies = ((name, resolved.contents.copies.get(name)) for name in resolved.keys.unmatched)
    brought = {name: record for name, record in copies if record and name.partition(".")[0] in HEADS}
    if architecture in (None, base.architecture) or not brought or len(brought) != len(resolved.keys.unmatched):
        return None
    dropped = tuple(_left_behind(base))
    dtypes = [record.dtype for name, record in base.tensors.items() if record.is_floating and name not in dropped]
    dtype = max(sorted(set(dtypes)), key=dtypes.count, default="F32")
    return NewHead(str(architecture), brought, dropped, dtype, _config_of(str(architecture), brought, base.config))


def is_task_head(name: str, class_name: str) -> bool:
    """Whether a parameter of that class is over a task's labels, or leads to them: no base has it before training."""
    if any(mark in class_name for mark in ("CausalLM", "LMHead", "ConditionalGeneration", "MaskedLM")):
        return False
    return not {*HEADS, "pre_classifier", "pooler"}.isdisjoint(name.split("."))


def _left_behind(base: Checkpoint) -> Iterator[str]:
    """Tensors of the base that are no part of its model without a head."""
    inner = f"{body_prefix(base.model_type)}."
    if any(name.startswith(inner) for name in base.tensors):
        yield from (name for name in base.tensors if not name.startswith(inner))
    elif "lm_head.weight" in base.tensors:
        yield "lm_head.weight"


def with_head(
    base: Checkpoint, mapped: tuple[ResolvedAdapter, ...], head: NewHead | None
) -> tuple[Checkpoint, tuple[ResolvedAdapter, ...]]:
    """The base as a model of the new class, and the adapter without the head, which has no tensor of the base's."""
    if head is None:
        return base, mapped
    [resolved] = mapped
    tensors = {name: record for name, record in base.tensors.items() if name not in head.dropped}
    config = {**base.config, **head.config}
    copies = {name: record for name, record in resolved.contents.copies.items() if name not in head.tensors}
    contents = replace(resolved.contents, copies=copies)
    keys = replace(resolved.keys, unmatched=())
    return replace(base, tensors=tensors, config=config), (replace(resolved, contents=contents, keys=keys),)


def add_head(plan: Plan, head: NewHead | None, precision: Precision, keep_float32: Sequence[str] = ()) -> Plan:
    """The plan with the head's tensors, in the dtype that most of the base has, as PEFT's script would load them."""
    if head is None:
        return plan
    new = []
    for name, record in head.tensors.items():
        dtype = output_dtype(structs.replace(record, dtype=head.dtype), precision, keep_float32, name)
        new.append(PlannedTensor(name, dtype, record.shape, Action.REPLACE, record, record))
    return replace(plan, tensors=(*plan.tensors, *new), targeted_modules=plan.targeted_modules + 1)


def _config_of(architecture: str, tensors: Mapping[str, TensorRecord], config: Mapping[str, Any]) -> dict[str, Any]:
    """What the config must say of the head: the class and, if they are not as many as before, the labels."""
    rows = [record.shape[0] for name, record in tensors.items() if name.endswith(".weight") and record.shape]
    stated = config.get("id2label")
    before = len(stated) if isinstance(stated, Mapping) else _LABELS
    changes: dict[str, Any] = {"architectures": [architecture]}
    if rows and rows[-1] != before:
        names = [f"LABEL_{number}" for number in range(rows[-1])]
        changes["id2label"] = {str(number): name for number, name in enumerate(names)}
        changes["label2id"] = {name: number for number, name in enumerate(names)}
    return changes


def head_findings(base: Checkpoint, mapped: Sequence[ResolvedAdapter], head: NewHead | None) -> Iterator[Finding]:
    """That the result gets another class; or that a classifier's head is nowhere to be had."""
    if head is not None:
        names, dropped = sorted(head.tensors), list(head.dropped)
        yield info(Code.HEAD_ADDED, name=head.architecture, names=names, dropped=dropped, count=len(dropped))
    named = (resolved for resolved in mapped if resolved.adapter.task_type)  # no task is no claim
    for resolved in named if head is None else ():
        wanted = class_for_task(resolved.adapter.task_type, base.model_type)
        held = any(name.partition(".")[0] in HEADS for name in (*resolved.contents.copies, *base.tensors))
        if wanted not in (None, base.architecture) and not held:
            task = str(resolved.adapter.task_type)
            yield warning(Code.HEAD_MISSING, task=task, name=str(wanted), base_class=str(base.architecture))
