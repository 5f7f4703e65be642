"""The program that ships does what the sources do, in a world without Python, network or settings."""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from folders import request
from method_cases import train
from shipped_program import Program, Tell
from tiny_models import make_base
from tokenizers_made import add_tokenizer

from mergedesk import __version__
from mergedesk.demo.base_model import demo_adapter_folder
from mergedesk.domain.progress import CancelToken
from mergedesk.pipelines.merge import merge as run_merge

Checkout = Callable[..., str]

# Dates, times and versions of the machine are in these two; the others are the model.
OF_THE_RUN = {"mergedesk-report.json", "README.md"}
# DoRA streams; of the others some do and some go through PEFT's own code, which imports a module for each.
METHODS = ("DoRA", "LOHA", "LOKR", "IA3", "OFT", "BOFT", "VERA", "HRA", "FOURIERFT", "MISS")
# Measured on one machine: 0.95 to 1.12. A frozen program that loads its libraries twice, or unpacks them, takes more.
SLOWER, ROUNDS = 1.25, 5


def contents(folder: Path) -> dict[str, str]:
    files = [file for file in folder.iterdir() if file.name not in OF_THE_RUN]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def merge(base: Path, adapter: Path, output: Path) -> list[object]:
    return ["merge", "--base", base, "--adapter", adapter, "--output", output, "--json"]


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["status"] for one in report["checks"]}


