"""A packed base that stays packed: what adapters change of it is written in its own format again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..checkpoints.checkpoint import Checkpoint, PackedTensor
from ..domain.findings import Code, Finding, UserError, error
from ..domain.requests import CheckRequest, Engine, Precision
from ..inspection.inspect_folder import FolderContents
from ..quantization.detect import looks_packed, seen_unpacked
from ..quantization.registry import FORMATS
from ..storage.safetensors_header import TensorRecord
from .engine_choice import why_not_streaming
from .in_place import map_adapters
from .plan import Action, PlannedTensor, make_plan
from .resolved_adapter import ResolvedAdapter
from .vocabulary_resize import find_resize


def kept_in_format(
    base: FolderContents, adapters: Sequence[FolderContents], request: CheckRequest
) -> Checkpoint | Finding | None:
    """The base, whose targeted packed weights are to be packed again, or why they cannot be.

    None where the adapters cannot be laid over it, which others tell.
    """
    whole = [folder.adapter for folder in adapters if folder.adapter is not None]
    stored = base.checkpoint
    if stored is None or not whole or len(whole) < len(adapters):
        return None
    seen = base.dequantized or seen_unpacked(stored)[0]
    mapped = list(map_adapters(seen, whole, request.adapters))
    if reasons := _what_it_needs(seen, mapped, request):
        return error(Code.KEEPING_NEEDS_STREAMING, reasons=reasons)
    records = {name: record for name, record in stored.tensors.items() if isinstance(record, TensorRecord)}
    kept = replace(seen, stored=records)
    planned = _planned(kept, mapped, request)
    if lost := [tensor.base for tensor in planned if not _is_packed_again(tensor)]:
        names, packings = [one.name for one in lost], sorted({_packing(one) for one in lost})
        return error(Code.PACKING_NOT_KEPT, names=names, count=len(names), formats=packings)
    changed = {part for tensor in planned for part in _parts(tensor.base)}
    packed = (name for name, record in records.items() if seen.tensors.get(name) is not record or looks_packed(record))
    return replace(kept, kept_packed=frozenset(packed).difference(changed))


def _what_it_needs(base: Checkpoint, mapped: Sequence[ResolvedAdapter], request: CheckRequest) -> list[str]:
    """What keeps tiles of it from being packed again, one after the other."""
    asked = [f"--precision {request.precision}"] if request.precision is not Precision.AUTO else []
    asked += [f"--engine {request.engine}"] if request.engine is Engine.PEFT else []
    resizes = ["--resize-vocabulary"] if find_resize(base, mapped) is not None else []
    return [*asked, *resizes, *why_not_streaming(mapped)]


def _planned(base: Checkpoint, mapped: Sequence[ResolvedAdapter], request: CheckRequest) -> list[PlannedTensor]:
    """What becomes of packed weights that are targeted, seen as plain ones."""
    plain = replace(base, stored={})
    try:
        plan = make_plan(plain, mapped, Precision.AUTO, combination=request.combination)
    except (UserError, LookupError, ValueError, ArithmeticError):  # what does not fit is told by the checks to come
        return []
    return [tensor for tensor in plan.tensors if tensor.targeted and isinstance(tensor.base, PackedTensor)]


def _is_packed_again(tensor: PlannedTensor) -> bool:
    """Whether its format can be written, and everything that is changed by itself begins and ends where units do."""
    packed = tensor.base
    assert isinstance(packed, PackedTensor)
    repacks = FORMATS[packed.packing].repacks(packed)
    if repacks is None or tensor.action is not Action.MERGE or tensor.source is not packed:
        return False
    if tensor.width != packed.width or any(update.single_rows is not None for update in tensor.updates):
        return False
    borders = {row * update.width // packed.width for update in tensor.updates for row in update.rows}
    return all(border % repacks.unit == 0 for border in borders - {packed.rows})


def _packing(tensor: object) -> str:
    return tensor.packing if isinstance(tensor, PackedTensor) else ""


def _parts(tensor: object) -> Iterable[str]:
    return [part.name for part in tensor.parts.values()] if isinstance(tensor, PackedTensor) else []
