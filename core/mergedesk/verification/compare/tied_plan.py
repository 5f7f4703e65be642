"""Tied embeddings as a merged folder may hold them: one tensor for both sides, two, or two that should be one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from msgspec import structs

from ...checkpoints.checkpoint import Checkpoint
from ...planning.keymap import input_embeddings, output_embeddings
from ...planning.plan import Action, PlannedTensor
from ...planning.tied_embeddings import find_tie, same_values


@dataclass(frozen=True, slots=True)
class TiedPlan:
    """The plan as the merged folder stores it. ``in_place``: both sides' changes go into the one stored tensor.

    ``differs``: heads that the folder's config ties to embeddings of other values.
    """

    tensors: tuple[PlannedTensor, ...]
    in_place: bool = False
    differs: tuple[str, ...] = ()


def under_base_name(merged: Checkpoint, base: Checkpoint) -> Checkpoint:
    """The same with its one tied tensor named after the side that the base stores.

    transformers stores the embeddings, ``safetensors.torch.save_model`` the head, and either loads the other's.
    """
    embeddings, head = input_embeddings(merged.tensors), output_embeddings(merged.tensors)
    if not merged.config.get("tie_word_embeddings") or (embeddings is None) == (head is None):
        return merged
    wanted = input_embeddings(base.tensors) or output_embeddings(base.tensors)
    if wanted is None or (embeddings is None) == (wanted == output_embeddings(base.tensors)):
        return merged
    stored = embeddings or head
    renamed = {wanted if name == stored else name: record for name, record in merged.tensors.items()}
    return replace(merged, tensors=renamed)


def as_stored(planned: Collection[PlannedTensor], base: Checkpoint, merged: Checkpoint) -> TiedPlan:
    """Add a head that the folder stores beside the plan's embeddings, or leave out one that it does not store."""
    tie = find_tie(base)
    tensors = {tensor.name: tensor for tensor in planned}
    differs = _differs(base, merged)
    if tie is None or tie.embeddings not in tensors:
        return TiedPlan(tuple(tensors.values()), False, differs)
    if tie.head in merged.tensors:
        tensors.setdefault(tie.head, structs.replace(tensors[tie.embeddings], name=tie.head))
        return TiedPlan(tuple(tensors.values()), False, differs)
    head = tensors.pop(tie.head, None)
    if head is None or merged.config.get("tie_word_embeddings") is False:
        return TiedPlan(tuple(planned))
    together = _together(tensors[tie.embeddings], head)
    embeddings, tensors[tie.embeddings] = tensors[tie.embeddings], together
    came_apart = (embeddings.source, embeddings.updates) != (head.source, head.updates)
    return TiedPlan(tuple(tensors.values()), came_apart and (head.targeted or together.targeted))


def _together(embeddings: PlannedTensor, head: PlannedTensor) -> PlannedTensor:
    """What PEFT's merge in place leaves in the one tensor."""
    if embeddings.updates == head.updates:
        return embeddings
    if not head.updates:
        return embeddings if embeddings.targeted else structs.replace(head, name=embeddings.name)
    return structs.replace(embeddings, action=Action.MERGE, updates=(*embeddings.updates, *head.updates))


def _differs(base: Checkpoint, merged: Checkpoint) -> tuple[str, ...]:
    if not _stated_but_untrue(merged) or _stated_but_untrue(base):
        return ()
    tie = find_tie(merged)
    return (tie.head,) if tie else ()


def _stated_but_untrue(model: Checkpoint) -> bool:
    tie = find_tie(model)
    return (
        tie is not None and tie.head_stored and not same_values(model.tensors[tie.embeddings], model.tensors[tie.head])
    )
