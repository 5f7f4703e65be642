"""The command line: what it prints where, and what it tells the shell."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from folders import (
    contents,
    everything,
    llama_tensors,
    lora_tensors,
    make_lora,
    make_model,
    make_tokenizer,
    write_tensors,
)
from pickled_files import pickle_weights
from typer.testing import CliRunner, Result

import mergedesk
from mergedesk.cli import commands as cli
from mergedesk.cli import rendering
from mergedesk.cli.launch import Prefill
from mergedesk.cli.values import parse_adapter, parse_combination, parse_combination_and_rounding
from mergedesk.domain.merge_record import MergeRecord
from mergedesk.domain.progress import Cancelled, Progress, Stage
from mergedesk.domain.requests import (
    AdapterChoice,
    Combination,
    CombinationMethod,
    Engine,
    MajoritySign,
    MergeRequest,
    Precision,
    RoundingChoice,
    RoundingMode,
)
from mergedesk.domain.units import parse_size
from mergedesk.pipelines import write_output
from mergedesk.pipelines.history.store import records
from mergedesk.pipelines.hub_merge import HubMerge
from mergedesk.pipelines.merge_job import MergeJob
from mergedesk.pipelines.writing import Written

INSPECT_FIELDS = {
    "kind", "class", "model_type", "parameters", "dtype", "bytes", "shards", "quantization", "peft_type", "r",
    "lora_alpha", "base_model_name_or_path", "findings",
}  # fmt: skip
MERGE_FIELDS = {
    "status", "output", "engine", "engine_reason", "precision", "rounding", "combination", "classes", "files",
    "total_bytes", "tensors", "modules", "checks", "findings", "seconds", "peak_rss_bytes",
    "peak_rss_beyond_imports_bytes",
}  # fmt: skip
SLOW = """
import sys, time
from mergedesk.engines import streaming
real = streaming._fill
def slow(*arguments):
    time.sleep(0.3)
    return real(*arguments)
streaming._fill = slow
from mergedesk.cli.commands import main
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_tokenizer(make_model(tmp_path / "base"))
    make_lora(tmp_path / "adapter")
    return tmp_path


