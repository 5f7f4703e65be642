"""How an adapter is used unmerged: commands that are whole, code that runs, and what each server refuses."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from folders import make_lora, make_model, make_tokenizer
from tiny_models import make_adapter, make_base, third_party_noise_off
from typer.testing import CliRunner

from mergedesk.cli import commands as cli
from mergedesk.deployment.codes import Outcome, StepCode, Tool, ToolUsage, UsageCode
from mergedesk.deployment.shell_quoting import Shell
from mergedesk.deployment.unmerged import any_usage_of, unmerged_usage_of
from mergedesk.deployment.usage import Usage

AWKWARD = "mein adapter's 合并 $(touch ran)"


def of(usage: Usage, tool: Tool) -> ToolUsage:
    return next(made for made in usage.tools if made.tool is tool)


def step(usage: Usage, tool: Tool, code: StepCode) -> str:
    return next(step.text for step in of(usage, tool).steps if step.code is code)


def codes(usage: Usage, tool: Tool) -> set[UsageCode]:
    return {said.code for said in of(usage, tool).remarks}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_tokenizer(make_model(tmp_path / "the base"))


def test_commands_name_both_as_one_word_each(tmp_path: Path, base: Path) -> None:
    adapter = make_lora(tmp_path / AWKWARD)
    usage = unmerged_usage_of(adapter, base, Shell.POSIX)
    words = shlex.split(step(usage, Tool.VLLM, StepCode.SERVE))
    assert words[:4] == ["vllm", "serve", str(base), "--enable-lora"]
    assert words[4:] == ["--lora-modules", f"mein-adapter-s-touch-ran={adapter}"]
    words = shlex.split(step(usage, Tool.VLLM, StepCode.SERVE_SGLANG))
    assert words[words.index("--lora-paths") + 1] == f"mein-adapter-s-touch-ran={adapter}"
    assert words[words.index("--model-path") + 1] == str(base)
    lora, of_base = tmp_path / f"{AWKWARD}-lora.gguf", tmp_path / "the base-q8_0.gguf"
    words = shlex.split(step(usage, Tool.LLAMA_CPP, StepCode.RUN))
    assert words == ["llama-cli", "-m", str(of_base), "--lora", str(lora)]
    words = shlex.split(step(usage, Tool.OLLAMA, StepCode.MODELFILE))
    assert words[2:4] == [f'FROM "{of_base}"', f'ADAPTER "{lora}"']
    words = shlex.split(step(usage, Tool.OLLAMA, StepCode.ADAPTER_TO_GGUF))
    assert words[1:] == ["export", str(adapter), "--to", "gguf-lora", "--base", str(base), "--output", str(lora)]
    assert unmerged_usage_of(adapter, base, Shell.POWERSHELL).tools


@pytest.mark.parametrize(
    ("config", "flag"), [({"r": 16}, ""), ({"r": 17}, "32"), ({"r": 8, "rank_pattern": {"q_proj": 300}}, "320")]
)
def test_the_highest_rank_stands_in_the_command(tmp_path: Path, base: Path, config: dict[str, Any], flag: str) -> None:
    usage = unmerged_usage_of(make_lora(tmp_path / "a", **config), base, Shell.POSIX)
    command = step(usage, Tool.VLLM, StepCode.SERVE)
    assert command.partition(" --max-lora-rank ")[2] == flag
    assert (UsageCode.UNMERGED_RANK in codes(usage, Tool.VLLM)) is bool(flag)


@pytest.mark.parametrize(
    ("config", "refused_by"),
    [
        ({"use_dora": True}, {Tool.VLLM, Tool.OLLAMA, Tool.LLAMA_CPP}),
        ({"modules_to_save": ["lm_head"]}, {Tool.VLLM, Tool.OLLAMA, Tool.LLAMA_CPP}),
        ({"use_rslora": True}, set()),
        ({"r": 600}, {Tool.VLLM}),
        ({"bias": "all"}, {Tool.VLLM}),
        ({"peft_type": "LOHA"}, {Tool.VLLM, Tool.OLLAMA, Tool.LLAMA_CPP}),
        ({}, set()),
    ],
)
def test_who_refuses_what(tmp_path: Path, base: Path, config: dict[str, Any], refused_by: set[Tool]) -> None:
    usage = unmerged_usage_of(make_lora(tmp_path / "a", **config), base)
    refusing = {made.tool for made in usage.tools if any(said.code.outcome is Outcome.FAIL for said in made.remarks)}
    assert refusing == refused_by | {Tool.LM_STUDIO}
    assert {made.tool for made in usage.tools if not made.steps} == refusing


def test_the_code_runs_and_answers(tmp_path: Path) -> None:
    base = make_tokenizer(make_base("llama", tmp_path / "base"))
    adapter = make_adapter("llama", base, tmp_path / "adapter")
    script = step(unmerged_usage_of(adapter, base), Tool.TRANSFORMERS, StepCode.LOAD)
    assert "PeftModel.from_pretrained(model, adapter)" in script
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()), third_party_noise_off():
        exec(compile(script, "script", "exec"), scope)
    assert type(scope["model"]).__name__.startswith("PeftModel")


def test_the_command_takes_an_adapter(tmp_path: Path, base: Path) -> None:
    adapter = make_lora(tmp_path / "a", base_model_name_or_path="acme/far-away")
    run = CliRunner()
    said = run.invoke(cli.app, ["usage", str(adapter)])
    assert said.exit_code == 0
    assert "vllm serve acme/far-away --enable-lora" in said.stdout
    given = json.loads(run.invoke(cli.app, ["usage", str(adapter), "--base", str(base), "--json"]).stdout)
    assert [one["tool"] for one in given["tools"]] == [tool.value for tool in Tool]
    assert str(base) in json.dumps(given["tools"][1])
    assert any_usage_of(base).class_name == any_usage_of(base, shell=Shell.POSIX).class_name


def test_without_any_base_there_is_nothing_to_say(tmp_path: Path) -> None:
    usage = any_usage_of(make_lora(tmp_path / "a", base_model_name_or_path=None))
    assert usage.tools == ()
    assert [finding.code.value for finding in usage.findings] == ["unmerged_needs_base"]
