"""The benchmark itself works: tried out on tiny models, where only its equality means anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import readme
from bench import LARGE, PEERS, USUAL, parse
from cases import Case
from contest import MERGEDESK, PEFT, Contest, Outcome, believe, share_alike
from machine import Machine
from peers import PEERS as MERGERS
from peers import differing
from processes import HERE, Failed
from rows import Row, Target, Unit, ratios
from spent import Spent
from verify_rows import Checks, check_once

# One process runs the benchmark, for all that look at its table.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

BENCH = Path(__file__).with_name("bench.py")
HALVES = tuple(USUAL)[:9], tuple(USUAL)[9:]
SPECIAL = ("dora", "experts", "two-adapters", "nf4", "int4", "float32", "modules-to-save", "adalora", "conv")
JOB = (
    "cp",
    "cp-sync",
    "job",
    "synced",
    "bare",
    "peft",
    "job/cp",
    "bare/cp",
    "synced/cp-sync",
    "peft/job",
    "cpu",
    "bare-cpu",
    "peft-cpu",
    "same",
)
MEMORY = ("resident", "anonymous", "mapped")
WIDE = ("wide/attention", "wide/attention-memory", "wide/experts", "wide/experts-memory", "many/experts")
KEYS = (
    *(f"job/{name}" for name in (*JOB, *MEMORY, *(f"peft-{name}" for name in MEMORY))),
    "command/command", "command/command/job", "command/synced", "tokenizer/job", "tokenizer/resident",
    *(f"{group}/{name}" for group in ("verify", "verify-dora") for name in ("full", "full/merge", "quick", "refuted")),
    "window", "window-past", "preflight", "check-command", "gap-first", "gap-later", "gap-queue", *WIDE,
    "hollow/job", "hollow/resident", "forecast/llama-tiny/ratio", "forecast/llama-tiny/off",
    *(f"{case}/{name}" for case in SPECIAL for name in ("job", "cp", "job/cp", "cpu", *MEMORY)),
)  # fmt: skip
PROMISED = {
    "job/job/cp": (1.8, 1.5), "job/synced/cp-sync": (1.4, 1.2), "job/peft/job": (10, 14),
    "command/command/job": (2.2, 1.6), "job/cpu": (2.9, 2.3), "job/resident": (80e6, 64e6),
    "hollow/resident": (80e6, 64e6), "wide/attention": (4.0, 2.0), "wide/attention-memory": (400e6, 200e6),
    "wide/experts": (4.0, 2.0), "wide/experts-memory": (400e6, 200e6), "many/experts": (0.5, 0.25),
    "verify/full/merge": (0.9, 0.7), "nf4/job/cp": (4.0, 2.5), "window": (0.6, 0.5), "gap-first": (0.060, 0.030),
    "gap-later": (0.060, 0.030), "gap-queue": (0.060, 0.030), "window-past": (0.6, 0.5),
}  # fmt: skip


def _run(folder: Path, file: Path, *arguments: str) -> str:
    """What a quick run printed."""
    command = [sys.executable, str(BENCH), "--tiny", "--folder", str(folder), "--json", str(file), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=540)
    assert done.returncode == 0, done.stderr
    assert not list(folder.glob("out-*")), "outputs were left behind"
    return done.stdout


@pytest.fixture(scope="module")
def first_half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures of half the groups, as JSON: all in one go would take longer than a test may."""
    folder = tmp_path_factory.mktemp("bench")
    _run(folder, folder / "half.json", "--rows", *HALVES[0])
    return folder / "half.json"


@pytest.fixture(scope="module")
def outcome(first_half: Path) -> tuple[str, dict[str, Any]]:
    """What the run of the other half printed, and what it wrote as JSON: the first half's figures too."""
    file = first_half.with_name("bench.json")
    table = _run(first_half.parent, file, "--from", str(first_half), "--rows", *HALVES[1])
    content = json.loads(file.read_text(encoding="utf-8"))
    rows = {row["key"]: row for rows in content["groups"].values() for row in rows}
    return table, {**content, "rows": rows, "file": file}


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process only")
def test_one_process_measures_for_all(request: pytest.FixtureRequest) -> None:
    """Else each makes what the tests here look at anew, beside the others: so do all that are marked as a group."""
    assert request.node.nodeid.endswith("@bench")


@on_linux
def test_groups_can_be_measured_one_at_a_time(first_half: Path) -> None:
    """The file has those that were asked for, and no other."""
    assert set(json.loads(first_half.read_text(encoding="utf-8"))["groups"]) == set(HALVES[0])


@on_linux
@pytest.mark.parametrize("key", KEYS)
def test_table_has_the_row(outcome: tuple[str, dict[str, Any]], key: str) -> None:
    """Each thing promised is measured, and stands in the table and in the file."""
    table, content = outcome
    row = content["rows"][key]
    assert row["what"] in table
    assert row["values"]
    # Processor seconds are told in hundredths, and of a tiny model this takes less.
    assert all(value > 0 or key == "job/bare-cpu" for value in row["values"])


