"""The names of an adapter's tensors as PEFT would have saved them, where a trainer's wrapper altered them.

Known alterations: ``_orig_mod.`` (torch.compile), ``module.`` (data parallelism, DeepSpeed), ``_fsdp_wrapped_module.``
(FSDP), ``_checkpoint_wrapped_module.`` (activation checkpointing), PEFT's own prefix doubled or missing, the adapter's
name left in or cut out, and modules to save under PEFT's inner names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from ..checkpoints.adapter import Adapter
from ..checkpoints.adapter_keys import PEFT_PREFIX
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Code, Finding, info
from ..methods.peft_methods import part_prefix

_WRAPPERS = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_PARALLEL = "module."
_SAVED_COPY = re.compile(r"\.modules_to_save\.(?:[^.]+\.)?(?=[^.])")
_ORIGINAL = re.compile(r"\.(original_module|modules_to_save\.[^.]+\.original_module)\.")
_CUT = re.compile(r"^(?P<module>.+)_(?P<part>[AB])\.weight$")
_ALTERATIONS = (
    *_WRAPPERS,
    "modules_to_save",
    "original_module",
    ".trainable_tokens_",
    PEFT_PREFIX + _PARALLEL,
    PEFT_PREFIX * 2,
)
_LEAVES = ("weight", "bias")
_MAGNITUDE = "lora_magnitude_vector"


@dataclass(frozen=True, slots=True)
class Repair:
    """Names by stored name, those to leave out absent, and which alterations were found."""

    names: Mapping[str, str]
    kinds: tuple[str, ...]


def repair(adapter: Adapter, base: Checkpoint) -> tuple[Adapter, list[Finding]]:
    """The adapter under the names that PEFT gives, and what is to be said about it.

    Where two tensors would get one name, nothing is touched: the names then fail to match and the merge is refused.
    """
    needed = find_repair(adapter, base)
    if not needed.kinds or len(set(needed.names.values())) < len(needed.names):
        return adapter, []
    tensors = {new: structs.replace(adapter.tensors[old], name=new) for old, new in needed.names.items()}
    altered = len(adapter.tensors) - sum(old == new for old, new in needed.names.items())
    said = info(Code.NAMES_REPAIRED, kinds=list(needed.kinds), count=altered)
    return replace(adapter, tensors=tensors, repaired=True), [said]


def find_repair(adapter: Adapter, base: Checkpoint) -> Repair:
    """What each stored name should be, and why."""
    if _are_plain(adapter.tensors.keys()):
        return Repair({name: name for name in adapter.tensors}, ())
    kinds: dict[str, None] = {}
    names = {name: _unwrapped(name, kinds) for name in adapter.tensors}
    names = _without_original(names, kinds)
    names = _with_prefix(names, base, kinds)
    if adapter.peft_type == "LORA":
        names = _with_part(names, base, kinds)
    names = _without_adapter_name(names, part_prefix(adapter.peft_type), kinds)
    return Repair(names, tuple(kinds))


def _are_plain(names: Collection[str]) -> bool:
    """Whether all are ``base_model.model.….lora_A.weight`` or B's without any alteration, as nearly always.

    They are looked at as one text: an adapter of many experts has a hundred thousand.
    """
    text = "\n" + "\n".join(names) + "\n"
    ends = sum(text.count(f".lora_{part}.weight\n") for part in "AB")
    whole = ends == text.count(f"\n{PEFT_PREFIX}") == text.count(".lora_") == text.count("\n") - 1 == len(names)
    return whole and not any(alteration in text for alteration in _ALTERATIONS)


def plain_name(name: str) -> str:
    """A stored name as PEFT saves it, without wrappers and PEFT's inner names."""
    return _SAVED_COPY.sub(".", _unwrapped(name, {}))


def _unwrapped(name: str, kinds: dict[str, None]) -> str:
    """The name without what wrappers around the model or its layers add."""
    parts = name.split(".")
    wrappers = [part for part in parts if part in _WRAPPERS]
    kinds.update(dict.fromkeys(f"{wrapper}." for wrapper in wrappers))
    plain = ".".join(part for part in parts if part not in _WRAPPERS)
    while plain.startswith(_PARALLEL):
        kinds[_PARALLEL] = None
        plain = plain.removeprefix(_PARALLEL)
    if plain.startswith(PEFT_PREFIX + _PARALLEL):
        kinds[_PARALLEL] = None
        plain = PEFT_PREFIX + plain.removeprefix(PEFT_PREFIX + _PARALLEL)
    while plain.startswith(PEFT_PREFIX * 2):
        kinds[PEFT_PREFIX * 2] = None
        plain = plain.removeprefix(PEFT_PREFIX)
    return plain


