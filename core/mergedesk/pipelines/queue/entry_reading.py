"""From an entry of a batch file to jobs; its keys are what the command line calls its options."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from ...domain.findings import Code, UserError
from ...domain.gguf_export import GgufForm, GgufRequest
from ...domain.hub_reference import parse_reference
from ...domain.job_list import Task
from ...domain.packed_export import ExportRequest
from ...domain.requests import NEAREST, SUM, AdapterChoice, Combination, MergeRequest, VerifyRequest
from ...domain.transfer import UploadRequest
from ...domain.units import parse_size
from ...export.packed.scheme import SCHEMES
from ...llama_cpp.types import TYPES
from ...runtime.codec import from_plain, to_plain
from .entry import AS_THEY_ARE, Entry
from .one_each import Choices, one_each

T = TypeVar("T")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?")
_COMBINING = ("combine", "density", "majority_sign", "seed")
_MERGE = ("base", "adapter", "output", "for_each", "rounding", "max_shard_size", *_COMBINING, *AS_THEY_ARE)
_EACH = ("base", "adapter", "strength")
_VERIFY = ("base", "adapter", "merged", "quick", "own_alpha", *_COMBINING)
_OF_GGUF = ("type", "base", "prompt", "answer")
_EXPORT = ("model", "to", "output", "overwrite", *_OF_GGUF)
_UPLOAD = ("model", "repo", "private")
# What a message of the codec calls a field, and what a file calls it.
_CALLED = {"adapters": "adapter", "combination": "combine", "types": "type", "repository": "repo", "source": "model"}


def tasks_of(kind: str, entry: Entry) -> tuple[Task, ...]:
    """The jobs of an entry: one, or as many as it is ``for_each`` of. Raises UserError (batch_…)."""
    known, make = _KINDS[kind]
    _refuse_unknown(entry, known)
    return make(entry)


def _refuse_unknown(entry: Entry, known: tuple[str, ...]) -> None:
    if unknown := [key for key in entry.content if key not in known]:
        raise UserError(Code.BATCH_KEY_UNKNOWN, number=entry.number, key=str(unknown[0]), known=", ".join(known))


def _merges(entry: Entry) -> tuple[Task, ...]:
    for_each = _for_each(entry)
    choices = _choices(for_each)
    base = choices.bases[0] if choices.bases else entry.folder("base", entry.needed("base"))
    adapters = choices.adapters[0] if choices.adapters else _adapters(entry, entry.each("adapter"))
    like = _made(entry, MergeRequest, {**_manner(entry), "base": "", "adapters": ()})
    return one_each(replace(like, base=base, adapters=adapters, **_drawing(like)), choices)


def _manner(entry: Entry) -> dict[str, Any]:
    """Everything of a merge but what is merged, as plain values."""
    plain: dict[str, Any] = {key: entry.content[key] for key in AS_THEY_ARE if key in entry}
    plain["output"] = str(entry.path("output", entry.needed("output")))
    if "max_shard_size" in entry:
        plain["max_shard_size"] = _size(entry)
    plain["rounding"] = {"mode": entry.given("rounding", NEAREST.mode.value), "seed": entry.given("seed", 0)}
    return {**plain, "combination": _combination(entry)}


def _size(entry: Entry) -> int:
    try:
        return parse_size(str(entry.content["max_shard_size"]))
    except ValueError as trouble:
        raise entry.wrong("max_shard_size") from trouble


def _for_each(entry: Entry) -> Entry:
    content = entry.given("for_each", {})
    if not isinstance(content, dict):
        raise entry.wrong("for_each")
    _refuse_unknown(for_each := Entry(entry.number, content, entry.home), _EACH)
    return for_each


def _drawing(like: MergeRequest) -> dict[str, Any]:
    """A seed that nothing draws with is none: so that two requests for the same are equal."""
    return {
        "rounding": like.rounding if like.rounding.draws else NEAREST,
        "combination": _seeded(like.combination),
    }


def _seeded(combination: Combination) -> Combination:
    return combination if combination.draws else replace(combination, seed=SUM.seed)


def _choices(entry: Entry) -> Choices:
    bases = [entry.folder("base", value) for value in entry.each("base")] if "base" in entry else []
    adapters = [
        _adapters(entry, value if isinstance(value, list) else [value])
        for value in (entry.each("adapter") if "adapter" in entry else ())
    ]
    strengths = entry.each("strength") if "strength" in entry else []
    for value in strengths:
        _weight(entry, "strength", value)
    return Choices(tuple(bases), tuple(adapters), tuple(map(float, strengths)))


def _adapters(entry: Entry, values: list[Any]) -> tuple[AdapterChoice, ...]:
    return tuple(_adapter(entry, value) for value in values)


def _adapter(entry: Entry, value: object) -> AdapterChoice:
    """``DIR``, ``DIR=WEIGHT`` or a mapping with ``path`` and ``weight``."""
    if isinstance(value, dict) and set(value) <= {"path", "weight"}:
        weight = _weight(entry, "weight", value.get("weight", 1.0))
        return AdapterChoice(entry.folder("adapter", value.get("path")), weight)
    folder, equals, strength = str(value).rpartition("=")
    if equals and not entry.path("adapter", value).exists() and _NUMBER.fullmatch(strength):
        return AdapterChoice(entry.folder("adapter", folder), float(strength))
    return AdapterChoice(entry.folder("adapter", value))


def _weight(entry: Entry, key: str, value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(cast(float, value)):
        raise entry.wrong(key, value)
    return float(cast(float, value))


def _combination(entry: Entry) -> dict[str, Any]:
    density, seed = entry.given("density", SUM.density), entry.given("seed", 0)
    if not 0 < _weight(entry, "density", density) <= 1:
        raise entry.wrong("density")
    if not isinstance(seed, int) or seed < 0:
        raise entry.wrong("seed")
    method, sign = entry.given("combine", SUM.method.value), entry.given("majority_sign", SUM.majority_sign.value)
    return {"method": method, "density": density, "majority_sign": sign, "seed": seed}


def _verify(entry: Entry) -> tuple[Task, ...]:
    plain = {key: entry.content[key] for key in ("quick", "own_alpha") if key in entry}
    folders = {"base": entry.folder("base", entry.needed("base"))}
    folders["merged"] = entry.folder("merged", entry.needed("merged"))
    adapters = _adapters(entry, entry.each("adapter"))
    plain |= {"adapters": to_plain(adapters), "combination": _combination(entry), **to_plain(folders)}
    made = _made(entry, VerifyRequest, plain)
    return (replace(made, adapters=adapters, combination=_seeded(made.combination)),)


def _export(entry: Entry) -> tuple[Task, ...]:
    form = entry.needed("to")
    model, output = entry.folder("model", entry.needed("model")), entry.path("output", entry.needed("output"))
    plain = {"output": str(output), "overwrite": entry.given("overwrite", False)}
    if form in SCHEMES:
        if odd := next((key for key in _OF_GGUF if key in entry), None):
            raise entry.wrong(odd)
        return (_made(entry, ExportRequest, {**plain, "model": str(model), "form": form}),)
    if form not in [known.value for known in GgufForm]:
        raise entry.wrong("to")
    return (_made(entry, GgufRequest, {**plain, **_of_gguf(entry), "source": str(model), "to": form}),)


def _of_gguf(entry: Entry) -> dict[str, Any]:
    types = [str(value).upper() for value in entry.each("type")] if "type" in entry else []
    if odd := [name for name in types if name not in TYPES]:
        raise entry.wrong("type", odd[0])
    plain = {key: entry.content[key] for key in ("prompt", "answer") if key in entry}
    base = {"base": str(entry.folder("base", entry.content["base"]))} if "base" in entry else {}
    return {**plain, **base, "types": types}


def _upload(entry: Entry) -> tuple[Task, ...]:
    reference = parse_reference(str(entry.needed("repo")))
    if reference is None or reference.revision:
        raise entry.wrong("repo")
    model = entry.path("model", entry.needed("model"))
    plain = {"model": str(model), "repository": reference.repository, "private": entry.given("private", True)}
    return (_made(entry, UploadRequest, plain),)


_KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[Entry], tuple[Task, ...]]]] = {
    "merge": (_MERGE, _merges),
    "verify": (_VERIFY, _verify),
    "export": (_EXPORT, _export),
    "upload": (_UPLOAD, _upload),
}
KINDS = tuple(_KINDS)


def _made(entry: Entry, kind: type[T], plain: object) -> T:
    """Raises UserError(batch_value_wrong) for the key whose value is of another type."""
    try:
        return from_plain(plain, kind)
    except ValueError as trouble:
        named = re.search(r"\$\.(\w+)", str(trouble))
        key = named[1] if named else ""
        raise entry.wrong(_CALLED.get(key, key)) from trouble
