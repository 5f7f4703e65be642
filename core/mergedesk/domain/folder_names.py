"""What a folder is called when people are told of it."""

from __future__ import annotations

import re
from pathlib import Path

# What trainers call the folder in a run's own; by themselves these names say nothing.
_SAYS_NOTHING = re.compile(
    r"(?:peft|lora|default|adapter|model|final|last|best|output|result|checkpoint|merged|weights)s?(?:[-_]adapters?)?"
    r"|(?:checkpoint|epoch|step|iter)[-_]?\d+",
    re.IGNORECASE,
)
_SNAPSHOTS, _CACHED = "snapshots", "models--"
_MODELSCOPE = "modelscope"
DOT_OF_MODELSCOPE = "___"
"""How ModelScope's cache writes the dot of a name."""
_MOST_PARTS = 3


def cached_name(folder: Path) -> str:
    """The name on the hub, ``owner/name``, of a model in the hub cache; empty for any other folder."""
    snapshots = folder.parent
    if snapshots.name == _SNAPSHOTS and snapshots.parent.name.startswith(_CACHED):
        return snapshots.parent.name.removeprefix(_CACHED).replace("--", "/", 1)
    return ""


def says_nothing(name: str) -> bool:
    """Whether a folder's name alone tells nobody what it is, as ``adapter`` and ``checkpoint-1500``."""
    return _SAYS_NOTHING.fullmatch(name) is not None


def spoken_name(folder: Path) -> str:
    """The folder's name, after those of the folders around it while it says nothing: ``pirate/checkpoint-1500``.

    A model in the cache of a hub has its name there: ``owner/name``.
    """
    if cached := cached_name(folder) or _modelscope_name(folder):
        return cached
    parts = [folder.name]
    for around in folder.parents:
        if len(parts) == _MOST_PARTS or not around.name or not says_nothing(parts[0]):
            break
        parts.insert(0, around.name)
    return "/".join(parts)


def short_name(folder: Path) -> str:
    """What to call other folders after it: its name, or that of a model in the cache of a hub without its owner."""
    cached = cached_name(folder) or _modelscope_name(folder)
    return cached.rpartition("/")[2] or folder.name


def telling_name(folder: Path) -> str:
    """What to call other folders after it, with the names of those around it while its own says nothing."""
    short = short_name(folder)
    return spoken_name(folder).replace("/", "-") if says_nothing(short) else short


def own_name(folder: Path) -> str:
    """What a report calls a folder that others may read: its name alone, or that of a model in the cache of a hub."""
    return cached_name(folder) or _modelscope_name(folder) or folder.name


def _modelscope_name(folder: Path) -> str:
    """The name of a model in ModelScope's cache, which writes a dot as three lines; empty for any other folder."""
    around = folder.parent.parent
    if around.name not in ("models", "hub") or not (DOT_OF_MODELSCOPE in folder.name or _MODELSCOPE in around.parts):
        return ""
    return f"{folder.parent.name}/{folder.name.replace(DOT_OF_MODELSCOPE, '.')}"
