"""The benchmark itself works: tried out on tiny models, where only its equality means anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench import Checks, check_once
from cases import Case
from processes import Failed
from table import Row, Target, Unit, ratios

# One process runs the benchmark, for all that look at its table.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]

BENCH = Path(__file__).with_name("bench.py")
ROWS = (
    "MergeDesk, Merge to published folder",
    "PEFT script, load to saved",
    "cp -r of the base",
    "PEFT script ÷ MergeDesk",
    "MergeDesk ÷ cp -r",
    "MergeDesk, peak resident memory",
    "PEFT script, peak anonymous memory",
    "SHA-256 of the weights equals PEFT's",
    "with a 512-token tokenizer: MergeDesk",
    *(
        f"{case}: {what}"
        for case in ("tiny", "tiny, DoRA")
        for what in (
            "the merge that is checked",
            "full check, mergedesk verify",
            "full check ÷ merge",
            "full check, peak resident memory",
            "quick check, mergedesk verify --quick",
            "quick check, peak resident memory",
            "full check that refutes a copy of the base",
        )
    ),
    "command to visible window",
    "preflight, torch not imported",
    "the whole command, mergedesk check",
    "longest event-loop gap while merging",
    "longest event-loop gap, first merge with imports",
    *(
        f"{case}: {what}"
        for case in ("tiny, DoRA", "tiny, two adapters", "tiny, NF4 dequantised", "tiny experts")
        for what in ("MergeDesk, Merge to published folder", "MergeDesk ÷ cp -r", "MergeDesk, peak resident memory")
    ),
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """What one quick run printed, and what it wrote as JSON."""
    folder = tmp_path_factory.mktemp("bench")
    file = folder / "bench.json"
    command = [sys.executable, str(BENCH), "--quick", "--workdir", str(folder), "--json", str(file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=540)
    assert done.returncode == 0, done.stderr
    assert not list(folder.glob("out-*")), "outputs were left behind"
    return done.stdout, {**json.loads(file.read_text(encoding="utf-8")), "workdir": str(folder)}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("what", ROWS)
def test_table_has_the_row(outcome: tuple[str, dict[str, Any]], what: str) -> None:
    """Each thing promised is measured, and stands in the table and in the file."""
    table, content = outcome
    assert what in table
    row = next(row for row in content["rows"] if row["what"].endswith(what))
    assert row["values"]
    assert all(value > 0 for value in row["values"])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_what_peft_cannot_do_is_said(outcome: tuple[str, dict[str, Any]]) -> None:
    """A row without a time, and the error as PEFT or transformers gave it."""
    table, content = outcome
    [row] = [row for row in content["rows"] if row["note"]]
    assert row["what"] == "tiny, NF4 dequantised: PEFT script"
    assert row["values"] == []
    assert row["note"] == "cannot here: NotImplementedError: in reverse_op"
    assert row["note"] in table


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_checks_are_held_to_what_is_promised(outcome: tuple[str, dict[str, Any]]) -> None:
    """1.5 times the merge, two seconds, 100 MB: for the common merge, not for the special ones nor for a refutation."""
    _, content = outcome
    rows = [row for row in content["rows"] if "check" in row["what"] and "preflight" not in row["what"]]
    promised = {row["what"]: row["at_least"] for row in rows if row["at_least"] is not None}
    assert promised == {
        "tiny: full check ÷ merge": 1.5,
        "tiny: full check, peak resident memory": 100e6,
        "tiny: quick check, mergedesk verify --quick": 2.0,
        "tiny: quick check, peak resident memory": 100e6,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_wrong_verdict_stops_the_benchmark(outcome: tuple[str, dict[str, Any]]) -> None:
    """A check that finds something else than what lies there is no measurement."""
    _, content = outcome
    base, adapter = (Path(content["workdir"]) / name for name in ("llama-tiny", "lora-of-llama-tiny"))
    with pytest.raises(Failed, match=r"the full check says mismatch \(merge_is_the_base\), not match"):
        check_once("full", "match", Case("tiny", base, ((adapter, 1.0),)), base, Checks())


def test_weights_are_the_bytes_that_peft_writes(outcome: tuple[str, dict[str, Any]]) -> None:
    """The one number that does not depend on size or speed."""
    _, content = outcome
    row = next(row for row in content["rows"] if "SHA-256" in row["what"])
    assert row["values"] == [1.0]
    assert row["reached"] == "yes"


@pytest.mark.parametrize(
    ("value", "verdict"), [(0.2, "yes, the aim"), (0.5, "yes, the aim"), (0.51, "yes"), (1.0, "yes"), (1.01, "NO")]
)
def test_verdict_where_less_is_better(value: float, verdict: str) -> None:
    """A mark that is just met counts as met."""
    assert Row("start", [value], Unit.SECONDS, Target(1.0, 0.5)).reached == verdict


@pytest.mark.parametrize(("value", "verdict"), [(12, "yes, the aim"), (10, "yes, the aim"), (6, "yes"), (5.9, "NO")])
def test_verdict_where_more_is_better(value: float, verdict: str) -> None:
    """Ratios of speed grow the better they are."""
    assert Row("ratio", [value], Unit.TIMES, Target(6, 10, more_is_better=True)).reached == verdict


def test_one_unequal_round_fails_equality() -> None:
    """A median would hide it, so equality counts the worst round."""
    same = Target(1, more_is_better=True, every_run=True)
    assert Row("same", [1, 1, 0], Unit.SHARE, same).reached == "NO"
    assert Row("same", [1, 1, 1], Unit.SHARE, same).reached == "yes"


def test_ratios_go_round_by_round() -> None:
    """Not the ratio of two medians, which may come from different rounds."""
    script, mine = Row("script", [20, 30], Unit.SECONDS), Row("mine", [2, 6], Unit.SECONDS)
    assert ratios(script, mine) == [10, 5]
