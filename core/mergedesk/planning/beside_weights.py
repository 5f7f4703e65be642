"""Trained weights that lie beside an adapter: those that the base has a place for are merged as full copies.

Trainers save what they train besides the low-rank pairs (projectors, norms, towers, heads) in files of their own, which
PEFT does not read. What has no place in the base refuses the merge by name: left out in silence it would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from msgspec import structs

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import PEFT_PREFIX, Role, parse_adapter_key
from ..checkpoints.beside_adapter import files_beside
from ..checkpoints.checkpoint import Checkpoint
from ..checkpoints.files import SAFETENSORS, is_pointer
from ..checkpoints.part_folders import part_folders
from ..domain.findings import Code, Finding, UserError, error, info, warning
from ..storage.pickle.containers import read_contents
from ..storage.pickle.weights import read_pickled
from ..storage.safetensors_header import TensorRecord, read_header
from .adapter_repair import plain_name
from .keymap import map_keys
from .task_heads import HEADS
from .tied_embeddings import equal_bytes, same_values

# What training puts before a model's own names; and the adapter's name, which PEFT takes out when it saves.
_WRAPPERS = frozenset({"base_model", "model", "module"})
_DEFAULT = re.compile(r"(\.lora_[A-Za-z_]+)\.[^.]+(?=\.(?:weight|bias)$)")
_MOST_COMPARED_BYTES = 1_000_000_000
# Files whose weights are cut short, in parts, or elsewhere.
_LOST = frozenset({Code.FILE_TRUNCATED, Code.PICKLE_OF_PARTS, Code.FOLDER_UNREADABLE})


@dataclass(slots=True)
class _Folding:
    """The adapter's tensors with those that are folded in, and what is to be said, as it comes up."""

    adapter: Adapter
    base: Checkpoint
    tensors: dict[str, TensorRecord]
    folded: dict[str, int] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def fold_beside(adapter: Adapter, base: Checkpoint) -> tuple[Adapter, list[Finding]]:
    """The adapter with all that lies beside it and has its place in the base, and what is to be said about it."""
    folding = _Folding(adapter, base, dict(adapter.tensors))
    parts = {path for folder in (base.folder, *adapter.folders) for path in part_folders(folder)}
    for file in files_beside(adapter):
        name = next(
            file.relative_to(folder).as_posix() for folder in reversed(adapter.folders) if folder in file.parents
        )
        if name.rpartition("/")[0] in parts:
            folding.carried.add(name)
        elif (tensors := _read(file, name, folding)) is not None:
            _fold(folding, name, tensors)
    if folding.carried:
        folding.findings.append(info(Code.BESIDE_CARRIED, names=sorted(folding.carried)))
    if folding.folded:
        count = sum(folding.folded.values())
        folding.findings.append(info(Code.BESIDE_FOLDED, names=sorted(folding.folded), count=count))
        adapter = replace(adapter, tensors=folding.tensors, repaired=True, folded=True)
    return adapter, folding.findings


def _read(file: Path, name: str, folding: _Folding) -> Mapping[str, TensorRecord] | None:
    try:
        header = read_header(file) if file.suffix == SAFETENSORS else read_pickled(file).header
    except UserError as trouble:
        say = error if _is_lost(file, trouble.code) else warning
        folding.findings.append(say(Code.BESIDE_UNREADABLE, file=name, reason=trouble.code.value))
        return None
    return header.tensors


def _is_lost(file: Path, trouble: Code) -> bool:
    """Whether a file that cannot be read holds weights all the same; any other may be of anything."""
    if trouble is Code.PICKLE_UNCLEAR:
        return bool(read_contents(file).offsets)
    return trouble in _LOST or file.suffix == SAFETENSORS or is_pointer(file)


def _fold(folding: _Folding, name: str, tensors: Mapping[str, TensorRecord]) -> None:
    """Put a file's tensors among the adapter's, or none of them where one has no place."""
    plain = {_plain(tensor): record for tensor, record in tensors.items()}
    if len(plain) < len(tensors):
        _refuse(folding, Code.BESIDE_UNPLACED, name, tensors)
    elif any(parse_adapter_key(tensor).role is not Role.BASE_PARAMETER for tensor in plain):
        _compare_state(folding, name, plain)
    else:
        places = _places(plain, folding.base)
        left = [tensor for tensor in plain if tensor not in places]
        if not _refuse(folding, Code.BESIDE_UNPLACED, name, left):
            _add(folding, name, {PEFT_PREFIX + places[tensor]: record for tensor, record in plain.items()})


def _compare_state(folding: _Folding, name: str, plain: Mapping[str, TensorRecord]) -> None:
    """A file that holds adapter weights too is a state of the whole training, and says nothing new, or another one."""
    own = {_plain(tensor): record for tensor, record in folding.adapter.tensors.items()}
    named = {_DEFAULT.sub(r"\1", tensor.replace(".base_layer.", ".")): record for tensor, record in plain.items()}
    if sum(record.nbytes for record in plain.values()) > _MOST_COMPARED_BYTES:
        differing = list(named.keys() - own.keys() - folding.base.tensors.keys())
    else:
        known = {**folding.base.tensors, **own}
        differing = [
            tensor for tensor, record in named.items() if tensor not in known or not same_values(record, known[tensor])
        ]
    trained = [tensor for tensor in differing if parse_adapter_key(tensor).role is Role.BASE_PARAMETER]
    if not _refuse(folding, Code.BESIDE_DIFFERS, name, trained) and differing:
        folding.findings.append(warning(Code.BESIDE_ANOTHER_STATE, file=name, names=sorted(differing)))


def _plain(name: str) -> str:
    return plain_name(name).removeprefix(PEFT_PREFIX)


def _refuse(folding: _Folding, code: Code, name: str, left: Collection[str]) -> bool:
    if left:
        folding.findings.append(error(code, file=name, names=sorted(left), count=len(left)))
    return bool(left)


def _places(plain: Mapping[str, TensorRecord], base: Checkpoint) -> dict[str, str]:
    """What the base calls each, without what a wrapper put before it; heads that the base may lack keep their names."""
    places: dict[str, str] = {name: name for name in plain if name.partition(".")[0] in HEADS}
    cut = {name: name for name in plain if name not in places}
    while cut:
        keys = map_keys(list(cut.values()), base.tensors, base.config)
        known = {**keys.matched, **{name: name for name in keys.tied}}
        places |= {name: known[shorter] for name, shorter in cut.items() if shorter in known}
        shorter = {name: tensor.partition(".")[2] for name, tensor in cut.items() if name not in places}
        cut = {name: tensor for name, tensor in shorter.items() if cut[name].partition(".")[0] in _WRAPPERS}
    return places


def _add(folding: _Folding, name: str, tensors: Mapping[str, TensorRecord]) -> None:
    own = {PEFT_PREFIX + _plain(tensor): record for tensor, record in folding.tensors.items()}
    differing = [tensor for tensor, record in tensors.items() if tensor in own and not equal_bytes(record, own[tensor])]
    if not _refuse(folding, Code.BESIDE_DIFFERS, name, differing):
        new = {tensor: structs.replace(record, name=tensor) for tensor, record in tensors.items() if tensor not in own}
        folding.tensors |= new
        folding.folded |= {name: len(new)} if new else {}
