"""Where other programs keep models that they downloaded: the Hugging Face cache, and ModelScope's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..domain.folder_names import DOT_OF_MODELSCOPE


def hub_cache() -> Path:
    """The Hugging Face cache, by the same variables and in the same order as huggingface_hub looks at them."""
    stated = os.environ.get("HF_HUB_CACHE", os.environ.get("HUGGINGFACE_HUB_CACHE"))
    home = os.environ.get("HF_HOME") or str(Path(_cache_home()) / "huggingface")
    return _expanded(stated) if stated else _expanded(home) / "hub"


def modelscope_caches() -> Iterator[Path]:
    """The folders in which ModelScope's library keeps models as ``owner/name``: of its releases now, and before."""
    stated = os.environ.get("MODELSCOPE_CACHE")
    cache = _expanded(stated) if stated else Path.home() / ".cache" / "modelscope" / "hub"
    yield from (cache / "models", cache)
    if stated:
        yield cache / "hub"


def modelscope_folders(name: str) -> Iterator[Path]:
    """Where a model of that name, ``owner/name``, may lie in ModelScope's cache."""
    owner, slash, model = name.partition("/")
    if slash and owner and model and "/" not in model and ".." not in name:
        for cache in modelscope_caches():
            yield cache / owner / model.replace(".", DOT_OF_MODELSCOPE)
            yield cache / owner / model


def _cache_home() -> str:
    return os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")


def _expanded(path: str) -> Path:
    return Path(os.path.expandvars(path)).expanduser()