@on_linux
def test_figures_stand_beside_what_is_promised(outcome: tuple[str, dict[str, Any]]) -> None:
    """At least and aim, as they were promised."""
    _, content = outcome
    told = {key: (content["rows"][key]["at_least"], content["rows"][key]["aim"]) for key in PROMISED}
    assert told == PROMISED


@on_linux
def test_what_peft_cannot_do_is_said(outcome: tuple[str, dict[str, Any]]) -> None:
    """A row without a time, and the error as PEFT or transformers gave it."""
    table, content = outcome
    [row] = [row for row in content["rows"].values() if row["note"]]
    assert row["what"] == "tiny, NF4 dequantised: PEFT script, load to saved"
    assert row["values"] == []
    assert row["note"] == "cannot here: NotImplementedError: in reverse_op"
    assert row["note"] in table


@on_linux
def test_a_wrong_verdict_stops_the_benchmark(outcome: tuple[str, dict[str, Any]]) -> None:
    """A check that finds something else than what lies there is no measurement."""
    _, content = outcome
    base, adapter = (content["file"].with_name(name) for name in ("llama-tiny", "lora-of-llama-tiny"))
    with pytest.raises(Failed, match=r"the full check says mismatch \(merge_is_the_base\), not match"):
        check_once("full", "match", Case("tiny", base, ((adapter, 1.0),)), base, Checks())


@on_linux
def test_weights_are_the_bytes_that_peft_writes(outcome: tuple[str, dict[str, Any]]) -> None:
    """The numbers that do not depend on size or speed: of both jobs, and of every special merge that promises it."""
    _, content = outcome
    assert content["rows"]["job/same"]["values"] == [1.0, 1.0, 1.0]
    compared = [name for name in SPECIAL if f"{name}/same" in content["rows"] and name != "two-adapters"]
    assert compared == [name for name in SPECIAL if name not in ("nf4", "two-adapters")]
    assert all(content["rows"][f"{name}/same"]["reached"] == "yes" for name in compared)


@on_linux
def test_readme_shows_what_is_measured(outcome: tuple[str, dict[str, Any]]) -> None:
    """Every line of its table is a row of the usual groups, or of those that are asked for."""
    _, content = outcome
    apart = ("large-memory/", "forecast/")
    assert [key for key in readme.LINES if not key.startswith(apart) and key not in content["rows"]] == []


@on_linux
def test_earlier_figures_are_kept(outcome: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    """``--from`` without ``--rows`` measures nothing, and tells and writes the same again."""
    _, content = outcome
    again = tmp_path / "again.json"
    folder = content["file"].parent
    command = [sys.executable, str(BENCH), "--tiny", "--folder", str(folder), "--from", str(content["file"])]
    done = subprocess.run([*command, "--json", str(again)], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(again.read_text(encoding="utf-8"))["groups"] == content["groups"]


@on_linux
def test_the_unsynced_job_syncs_nothing(outcome: tuple[str, dict[str, Any]], tmp_path: Path) -> None:
    """With a sync that ends the process, the job that does not wait still merges, and the other one does not."""
    _, content = outcome
    base, adapter = (content["file"].with_name(name) for name in ("llama-tiny", "lora-of-llama-tiny"))
    case = json.dumps(Case("tiny", base, ((adapter, 1.0),)).as_json())
    (tmp_path / "sitecustomize.py").write_text("import os\nos.fsync = lambda _: os._exit(9)\n", encoding="utf-8")
    codes = []
    for options in (["unsynced"], []):
        command = [sys.executable, str(HERE / "contestant.py"), "mergedesk", case, str(tmp_path / f"out{len(options)}")]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        codes.append(subprocess.run([*command, *options], check=False, capture_output=True, env=environment).returncode)
    assert codes == [0, 9]


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


def row_of(**changes: Any) -> Row:
    return Row(**{"what": "a: b", "values": [1.0, 3.0, 2.0], "unit": Unit.SECONDS, "key": "k", **changes})


def outcome_of(seconds: float = 1.0, failed: str | None = None, **digests: str) -> Outcome:
    return Outcome(seconds, 0.5, 1, None, None, digests, failed)


@pytest.mark.parametrize("target", [None, Target(4, 2), Target(10, 14, more_is_better=True), Target(1, every_run=True)])
def test_a_row_survives_its_file(target: Target | None) -> None:
    """Judged by the same marks in the same way."""
    row = row_of(target=target, note="why")
    assert Row.from_json(json.loads(json.dumps(row.as_json()))) == row


def test_a_row_tells_median_spread_and_marks() -> None:
    """As a person reads them."""
    assert row_of(target=Target(4, 2)).cells() == ("a: b", "2 s", "1 s – 3 s", "3", "4 s", "2 s", "yes, the aim")


def test_alike_is_a_share_of_all_names() -> None:
    """What is on one side only is not alike, and nothing at all is no proof."""
    assert share_alike({"a": "1", "b": "2"}, {"a": "1", "b": "3"}) == 0.5
    assert share_alike({"a": "1"}, {"a": "1", "b": "3"}) == 0.5
    assert share_alike({}, {}) == 0.0
    assert differing(outcome_of(a="1", b="2"), outcome_of(a="1", c="2")) == 2


def test_each_round_is_held_against_peft_s_of_that_round() -> None:
    """Not against any other's."""
    result = Contest()
    for mine, theirs in (("1", "1"), ("2", "1")):
        result.add(MERGEDESK, outcome_of(a=mine))
        result.add(PEFT, outcome_of(a=theirs))
    assert result.shares_alike(MERGEDESK, PEFT) == [1.0, 0.0]


def test_who_cannot_merge_has_no_time() -> None:
    """A failure's seconds would be taken for a fast merge."""
    result = Contest()
    result.add(PEFT, outcome_of(0.01, "out of memory"))
    assert result.seconds(PEFT) == []
    assert result.failure(PEFT) == "out of memory"


def test_a_report_may_not_tell_another_time() -> None:
    """A twentieth, or a tenth of a second, is what the call itself may take."""
    believe(10.0, 9.6)
    believe(0.2, 0.11)
    with pytest.raises(Failed, match=r"the report says 9\.00 s, the clock 10\.00 s"):
        believe(10.0, 9.0)


@on_linux
def test_processor_time_has_the_children_s() -> None:
    """A helper's work is the job's work."""
    with Spent() as spent:
        subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.4: pass"], check=True)
    assert 0.35 < spent.seconds < 2


@on_linux
def test_memory_is_told_by_kind(tmp_path: Path) -> None:
    """Anonymous and mapped apart, each about as large as what was touched; unsampled, only their sum."""
    source = """
import mmap, sys
from peaks import Peaks
with Peaks(sampled=sys.argv[2] == "sampled") as peaks:
    held = b"x" * 40_000_000
    with open(sys.argv[1], "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        total = sum(mapped[at] for at in range(0, len(mapped), 4096))
        __import__("time").sleep(0.1)
print(peaks.resident, peaks.anonymous, peaks.mapped)
"""
    file = tmp_path / "mapped"
    file.write_bytes(bytes(20_000_000))
    told = []
    for how in ("sampled", "not"):
        command = [sys.executable, "-c", source, str(file), how]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE)}
        )
        told.append(done.stdout.split())
    sampled = [int(number) / 1e6 for number in told[0]]
    assert sampled == pytest.approx([60, 40, 20], abs=6)
    assert told[1][1:] == ["None", "None"]


