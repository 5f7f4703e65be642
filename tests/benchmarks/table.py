"""What was measured, against what is promised, as one table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from machine import Machine
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rows import Row

_WIDTH = 170
_HOW = "Ratios are taken round by round. Memory, gaps and equality are judged by their worst run."


def show(title: str, groups: Mapping[str, Sequence[Row]], machine: Machine) -> None:
    """Print the table; a line parts the groups."""
    caption = f"{_HOW}\n{machine.sentence()}\n{machine.versions_sentence()}"
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", caption_justify="left", caption=caption)
    table.add_column("what", no_wrap=True)
    for name in ("median", "min – max", "runs", "at least", "aim"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("reached?", no_wrap=True)
    for rows in groups.values():
        for row in rows:
            table.add_row(*row.cells(), end_section=row is rows[-1])
    console = Console(width=_WIDTH, highlight=False)
    console.print(table)
    for row in (row for rows in groups.values() for row in rows if row.note):
        console.print(f"{row.what}: {row.note}")