def run(*arguments: object) -> Result:
    """The command in this process; what it lets through as an exception fails the test."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def pair(home: Path, *more: object) -> list[object]:
    return ["--base", home / "base", "--adapter", home / "adapter", *more]


def one_object(text: str) -> dict[str, Any]:
    """The one JSON object, on one line and with nothing around it."""
    assert text.endswith("\n")
    assert text.count("\n") == 1
    content: dict[str, Any] = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    return content


# Values


@pytest.mark.parametrize(
    ("text", "folder", "weight"),
    [
        ("adapter", "adapter", 1.0),
        ("adapter=0.8", "adapter", 0.8),
        ("adapter=-1.5", "adapter", -1.5),
        ("a=b=2", "a=b", 2.0),
        ("adapter=high", "adapter=high", 1.0),
        ("adapter=", "adapter=", 1.0),
        ("=0.5", "=0.5", 1.0),
        (r"C:\models\adapter=1e-1", r"C:\models\adapter", 0.1),
        ("x" * 5000 + "=1", "x" * 5000, 1.0),
    ],
)
def test_adapter_and_weight(text: str, folder: str, weight: float) -> None:
    assert parse_adapter(text) == AdapterChoice(Path(folder), weight)


def test_folder_whose_own_name_looks_like_a_weight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r=16").mkdir()
    assert parse_adapter("r=16") == AdapterChoice(Path("r=16"))
    assert parse_adapter("r=16=0.5") == AdapterChoice(Path("r=16"), 0.5)


@pytest.mark.parametrize("weight", ["nan", "inf", "-inf", "1e999"])
def test_weight_that_is_no_number(weight: str) -> None:
    with pytest.raises(ValueError, match="plain number"):
        parse_adapter(f"adapter={weight}")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5GB", 5_000_000_000), ("500MB", 500_000_000), ("2GiB", 2 << 30), ("1.5 kb", 1500), ("1024", 1024),
        (" 3 tb ", 3 * 10**12), ("7B", 7), ("4M", 4_000_000), ("1KiB", 1024),
    ],
)  # fmt: skip
def test_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "five", "-5GB", "0", "0.0001 B", "5 GB 3", "1e9", "5PB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


# Usage


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"mergedesk {mergedesk.__version__}\n")


@pytest.mark.parametrize("command", [[], ["inspect"], ["check"], ["merge"], ["demo"]])
def test_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert result.stderr == ""


def test_help_of_merge_names_every_option() -> None:
    shown = run("merge", "--help").stdout
    for option in (
        "--base",
        "--adapter",
        "--output",
        "--precision",
        "--engine",
        "--max-shard-size",
        "--overwrite",
        "--combine",
        "--density",
        "--majority-sign",
        "--seed",
        "--json",
    ):
        assert option in shown
    for value in [*Precision, *Engine, *CombinationMethod]:
        assert value in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["merge"],
        ["merge", "--base", "a", "--adapter", "b"],
        ["merge", "--base", "a", "--output", "c"],
        ["merge", "--base", "a", "--adapter", "b", "--output", "c", "--precision", "int4"],
        ["merge", "--base", "a", "--adapter", "b", "--output", "c", "--engine", "magic"],
        ["merge", "--base", "a", "--adapter", "b", "--output", "c", "--max-shard-size", "big"],
        ["merge", "--base", "a", "--adapter", "b=nan", "--output", "c"],
        ["merge", "--base", "a", "--adapter", "b", "--output", "c", "--combine", "svd"],
        ["merge", "--base", "a", "--adapter", "b", "--output", "c", "--density", "0.5"],
        ["check", "--base", "a", "--adapter", "b", "--combine", "ties", "--density", "0"],
        ["check", "--base", "a"],
        ["inspect"],
        ["inspect", "a", "b"],
        ["frobnicate"],
        ["--frobnicate"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


@pytest.mark.parametrize(
    ("method", "density", "seed", "expected"),
    [
        ("cat", None, None, Combination()),
        ("linear", None, None, Combination(CombinationMethod.LINEAR)),
        ("ties", 1.0, None, Combination(CombinationMethod.TIES, 1.0)),
        ("dare_ties", 0.2, 7, Combination(CombinationMethod.DARE_TIES, 0.2, seed=7)),
        ("magnitude_prune", None, None, Combination(CombinationMethod.MAGNITUDE_PRUNE, 0.5)),
    ],
)
def test_combination(method: str, density: float | None, seed: int | None, expected: Combination) -> None:
    assert parse_combination(CombinationMethod(method), density, None, seed) == expected


@pytest.mark.parametrize(
    ("method", "density", "seed", "said"),
    [
        ("cat", 0.5, None, "--density has no effect with --combine cat"),
        ("ties", 0.5, 1, "--seed has no effect with --combine ties"),
        ("ties", 0.0, None, "above 0 and at most 1"),
        ("dare_linear", 1.1, None, "above 0 and at most 1"),
        ("dare_linear", float("nan"), None, "above 0 and at most 1"),
        ("dare_linear", 0.5, -1, "--seed must be 0 or"),
    ],
)
def test_combination_that_makes_no_sense(method: str, density: float | None, seed: int | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_combination(CombinationMethod(method), density, None, seed)


def test_how_a_sign_is_elected() -> None:
    ties = parse_combination(CombinationMethod.TIES, None, MajoritySign.FREQUENCY, None)
    assert ties == Combination(CombinationMethod.TIES, majority_sign=MajoritySign.FREQUENCY)
    with pytest.raises(ValueError, match="--majority-sign has no effect with --combine linear"):
        parse_combination(CombinationMethod.LINEAR, None, MajoritySign.TOTAL, None)


def test_two_adapters_merged_and_reported(home: Path) -> None:
    make_lora(home / "other", lora_tensors(seed=5))
    result = run(
        "merge", "--base", home / "base", "--adapter", f"{home / 'adapter'}=0.5", "--adapter", f"{home / 'other'}=-2",
        "--output", home / "out", "--combine", "dare_ties", "--density", "0.7", "--seed", "9", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["combination"] == {"method": "dare_ties", "density": 0.7, "majority_sign": "total", "seed": 9}
    stored = json.loads((home / "out" / "mergedesk-report.json").read_text(encoding="utf-8"))
    assert stored["combination"] == report["combination"]
    assert [(one["name"], one["weight"]) for one in report["adapters"]] == [("adapter", 0.5), ("other", -2.0)]
    assert {check["code"] for check in report["checks"] if check["status"] == "fail"} == set()


def test_report_says_what_was_combined(home: Path) -> None:
    make_lora(home / "other", lora_tensors(seed=5))
    adapters = "--adapter", f"{home / 'adapter'}=0.5", "--adapter", f"{home / 'other'}=-2"
    options = "--combine", "dare_ties", "--seed", "9"
    result = run("merge", "--base", home / "base", *adapters, "--output", home / "out", *options)
    assert "Adapters: 0.5 × adapter, -2 × other (dare_ties, density 0.5, majority_sign total, seed 9)." in result.stdout


def test_window_gets_what_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Prefill] = []

    def open_window(wanted: Prefill) -> int:
        asked.append(wanted)
        return 5

    monkeypatch.setattr(cli.window, "open_window", open_window)
    assert run().exit_code == 5
    assert run("--base", "a", "--adapter", "b=0.5", "--adapter", "d", "--output", "c").exit_code == 5
    assert run("--base", "a", "--merged", "m").exit_code == 5
    adapters = AdapterChoice(Path("b"), 0.5), AdapterChoice(Path("d"))
    assert asked == [
        Prefill(),
        Prefill(Path("a"), adapters, Path("c")),
        Prefill(Path("a"), merged=Path("m")),
    ]
    assert run("--adapter", "b=nan").exit_code == 2


# inspect


def test_inspect_for_scripts(home: Path) -> None:
    for folder, kind in ((home / "base", "model"), (home / "adapter", "adapter"), (home, "training_run")):
        result = run("inspect", folder, "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        shown = one_object(result.stdout)
        assert set(shown) >= INSPECT_FIELDS
        assert shown["kind"] == kind
    shown = one_object(run("inspect", home / "adapter", "--json").stdout)
    assert (shown["class"], shown["peft_type"], shown["r"], shown["lora_alpha"]) == (
        "PeftModelForCausalLM",
        "LORA",
        4,
        8,
    )
    missing = run("inspect", home / "nowhere", "--json")
    assert missing.exit_code == 1
    shown = one_object(missing.stdout)
    assert shown["kind"] == "missing"
    assert set(shown["findings"][0]) == {"code", "severity", "message", "data"}


def test_inspect_for_people(home: Path) -> None:
    result = run("inspect", home / "base")
    for part in ("LlamaForCausalLM", "bfloat16", "model", "kB"):
        assert part in result.stdout
    assert "None" not in result.stdout
    result = run("inspect", home / "adapter")
    for part in ("PeftModelForCausalLM", "LORA", "q_proj", "rank", "4"):
        assert part in result.stdout
    result = run("inspect", home / "nowhere")
    assert result.exit_code == 1
    assert "no folder" in result.stderr
    result = run("inspect", home)
    assert "holds:" in result.stdout


def test_inspect_a_pickled_model(home: Path) -> None:
    pickled = pickle_weights(make_model(home / "pickled"))
    shown, plain = (one_object(run("inspect", folder, "--json").stdout) for folder in (pickled, home / "base"))
    for name in ("kind", "class", "model_type", "parameters", "dtype", "shards"):
        assert shown[name] == plain[name]
    result = run("inspect", pickled)
    assert result.exit_code == 0
    assert "LlamaForCausalLM" in result.stdout
    assert "without running anything" in result.stdout + result.stderr


# check


def test_check(home: Path) -> None:
    result = run("check", *pair(home), "--output", home / "out", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = one_object(result.stdout)
    assert shown["refused"] is False
    assert shown["modules"] == {"targeted": 14, "matched": 14}
    assert (shown["engine"], shown["findings"]) == ("streaming", [])
    assert shown["predicted_bytes"] == sum(2 * tensor.numel() for tensor in llama_tensors().values())
    result = run("check", *pair(home))
    assert result.exit_code == 0
    assert "14 of 14" in result.stdout
    assert not (home / "out").exists()


def test_check_that_refuses(home: Path) -> None:
    result = run("check", "--base", home / "adapter", "--adapter", home / "base", "--json")
    assert result.exit_code == 3
    shown = one_object(result.stdout)
    assert (shown["refused"], [one["code"] for one in shown["findings"]]) == (True, ["swapped"])
    result = run("check", "--base", home / "adapter", "--adapter", home / "base")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 1
    assert "Swap them." in result.stderr


# merge


def test_merge_for_scripts(home: Path) -> None:
    result = run("merge", *pair(home), "--output", home / "out", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    shown = one_object(result.stdout)
    assert set(shown) >= MERGE_FIELDS
    assert (shown["status"], shown["engine"]) == ("merged", "streaming")
    assert shown["classes"] == {"adapter": "PeftModelForCausalLM", "merged": "LlamaForCausalLM"}
    assert {check["status"] for check in shown["checks"]} <= {"pass", "skipped"}


def test_merge_for_people(home: Path) -> None:
    result = run("merge", *pair(home), "--output", home / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    for part in ("PeftModelForCausalLM → LlamaForCausalLM", "model.safetensors", "ok", "total", str(home / "out")):
        assert part in result.stdout
    assert "Base plus adapter, in samples: Samples of all" in result.stdout


def test_options_reach_the_job(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[MergeRequest] = []

    def merge(wanted: HubMerge, *_: object, **__: object) -> Any:
        asked.append(wanted.request)
        raise Cancelled

    monkeypatch.setattr(cli.merge, "merge_wherever", merge)
    run("merge", "--base", "b", "--adapter", "x", "--output", "o", "--rounding", "stochastic", "--seed", "3")
    assert asked.pop().rounding == RoundingChoice(RoundingMode.STOCHASTIC, 3)
    options = ["--precision", "float16", "--engine", "peft", "--max-shard-size", "2GiB", "--overwrite"]
    run("merge", "--base", "b", "--adapter", "x=0.5", "--adapter", "y", "--output", "o", *options)
    choices = (AdapterChoice(Path("x"), 0.5), AdapterChoice(Path("y")))
    expected = MergeRequest(Path("b"), choices, Path("o"), Precision.FLOAT16, Engine.PEFT, 2 << 30, True)
    assert asked == [expected]


def kept() -> list[MergeRecord]:
    """The list of past merges, the latest first."""
    return [*records().values()]


def test_merges_are_kept_however_they_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("merge", *pair(home), "--output", home / "out")
    run("merge", *pair(home), "--output", home / "out")
    run("merge", "--base", home / "nowhere", "--adapter", home / "adapter", "--output", home / "two", "--no-history")
    run("merge", *pair(home), "--output", home / "three", "--precision", "int4")

    def merge(*_: object, **__: object) -> Any:
        raise Cancelled

    monkeypatch.setattr(cli.merge, "merge_wherever", merge)
    run("merge", *pair(home), "--output", home / "four")
    monkeypatch.setattr(cli.merge, "merge_wherever", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("merge", *pair(home), "--output", home / "five")
    found = [(one.request.output.name, one.status.value, one.front.value) for one in kept()]
    assert found == [
        ("five", "failed", "command"),
        ("four", "cancelled", "command"),
        ("out", "refused", "command"),
        ("out", "merged", "command"),
    ]
    five, _four, refused, merged = kept()
    assert [finding.code for finding in five.findings] == ["internal"]
    assert [finding.code for finding in refused.findings] == ["output_not_empty"]
    assert merged.nbytes == sum(file.stat().st_size for file in (home / "out").iterdir())
    assert merged.seconds > 0
    assert (merged.request.base, merged.request.adapters) == (home / "base", (AdapterChoice(home / "adapter"),))


def test_what_cannot_be_downloaded_is_kept_with_its_reason(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    run("merge", "--base", "hf://nobody/nothing", "--adapter", home / "adapter", "--output", home / "out")
    (one,) = kept()
    assert (one.status.value, one.request.base) == ("failed", Path("hf://nobody/nothing"))
    assert len(one.findings) == 1
    assert "internal" not in [finding.code for finding in one.findings]


def test_one_seed_for_all_that_draws() -> None:
    stochastic, drops = RoundingMode.STOCHASTIC, CombinationMethod.DARE_TIES
    both = parse_combination_and_rounding(drops, None, None, 5, stochastic)
    assert both == (Combination(drops, seed=5), RoundingChoice(stochastic, 5))
    alone = parse_combination_and_rounding(CombinationMethod.CAT, None, None, 5, stochastic)
    assert alone == (Combination(), RoundingChoice(stochastic, 5))
    with pytest.raises(ValueError, match="only dare_linear, dare_ties and, in a merge, --rounding stochastic draw"):
        parse_combination_and_rounding(CombinationMethod.CAT, None, None, 5, RoundingMode.NEAREST)
    with pytest.raises(ValueError, match="positive whole number"):
        parse_combination_and_rounding(CombinationMethod.CAT, None, None, -1, stochastic)


def test_refused(home: Path) -> None:
    names = everything(home)
    result = run("merge", "--base", home / "nowhere", "--adapter", home / "adapter", "--output", home / "out", "--json")
    assert (result.exit_code, result.stderr) == (3, "")
    shown = one_object(result.stdout)
    assert (shown["status"], shown["findings"][0]["code"]) == ("refused", "folder_missing")
    assert set(shown) >= MERGE_FIELDS
    result = run("merge", "--base", home / "nowhere", "--adapter", home / "adapter", "--output", home / "out")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("Error: There is no folder at")
    assert everything(home) == names


def test_failed(home: Path) -> None:
    broken = lora_tensors()
    for factor in list(broken.values())[:2]:
        factor.fill_(1e30)
    make_lora(home / "adapter", broken)
    result = run("merge", *pair(home), "--output", home / "out", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert one_object(result.stdout)["status"] == "failed"
    result = run("merge", *pair(home), "--output", home / "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: Merging makes values in")
    assert result.stderr.endswith("\nNote: Nothing was kept; what was there before is as it was.\n")
    assert result.stderr.count("\n") == 2


def test_unexpected_failure_is_one_line_and_what_was_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(write_output, "write_output", fail)
    result = run("merge", *pair(home), "--output", home / "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 2
    assert "boom" in result.stderr


@pytest.mark.slow
def test_verification_failed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = write_output.write_output

    def write(job: MergeJob) -> Written:
        written = real(job)
        write_tensors(job.folder / "model.safetensors", llama_tensors())
        return written

    monkeypatch.setattr(write_output, "write_output", write)
    names = everything(home)
    result = run("merge", *pair(home), "--output", home / "out", "--json")
    assert (result.exit_code, result.stderr) == (4, "")
    shown = one_object(result.stdout)
    assert shown["status"] == "failed"
    assert [one["code"] for one in shown["checks"] if one["status"] == "fail"] == [
        "targeted_changed",
        "samples_as_expected",
    ]
    result = run("merge", *pair(home), "--output", home / "out")
    assert result.exit_code == 4
    assert "FAIL" in result.stdout
    assert "did not pass verification" in result.stderr
    assert everything(home) == names


@pytest.mark.parametrize("number", [one for one in signal.Signals if one.name in ("SIGINT", "SIGTERM", "SIGHUP")])
def test_cancelled(number: signal.Signals, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def show(progress: Progress) -> None:
        if progress.stage is Stage.MERGE:
            os.kill(os.getpid(), number)
            time.sleep(0.05)

    monkeypatch.setattr(rendering, "unshown", show)
    names, handler = everything(home), signal.getsignal(number)
    result = run("merge", *pair(home), "--output", home / "out", "--json")
    assert result.exit_code == 130
    assert one_object(result.stdout)["status"] == "cancelled"
    assert result.stderr == "Cancelled; nothing was kept.\n"
    assert everything(home) == names
    assert signal.getsignal(number) is handler


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_closed_terminal_is_nothing_to_a_run_that_was_started_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``nohup`` starts it."""

    def show(progress: Progress) -> None:
        if progress.stage is Stage.MERGE:
            os.kill(os.getpid(), signal.SIGHUP)

    monkeypatch.setattr(rendering, "unshown", show)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run("merge", *pair(home), "--output", home / "out").exit_code == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_names_that_are_no_unicode(home: Path) -> None:
    odd = home / os.fsdecode(b"caf\xe9")
    (home / "base").rename(odd)
    assert one_object(run("inspect", odd, "--json").stdout)["path"] == str(odd)
    result = run("merge", "--base", odd, "--adapter", home / "adapter", "--output", home / "out", "--json")
    assert result.exit_code == 0
    assert one_object(result.stdout)["base"] == odd.name
    stored = (home / "out" / "mergedesk-report.json").read_text(encoding="utf-8")
    assert json.loads(stored)["base"] == odd.name


