"""Each tiny base is made once a session, every test draws the same numbers, and what was tortured ends in a table."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from engine_fixtures import _bitsandbytes_by_its_own_reference, _quiet_loading, _seeded, base_of

__all__ = ["_bitsandbytes_by_its_own_reference", "_quiet_loading", "_seeded", "base_of"]


@dataclass(slots=True)
class Tally:
    """Rounds and faults of each kind of harm, for the table at the end."""

    lines: dict[str, list[int]] = field(default_factory=dict)

    def count(self, what: str, faults: int = 0) -> None:
        """One round more."""
        line = self.lines.setdefault(what, [0, 0])
        line[0] += 1
        line[1] += faults

    @property
    def table(self) -> str:
        """A Markdown table."""
        rows = [f"| {what} | {done:,} | {faults} |" for what, (done, faults) in self.lines.items()]
        return "\n".join(["| what was done | rounds | faults |", "| --- | ---: | ---: |", *rows])


_TALLY = pytest.StashKey[Tally]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_TALLY] = Tally()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    tally = config.stash[_TALLY]
    if tally.lines:
        terminalreporter.section("torture")
        terminalreporter.write_line(tally.table)


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    return pytestconfig.stash[_TALLY]
