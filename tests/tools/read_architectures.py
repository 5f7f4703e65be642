"""Read which architectures other tools take from the tools' own sources, and renew the lists that MergeDesk shows.

``python tests/tools/read_architectures.py vllm=CLONE ollama=CLONE llama_cpp=CLONE`` renews the lists of those tools in
core/mergedesk/deployment/architectures.json, each with the commit and the date of the source file it was read from.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mergedesk.deployment import architectures

_TABLE = Path(architectures.__file__).with_suffix(".json")
_SWITCH = re.compile(r"switch p\.Architectures\[0\] \{(.*?)\n\tdefault:", re.DOTALL)
_CASES = re.compile(r'^\tcase ((?:"\w+"(?:, )?)+):', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A tool's source file: where it is published, its path there, and how the names are read from its text."""

    repository: str
    path: str
    names: Callable[[str], Iterator[str]]


def keys_of(table: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    """Reads the keys of the dictionaries whose names match, in a Python module that is not run."""

    def names(text: str) -> Iterator[str]:
        for node in ast.parse(text).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            named = any(isinstance(one, ast.Name) and table.fullmatch(one.id) for one in targets)
            if named and isinstance(value := getattr(node, "value", None), ast.Dict):
                yield from (key.value for key in value.keys if isinstance(key, ast.Constant))

    return names


def cases(text: str) -> Iterator[str]:
    """Reads the cases of Ollama's switch over the first architecture, in Go."""
    found = _SWITCH.search(text)
    for case in _CASES.findall(found[1] if found else ""):
        yield from re.findall(r"\w+", case)


SOURCES: Mapping[str, Source] = {
    "vllm": Source(
        "vllm-project/vllm",
        "vllm/model_executor/models/registry.py",
        keys_of(re.compile(r"_(?!TRANSFORMERS|PREVIOUSLY|SPECULATIVE)[A-Z_]*MODELS")),
    ),
    "ollama": Source("ollama/ollama", "convert/convert.go", cases),
    "llama_cpp": Source("ggml-org/llama.cpp", "conversion/__init__.py", keys_of(re.compile("TEXT_MODEL_MAP"))),
}


def read_list(tool: str, clone: Path) -> dict[str, Any]:
    """One tool's entry, from a clone of its repository. Raises ValueError where no names are found any more."""
    source = SOURCES[tool]
    asked = ["git", "-C", str(clone), "log", "-1", "--format=%h %cs", "--abbrev=8", "--", source.path]
    commit, date = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    names = {name for name in source.names((clone / source.path).read_text(encoding="utf-8")) if name.isidentifier()}
    if not names:
        raise ValueError(f"{source.path} at {commit} names no architectures in the form that is read here")
    return {"source": f"{source.repository}, {source.path} at {commit}", "date": date, "architectures": sorted(names)}


def main(given: list[str]) -> None:
    """Renew the lists of the tools that are given as NAME=CLONE."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    for tool, _, clone in (one.partition("=") for one in given):
        table["lists"][tool] = read_list(tool, Path(clone))
    _TABLE.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