@pytest.fixture(scope="module")
def merged_demo(installed: Program, demo_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, merged by the installed program."""
    output = tmp_path_factory.mktemp("demo") / "merged"
    report = json.loads(installed.run(*merge(demo_base, demo_adapter_folder(), output)))
    assert report["status"] == "merged"
    assert set(outcomes(report).values()) <= {"pass", "skipped"}
    return output


@pytest.fixture(scope="module")
def demo_by_sources(checkout: Checkout, demo_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, merged by the sources."""
    output = tmp_path_factory.mktemp("sources") / "merged"
    checkout(*merge(demo_base, demo_adapter_folder(), output))
    return output


@pytest.fixture(scope="module")
def both(demo_base: Path) -> tuple[object, ...]:
    """The options that name the demo's inputs."""
    return ("--base", demo_base, "--adapter", demo_adapter_folder())


def test_it_says_its_version(installed: Program) -> None:
    assert installed.run("--version") == f"mergedesk {__version__}\n"


def test_the_demo_is_merged_to_the_byte(merged_demo: Path, demo_by_sources: Path) -> None:
    assert contents(merged_demo) == contents(demo_by_sources)
    ours, theirs = (json.loads((one / "mergedesk-report.json").read_text()) for one in (merged_demo, demo_by_sources))
    assert outcomes(ours) == outcomes(theirs)


@pytest.mark.parametrize(
    ("command", "more"),
    [("inspect", ["--json"]), ("report", []), ("report", ["--format", "html"]), ("usage", [])],
)
def test_it_says_of_a_folder_what_the_sources_say(
    command: str, more: list[str], installed: Program, checkout: Checkout, merged_demo: Path
) -> None:
    assert installed.run(command, merged_demo, *more) == checkout(command, merged_demo, *more)


def test_it_speaks_the_environment_s_language(installed: Program, merged_demo: Path) -> None:
    german = replace(installed, extra={**installed.extra, "LC_ALL": "de_DE.UTF-8"})
    assert "Gewichtsdateien:" in german.run("inspect", merged_demo)


def test_the_demo_is_proved(installed: Program, both: tuple[object, ...], merged_demo: Path, demo_base: Path) -> None:
    assert json.loads(installed.run("verify", *both, "--merged", merged_demo, "--json"))["verdict"] == "match"
    refuted = installed.run("verify", *both, "--merged", demo_base, "--json", code=4)
    assert json.loads(refuted)["verdict"] == "mismatch"


def test_base_and_merged_model_answer(installed: Program, both: tuple[object, ...], merged_demo: Path) -> None:
    asked = ("--merged", merged_demo, "--prompt", "Who are you?", "--max-tokens", 4)
    said = json.loads(installed.run("try", *both, *asked, "--json"))["answers"]
    assert [one["class"] for one in said] == ["LlamaForCausalLM", "PeftModelForCausalLM", "LlamaForCausalLM"]
    base, unmerged, merged = (one["text"] for one in said)
    assert unmerged == merged != base != ""


def test_outputs_prove_it_too(installed: Program, tmp_path: Path) -> None:
    base = add_tokenizer(make_base("llama", tmp_path / "base", "bfloat16"))
    adapter = train("LORA", "llama", base, tmp_path / "adapter")
    run_merge(request(base, adapter, tmp_path / "merged"), report=lambda _: None, cancel=CancelToken())
    options = ("--base", base, "--adapter", adapter, "--merged", tmp_path / "merged", "--logits", "--json")
    said = json.loads(installed.run("verify", *options))
    assert said["verdict"] == "match"
    assert outcomes(said)["behaves_as_unmerged"] == "pass"


@pytest.mark.parametrize("method", METHODS)
def test_every_kind_of_engine_is_there(method: str, installed: Program, tmp_path: Path) -> None:
    base = make_base("llama", tmp_path / "base", "bfloat16")
    adapter = train(method, "llama", base, tmp_path / "adapter")
    report = json.loads(installed.run(*merge(base, adapter, tmp_path / "ours")))
    assert report["status"] == "merged"
    run_merge(request(base, adapter, tmp_path / "theirs"), report=lambda _: None, cancel=CancelToken())
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs")


def test_nothing_that_loads_in_the_sources_is_missing(installed: Program, checkout: Checkout) -> None:
    ours = json.loads(installed.run("--own-process", "mergedesk.support.self_check"))
    theirs = json.loads(checkout(module="mergedesk.support.self_check"))
    assert ours["modules"] == theirs["modules"] > 200
    assert ours["own"] == theirs["own"] == {}
    assert ours["listed"] == theirs["listed"] > 2000
    assert ours["classes"] == theirs["classes"]
    # The sources' environment also has what only the tests need.
    assert set(theirs["peft"]) <= set(ours["peft"])
    absent = ("bitsandbytes", "attr")
    assert [why for why in ours["peft"].values() if not why.endswith(tuple(f"'{name}'" for name in absent))] == []


def test_the_tokenizer_is_loaded_in_a_process_of_its_own(installed: Program, demo_base: Path) -> None:
    name = "mergedesk.verification.staged.tokenizer:load_here"
    asked = {"name": name, "arguments": [str(demo_base)], "nbytes": 4_000_000_000, "seconds": 60}
    process = ("--own-process", "mergedesk.runtime.bounded_call", "tokenizers")
    said = json.loads(installed.run(*process, asked=json.dumps(asked)))
    assert (said["trouble"], said["length"]) == ("", 49152)


def test_nothing_in_the_current_folder_is_run(installed: Program, demo_base: Path, tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    for name in ("mergedesk", "json", "tokenizers", "msgspec", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    pair = merge(demo_base, demo_adapter_folder(), tmp_path / "out")
    assert json.loads(installed.run(*pair, within=tmp_path))["status"] == "merged"
    assert not marker.exists()


def test_a_refusal_has_its_exit_code(installed: Program, demo_base: Path, tmp_path: Path) -> None:
    said = json.loads(installed.run(*merge(demo_base, demo_base, tmp_path / "out"), code=3))
    assert said["status"] == "refused"
    assert not (tmp_path / "out").exists()


def test_the_portable_program_runs_from_any_folder(
    portable: Program, demo_by_sources: Path, demo_base: Path, tmp_path: Path
) -> None:
    output = tmp_path / "Ergebnis mit Leerzeichen, größer, 模型"
    report = json.loads(portable.run(*merge(demo_base, demo_adapter_folder(), output)))
    assert report["status"] == "merged"
    assert contents(output) == contents(demo_by_sources)


def test_there_is_no_network_while_this_is_tested(isolation: list[str]) -> None:
    if not isolation:
        pytest.skip("this system does not let a test take the network away")
    done = subprocess.run([*isolation, "/bin/cat", "/proc/net/route"], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) <= 1  # a heading, and no way to anywhere


@pytest.mark.alone
def test_it_merges_as_fast_as_the_sources(
    installed: Program, checkout: Checkout, demo_base: Path, tmp_path: Path, tell: Tell
) -> None:
    """The whole command, start included. Whatever else the machine does only adds time, so the shortest counts."""
    frozen, sources = [], []
    for turn in range(ROUNDS):
        for kind, run, seconds in (("frozen", installed.run, frozen), ("sources", checkout, sources)):
            output = tmp_path / f"{kind}-{turn}"
            begun = time.monotonic()
            run(*merge(demo_base, demo_adapter_folder(), output))
            seconds.append(time.monotonic() - begun)
        if turn and min(frozen) <= SLOWER * min(sources):
            break
    tell(f"frozen merge: {min(frozen):.2f} s, from the sources: {min(sources):.2f} s")
    assert min(frozen) <= SLOWER * min(sources)