def _without_original(names: Mapping[str, str], kinds: dict[str, None]) -> dict[str, str]:
    """Leave out the base's own copies of modules to save, and name the adapter's as PEFT saves them, once.

    PEFT itself adds its inner names where it saves embeddings that are modules to save as well.
    """
    plain: dict[str, str] = {}
    known = set(names.values())
    for old, name in names.items():
        if _ORIGINAL.search(name):
            kinds["original_module."] = None
        elif _SAVED_COPY.search(name):
            kinds["modules_to_save."] = None
            if name.replace(".modules_to_save.", ".") not in known:
                plain[old] = _SAVED_COPY.sub(".", name)
        else:
            plain[old] = name
    return plain


def _with_prefix(names: Mapping[str, str], base: Checkpoint, kinds: dict[str, None]) -> dict[str, str]:
    """PEFT's prefix put before names that lack it, whole or in part, whichever the base's names ask for."""
    if not names or any(name.startswith("base_model.") for name in names.values()):
        return dict(names)
    candidates = (PEFT_PREFIX, "base_model.")
    hits = {candidate: _hits([candidate + name for name in names.values()], base) for candidate in candidates}
    prefix = max(candidates, key=lambda candidate: hits[candidate])
    if not hits[prefix]:
        return dict(names)
    kinds[f"+{prefix}"] = None
    return {old: prefix + name for old, name in names.items()}


def _hits(names: Iterable[str], base: Checkpoint) -> int:
    """How many of the modules named are the base's under their very names."""
    inner = [name.removeprefix(PEFT_PREFIX).split(".") for name in names if name.startswith(PEFT_PREFIX)]
    weights = {f"{'.'.join(parts[:end])}.weight" for parts in inner for end in range(1, len(parts))}
    return sum(weight in base.tensors for weight in weights)


def _with_part(names: Mapping[str, str], base: Checkpoint, kinds: dict[str, None]) -> dict[str, str]:
    """``q_proj_A.weight``: an adapter that was itself called “lora”, whose name old PEFT cut out wherever it stood."""
    if any(".lora_" in name for name in names.values()):
        return dict(names)
    cut = {old: _CUT.match(name) for old, name in names.items()}
    whole = {old: f"{match['module']}.lora_{match['part']}.weight" for old, match in cut.items() if match}
    if not whole or not _hits(whole.values(), base):
        return dict(names)
    kinds["+.lora"] = None
    return {old: whole.get(old, name) for old, name in names.items()}


def _without_adapter_name(names: Mapping[str, str], prefix: str, kinds: dict[str, None]) -> dict[str, str]:
    """Take out the adapter's name, which stands after the method's part in all of its tensors or in none."""
    prefix = re.escape(prefix)
    part = re.compile(rf"^(?P<head>.*\.(?:{prefix}|trainable_tokens_)[^.]*)\.(?P<name>[^.]+)(?P<leaf>\.[^.]+)?$")
    own = re.compile(rf"\.(?:{prefix}|trainable_tokens_)")
    parts = {old: part.match(name) for old, name in names.items() if own.search(name)}
    called = {match["name"] if match else None for match in parts.values()}
    [adapter_name] = called if len(called) == 1 else [None]
    if adapter_name is None or adapter_name in _LEAVES or adapter_name.isdigit():
        return dict(names)
    kinds[f".{adapter_name}"] = None
    cleaned = {old: match["head"] + (match["leaf"] or "") for old, match in parts.items() if match}
    settled = {old: cleaned.get(old, name) for old, name in names.items()}
    # PEFT saves a DoRA magnitude without the leaf that its module has in memory.
    leaf = f".{_MAGNITUDE}.weight"
    return {old: name.removesuffix(".weight") if name.endswith(leaf) else name for old, name in settled.items()}
