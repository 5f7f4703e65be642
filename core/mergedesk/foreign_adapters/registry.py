"""The tools whose adapters are known: a module beside this file and a line here each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from ..checkpoints.adapter import Adapter
from ..checkpoints.checkpoint import Checkpoint
from ..domain.findings import Finding, UserError, info
from .origin import Origin, Source

NAMES = ("mlx", "torchtune", "mistral_finetune", "litgpt", "tinker", "image_lora", "gguf_lora")

ORIGINS: Mapping[str, Origin] = {
    origin.name: origin for name in NAMES for origin in [import_module(f".{name}", __package__).ORIGIN]
}


def find_foreign(folder: Path) -> Adapter | None:
    """The adapter that another tool wrote to a folder, or to the file that was given instead; None where there is none.

    Raises UserError where it cannot be turned into one of PEFT's form.
    """
    source = _source(folder)
    for origin in ORIGINS.values():
        if file := origin.find(source):
            return origin.read(source, file)
    return None


def _source(path: Path) -> Source:
    folder = path if path.is_dir() else path.parent
    names = frozenset(entry.name for entry in folder.iterdir() if entry.is_file())
    return Source(folder, names, None if folder == path else path)


def adopted(adapter: Adapter) -> Adapter:
    """An adapter in PEFT's files, by PEFT's names where a tool gave its own."""
    for origin in ORIGINS.values():
        if (own := origin.adopt(adapter)) is not None:
            return own
    return adapter


def settled(adapter: Adapter, base: Checkpoint) -> tuple[Adapter, list[Finding]]:
    """An adapter of another tool with what the base's config tells of it, and what is to be said."""
    origin = ORIGINS.get(adapter.origin)
    if origin is None:
        return adapter, []
    try:
        own = origin.settle(adapter, base)
        return own, read_findings(own) if own.weights_file != adapter.weights_file else []
    except UserError as trouble:
        return adapter, [trouble.finding()]


def needs_base(adapter: Adapter) -> bool:
    """Whether it takes the base's config to bring the adapter to PEFT's form."""
    origin = ORIGINS.get(adapter.origin)
    return origin is not None and origin.needs_base


def read_findings(adapter: Adapter) -> list[Finding]:
    """How an adapter of another tool was read."""
    origin = ORIGINS.get(adapter.origin)
    if origin is None or origin.said is None or not adapter.repaired:
        return []
    config = adapter.config
    facts = {"r": config.get("r"), "alpha": config.get("lora_alpha")}
    return [info(origin.said, tool=origin.name, file=adapter.weights_file.name, count=len(adapter.tensors), **facts)]
