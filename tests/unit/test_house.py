"""The house stays as it was built: short functions, few modules at a root, no circle, each class name once."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

TOP = Path(__file__).parents[2]
ROOTS = {"mergedesk": TOP / "core" / "mergedesk", "mergedesk_gui": TOP / "gui" / "mergedesk_gui"}
TESTS = TOP / "tests"
MOST_AT_A_ROOT = 10
LONG, SHARE_OF_LONG = 30, 0.005
MEDIAN, NINTH_DECILE = 7, 16
Graph = dict[str, set[str]]


@cache
def modules() -> Mapping[str, ast.Module]:
    """Every module of the program by its dotted name; a package goes by its own."""
    found = {}
    for root in ROOTS.values():
        for file in root.rglob("*.py"):
            name = ".".join(file.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(file.read_bytes())
    return found


def is_package(name: str) -> bool:
    root = name.partition(".")[0]
    return (ROOTS[root].parent / Path(*name.split(".")) / "__init__.py").is_file()


def imported(name: str) -> Iterator[str]:
    """The program's modules that one imports anywhere, for types too."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        if isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                parts = name.split(".") if is_package(name) else name.split(".")[:-1]
                here = ".".join(parts[: len(parts) - node.level + 1])
                origin = f"{here}.{origin}" if origin else here
            for alias in node.names:
                target = f"{origin}.{alias.name}"
                yield from [target] if target in modules() else [origin] if origin in modules() else []


def neighbours() -> dict[str, Graph]:
    """Of every folder: which of its modules and folders imports, somewhere in it, which other."""
    inside: dict[str, Graph] = defaultdict(lambda: defaultdict(set))
    for importer in modules():
        for target in imported(importer):
            ours, theirs = importer.split("."), target.split(".")
            common = next((at for at, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
            if common is not None:
                inside[".".join(ours[:common])][ours[common]].add(theirs[common])
    return inside


def circle_in(graph: Graph) -> list[str]:
    """A circle, empty where there is none."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for other in sorted(graph.get(node, ())):
            if found := walk(other, [*path, node]):
                return found
        done.add(node)
        return []

    return next(filter(None, (walk(node, []) for node in sorted(graph))), [])


def functions() -> dict[str, int]:
    """Lines of every function, by where it is."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


@pytest.mark.parametrize("root", ROOTS.values(), ids=list(ROOTS))
def test_few_modules_stand_at_a_root(root: Path) -> None:
    found = sorted(file.name for file in root.glob("*.py") if not file.name.startswith("__"))
    assert len(found) <= MOST_AT_A_ROOT, found


@pytest.mark.slow
def test_no_circle_at_any_depth() -> None:
    """Neither of modules nor of folders: what stands side by side in a folder imports in one direction only."""
    inside = neighbours()
    assert len(inside) > len(ROOTS)
    circles = {folder: circle for folder, graph in inside.items() if (circle := circle_in(graph))}
    assert circles == {}


def test_a_circle_would_be_seen() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.slow
def test_no_class_name_stands_twice() -> None:
    names = Counter(
        node.name for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.slow
def test_no_two_files_of_tests_share_a_name() -> None:
    """One of two would not be run where a process has imported the other."""
    names = Counter(file.name for file in TESTS.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_functions_are_short() -> None:
    lines = functions()
    longest = sorted((count, where) for where, count in lines.items() if count > LONG)
    assert len(longest) <= SHARE_OF_LONG * len(lines), longest
    assert median(lines.values()) <= MEDIAN
    assert quantiles(lines.values(), n=10)[-1] <= NINTH_DECILE
