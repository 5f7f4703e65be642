"""``make bench``: MergeDesk, the PEFT script and ``cp -r`` in turn; each figure beside what is promised of it.

Linux only, since memory is read from /proc. Models are made at the first run and kept in the folder, which should be on
a disk, not in memory: 20 GB. What is measured without asking takes about half an hour on 2 cores; ``--rows job`` five
minutes. Nothing else should run meanwhile. In turn means that each round has all contestants, each in a process of its
own, from synced disks and a warm page cache.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import readme
from forecast_rows import forecast_rows
from job_rows import command_rows, job_rows, tokenizer_rows
from large_rows import large_float32_rows, large_memory_rows, large_rows
from machine import Machine, this_machine
from peers import peer_rows
from plan import Plan, say
from processes import Failed
from rows import Row
from special import SPECIALS, special_rows
from start_rows import gap_rows, preflight_rows, window_rows
from table import show
from verify_rows import verify_rows
from wide_rows import hollow_rows, wide_rows

Measure = Callable[[Plan], list[Row]]
USUAL: Mapping[str, Measure] = {
    "job": job_rows,
    "command": command_rows,
    "tokenizer": tokenizer_rows,
    "verify": verify_rows,
    "window": window_rows,
    "loop": gap_rows,
    "preflight": preflight_rows,
    "wide": wide_rows,
    "hollow": hollow_rows,
    "forecast": forecast_rows,
    **{special.key: partial(special_rows, special) for special in SPECIALS},
}
LARGE: Mapping[str, Measure] = {"8b-memory": large_memory_rows, "8b": large_rows, "8b-float32": large_float32_rows}
PEERS: Mapping[str, Measure] = {"peers": peer_rows}
GROUPS: Mapping[str, Measure] = {**USUAL, **LARGE, **PEERS}


@dataclass(frozen=True)
class Asked:
    """The command line: what to measure and how, which earlier figures to start from, where to write."""

    plan: Plan
    groups: tuple[str, ...]
    earlier: Path | None
    json: Path | None
    markdown: bool


def parse(arguments: Sequence[str] | None = None) -> Asked:
    """The command line."""
    given = _parser().parse_args(arguments)
    plan = Plan(given.folder.resolve(), 1 if given.tiny else given.rounds, given.tiny, given.peers_folder.resolve())
    groups = list(given.rows or ([] if given.earlier else USUAL))
    groups += [name for name in LARGE if given.full and name not in groups]
    groups += [name for name in PEERS if given.peers and name not in groups]
    return Asked(plan, tuple(groups), given.earlier, given.json, given.markdown)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    folder, cache = Path(tempfile.gettempdir()) / "mergedesk-bench", Path.home() / ".cache" / "mergedesk-bench"
    add("--rows", nargs="+", metavar="NAME", choices=GROUPS, help=f"these groups only: {', '.join(GROUPS)}")
    add("--rounds", type=int, default=5, help="rounds of the main model (default 5); others have 3 at most")
    add("--folder", type=Path, default=folder, help="where models and outputs lie (default %(default)s)")
    add("--full", action="store_true", help="the 8 B-shaped model too: up to 50 GB in that folder, 20 minutes more")
    add("--peers", action="store_true", help="other mergers too, in venvs of their own: 4 GB, 10 minutes more")
    add("--peers-folder", type=Path, default=cache, metavar="FOLDER", help="their venvs (default %(default)s)")
    add("--json", type=Path, metavar="FILE", help="write all values there as well")
    add(
        "--from",
        type=Path,
        metavar="FILE",
        dest="earlier",
        help="such a file: measure only --rows, take the rest of it",
    )
    add("--markdown", action="store_true", help="put the table into README.md and README.zh-CN.md")
    add("--tiny", action="store_true", help="tiny models: tries the benchmark, measures nothing")
    return parser


def measured(asked: Asked) -> tuple[dict[str, list[Row]], list[str]]:
    """The groups one after the other, two at a time where numbers mean nothing; and the names of those that failed."""
    plan = asked.plan
    say(f"models and outputs in {plan.folder}")
    plan.base(), plan.adapter()
    with ThreadPoolExecutor(2 if plan.tiny else 1) as pool:
        outcomes = pool.map(lambda name: _rows_of(name, plan), asked.groups)
        rows = dict(zip(asked.groups, outcomes, strict=True))
    return {name: of_group for name, of_group in rows.items() if of_group}, [name for name in rows if not rows[name]]


def _rows_of(name: str, plan: Plan) -> list[Row]:
    """None where it failed: what the other groups found is not to be lost by that."""
    try:
        return GROUPS[name](plan)
    except Failed as failure:
        say(f"{name}: {failure}")
        return []


def earlier(file: Path | None) -> dict[str, list[Row]]:
    """The groups of an earlier run."""
    if file is None:
        return {}
    groups = json.loads(file.read_text(encoding="utf-8"))["groups"]
    return {name: [Row.from_json(row) for row in rows] for name, rows in groups.items()}


def write_json(file: Path, groups: Mapping[str, Sequence[Row]], machine: Machine, *, tiny: bool) -> None:
    """Every value, with the machine."""
    rows = {name: [row.as_json() for row in of_group] for name, of_group in groups.items()}
    content = {"machine": machine.as_json(), "tiny": tiny, "groups": rows}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Measure, print the table."""
    asked = parse()
    asked.plan.folder.mkdir(parents=True, exist_ok=True)
    machine = this_machine(asked.plan.folder)
    rows, failed = measured(asked)
    found = earlier(asked.earlier) | rows
    groups = {name: found[name] for name in GROUPS if name in found}
    title = "MergeDesk benchmark: bfloat16, LoRA r=16 on all linear layers; memory above the process's own imports"
    if asked.plan.tiny:
        title = "MergeDesk benchmark, tried out on tiny models: the numbers mean nothing"
    show(title, groups, machine)
    if asked.json is not None:
        write_json(asked.json, groups, machine, tiny=asked.plan.tiny)
    if asked.markdown:
        readme.write(groups, machine)
    if failed:
        say(f"failed, see above: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
