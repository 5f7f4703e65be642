"""Every method that streams is whole: a folder, a line in the registry, a tile, a reference, a case against PEFT."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from method_cases import STREAMED

from mergedesk import methods
from mergedesk.methods import registry
from mergedesk.methods.peft_methods import is_known
from mergedesk.methods.update import FormulaUpdate, Method, Update

FOLDER = Path(methods.__file__).parent
NAMES = (*registry.LOW_RANK, *registry.BY_PARTS)


def method_module(name: str, part: str = "") -> ModuleType:
    return __import__(f"mergedesk.methods.{name}{part}", fromlist=["*"])


def update_class(name: str) -> type[Update]:
    module = method_module(name)
    [own] = [one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__]
    assert issubclass(own, Update)
    return own


def arguments(module: ModuleType, function: str) -> int:
    return len(inspect.signature(getattr(module, function)).parameters)


def test_folders_registry_and_cases_name_the_same_methods() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {file.parent.name for file in FOLDER.glob("*/__init__.py")} == set(NAMES)
    assert STREAMED.keys() == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_method_has_one_update_its_tile_and_its_reference(name: str) -> None:
    own = update_class(name)
    assert not inspect.isabstract(own)
    assert arguments(method_module(name, ".tile"), "load") == 2
    if issubclass(own, FormulaUpdate):
        assert not (FOLDER / name / "reference.py").exists(), "its formula is what counts"
    else:
        assert arguments(method_module(name, ".reference"), "reference") == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_tile_does_not_ask_the_formula(name: str) -> None:
    """Verification would compare it with itself."""
    tree = ast.parse((FOLDER / name / "tile.py").read_text(encoding="utf-8"))
    assert "formula" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("name", registry.BY_PARTS)
def test_a_method_of_parts_says_what_it_stores(name: str) -> None:
    method = method_module(name).METHOD
    assert isinstance(method, Method)
    assert is_known(method.peft_type)
    assert method.parts
    assert registry.is_streamed(method.peft_type)


def test_no_two_methods_store_the_same() -> None:
    assert [part for part, count in Counter(registry.part_names()).items() if count > 1] == []
    assert [one for one, count in Counter(one.peft_type for one in registry.methods()).items() if count > 1] == []
