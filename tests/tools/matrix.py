"""The page of methods, architectures and dtypes, written from what the cases give: ``python tests/tools/matrix.py``.

Arguments name methods to run again; the page then keeps what it says of the others.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from method_cases import ARCHITECTURES, PRECISIONS, VARIANTS, Outcome, Workshop, registry

PAGE = Path(__file__).parents[2] / "assets" / "docs" / "methods.md"
Key = tuple[str, str, str]
_HEAD = """# What merges, and how exactly

Every method of PEFT's registry, and LoRA with each of its options, on five architectures and in three dtypes. For each
cell a tiny adapter was trained for a step, saved, merged by MergeDesk and by PEFT's `merge_and_unload`, and compared.
`make matrix` runs all of it and writes this page; `tests/oracle/test_matrix.py` keeps it true. Precision is “auto”, so
each tensor keeps its dtype. A cell that names no dtype speaks for float32, bfloat16 and float16.

- **same bytes**: every tensor equals what PEFT saves, bit for bit. **≤ 1 ulp**: within one unit in the last place, and
  no further from the float64 result than PEFT's. **as unmerged**: PEFT adds a delta trained for one side to a tensor
  that both embeddings share; here each side stays what it was while the adapter was unmerged.
- **streamed**, **by layer**, **whole model**: the way the automatic engine took. The first two leave the model on the
  disk.
- **PEFT refuses**: PEFT cannot attach or cannot merge this, in its own words; where it could attach, MergeDesk says the
  same. **refused** and **not mergeable**: MergeDesk says why, and what to do instead, before anything is written.

Numbers lead to the reasons at the end.
"""
_NUMBER = re.compile(r" \((\d+)\)$")


def keys() -> Iterator[Key]:
    """Every case there is: method, architecture, dtype."""
    return ((method, kind, dtype) for method in methods() for kind in ARCHITECTURES for dtype in PRECISIONS)


def methods() -> list[str]:
    """The rows: PEFT's methods, then the options of LoRA."""
    return [*registry(), *VARIANTS]


def render(outcomes: Mapping[Key, Outcome]) -> str:
    """The page."""
    reasons = list(dict.fromkeys(outcomes[key].reason for key in keys() if outcomes[key].reason))
    lines = [_HEAD, *_table("Method", registry(), outcomes, reasons)]
    lines += ["", "## LoRA with options", "", *_table("Option", list(VARIANTS), outcomes, reasons)]
    lines += ["", "## Reasons", "", *(f"{number}. {reason}" for number, reason in enumerate(reasons, 1))]
    return "\n".join(lines) + "\n"


def _table(title: str, rows: Sequence[str], outcomes: Mapping[Key, Outcome], reasons: Sequence[str]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(ARCHITECTURES.values())} |"
    yield "| --- " * (1 + len(ARCHITECTURES)) + "|"
    for method in rows:
        cells = (_cell([outcomes[method, kind, dtype] for dtype in PRECISIONS], reasons) for kind in ARCHITECTURES)
        yield f"| {method} | {' | '.join(cells)} |"


def _cell(outcomes: Sequence[Outcome], reasons: Sequence[str]) -> str:
    texts = [f"{one.words} ({reasons.index(one.reason) + 1})" if one.reason else one.words for one in outcomes]
    if len(set(texts)) == 1:
        return texts[0]
    return "<br>".join(f"{dtype}: {text}" for dtype, text in zip(PRECISIONS, texts, strict=True))


def parse(page: str) -> dict[Key, Outcome]:
    """What a page says of each case."""
    reasons = dict(re.findall(r"^(\d+)\. (.*)$", page, re.MULTILINE))
    found: dict[Key, Outcome] = {}
    for line in page.splitlines():
        row, *cells = [part.strip() for part in line.strip("|").split("|")]
        if line.startswith("|") and not row.startswith("---") and row not in ("Method", "Option"):
            for kind, cell in zip(ARCHITECTURES, cells, strict=True):
                found |= {(row, kind, dtype): one for dtype, one in _read_cell(cell, reasons)}
    return found


def _read_cell(cell: str, reasons: Mapping[str, str]) -> Iterator[tuple[str, Outcome]]:
    texts = (
        dict(part.split(": ", 1) for part in cell.split("<br>")) if "<br>" in cell else dict.fromkeys(PRECISIONS, cell)
    )
    for dtype, text in texts.items():
        number = _NUMBER.search(text)
        yield dtype, Outcome(_NUMBER.sub("", text), reasons[number[1]] if number else "")


def judge_architecture(kind: str, asked: Sequence[str]) -> dict[Key, Outcome]:
    """The asked methods on one architecture, in a process of its own."""
    import torch
    from transformers.utils import logging

    torch.set_num_threads(1)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    outcomes: dict[Key, Outcome] = {}
    with tempfile.TemporaryDirectory(prefix="mergedesk-matrix-") as home:
        workshop = Workshop(kind, Path(home))
        for method in asked:
            outcomes |= {(method, kind, dtype): workshop.judge(method, dtype) for dtype in PRECISIONS}
            print(f"{kind} {method}", file=sys.stderr)
    return outcomes


def main(asked: Sequence[str]) -> None:
    """Run every case, or those of the asked methods, and write the page."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["PYTHONWARNINGS"] = "ignore"
    outcomes = parse(PAGE.read_text(encoding="utf-8")) if asked else {}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for found in pool.map(judge_architecture, ARCHITECTURES, repeat(asked or methods())):
            outcomes |= found
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(render(outcomes), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