# Real processes


def start(command: list[str], arguments: list[object], **environment: str) -> subprocess.Popen[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, *command, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**plain, **environment}, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.slow
def test_whole_program(home: Path) -> None:
    """Engine peft, as that one loads most: not a word of any library, and nothing asked of a hub."""
    before = contents(home)
    arguments = ["merge", *pair(home), "--output", home / "Größe ünd 重", "--engine", "peft", "--json"]
    with start(
        ["-m", "mergedesk"], arguments, PYTHONIOENCODING="ascii", NO_PROXY="", HTTPS_PROXY="http://127.0.0.1:9"
    ) as one:
        stdout, stderr = one.communicate(timeout=90)
    assert (one.returncode, stderr) == (0, "")
    shown = one_object(stdout)
    assert shown["output"] == str(home / "Größe ünd 重")
    assert shown["seconds"] < 30
    assert {
        name: digest for name, digest in contents(home).items() if name.split("/")[0] in ("base", "adapter")
    } == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts consoles, not processes")
def test_interrupt_in_the_middle_of_a_merge(home: Path) -> None:
    before, names = contents(home), everything(home)
    arguments = ["merge", *pair(home), "--output", home / "new" / "out", "--json"]
    with start(["-c", SLOW], arguments) as one:
        deadline = time.monotonic() + 60
        while not list(home.glob("new/.mergedesk-*/model/model.safetensors")):
            assert time.monotonic() < deadline
            assert one.poll() is None
            time.sleep(0.02)
        one.send_signal(signal.SIGINT)
        stdout, stderr = one.communicate(timeout=60)
    assert one.returncode == 130
    assert one_object(stdout)["status"] == "cancelled"
    assert stderr == "Cancelled; nothing was kept.\n"
    assert contents(home) == before
    assert everything(home) == names
