"""Whether this program's modules, the model classes that transformers lists, and PEFT's methods are really there.

The tests run it in the frozen program: ``python -m mergedesk.support.self_check`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from ..runtime.transformers_class import quiet

_MODELS = "transformers.models.auto.modeling_auto"


def missing_parts() -> dict[str, dict[str, str]]:
    """What could not be imported, with the reason: model classes by name, modules by path."""
    with quiet():
        troubles = {
            "own": {name: _trouble(name, "") for name in own_modules()},
            "classes": {name: _trouble("transformers", name) for name in listed_classes()},
            "peft": {name: _trouble(name, "") for name in modules_of("peft.tuners")},
        }
    return {kind: {name: why for name, why in parts.items() if why} for kind, parts in troubles.items()}


def listed_classes() -> list[str]:
    """The names in transformers' tables of model classes."""
    auto: Any = import_module(_MODELS)
    tables = [vars(auto)[name] for name in vars(auto) if name.endswith("_MAPPING_NAMES")]
    names: set[str] = set()
    for table in tables:
        for value in table.values():
            names.update([value] if isinstance(value, str) else value)
    return sorted(names)


def own_modules() -> list[str]:
    """Every module of the engine and of the window."""
    return [*modules_of("mergedesk"), *modules_of("mergedesk_gui")]


def modules_of(package: str) -> list[str]:
    """Every module in a package and in those beneath it, but what starts it."""
    modules = walk_packages(import_module(package).__path__, f"{package}.")
    return sorted(module.name for module in modules if not module.name.endswith(".__main__"))


def _trouble(module: str, name: str) -> str:
    try:
        imported = import_module(module)
        if name:
            getattr(imported, name)
    except Exception as trouble:  # whatever an import raises is the answer
        return f"{type(trouble).__name__}: {str(trouble).splitlines()[0][:200] if str(trouble) else ''}"
    return ""


if __name__ == "__main__":
    counts = {"modules": len(own_modules()), "listed": len(listed_classes())}
    json.dump({**counts, **missing_parts()}, sys.stdout)
