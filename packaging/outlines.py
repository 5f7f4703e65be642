"""Outlines of transformers' model sources: what transformers reads in them as text, and no more.

transformers lists its model classes by reading 45 MB of sources at every start. In the bundle the code itself is in the
archive, so these files need only the names that are exported, what each requires, and the few words transformers looks
for. ``outline_models`` proves itself: transformers must list the same classes from the outlines as from the sources.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Looked for in a model's source when its attention or its experts are chosen.
_WORDS = ("ALL_ATTENTION_FUNCTIONS.get_interface(", "@use_experts_implementation")
# Functions whose own source is compiled or read; such files stay whole.
_READ_WHOLE = re.compile(
    r"jit\.script|add_start_docstrings|replace_return_docstrings|add_code_sample|inspect\.getsource"
)
_SKIPPED = ("convert_", "modular_")


def outline_models(models: Path, target: Path) -> None:
    """Write the outline of every source below ``models`` to ``target``. Raises ValueError if they tell otherwise."""
    for file in sorted(models.rglob("*.py")):
        if file.name.startswith(_SKIPPED):
            continue
        copy = target / file.relative_to(models)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(outline(file.read_text(encoding="utf-8")), encoding="utf-8")
    _check(models, target)


def outline(source: str) -> str:
    """The source without anything that is only run."""
    if _READ_WHOLE.search(source):
        return source
    return "".join(f"{line}\n" for line in _lines(source))


def _lines(source: str) -> Iterator[str]:
    lines = source.split("\n")
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield from _head(node, lines)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and "__all__" in lines[node.lineno - 1]:
            yield from lines[node.lineno - 1 : node.end_lineno]
    for word in _WORDS:
        if word in source:
            yield f"# {word}"


def _head(node: ast.ClassDef | ast.FunctionDef, lines: list[str]) -> Iterator[str]:
    for decorator in node.decorator_list:
        text = lines[decorator.lineno - 1 : decorator.end_lineno]
        if text[0].startswith("@requires"):
            yield from text
    yield lines[node.lineno - 1]
    yield "    pass"


def _check(models: Path, target: Path) -> None:
    from transformers.utils.import_utils import define_import_structure

    if define_import_structure(str(models)) != define_import_structure(str(target)):
        raise ValueError("transformers lists other classes from the outlines than from its sources")