def test_groups_that_are_asked_for() -> None:
    """All of the usual ones, or those that are named; of an earlier run none unless named."""
    assert parse([]).groups == tuple(USUAL)
    assert parse(["--full", "--peers"]).groups == (*USUAL, *LARGE, *PEERS)
    assert parse(["--rows", "job", "window"]).groups == ("job", "window")
    assert parse(["--from", "x.json"]).groups == ()
    assert parse(["--from", "x.json", "--rows", "job"]).groups == ("job",)


def test_peers_are_pinned() -> None:
    """Every package by its exact version, torch and the merger's own among them."""
    for peer in MERGERS:
        assert peer.pins
        assert all("==" in pin for pin in peer.pins)
        assert any(pin.startswith("torch==") for pin in peer.pins)
        assert peer.label.startswith(f"{peer.package} ")


MACHINE = Machine(2, "a processor", 8_000_000_000, "ext4 on an SSD", "Linux 6", 0.1, {"torch": "2"})


@pytest.mark.parametrize("language", [readme.ENGLISH, readme.CHINESE])
def test_readme_s_table(language: readme.Language) -> None:
    """Rows by their keys in the README's order, verdicts in its language, the machine below."""
    rows = [
        row_of(key="window", values=[0.7], target=Target(0.6, 0.5)),
        row_of(key="unheard-of"),
        row_of(key="job/job/cp", unit=Unit.TIMES, values=[1.2, 1.4, 1.3], target=Target(1.8, 1.5)),
    ]
    lines = readme.rendered(rows, MACHINE, language).splitlines()
    labels = [readme.LINES[key][language.number] for key in ("job/job/cp", "window")]
    reached = [language.verdicts[verdict] for verdict in ("yes, the aim", "NO")]
    assert lines[2] == f"| {labels[0]} | 1.3 × (1.2 × – 1.4 ×) | 1.8 × | 1.5 × | {reached[0]} |"
    assert lines[3] == f"| {labels[1]} | 0.7 s | 0.6 s | 0.5 s | {reached[1]} |"
    assert "a processor" in lines[-1]
    assert len(lines) == 6


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    """Twice gives the same as once; a document without marks is left alone."""
    text = f"above\n{readme.BEGIN}\nold\n{readme.END}\nbelow\n"
    after = readme.replaced(text, "new")
    assert after == f"above\n{readme.BEGIN}\nnew\n{readme.END}\nbelow\n"
    assert readme.replaced(after, "new") == after
    with pytest.raises(ValueError, match="the document has no"):
        readme.replaced("nothing here", "new")
    for language in (readme.ENGLISH, readme.CHINESE):
        assert readme.replaced(language.file.read_text(encoding="utf-8"), "x")
